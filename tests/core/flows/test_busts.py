"""IB corrects a trade, or takes it back: the books follow, and the owner is told once."""

from dataclasses import replace

import pytest

from core.model.exits.news import Unprotected
from core.model.market import Side
from core.model.money import Shares
from core.model.order import FINAL, Order, OrderState
from core.model.order_news import FillChanged
from core.model.proposal import Choice
from core.rules.selling.holding import bought_here
from tests.builders import QRVX, price
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import alive, bought, protected, with_exits
from tests.harness.waiting import turns, until


def say_again(harness: Harness, order: Order, **changed: object) -> None:
    """IB repeats the newest execution of *order* as a correction."""
    booked = harness.broker.book[order.ref]
    received = booked.fills[-1]
    stem, number = received.fill.stem, len(booked.fills) + 1
    fill = replace(received.fill, exec_id=f"{stem}.{number:02}", **changed)  # type: ignore[arg-type]  # Fill's own fields
    booked.fills[-1] = replace(received, fill=fill)
    harness.broker.say(booked.fills[-1])


async def test_a_purchase_that_was_taken_back_is_in_no_book_and_told_once(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await bought(harness)
        (order,) = harness.orders(card)
        say_again(harness, order, shares=Shares(0))
        await until(lambda: harness.orders(card)[0].state is not OrderState.FILLED)
        say_again(harness, order)  # as a listing repeats it
        await turns()
        (after,) = harness.orders(card)
        (news,) = harness.news(FillChanged)

    assert (after.state, after.filled) == (OrderState.CANCELLED, 0)
    assert bought_here(QRVX, [after]) == 0
    assert (news.was.shares, news.now.shares) == (100, 0)


async def test_exits_of_a_purchase_that_was_taken_back_end(harness: Harness) -> None:
    """Nothing is held: a stop would sell short."""
    with_exits(harness)
    async with harness.trading():
        card = await bought(harness)
        await protected(harness)
        (order,) = harness.orders(card)
        harness.broker.trade_by_hand(QRVX, -100)  # IB takes the shares away
        say_again(harness, order, shares=Shares(0))
        await until(lambda: not alive(harness))

    assert harness.news(Unprotected) == []


async def test_a_corrected_price_is_the_books_and_is_told(harness: Harness) -> None:
    harness.broker.fill_price = price("4.83")
    async with harness.trading():
        card = await bought(harness)
        (order,) = harness.orders(card)
        say_again(harness, order, price=price("4.80"))
        await until(lambda: bool(harness.news(FillChanged)))
        (after,) = harness.orders(card)

    assert (after.state, after.average_price) == (OrderState.FILLED, price("4.80"))
    (news,) = harness.news(FillChanged)
    assert (news.was.price, news.now.price) == (price("4.83"), price("4.80"))


async def test_a_stop_whose_sale_was_taken_back_leaves_bare_shares_that_are_told(
    harness: Harness,
) -> None:
    """IB does not reopen the stop: nobody protects the shares that came back."""
    with_exits(harness, "stop 5%")
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.fill(entry, 100)
        (stop,) = await protected(harness)
        harness.broker.fill(stop, 100)
        await until(lambda: not alive(harness))
        harness.broker.trade_by_hand(QRVX, 100)  # IB gives the shares back
        say_again(harness, stop, shares=Shares(0))
        await until(lambda: bool(harness.news(Unprotected)))
        (holding,) = await harness.engine.named.exits.holdings()

    assert (stop.side, holding.naked) == (Side.SELL, 100)
    assert all(order.state in FINAL for order in holding.exits)


async def test_exits_that_gave_up_shares_which_came_back_are_placed_anew(
    harness: Harness,
) -> None:
    """IB took 40 off the stop when the target sold them, and puts none back."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.fill(entry, 100)
        stop, target = await protected(harness)
        harness.broker.fill(target, 40)
        await protected(harness, 60)
        harness.broker.trade_by_hand(QRVX, 40)  # IB gives the shares back
        say_again(harness, target, shares=Shares(0))
        await until(lambda: bool(harness.news(FillChanged)))
        for _ in range(5):
            harness.clock.forward(seconds=3)
            harness.engine.look()
            await turns()
        again = await protected(harness)

    assert {order.shares for order in again} == {100}
    assert not {stop.ref, target.ref} & {order.ref for order in again}
    assert harness.news(Unprotected) == []


async def test_a_card_is_drawn_after_a_bust(harness: Harness) -> None:
    """Its average price is of no share."""
    async with harness.trading():
        proposal = await harness.scan()
        harness.tap(proposal, Choice.SECOND)
        await harness.until_settled(proposal)
        (order,) = harness.orders(proposal)
        say_again(harness, order, shares=Shares(0))
        await until(lambda: bool(harness.news(FillChanged)))
        card = harness.cards_to_look_at().card(proposal.id)

    assert card is not None
    assert card.orders[0].is_charged


@pytest.mark.attack(7)
async def test_a_trade_under_a_second_id_is_booked_once_and_halts_once(
    harness: Harness,
) -> None:
    """200 shares of an order for 100 were booked."""
    async with harness.trading():
        card = await bought(harness)
        (order,) = harness.orders(card)
        (received,) = harness.broker.book[order.ref].fills
        again = replace(received, fill=replace(received.fill, exec_id="other.01.01"))
        harness.broker.book[order.ref].fills.append(again)
        harness.broker.say(again)
        await until(lambda: harness.halts().halted is not None)
        harness.broker.connect()
        await harness.ready()
        (after,) = harness.orders(card)

    assert (after.state, after.filled) == (OrderState.FILLED, 100)
    [reason] = [each.reason for each in harness.halts().all()]
    assert reason.startswith(f"IB tells the execution other.01 of {order.ref}")


@pytest.mark.attack(7)
@pytest.mark.parametrize("told_again", [False, True])
async def test_an_execution_of_more_than_ib_counts_is_booked_as_counted_and_halts(
    harness: Harness, *, told_again: bool
) -> None:
    """200 shares executed, and 100 filled with them: 200 were booked and called bought."""
    with_exits(harness, "stop 5%")
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        order = harness.orders(await bought(harness))[0]
        harness.broker.fill(order, 100, told=200)
        if told_again:
            harness.broker.connect()
            await harness.ready()
        (stop,) = await protected(harness)
        after = harness.journal.orders.by_ref(order.ref)
        assert after is not None
        reasons = [each.reason for each in harness.halts().all()]

    assert (after.state, after.filled, stop.shares) == (OrderState.FILLED, 100, 100)
    assert len(reasons) == 1
    assert "200 shares" in reasons[0]
    assert "counts 100 as filled" in reasons[0]
