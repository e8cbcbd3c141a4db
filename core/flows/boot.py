"""What a start means: how many there have been, and whether to trade after this one."""

import json
from datetime import datetime, timedelta
from typing import Final

from core.ledger.orders import Ledger
from core.ports import Store, World


CRASHES: Final = 3
WITHIN: Final = timedelta(minutes=10)

_BOOTS: Final = "boots"
_UNCLEAN: Final = "unclean starts"
_RUNNING: Final = "running"


def boots(store: Store) -> int:
    """How often this journal has been opened to trade, this time included."""
    return int(store.recall(_BOOTS) or 0) + 1


def begin(world: World, ledger: Ledger) -> None:
    """Count this start. A third one within ten minutes that follows no clean end is
    a crash loop: it starts halted, and the owner is told once."""
    store, now = world.store, world.clock.now()
    unclean = _recent(store.recall(_UNCLEAN), now)
    if store.recall(_RUNNING):
        unclean.append(now)
    with store.transaction():
        store.remember(_BOOTS, str(boots(store)))
        store.remember(_UNCLEAN, json.dumps([at.isoformat() for at in unclean]))
        store.remember(_RUNNING, "yes")
    if len(unclean) >= CRASHES:
        minutes = int(WITHIN.total_seconds() // 60)
        reason = f"The bot has crashed {len(unclean)} times within {minutes} minutes."
        ledger.halt(by="the bot", reason=reason, tell=True)


def end(world: World) -> None:
    """This run ends in good order."""
    with world.store.transaction():
        world.store.remember(_RUNNING, "")


def _recent(kept: str | None, now: datetime) -> list[datetime]:
    starts = [datetime.fromisoformat(text) for text in json.loads(kept or "[]")]
    return [at for at in starts if now - at < WITHIN]
