"""What is sold, by an exit, on a card or by hand, has no exit any more, and the rest has."""

from dataclasses import replace

from core.model.exits.news import ExitDone, Unprotected
from core.model.exits.plan import ExitKind
from core.model.order import Order, OrderState
from core.model.points import ignore
from core.model.proposal import Choice
from core.rules.exits.coverage import groups_of
from core.rules.selling.amount import Amount
from tests.builders import QRVX
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, when
from tests.harness.exits import alive, bought, exits, held, protected, with_exits
from tests.harness.waiting import turns, until


async def test_a_stop_that_fires_while_the_bot_is_dead_is_told(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, target = await protected(harness)
    harness.stop()
    harness.broker.fill(stop, 100)
    harness.broker.hang_up()
    harness.start()
    async with harness.trading():
        await until(lambda: not alive(harness))

    assert [news.ref for news in harness.news(ExitDone)] == [stop.ref]
    states = {order.ref: order.state for order in exits(harness)}
    assert states == {stop.ref: OrderState.FILLED, target.ref: OrderState.CANCELLED}
    assert held(harness) == 0


async def test_a_target_that_fills_in_part_leaves_the_rest_protected(
    harness: Harness,
) -> None:
    """IB takes it off the stop; the two never sell more than is held, and together
    they are over when all is sold."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, target = await protected(harness)
        harness.broker.fill(target, 40)
        await until(lambda: sum(g.rest for g in groups_of(alive(harness))) == 60)
        harness.engine.look()
        await turns()
        assert len(alive(harness)) == 2
        harness.broker.fill(stop, 60)
        await until(lambda: not alive(harness))

    assert held(harness) == 0
    assert harness.news(Unprotected) == []
    done = {news.ref for news in harness.news(ExitDone)}
    assert done == {stop.ref, target.ref}


async def test_a_sale_ends_the_exits_first_and_protects_what_is_left(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        await harness.engine.named.sell("QRVX", Amount(percent=50), key="s")
        card = harness.card()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        found = await protected(harness, 50)

    (sale,) = harness.orders(card)
    assert (sale.state, sale.shares) == (OrderState.FILLED, 50)
    assert [order.shares for order in found] == [50, 50]
    sent = [order.ref for order in harness.broker.sent]
    ended = {order.ref for order in harness.broker.cancelled}
    assert ended == set(sent[1:3])
    assert sent.index(sale.ref) > 2
    assert held(harness) == 50


async def test_exits_that_leave_in_the_very_moment_of_a_sale_stay(
    harness: Harness,
) -> None:
    """By a clock that has not moved since the sale was sent. What was held when the stop
    was sent was taken for what was held before the sale: all was said to be sold, the stop
    was ended and placed anew, as fast as IB answered."""
    with_exits(harness, "stop 5%")
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.clock.forward(minutes=7)
        await harness.engine.named.sell("QRVX", Amount(percent=50), key="s")
        card = harness.card()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        (stop,) = await protected(harness, 50)
        for _ in range(5):
            harness.engine.look()
            await turns()

    assert [order.ref for order in alive(harness)] == [stop.ref]
    assert len(harness.broker.sent) == 4  # the purchase, its stop, the sale, and that


async def test_a_sale_of_all_leaves_no_exit_alive(harness: Harness) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        await harness.engine.named.sell("QRVX", Amount(), key="s")
        card = harness.card()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        harness.engine.look()
        await turns()

    assert alive(harness) == []
    assert held(harness) == 0


async def test_without_evidence_that_the_exits_ended_nothing_is_sold(
    harness: Harness,
) -> None:
    """Both could fill, and the account be short."""
    with_exits(harness)
    harness.instructions = replace(
        harness.instructions, timeouts=replace(harness.instructions.timeouts, ack=0.1)
    )
    harness.restart()
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.broker.stubborn = True
        await harness.engine.named.sell("QRVX", Amount(), key="s")
        card = harness.card()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    (sale,) = harness.orders(card)
    assert sale.state is OrderState.LAPSED
    assert held(harness) == 100


async def test_no_exit_stays_alive_when_the_owner_sells_by_hand(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.clock.forward(minutes=4)
        harness.broker.trade_by_hand(QRVX, -100)
        harness.engine.look()
        await until(lambda: not alive(harness))
        harness.engine.look()
        await turns()

    assert harness.journal.memory.protections() == ()


async def test_sold_by_hand_in_part_the_exits_follow(harness: Harness) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.clock.forward(minutes=4)
        harness.broker.trade_by_hand(QRVX, -70)
        harness.engine.look()
        found = await protected(harness, 30)

    assert {order.shares for order in found} == {30}


async def test_what_is_ended_at_ib_is_not_placed_again_and_told(
    harness: Harness,
) -> None:
    """Who cancels in TWS means it; IB cancels at a split, and the prices are others'."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
        harness.broker.cancel(stop)
        await until(lambda: bool(harness.news(Unprotected)))
        harness.engine.look()
        await turns()

    assert alive(harness) == []
    assert [news.is_bare for news in harness.news(Unprotected)] == [True]


async def test_an_exit_is_not_sent_once_another_of_its_group_has_sold(
    harness: Harness,
) -> None:
    """Found by the model: the target would sell shares of another part."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.reached = when("sent", lambda: _stop_sells_all(harness, entry))
        harness.broker.fill(entry, 40)
        await until(lambda: any(o.fills for o in exits(harness)))
        harness.reached = ignore
        harness.engine.look()
        await until(
            lambda: sum(g.rest for g in groups_of(alive(harness))) == held(harness)
        )

    sold_group = next(o for o in exits(harness) if o.fills)
    sent = {order.ref for order in harness.broker.sent}
    oca_members = [o for o in exits(harness) if o.oca_group == sold_group.oca_group]
    assert [o.ref in sent for o in oca_members] == [True, False]


def _stop_sells_all(harness: Harness, entry: Order) -> None:
    """Of the first part, once it stands; the purchase's second part comes with it."""
    stop = harness.broker.sent[-1]
    if stop.exit is ExitKind.STOP and not any(o.fills for o in exits(harness)):
        harness.broker.fill(stop, 40)
        harness.clock.forward(seconds=1)
        harness.broker.fill(entry, 60)
