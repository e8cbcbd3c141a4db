"""Keeps the token and account numbers out of every log line and traceback."""

import logging
import re
from collections.abc import Iterable
from typing import Final


_SECRETS: Final = (
    (re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}"), "<token>"),
    (re.compile(r"\b([DU]?[DFIU])\d{4,10}\b"), r"\1…"),
)
"""The bot's token, and IB account numbers (U…, DU…, F…, DF…, I…, DI…)."""

_TALKATIVE: Final = (
    *("httpx", "httpcore", "telegram.Bot", "telegram.ext.ExtBot"),
    *("alembic", "apscheduler"),
)
"""Loggers that write the token into their own lines, or a line every few seconds."""


def redacted(text: str) -> str:
    """*text* without what looks like a secret."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Redacts the finished line with its traceback, whatever it was made of.

    *secrets* are known ones, whatever they look like.
    """

    def __init__(self, *, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._known = sorted(filter(None, secrets), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._known:
            line = line.replace(secret, "<secret>")
        return redacted(line)


def set_up_logging(level: str | int, *, secrets: Iterable[str] = ()) -> None:
    """Log to standard error, and nowhere else, without secrets."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(secrets=secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
