"""Plays codes on orders, and compares our journal with the gateway's book."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from core.broker.codes import meaning_of
from core.model.evidence import Meaning
from core.model.order import Order, OrderRef, OrderState
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from tests.codes.case import Case
from tests.codes.published import text_of
from tests.codes.ways import Way
from tests.harness.gateway import SOON, GatewayHarness, a_gateway_harness
from tests.harness.waiting import until


AT_A_TIME: Final = 8
"""Gateways: what each may be asked in a second is limited."""

NEVER_THERE: Final = frozenset({OrderState.REJECTED, OrderState.ABSENT})

VERDICTS: Final = {
    Meaning.DEAD: frozenset({OrderState.REJECTED}),
    Meaning.CANCELLED: frozenset({OrderState.CANCELLED}),
}
"""How the code itself calls an end without a share: IB's book may have another word
for the same end, and both are IB's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One order with a code."""

    code: int
    way: Way
    ref: OrderRef

    @property
    def meaning(self) -> Meaning:
        return meaning_of(self.code, text_of(self.code))

    def told(self, when: str, ours: Order, booked: BookOrder | None) -> str:
        """The two, for a reader who wonders why they differ."""
        theirs = f"{booked.status} {booked.filled:g}" if booked else "nothing"
        return (
            f"{self.code} ({self.meaning}), {self.way.name}, {when}: the journal has"
            f" {ours.state} {ours.filled} ({ours.reason}), the book {theirs}"
        )


def states_of(booked: BookOrder | None, meaning: Meaning) -> frozenset[OrderState]:
    """What our journal may call an order that is so in the gateway's book."""
    if booked is None:
        return NEVER_THERE | VERDICTS.get(meaning, frozenset())
    if booked.status is OrderStatus.FILLED:
        return frozenset({OrderState.FILLED})
    if booked.filled:
        over, works = OrderState.PARTIAL_DONE, OrderState.PARTIAL
        return frozenset({over if booked.done else works})
    if not booked.done:
        return frozenset({OrderState.ACKED})
    is_cancelled = booked.status is OrderStatus.CANCELLED
    word = OrderState.CANCELLED if is_cancelled else OrderState.REJECTED
    return frozenset({word}) | VERDICTS.get(meaning, frozenset())


def agree(harness: GatewayHarness, played: Played) -> bool:
    """Whether the journal has what the book has."""
    ours, booked = harness.order(played.ref), harness.booked(played.ref)
    shares = booked.filled if booked else 0
    return ours.state in states_of(booked, played.meaning) and ours.filled == shares


def may_wait(harness: GatewayHarness, played: Played) -> bool:
    """Whether the truth may only come with the next comparison of the orders.

    IB says nothing of an end but a code that asks for none. Or it says with a 202
    that an order is over, and its book goes on with it.
    """
    if played.way.silent:
        return played.meaning not in {Meaning.DEAD, Meaning.LOOK}
    booked = harness.booked(played.ref)
    lives = booked is not None and not booked.done
    return lives and played.meaning is Meaning.CANCELLED


def may_halt(played: Played) -> bool:
    """Whether an order that lives may have been called over: IB has said so with a
    202, or it has read the order long after its verdict."""
    return played.meaning is Meaning.CANCELLED or bool(played.way.meets)


async def disagreements(
    codes: Iterable[int], ways: Sequence[Way], *, within: float = SOON
) -> list[str]:
    """Play every code in every way; where our journal and the book differ although
    *within* seconds have passed, or in the end; and what halted us without need."""
    turns = asyncio.Semaphore(AT_A_TIME)
    found: list[str] = []

    async def session(code: int) -> None:
        async with turns, a_gateway_harness() as harness:
            found.extend(await _session(harness, code, ways, within=within))

    async with asyncio.TaskGroup() as sessions:
        for code in codes:
            sessions.create_task(session(code))
    return sorted(found)


async def _session(
    harness: GatewayHarness, code: int, ways: Sequence[Way], *, within: float
) -> list[str]:
    """One gateway's day: a code, in one way after the other; then a new line."""
    found, orders = [], []
    for way in ways:
        played = await _play(harness, code, way)
        orders.append(played)
        if not await _settles(harness, played, within):
            found.append(_difference(harness, played, "at once"))
        if (why := harness.halted) and not may_halt(played):
            found.append(_difference(harness, played, f"halted ({why})"))
    await harness.begin_anew()
    found += [
        _difference(harness, each, "in the end")
        for each in orders
        if not agree(harness, each)
    ]
    return found


async def _first_word(case: Case) -> None:
    """Return when the journal knows what became of the order; if all has been heard
    and nothing was said of it, it is looked for."""
    harness, ref = case.harness, case.ref
    await until(lambda: harness.order(ref).sent_at)
    await harness.until_settled()
    if harness.order(ref).state is OrderState.SENDING:
        harness.doubt(ref)
    await until(lambda: harness.order(ref).state is not OrderState.SENDING)


async def _settles(harness: GatewayHarness, played: Played, within: float) -> bool:
    """Whether the two agree once all has been said, unless that may wait."""
    await harness.until_settled()
    if may_wait(harness, played):
        return True
    with suppress(TimeoutError):
        await until(partial(agree, harness, played), within=within)
    await harness.until_settled()
    return agree(harness, played)


async def _play(harness: GatewayHarness, code: int, way: Way) -> Played:
    await harness.until_settled()
    card = harness.offer()
    case = Case(
        harness=harness, ref=harness.ref_of(card), code=code, text=text_of(code)
    )
    for action, seconds in way.meets:
        case.meets(action, seconds)
    harness.yes(card)
    await way.play(case)
    await _first_word(case)
    return Played(code=code, way=way, ref=case.ref)


def _difference(harness: GatewayHarness, played: Played, when: str) -> str:
    return played.told(when, harness.order(played.ref), harness.booked(played.ref))
