"""A crash report: the error with its traceback and the last log lines, without secrets.

Tested by tests/bot/health/test_crash_report.py.
"""

import logging
import platform
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from bot.redact import recent, without_secrets
from bot.version import openbell_version
from core.clock import SystemClock
from core.settings.settings import Settings


_log: Final = logging.getLogger(__name__)

KEPT: Final = 5
"""How many reports are kept; older ones are deleted."""

LIBRARIES: Final = ("ib_async", "python-telegram-bot", "httpx", "apscheduler")

PRIVATE: Final = frozenset(
    {
        *("telegram_token", "telegram_token_file", "telegram_owner_id"),
        *("telegram_api_url", "gateway_host", "account", "audit_secret", "ping_url"),
        *("data_dir", "log_file"),
    }
)
"""Settings that identify the owner; the report only says whether they are set, and does
not have their values anywhere else."""


def write_crash_report(error: BaseException, settings: Settings) -> Path | None:
    """Write a report about *error* into the data directory, readable only by its owner.
    Returns its path; None if it cannot be written, which is logged."""
    at = SystemClock().now()
    path = settings.data_dir / f"crash-{at:%Y%m%dT%H%M%S}Z.txt"
    try:
        path.touch(mode=0o600)
        text = "\n".join(_lines(error, settings, at))
        path.write_text(_without_private(text, settings), encoding="utf-8")
        _remove_old_ones(settings.data_dir)
    except OSError as problem:
        _log.error("no crash report: %s", problem)
        return None
    _log.critical("what happened is in %s, without secrets", path)
    return path


def _remove_old_ones(folder: Path) -> None:
    for old in sorted(folder.glob("crash-*Z.txt"))[:-KEPT]:
        old.unlink()


def _lines(error: BaseException, settings: Settings, at: datetime) -> Iterator[str]:
    yield f"Openbell {openbell_version()} ended at {at:%Y-%m-%d %H:%M:%S} UTC."
    yield f"Python {platform.python_version()}, {platform.platform()}, {sys.byteorder}"
    yield ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    yield ""
    yield "What ended it"
    yield "".join(traceback.format_exception(error))
    yield "Settings that differ from their defaults"
    yield from _settings(settings)
    yield ""
    yield "The last lines of the log (UTC)"
    for each in recent():
        yield f"{each.at:%H:%M:%S.%f} {each.level:8} {each.text}"
    yield ""


def _settings(settings: Settings) -> Iterator[str]:
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if value != field.default:
            yield f"{name}: {'set' if name in PRIVATE else value}"


def _without_private(text: str, settings: Settings) -> str:
    """*text* without secrets, private settings and the home directory's name."""
    text = without_secrets(text)
    for value, instead in sorted(_private(settings), key=lambda each: -len(each[0])):
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", instead, text)
    return text


def _private(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each private value but the token, which is known by its form, and what stands
    instead of it."""
    for name in PRIVATE - {"telegram_token", "audit_secret"}:
        value = getattr(settings, name)
        if value is not None and value != type(settings).model_fields[name].default:
            # a relative path is a common word
            whole = value.absolute() if isinstance(value, Path) else value
            yield str(whole), f"<{name}>"
    if secret := settings.seal_secret():
        yield secret, "<audit_secret>"
    with suppress(RuntimeError):  # nobody's home can be found
        yield str(Path.home()), "~"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
