"""The process around the bot: settings, logging, signals and the exit code.

The bot itself is imported only if the settings are valid, so that a wrong one is
reported at once."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Sequence
from functools import partial
from types import FrameType, TracebackType
from typing import Final

from bot.exits import BROKE, ENV_FILE, OK, WRONG, singly
from bot.health.crash_report import write_crash_report
from bot.lean_imports import import_leanly
from bot.redact import set_up_logging
from core.clock import SystemClock
from core.env_file import open_to_others
from core.model.errors import (
    OpenbellError,
    SettingsWrong,
    StoreBusy,
    StoreDamaged,
    StoreMisplaced,
    StoreNewer,
)
from core.settings.loading import load_settings
from core.settings.settings import Settings


_log: Final = logging.getLogger(__name__)

_STANDING: Final = (StoreBusy, StoreDamaged, StoreMisplaced, StoreNewer, SettingsWrong)
"""Errors that another start would meet again, so that the bot should not be
restarted."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals for a clean end. A closing terminal sends SIGHUP, which `nohup` ignores."""


def run() -> int:
    """Trade until told to stop. Returns the process's exit code."""
    try:
        settings = _with_an_owner(load_settings(ENV_FILE))
        if missing := settings.missing_to_run():
            return _refuse(*missing, *_where_to_write_them())
        secrets = [settings.token(), settings.ping_url or "", settings.seal_secret()]
        _set_up_logging(settings, secrets)
        import_leanly()
        _check_the_way(settings)
    except SettingsWrong as wrong:
        return _refuse(str(wrong))
    for sentence in open_to_others(settings.secrets_in_files(ENV_FILE)):
        _log.warning("%s", sentence)
    return _live(settings)


def _with_an_owner(settings: Settings) -> Settings:
    """If only the owner is missing and there is a terminal, pair him by a code that it
    shows. Raises SettingsWrong."""
    if not (sys.stdin.isatty() and settings.misses_only_the_owner()):
        return settings
    from telegram.error import TelegramError  # noqa: PLC0415  see above

    from bot.prompt.pairing import pair_at_the_prompt  # noqa: PLC0415  see above

    set_up_logging("ERROR", secrets=[])
    say = partial(print, flush=True)  # the code is waited for, also by `| tee`
    try:
        asyncio.run(pair_at_the_prompt(settings, ENV_FILE, say=say))
    except (TelegramError, OSError) as problem:
        raise SettingsWrong(f"The owner could not be found: {problem}") from problem
    return load_settings(ENV_FILE)


def _set_up_logging(of_file: Settings, secrets: Sequence[str]) -> None:
    """Set up logging by .env and the chat; the first lines name the chosen values."""
    from bot.prompt.chosen import chosen_lines, effective_or  # noqa: PLC0415  see above

    settings, words = effective_or(of_file)
    set_up_logging(
        settings.log_level,
        secrets=secrets,
        as_json=settings.log_format == "json",
        file=settings.log_file,
        now=_clock(settings).now,
    )
    for line in chosen_lines(of_file, words):
        _log.info("%s", line)


def _clock(settings: Settings) -> SystemClock:
    return SystemClock(ahead=settings.clock_ahead_seconds)


def _live(settings: Settings) -> int:
    import bot.app  # noqa: F401, PLC0415  before the collector is told to leave it alone

    sys.excepthook = partial(_log_last_words, settings)
    gc.enable()
    gc.freeze()  # else a full collection scans all imports, which blocks for 60 ms
    problems: list[Exception] = []
    try:
        asyncio.run(_until_told(settings))
    except* (OpenbellError, OSError) as group:
        problems.extend(singly(group))
    for problem in problems:
        _log.critical("%s", problem)
    if problems and all(isinstance(problem, _STANDING) for problem in problems):
        return WRONG
    if problems:
        write_crash_report(ExceptionGroup("the bot ended", problems), settings)
    return BROKE if problems else OK


def examine() -> int:
    """Run the doctor. Returns the process's exit code."""
    from bot.prompt.doctor import doctor, refused  # noqa: PLC0415  see above

    set_up_logging("ERROR", secrets=[])
    try:
        settings = load_settings(ENV_FILE)
    except SettingsWrong as wrong:
        refused(str(wrong))
        return WRONG
    return OK if asyncio.run(doctor(settings)) else WRONG


def set_up() -> int:
    """Ask for the settings and write them. Returns the process's exit code."""
    from bot.prompt.setup import Console, setup  # noqa: PLC0415  see above

    set_up_logging("ERROR", secrets=[])
    # asyncio's own handler would leave the question waiting; the first Ctrl-C ends it
    signal.signal(signal.SIGINT, _interrupt)
    return asyncio.run(setup(Console(ask=input, say=print), ENV_FILE))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _check_the_way(settings: Settings) -> None:
    """Raises SettingsWrong if the proxy or certificates in the environment are
    unusable."""
    from bot.bot_api.way import way_to  # noqa: PLC0415  see above

    way_to(settings.telegram_api_url)


async def _until_told(settings: Settings) -> None:
    """Run until a signal comes, then close everything in order."""
    from bot.app import live  # noqa: PLC0415  see above
    from bot.health.supervisor import keep_alive  # noqa: PLC0415  see above
    from bot.keep_running import keep_running  # noqa: PLC0415  see above

    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(
            keep_running(settings, live, now=_clock(settings).now), name="life"
        )
        alive = tasks.create_task(keep_alive(), name="supervisor")
        life.add_done_callback(lambda _: alive.cancel())
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, life.cancel)


def _log_last_words(
    settings: Settings,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    """Log an uncaught error, whose traceback is redacted as well, and write a crash
    report."""
    _log.critical("broke", exc_info=(kind, error, trace))
    write_crash_report(error, settings)


def _where_to_write_them() -> tuple[str, ...]:
    if ENV_FILE.exists():
        return ()
    return (f"There is no {ENV_FILE} here: openbell setup asks, and writes it.",)


def _refuse(*sentences: str) -> int:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return WRONG
