"""Keeps the token and account numbers out of every log line and traceback."""

import json
import logging
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.model.audit import Logged
from core.model.errors import SettingsWrong


_SECRETS: Final = (
    (re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}"), "<token>"),
    (re.compile(r"\b([DU]?[DFIU])\d{4,10}\b"), r"\1…"),
    (re.compile(r"://[^/\s@]+@"), "://<user>@"),
    (
        re.compile(r"(authorization\W+(?:basic|bearer) )[\w.~+/=-]+", re.IGNORECASE),
        r"\1<secret>",
    ),
)
"""The bot's token, IB account numbers (U…, DU…, F…, DF…, I…, DI…), a URL's user and
password, and those of a header (a proxy's, RFC 7617)."""

_FILE_BYTES: Final = 10_000_000
_FILES_BEFORE: Final = 5
"""The number of older log files that are kept."""

_KEPT: Final = 200
"""The number of records kept for /log."""

_VERBOSE_LOGGERS: Final = (
    *("httpx", "httpcore", "telegram.Bot", "telegram.ext.ExtBot"),
    *("alembic", "apscheduler"),
)
"""Loggers that write the token into their own lines, or a line every few seconds."""


class Recent(logging.Handler):
    """Keeps the newest records for /log: time (UTC), level, and text; for a traceback its
    last line. Secrets are taken out when they are read."""

    def __init__(
        self,
        *,
        secrets: Iterable[str] = (),
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """*now* is the clock of the times, by default that of the records."""
        super().__init__()
        self._now = now
        self.setFormatter(RedactingFormatter(secrets=secrets))
        self._kept: deque[Logged] = deque(maxlen=_KEPT)

    def kept(self) -> tuple[Logged, ...]:
        """The oldest first."""
        assert isinstance(self.formatter, RedactingFormatter)
        clean = self.formatter.without_secrets
        return tuple(replace(each, text=clean(each.text)) for each in self._kept)

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            text = f"{text} ({record.exc_info[1]!r})"
        at = self._now() if self._now else datetime.fromtimestamp(record.created, UTC)
        self._kept.append(Logged(at=at, level=record.levelname, text=text))


def recent() -> tuple[Logged, ...]:
    """The newest log records, oldest first; empty before logging is set up."""
    handlers = logging.getLogger().handlers
    kept = (each.kept() for each in handlers if isinstance(each, Recent))
    return next(kept, ())


def without_secrets(text: str) -> str:
    """*text* without the secrets known to logging, and without anything like one."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, RedactingFormatter):
            return handler.formatter.without_secrets(text)
    return redacted(text)


def redacted(text: str) -> str:
    """*text* without anything that looks like a secret."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Redacts the finished line, including its traceback.

    *secrets* are removed whatever they look like. A line begins with its time, unless
    *with_time* is false.
    """

    def __init__(self, *, secrets: Iterable[str] = (), with_time: bool = True) -> None:
        begin = "%(asctime)s " if with_time else ""
        super().__init__(f"{begin}%(levelname)-7s %(name)s: %(message)s")
        self._known = sorted(filter(None, secrets), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        return self.without_secrets(super().format(record))

    def without_secrets(self, line: str) -> str:
        """*line* with secrets replaced."""
        for secret in self._known:
            line = line.replace(secret, "<secret>")
        return redacted(line)


class JsonFormatter(RedactingFormatter):
    """The same as one JSON object on a line: at (UTC, always), level, logger, message,
    and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        clean = {name: self.without_secrets(text) for name, text in told.items()}
        return json.dumps(clean, ensure_ascii=False)


def set_up_logging(
    level: str | int,
    *,
    secrets: Iterable[str] = (),
    as_json: bool = False,
    file: Path | None = None,
    now: Callable[[], datetime] | None = None,
) -> None:
    """Log to standard error, or else to *file*, and nowhere else, without secrets. *now*
    is the clock of the lines that /log shows, by default the machine's.

    A line that cannot be written, for the disk is full, is left out: Python would write it
    to standard error with its secrets and a traceback.

    Raises:
        SettingsWrong: the file cannot be written.
    """
    logging.raiseExceptions = False
    handler = logging.StreamHandler() if file is None else _rotating(file)
    formatter = JsonFormatter if as_json else RedactingFormatter
    with_time = file is not None or not goes_to_systemd()
    handler.setFormatter(formatter(secrets=secrets, with_time=with_time))
    recent = Recent(secrets=secrets, now=now)
    logging.basicConfig(level=level, handlers=[handler, recent], force=True)
    for name in _VERBOSE_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def goes_to_systemd(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether standard error is systemd's journal, which records the time of each line:
    JOURNAL_STREAM has its device and inode (systemd.exec(5)). A child whose standard
    error goes elsewhere inherits the variable, so both are compared."""
    try:
        stream = os.fstat(2)
    except OSError:  # there is none
        return False
    return environment.get("JOURNAL_STREAM") == f"{stream.st_dev}:{stream.st_ino}"


def _rotating(file: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler  # noqa: PLC0415  rarely asked for

    try:
        file.touch(mode=0o600)
        return RotatingFileHandler(
            file, maxBytes=_FILE_BYTES, backupCount=_FILES_BEFORE, encoding="utf-8"
        )
    except OSError as error:
        problem = f"OPENBELL_LOG_FILE cannot be written: {error.strerror}."
        raise SettingsWrong(problem) from error
