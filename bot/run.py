"""What surrounds the house: settings, logging, signals and the exit code."""

import asyncio
import logging
import signal
import sys
from pathlib import Path
from typing import Final

from bot.app import live
from bot.doctor import doctor
from bot.redact import set_up_logging
from core.model.errors import OpenbellError, SettingsWrong
from core.settings import Settings, load_settings


_log: Final = logging.getLogger(__name__)

OK: Final = 0
BROKE: Final = 1
"""Something contradicted the journal, or broke: start again to reconcile."""
WRONG: Final = 2
"""The settings, or another process, stood in the way: nothing was started."""

ENV_FILE: Final = Path(".env")
"""Read from where the bot is started, below the environment itself."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def run() -> int:
    """Trade until told to stop. Returns the process's exit code."""
    try:
        settings = load_settings(ENV_FILE)
        if missing := settings.missing_to_run():
            return _refuse(*missing)
        set_up_logging(settings.log_level, secrets=[settings.token()])
    except SettingsWrong as wrong:
        return _refuse(str(wrong))
    problems: list[Exception] = []
    try:
        asyncio.run(_until_told(settings))
    except* OpenbellError as group:
        problems.extend(group.exceptions)
    for problem in problems:
        _log.critical("%s", problem)
    return BROKE if problems else OK


def examine() -> int:
    """Check the settings and both lines. Returns the process's exit code."""
    try:
        settings = load_settings(ENV_FILE)
        set_up_logging("ERROR", secrets=[])
        return OK if asyncio.run(doctor(settings)) else WRONG
    except SettingsWrong as wrong:
        return _refuse(str(wrong))


async def _until_told(settings: Settings) -> None:
    """Live until a signal comes, and then close what was opened, in order."""
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(live(settings), name="life")
        for number in _SIGNALS:
            loop.add_signal_handler(number, life.cancel)


def _refuse(*sentences: str) -> int:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return WRONG
