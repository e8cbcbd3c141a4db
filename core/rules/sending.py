"""Whether a judgement may still be acted on: checked when an order is about to be
written as being sent, and again right before its bytes leave (docs/safety.md, W2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.model.evidence import Line, LineState
from core.model.order import Order, OrderState
from core.model.proposal import Proposal
from core.rules.figures.in_words import tenth, whole


FRESH: Final = timedelta(seconds=2)
"""How old a judgement may be when the order leaves."""

LATE: Final = timedelta(seconds=30)
"""How long after the Yes an order may be sent although its offer's time is over."""


LATE_TAP: Final = timedelta(seconds=30)
"""A Yes that may have waited longer than this was given to older prices."""


def late_yes(waited: timedelta) -> str:
    """The message about a Yes that may have *waited* that long."""
    if waited == timedelta.max:
        why = "it may have been tapped while I could not hear Telegram"
    elif waited < timedelta(minutes=2):
        why = f"I could not hear Telegram for {whole(waited.total_seconds())} s"
    else:
        why = f"I could not hear Telegram for {waited // timedelta(minutes=1)} min"
    return f"Your Yes came late: {why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One moment on two clocks: the time of day (UTC), which can be set, and
    ``boottime`` in seconds, which only goes forward and includes sleep."""

    at: datetime
    boottime: float


def _nothing(_order: Order) -> None:
    """The default: there is no objection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The judgement that an order may be sent: from what was known at ``of``, over the
    session of ``line`` with the gateway, valid until ``deadline`` (UTC) at the latest.
    ``despite_halt`` is for the sales of /panic. ``against`` evaluates every guard again
    on the journal as it is when the order is written: why the order may not be sent, or
    None."""

    of: Moment
    line: Line
    deadline: datetime
    despite_halt: bool = False
    against: Callable[[Order], str | None] = _nothing


def deadline(proposal: Proposal) -> datetime:
    """Until when (UTC) the orders of *proposal*, which was approved, may be sent."""
    decided = proposal.decided_at or proposal.made_at
    return max(proposal.expires_at, decided + LATE)


def age(judgement: Judgement, now: Moment) -> timedelta:
    """The age of *judgement*."""
    return apart(judgement.of, now)


def apart(before: Moment, now: Moment) -> timedelta:
    """How long it is from *before* to *now*, by whichever clock says more: one stops
    while a virtual machine is paused, the other can be set back."""
    elapsed = timedelta(seconds=now.boottime - before.boottime)
    return max(elapsed, abs(now.at - before.at))


def out_of_date(
    order: Order, judgement: Judgement, *, now: Moment, line: Line, halted: str | None
) -> str | None:
    """Why *order*, read just now, may not be sent on *judgement*; None if it may."""
    found = _outdated(order, judgement, now=now, line=line, halted=halted)
    return next(found, None) or judgement.against(order)


def _outdated(
    order: Order, judgement: Judgement, *, now: Moment, line: Line, halted: str | None
) -> Iterator[str]:
    if order.state is not OrderState.PLANNED:
        yield f"it is {order.state}"
    if order.cancel_asked:
        yield "it was cancelled"
    if halted is not None and not judgement.despite_halt:
        yield f"trading is halted: {halted}"
    if line.state is not LineState.UP or line.epoch != judgement.line.epoch:
        yield "the connection has changed"
    if now.at >= judgement.deadline:
        yield "its time is over"
    if (late := age(judgement, now)) > FRESH:
        yield f"it was judged {tenth(late.total_seconds())} s ago"
