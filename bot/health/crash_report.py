"""A crash report: the error with its traceback and the last log lines, without secrets.

Tested by tests/bot/health/test_crash_report.py.
"""

import logging
import platform
import sys
import traceback
from collections.abc import Iterator
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
"""Settings that identify the owner; the report only says whether they are set."""


def write_crash_report(error: BaseException, settings: Settings) -> Path | None:
    """Write a report about *error* into the data directory, readable only by its owner.
    Returns its path; None if it cannot be written, which is logged."""
    at = SystemClock().now()
    path = settings.data_dir / f"crash-{at:%Y%m%dT%H%M%S}Z.txt"
    try:
        path.touch(mode=0o600)
        path.write_text("\n".join(_lines(error, settings, at)), encoding="utf-8")
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
    yield without_secrets("".join(traceback.format_exception(error)))
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


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
