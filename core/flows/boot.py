"""What a start means: how many there have been, and whether to trade after this one."""

from datetime import timedelta
from typing import Final

from core.ledger.orders import Ledger
from core.ports.market import Clock
from core.ports.memory import RunMemory


CRASHES: Final = 3
WITHIN: Final = timedelta(minutes=10)


def begin(memory: RunMemory, ledger: Ledger, *, clock: Clock) -> None:
    """Count this start. A third one within ten minutes that follows no clean end is
    a crash loop: it starts halted, and the owner is told once."""
    now = clock.now()
    unclean = [at for at in memory.unclean_starts() if now - at < WITHIN]
    if memory.is_running():
        unclean.append(now)
    with memory.transaction():
        memory.begin_run(unclean_starts=unclean)
    if len(unclean) >= CRASHES:
        minutes = int(WITHIN.total_seconds() // 60)
        reason = f"The bot has crashed {len(unclean)} times within {minutes} minutes."
        ledger.halt(by="the bot", reason=reason, tell=True)


def end(memory: RunMemory) -> None:
    """This run ends in good order."""
    with memory.transaction():
        memory.end_run()
