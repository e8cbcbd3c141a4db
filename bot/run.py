"""The process around the bot: settings, logging, signals and the exit code.

The bot itself is imported only when the settings are right, so that a wrong one is
answered at once.
"""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Final

from bot.exits import BROKE, ENV_FILE, OK, WRONG
from bot.redact import set_up_logging
from core.env_file import open_to_others
from core.model.errors import OpenbellError, SettingsWrong, StoreBusy
from core.settings import Settings, load_settings


_log: Final = logging.getLogger(__name__)

_STANDING: Final = (StoreBusy, SettingsWrong)
"""What another start would meet again: whoever restarts the bot should not."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def run() -> int:
    """Trade until told to stop. Returns the process's exit code."""
    try:
        settings = load_settings(ENV_FILE)
        if missing := settings.missing_to_run():
            return _refuse(*missing, *_where_to_write_them())
        set_up_logging(settings.log_level, secrets=[settings.token()])
        _check_the_way(settings)
    except SettingsWrong as wrong:
        return _refuse(str(wrong))
    for sentence in open_to_others(settings.secrets_in_files(ENV_FILE)):
        _log.warning("%s", sentence)
    return _live(settings)


def _live(settings: Settings) -> int:
    import bot.app  # noqa: F401, PLC0415  before the collector is told to leave it alone

    sys.excepthook = _log_last_words
    gc.freeze()  # else a full collection walks all imports: 60 ms in which nobody trades
    problems: list[Exception] = []
    try:
        asyncio.run(_until_told(settings))
    except* OpenbellError as group:
        problems.extend(_singly(group))
    for problem in problems:
        _log.critical("%s", problem)
    if problems and all(isinstance(problem, _STANDING) for problem in problems):
        return WRONG
    return BROKE if problems else OK


def examine() -> int:
    """Check the settings and both lines. Returns the process's exit code."""
    try:
        settings = load_settings(ENV_FILE)
        set_up_logging("ERROR", secrets=[])
        from bot.prompt.doctor import doctor  # noqa: PLC0415  see above

        return OK if asyncio.run(doctor(settings)) else WRONG
    except SettingsWrong as wrong:
        return _refuse(str(wrong))


def _check_the_way(settings: Settings) -> None:
    """Raises SettingsWrong when the environment shows no usable way to Telegram."""
    from bot.bot_api.way import way_to  # noqa: PLC0415  see above

    way_to(settings.telegram_api_url)


async def _until_told(settings: Settings) -> None:
    """Live until a signal comes, and then close what was opened, in order."""
    from bot.app import live  # noqa: PLC0415  see above

    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(live(settings), name="life")
        for number in _SIGNALS:
            loop.add_signal_handler(number, life.cancel)


def _singly(group: ExceptionGroup[Exception]) -> Iterator[Exception]:
    """Every error of *group*, however deep the task group that it comes from."""
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            yield from _singly(error)
        else:
            yield error


def _log_last_words(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """What nobody caught ends the process; its traceback too is told without secrets."""
    _log.critical("broke", exc_info=(kind, error, trace))


def _where_to_write_them() -> tuple[str, ...]:
    if ENV_FILE.exists():
        return ()
    return (f"There is no {ENV_FILE} here: copy .env.example to it and fill them in.",)


def _refuse(*sentences: str) -> int:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return WRONG
