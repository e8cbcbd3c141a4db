"""The account window may not know a purchase for minutes; its exits rely on what IB lists
when it is asked."""

from dataclasses import replace

import pytest

from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.order import OrderState
from core.rules.selling.amount import Amount
from tests.builders import QRVX
from tests.core.flows.exits.test_meanwhile import once
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import (
    bought,
    exits,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


async def test_what_an_exit_sold_soon_is_not_taken_off_a_second_time(
    harness: Harness,
) -> None:
    """The window still showed nothing when the exits of the first part left."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    harness.market.meanwhile = lambda: harness.clock.forward(seconds=1)
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.listed = ()
        harness.broker.fill(entry, 70)
        _, target = await protected(harness, 70)
        harness.broker.listed = None
        harness.broker.fill(target, 40)
        harness.clock.forward(seconds=1)
        harness.broker.fill(entry, 30)
        await protected(harness, 60)

    assert harness.broker.cancelled == []


async def test_an_exit_that_never_reached_ib_is_placed_anew_although_the_window_lags(
    harness: Harness,
) -> None:
    """That the window has caught up in between is no change of the position."""
    with_exits(harness, "stop 5%")
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.behaviour = BrokerBehaviour.LOSES
        harness.broker.listed = ()
        harness.broker.fill(entry, 100)
        await until(lambda: any(o.sent_at for o in exits(harness)))
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        harness.broker.listed = None
        (stop,) = await protected(harness)

    states = [order.state for order in exits(harness)]
    assert states == [OrderState.ABSENT, OrderState.ACKED]
    assert stop.exit is ExitKind.STOP


async def test_a_plan_is_not_over_because_the_window_is_empty(harness: Harness) -> None:
    """IB lists the holding when it is asked: the timed exit is still to come."""
    with_exits(harness, "close 2")
    async with harness.trading():
        await bought(harness)
        approved = harness.journal.memory.protections()
        harness.clock.forward(minutes=10)
        harness.broker.listed = ()
        harness.engine.look()
        await turns()

        assert [p.plan for p in harness.journal.memory.protections()] == [
            p.plan for p in approved
        ]
        harness.broker.held.clear()
        harness.clock.forward(seconds=10)
        harness.engine.look()
        await until(lambda: not harness.journal.memory.protections())


async def test_the_plan_of_a_purchase_that_bought_nothing_is_over(
    harness: Harness,
) -> None:
    """Whatever else is held of the stock."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.REFUSES
    harness.broker.trade_by_hand(QRVX, 500)
    harness.instructions = replace(
        harness.instructions, limits=replace(harness.instructions.limits, buy_held=True)
    )
    harness.restart()
    async with harness.trading():
        await bought(harness)
        harness.clock.forward(minutes=60 * 24)
        harness.engine.look()
        await until(lambda: not harness.journal.memory.protections())


@pytest.mark.parametrize("behind", [0, 2])
async def test_a_clock_behind_ibs_frees_no_share_twice(
    harness: Harness, behind: int
) -> None:
    """The purchase is stamped later than its exits left, which is no purchase since;
    and the sale of one of them is not listed yet."""
    with_exits(harness)
    harness.market.meanwhile = once(lambda: harness.clock.turn(seconds=-behind))
    async with harness.trading():
        await bought(harness)
        _, target = await protected(harness)
        stale = dict(harness.broker.held)
        harness.broker.fill(target, 40)
        await until(lambda: sum(o.filled for o in exits(harness)) == 40)
        harness.broker.held.update(stale)
        await harness.engine.named.sell("QRVX", Amount(), key="s")
        card = harness.card()

    assert [leg.shares for leg in card.legs if leg.side is Side.SELL] == [60]


async def asked_of_what_was_sold_by_hand(harness: Harness) -> list[None]:
    """A purchase is filled and sold by hand at once; each question to IB since then."""
    asked: list[None] = []
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    entry = harness.orders(await bought(harness))[0]
    harness.broker.meanwhile = lambda: asked.append(None)
    harness.broker.fill(entry, 100)
    harness.broker.trade_by_hand(QRVX, -100)
    await until(lambda: bool(asked))
    asked.clear()
    return asked


async def test_ib_is_asked_every_two_seconds_while_its_listings_do_not_agree(
    harness: Harness,
) -> None:
    """What was bought just now was sold by hand: for minutes the journal supposes shares
    that IB does not list. Its answers wake the bot, and each made it ask again."""
    with_exits(harness)
    async with harness.trading():
        asked = await asked_of_what_was_sold_by_hand(harness)
        for _ in range(5):
            harness.clock.forward(seconds=3)
            for _ in range(10):
                harness.engine.look()
                await turns()

    assert 1 <= len(asked) <= 5 + 1


async def test_a_clock_that_is_set_back_does_not_keep_exits_waiting(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        asked = await asked_of_what_was_sold_by_hand(harness)
        harness.clock.turn(hours=-1)
        harness.clock.forward(seconds=3)
        harness.engine.look()
        await turns()

    assert asked
