"""What to do at a start and an end of the process: count starts, detect crash loops."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.flows.reconcile import LIVE
from core.ledger.halts import Halts
from core.ledger.unit_of_work import UnitOfWork
from core.model.errors import SettingsWrong, StoreError
from core.model.news import Restarted
from core.model.status import THE_BOT
from core.ports.memory import RunEnd, RunStart
from core.ports.orders import OrderLists


CRASHES: Final = 3
"""This many crashes within WITHIN are a crash loop."""

WITHIN: Final = timedelta(minutes=10)


def refuse_another_name(orders: OrderLists, *, client_id: int, account: str) -> None:
    """Refuse a start under another client id or account while orders may be open: they
    can only be seen and cancelled under the identity that they were sent under (R18).
    One that this journal never sent has no client id (R16).

    Raises:
        SettingsWrong: names the setting to change back.
    """
    live = orders.in_states(LIVE)
    client_ids = [order.client_id for order in live if order.client_id is not None]
    for name, now, sent_under in (
        ("GATEWAY_CLIENT_ID", str(client_id), [str(i) for i in client_ids]),
        ("ACCOUNT", account, [order.account for order in live]),
    ):
        others = {before for before in sent_under if before != now}
        if others:
            symbols = {order.instrument.symbol for order in live}
            raise SettingsWrong(_set_back(name, now, others, symbols))


def _set_back(
    name: str, now: str, others: Iterable[str], symbols: Iterable[str]
) -> str:
    before = " and ".join(sorted(others))
    return (
        f"OPENBELL_{name} is {now}, but orders that may still be open "
        f"({', '.join(sorted(symbols))}) were sent under {before}: from here they could "
        f"be neither seen nor cancelled. Set it back to {before} until they have ended "
        "or been cancelled, then change it."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The journal could not be written from *since* (UTC) on, for the reason *why*: each
    run ended until it could. The messages *told*, by their ids, have said so."""

    since: datetime
    why: str
    told: tuple[int, ...] = ()


def begin(
    memory: RunStart, unit: UnitOfWork, halts: Halts, wait: Wait | None = None
) -> None:
    """Begin a run. If the run before it had no clean end, that was a crash. Three within
    ten minutes are a crash loop: trading is halted, and the owner is told so unless that
    halt is in force already. Each crash up to the third is told with its reason. One that
    the journal dates up to ten minutes after now counts too: the clock was ahead then.
    A start after a *wait* is no crash, however often it was tried: it is told once."""
    now, was_running, why = unit.now(), memory.is_running(), memory.broken_by()
    unclean = [at for at in memory.unclean_starts() if abs(now - at) < WITHIN]
    if was_running and wait is None:
        unclean.append(now)
    with memory.transaction():
        memory.begin_run(unclean_starts=unclean)
    if wait is not None:
        unit.announce(Restarted(at=now, why=wait.why, since=wait.since))
    elif was_running and len(unclean) <= CRASHES:
        unit.announce(Restarted(at=now, why=why))
    if len(unclean) >= CRASHES:
        minutes = int(WITHIN.total_seconds() // 60)
        reason = f"The bot has crashed {CRASHES} times within {minutes} minutes."
        halts.halt(by=THE_BOT, reason=reason, notify=True)


def broke(memory: RunEnd, reason: str) -> None:
    """Record that this run ends because of *reason*. If that cannot be written, the
    next start finds that there was no clean end."""
    with suppress(StoreError), memory.transaction():
        memory.break_run(reason)


def end(memory: RunEnd) -> None:
    """Record that this run ends cleanly."""
    with memory.transaction():
        memory.end_run()
