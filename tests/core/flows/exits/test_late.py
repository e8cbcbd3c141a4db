"""Exits that cannot be placed are told after a minute, once for each plan."""

from decimal import Decimal

from core.model.errors import BrokerSilent
from core.model.exits.news import ExitsLate
from core.model.portfolio import OpenOrder
from tests.builders import QRVX, price
from tests.core.flows.exits.test_cards import asked
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import bought, protected, with_exits
from tests.harness.waiting import turns


def a_sale_by_hand(shares: int) -> OpenOrder:
    return OpenOrder(
        instrument=QRVX,
        ref="",
        order_id=0,
        client_id=0,
        perm_id=77,
        side="SELL",
        order_type="LMT",
        tif="GTC",
        shares=Decimal(shares),
        filled=Decimal(0),
        status="Submitted",
    )


async def test_exits_that_cannot_be_placed_are_told_after_a_minute_and_tried_on(
    harness: Harness,
) -> None:
    """IB did not answer the price step: the shares lay without the approved stop, and
    nobody was told."""
    with_exits(harness)
    harness.market.steps_fail[QRVX.con_id] = BrokerSilent("the price step of QRVX", 2.5)
    async with harness.trading():
        await bought(harness)
        await turns()
        early = harness.news(ExitsLate)
        for _ in range(3):
            harness.clock.forward(seconds=30)
            harness.engine.look()
            await turns()
        told = harness.news(ExitsLate)
        del harness.market.steps_fail[QRVX.con_id]
        harness.clock.forward(seconds=5)
        harness.engine.look()
        await protected(harness)

    assert early == []
    assert [news.con_id for news in told] == [QRVX.con_id]
    assert harness.news(ExitsLate) == told


async def test_exits_that_a_guard_keeps_back_are_told_after_a_minute_too(
    harness: Harness,
) -> None:
    """Each look placed the stop anew and ended it unsent, for as long as it lasted, and
    nobody was told that the shares had none."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.gateway_ahead = 60.0
        harness.broker.fill(entry, 100)
        await turns()
        early = harness.news(ExitsLate)
        for _ in range(30):
            harness.clock.forward(seconds=5)
            harness.engine.look()
            await turns()
        told = harness.news(ExitsLate)
        harness.broker.gateway_ahead = 0.0
        harness.clock.forward(seconds=5)
        harness.engine.look()
        await protected(harness)

    assert early == []
    assert ["clock" in news.reason for news in told] == [True]
    assert harness.news(ExitsLate) == told


async def test_a_clock_set_back_is_no_minute_without_exits(harness: Harness) -> None:
    with_exits(harness)
    harness.market.steps_fail[QRVX.con_id] = BrokerSilent("the price step of QRVX", 2.5)
    async with harness.trading():
        await bought(harness)
        await turns()
        harness.clock.turn(hours=-1)
        harness.engine.look()
        await turns()

    assert harness.news(ExitsLate) == []


async def test_a_clock_set_forward_is_no_minute_without_exits(
    harness: Harness,
) -> None:
    with_exits(harness)
    harness.market.steps_fail[QRVX.con_id] = BrokerSilent("the price step of QRVX", 2.5)
    async with harness.trading():
        await bought(harness)
        await turns()
        harness.clock.turn(hours=1)
        harness.engine.look()
        await turns()
        early = harness.news(ExitsLate)
        harness.clock.forward(minutes=1)
        harness.engine.look()
        await turns()

    assert early == []
    assert len(harness.news(ExitsLate)) == 1


async def test_the_minute_of_a_new_plan_does_not_begin_with_an_older_ones(
    harness: Harness,
) -> None:
    """The owner gave the first up while IB did not answer, and set another an hour
    later."""
    with_exits(harness)
    silent = BrokerSilent("the price step of QRVX", 2.5)
    harness.broker.trade_by_hand(QRVX, 100)
    harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
    async with harness.trading():
        harness.market.steps_fail[QRVX.con_id] = silent
        await asked(harness, "stop 5%")
        await turns()
        await asked(harness, "none", key="exits:2")
        harness.engine.look()
        await turns()
        harness.clock.forward(hours=1)
        harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
        await asked(harness, "stop 5%", key="exits:3")
        harness.engine.look()
        await turns()
        early = harness.news(ExitsLate)
        for _ in range(3):
            harness.clock.forward(seconds=30)
            harness.engine.look()
            await turns()

    assert early == []
    assert len(harness.news(ExitsLate)) == 1


async def test_another_plan_that_is_late_too_is_told_again(harness: Harness) -> None:
    """What was told is of the plan before, and its card said "They are placed"."""
    with_exits(harness)
    harness.broker.trade_by_hand(QRVX, 100)
    harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
    async with harness.trading():
        silent = BrokerSilent("the price step of QRVX", 2.5)
        harness.market.steps_fail[QRVX.con_id] = silent
        for number, plan in enumerate(("stop 5%", "stop 4%")):
            harness.quote(
                QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84")
            )
            await asked(harness, plan, key=f"exits:{number}")
            for _ in range(3):
                harness.clock.forward(seconds=30)
                harness.engine.look()
                await turns()

    assert len(harness.news(ExitsLate)) == 2


async def test_exits_that_another_ones_sale_keeps_back_are_told(
    harness: Harness,
) -> None:
    """The card said that they are placed; a limit order of TWS sold the same shares, none
    ever was, and nothing was told."""
    with_exits(harness)
    harness.broker.trade_by_hand(QRVX, 100)
    harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
    async with harness.trading():
        harness.broker.unknown_orders.append(a_sale_by_hand(100))
        await asked(harness, "stop 5%")
        await turns()
        early = harness.news(ExitsLate)
        for _ in range(3):
            harness.clock.forward(seconds=30)
            harness.engine.look()
            await turns()
        told = harness.news(ExitsLate)
        harness.broker.unknown_orders.clear()
        harness.clock.forward(seconds=5)
        harness.engine.look()
        await protected(harness)

    assert early == []
    assert [news.reason for news in told] == [
        "orders at IB that are not mine may sell these shares"
    ]
    assert harness.news(ExitsLate) == told


async def test_exits_that_a_slow_gateway_keeps_back_are_told(harness: Harness) -> None:
    """Each answer came in its time, and both together took longer than a judgement holds:
    the stop stayed planned at every look, and nothing was told."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.probe_takes = 2.1
        harness.broker.fill(entry, 100)
        await turns()
        early = harness.news(ExitsLate)
        for _ in range(4):
            harness.clock.forward(seconds=30)
            harness.engine.look()
            await turns()
        told = harness.news(ExitsLate)
        harness.broker.probe_takes = 0.0
        harness.clock.forward(seconds=5)
        harness.engine.look()
        await protected(harness)
        harness.clock.forward(seconds=5)
        harness.engine.look()
        await turns()

    assert early == []
    assert ["too slowly" in news.reason for news in told] == [True]
    assert harness.news(ExitsLate) == told
