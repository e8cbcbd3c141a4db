"""Exits stand as they were approved: placed once, for what is held, and for no more."""

import asyncio
from dataclasses import replace

import pytest

from core.model.exits.news import ExitDone, Unprotected
from core.model.exits.plan import ExitKind
from core.model.market import OrderType, Side
from core.model.order import Order, OrderState
from core.model.points import ignore
from core.model.proposal import Choice
from core.rules.exits.coverage import groups_of
from core.rules.selling.amount import Amount
from tests.builders import QRVX, price
from tests.core.game import KilledError, die
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.exits import alive, bought, exits, held, protected, with_exits
from tests.harness.panics import panic, the_question
from tests.harness.waiting import turns, until


async def _fill_and_die(harness: Harness, point: str) -> None:
    """The purchase is filled, and the process is killed at *point* on its way to the
    protection."""
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.reached = when(point, die)
        harness.broker.fill(entry, 100)
        await asyncio.sleep(5)


async def test_what_was_bought_gets_its_exits_as_one_group(harness: Harness) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, target = await protected(harness)

    assert (stop.exit, stop.order_type, stop.stop) == (
        ExitKind.STOP,
        OrderType.STOP,
        price("4.59"),
    )
    assert (target.exit, target.order_type, target.limit) == (
        ExitKind.TARGET,
        OrderType.LIMIT,
        price("5.31"),
    )
    assert stop.oca_group == target.oca_group != ""
    assert {(o.side, o.shares, o.tif) for o in (stop, target)} == {
        (Side.SELL, 100, "GTC")
    }


async def test_no_exits_are_placed_where_none_were_approved(harness: Harness) -> None:
    async with harness.trading():
        await bought(harness)
        harness.engine.look()
        await turns()

    assert exits(harness) == ()
    assert harness.journal.memory.protections() == ()


async def test_of_a_part_fill_so_much_is_protected_and_then_the_rest(
    harness: Harness,
) -> None:
    """The part is not left alone until the rest comes."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.fill(entry, 30)
        first = await protected(harness, 30)
        harness.broker.fill(entry, 70)
        both = await protected(harness, 100)

    assert [order.shares for order in first] == [30, 30]
    assert [order.shares for order in both] == [30, 30, 70, 70]
    assert len({order.oca_group for order in both}) == 2


@pytest.mark.parametrize("point", ["W4", "pre-exits", "exits", "pre-W2", "W2", "sent"])
async def test_killed_between_fill_and_protection_it_is_protected_after_the_start(
    harness: Harness, point: str
) -> None:
    """Exactly once, whatever was written and sent before."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    with pytest.raises(BaseExceptionGroup) as death:
        await _fill_and_die(harness, point)
    assert death.group_contains(KilledError)
    harness.reached = ignore
    harness.restart()
    async with harness.trading():
        harness.engine.look()
        stop, target = await protected(harness)
        harness.engine.look()
        await turns()

    assert {stop.exit, target.exit} == {ExitKind.STOP, ExitKind.TARGET}
    at_ib = [b for b in harness.broker.book.values() if b.works]
    assert len(at_ib) == 2
    assert len(alive(harness)) == 2


async def test_what_filled_while_the_bot_was_dead_is_protected_after_the_start(
    harness: Harness,
) -> None:
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
    harness.stop()
    harness.broker.fill(entry, 60)
    harness.broker.hang_up()
    harness.start()
    async with harness.trading():
        found = await protected(harness, 60)

    assert [order.shares for order in found] == [60, 60]


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


async def test_a_halt_does_not_keep_protection_back(harness: Harness) -> None:
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.engine.halt(by="Ada", reason="lunch")
        harness.broker.fill(entry, 100)
        found = await protected(harness)

    assert len(found) == 2


async def test_a_panic_ends_the_exits_and_places_none_until_resume(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.engine.named.panic(by="Ada", key="panic:1")
        await until(lambda: not alive(harness))
        harness.engine.look()
        await turns()
        assert alive(harness) == []
        halts = harness.engine.queries.halts()
        harness.engine.resume(by="Ada", named=halts)
        harness.quote(QRVX, last=price("4.90"), bid=price("4.89"))
        found = await protected(harness)

    assert len(found) == 2


async def test_exits_make_way_for_the_sales_of_a_panic_under_any_halt(
    harness: Harness,
) -> None:
    """They are sent whatever the halt is for, also once the panic's own has ended."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        panic(harness)
        question = await the_question(harness)
        harness.engine.resume(by=OWNER, named=harness.engine.queries.halts())
        await protected(harness)
        harness.engine.halt(by=OWNER, reason="/halt")
        harness.tap(question, Choice.YES)
        await harness.until_settled(question)

    (sale,) = harness.orders(question)
    assert (sale.state, sale.reason) == (OrderState.FILLED, None)


async def test_a_stop_whose_price_has_passed_is_not_placed_anew(
    harness: Harness,
) -> None:
    """Placed anew it would sell at once: that is asked, not done."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.engine.named.panic(by="Ada", key="panic:1")
        await until(lambda: not alive(harness))
        harness.quote(QRVX, last=price("4.40"), bid=price("4.39"))
        harness.engine.resume(by="Ada", named=harness.engine.queries.halts())
        await until(lambda: bool(harness.news(Unprotected)))

    assert alive(harness) == []
    assert "passed the stop" in harness.news(Unprotected)[0].reason


async def test_where_nobody_knows_the_step_a_stop_is_not_placed(
    harness: Harness,
) -> None:
    with_exits(harness, "stop 5%")
    harness.market.steps[QRVX.con_id] = ()
    async with harness.trading():
        await bought(harness)
        await until(lambda: bool(harness.news(Unprotected)))

    assert exits(harness) == ()


async def test_what_was_bought_below_its_stop_by_now_is_sold_as_approved(
    harness: Harness,
) -> None:
    """The first time it is placed: IB sells at once, as the stop would have."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
    harness.stop()
    harness.broker.fill(entry, 100)
    harness.broker.hang_up()
    harness.start()
    harness.quote(QRVX, last=price("4.00"), bid=price("3.99"))
    async with harness.trading():
        found = await protected(harness)

    assert [order.exit for order in found] == [ExitKind.STOP, ExitKind.TARGET]


async def test_an_exit_that_never_reached_ib_is_placed_anew_with_its_group(
    harness: Harness,
) -> None:
    """A target alone is no protection."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.behaviour = BrokerBehaviour.LOSES
        harness.broker.fill(entry, 100)
        await until(lambda: any(o.state is OrderState.ABSENT for o in exits(harness)))
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        found = await protected(harness)

    assert [order.exit for order in found] == [ExitKind.STOP, ExitKind.TARGET]
    assert len([b for b in harness.broker.book.values() if b.works]) == 2


async def test_what_was_held_before_is_not_covered_by_the_purchase(
    harness: Harness,
) -> None:
    """The plan was approved for what the card buys."""
    with_exits(harness)
    harness.broker.trade_by_hand(QRVX, 500)
    async with harness.trading():
        await bought(harness)
        found = await protected(harness)
        harness.engine.look()
        await turns()

    assert {order.shares for order in found} == {100}
    assert len(exits(harness)) == 2


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
