"""A cancel that IB does not confirm, together with all else that may happen meanwhile: IB
is asked no more often than the back-off allows, nothing is forgotten, the end is told."""

from dataclasses import replace

import pytest

from core.model.evidence import LineState
from core.model.news import Settled
from core.model.order_news import CancelUnconfirmed
from core.model.proposal import Choice
from core.rules.selling.amount import Amount
from tests.harness.core import OWNER, Harness
from tests.harness.exits import alive, bought, protected, with_exits
from tests.harness.panics import panic
from tests.harness.waiting import turns, until


pytestmark = pytest.mark.attack(10)


async def looks(harness: Harness, minutes: int) -> None:
    """Time passes, with a look every five seconds."""
    for _ in range(minutes * 12):
        harness.clock.forward(seconds=5)
        harness.engine.look()
        await turns(5)


async def test_a_line_that_breaks_again_and_again_keeps_no_silence(
    harness: Harness,
) -> None:
    """Each new line began a new minute, so that none was ever over."""
    harness.broker.stubborn = True
    async with harness.trading():
        _, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        for _ in range(4):
            harness.engine.look()
            harness.clock.forward(seconds=40)
            harness.broker.go(LineState.DOWN, "cable")
            harness.broker.connect()
            await turns()
            await harness.ready()
        harness.engine.look()

    assert [news.ref for news in harness.news(CancelUnconfirmed)] == [order.ref]
    assert len(harness.broker.cancelled) == 1 + 4, "once over each line"


@pytest.mark.parametrize("known", [True, False], ids=["sent-here", "by-an-older-copy"])
async def test_ib_is_said_to_have_been_asked_only_if_it_was(
    harness: Harness, *, known: bool
) -> None:
    """Of an order that only an older copy of the files sent no id is known here."""
    harness.broker.stubborn = True
    async with harness.trading():
        _, order = await harness.a_working_order()
        if not known:
            with harness.journal.transaction():
                lost = replace(order, order_id=None)
                harness.journal.orders.update(lost, was=order.state)
        harness.engine.cancel(order.ref, by=OWNER)
        await looks(harness, minutes=3)

    assert [news.is_asked for news in harness.news(CancelUnconfirmed)] == [known]


async def test_ib_is_asked_once_after_it_was_cut_off_from_its_servers(
    harness: Harness,
) -> None:
    """1100 and 1102: the pass asks, and the wait is counted from there."""
    harness.broker.stubborn = True
    async with harness.trading():
        _, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        harness.engine.look()
        harness.clock.forward(seconds=55)
        harness.broker.go(LineState.CUT_OFF, "1100")
        await turns()
        harness.engine.look()
        harness.clock.forward(seconds=10)
        harness.broker.go(LineState.UP)
        await turns()
        await harness.ready()
        harness.engine.look()
        at_once = len(harness.broker.cancelled)
        await looks(harness, minutes=1)
        after_a_minute = len(harness.broker.cancelled)
        harness.broker.stubborn = False
        await looks(harness, minutes=2)
        assert alive_orders(harness) == 0

    assert (at_once, after_a_minute) == (2, 3)
    assert len(harness.news(CancelUnconfirmed)) == 1
    assert len(harness.news(Settled)) == 1


async def test_a_panic_asks_once_more_and_the_back_off_goes_on(
    harness: Harness,
) -> None:
    harness.broker.stubborn = True
    async with harness.trading():
        _, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        await looks(harness, minutes=4)
        before = len(harness.broker.cancelled)
        panic(harness)
        at_once = len(harness.broker.cancelled)
        await looks(harness, minutes=10)
        later = len(harness.broker.cancelled)
        harness.broker.stubborn = False
        await looks(harness, minutes=16)
        assert alive_orders(harness) == 0

    assert (before, at_once) == (3, 4)
    assert later <= at_once + 2, "after seven minutes, and perhaps fifteen"
    assert len(harness.news(CancelUnconfirmed)) == 1
    assert len(harness.news(Settled)) == 1


async def test_the_exits_of_a_sale_are_asked_to_end_no_more_often(
    harness: Harness,
) -> None:
    """The sale lapses meanwhile, and each look finds the exits still there."""
    with_exits(harness, "stop 5%")
    async with harness.trading():
        await bought(harness)
        (stop,) = await protected(harness)
        harness.broker.stubborn = True
        await harness.engine.named.sell("QRVX", Amount(), key="s")
        card = harness.card()
        harness.tap(card, Choice.YES)
        await until(lambda: bool(harness.broker.cancelled))
        await looks(harness, minutes=4)
        asked = [order.ref for order in harness.broker.cancelled]
        panic(harness)
        await looks(harness, minutes=1)
        harness.broker.stubborn = False
        await looks(harness, minutes=8)

    assert asked == [stop.ref] * 3
    assert [news.ref for news in harness.news(CancelUnconfirmed)] == [stop.ref]
    assert alive(harness) == []


@pytest.mark.parametrize("rest", [60, 0])
async def test_fills_in_between_bring_no_request_and_the_end_is_told(
    harness: Harness, rest: int
) -> None:
    harness.broker.stubborn = True
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        for _ in range(4):
            harness.broker.fill(order, 10)
            await looks(harness, minutes=1)
        asked = len(harness.broker.cancelled)
        if rest:
            harness.broker.fill(order, rest)
        harness.broker.stubborn = False
        await looks(harness, minutes=8)

    assert asked == 3
    assert harness.states(card) == ["filled" if rest else "partial done"]
    assert len(harness.news(CancelUnconfirmed)) == 1
    [settled] = harness.news(Settled)
    assert (settled.filled, settled.whole) == (100 if rest else 40, bool(rest))


def alive_orders(harness: Harness) -> int:
    return sum(each.works for each in harness.broker.book.values())
