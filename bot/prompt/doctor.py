"""`python -m bot doctor`: checks settings, gateway and Telegram, and says what to mend.

It sends no message to the owner and no order. It may run while the bot does: it then
uses another client id and does not poll for messages."""

from collections.abc import AsyncIterator, Iterator
from typing import Final

from bot.checks.finding import Finding
from bot.checks.gateway import gateway_findings
from bot.checks.journal import journal_finding
from bot.checks.machine import machine_findings
from bot.checks.telegram import LISTEN, of_the_way, telegram_findings
from bot.exits import ENV_FILE
from bot.prompt.chosen import chosen_findings, effective_or
from core.clock import SystemClock
from core.settings.settings import Settings
from core.store.disk import is_held


_SET_UP: Final = "Run openbell setup: it asks for what is missing, and writes the file."


async def doctor(settings: Settings, *, listen: int = LISTEN) -> bool:
    """Print every finding as it is made. Returns whether all is well, that is whether a
    Yes could buy, apart from what only the market decides. *listen* is for how many
    seconds to look for another reader of the bot's messages."""
    well = True
    async for finding in _findings(settings, listen):
        well = well and finding.mend is None
        _show(finding)
    return well


def refused(sentences: str) -> None:
    """Print the wrong settings, one by one; nothing else can be checked then."""
    for sentence in sentences.splitlines():
        _show(Finding(what="settings", found="wrong", mend=sentence))


def _show(finding: Finding) -> None:
    print(f"{finding.grade:<4}  {finding.what:<9} {finding.found}")
    if finding.advice is not None:
        print(f"      {'':<9} {finding.advice}")


def _missing_settings(settings: Settings) -> Iterator[Finding]:
    missing = settings.missing_to_run()
    if missing and not ENV_FILE.exists():
        yield Finding(what="settings", found=f"no {ENV_FILE} here", mend=_SET_UP)
    for sentence in missing:
        yield Finding(what="settings", found="incomplete", mend=sentence)


async def _findings(of_file: Settings, listen: int) -> AsyncIterator[Finding]:
    """All findings, with the settings that a start would use."""
    settings, _ = effective_or(of_file)
    clock = SystemClock(ahead=settings.clock_ahead_seconds)
    is_running = is_held(settings.journal)
    for finding in _missing_settings(settings):
        yield finding
    for finding in machine_findings(settings, env_file=ENV_FILE, now=clock.now()):
        yield finding
    yield journal_finding(settings.journal)
    for finding in chosen_findings(of_file):
        yield finding
    yield of_the_way(settings)
    if settings.telegram_token or settings.telegram_token_file:
        async for finding in telegram_findings(
            settings, clock=clock, listen=None if is_running else listen
        ):
            yield finding
    async for finding in gateway_findings(
        settings, clock=clock, client_id=settings.gateway_client_id + is_running
    ):
        yield finding
