"""What nobody knows is put to the owner, and blocks its stock until then."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.model.evidence import StatusMessage
from core.model.money import Shares
from core.model.news import Ghost, InDoubt, Settled
from core.model.order import Order, OrderRef, OrderState
from core.model.order_events import WordOfFill
from core.model.points import SENT
from core.model.proposal import Choice, Proposal
from core.rules.order_states import advance, filled_by, whole
from tests.builders import NOW, a_fill, a_sent_order, price
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.waiting import turns, until


async def an_order_in_doubt(harness: Harness) -> Proposal:
    harness.broker.behaviour = BrokerBehaviour.SWALLOWS
    card = await harness.scan()
    harness.tap(card, Choice.FIRST)
    await until(lambda: harness.states(card) == ["unknown"])
    await harness.ready()
    return card


@pytest.mark.parametrize("there", [True, False])
async def test_the_owner_settles_what_nobody_knows(
    harness: Harness, *, there: bool
) -> None:
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        settled = harness.engine.settle(order.ref, there=there, by=OWNER)

    assert settled.state is OrderState.CLOSED_BY_HUMAN
    assert settled.reason == f"Ada says it is {'there' if there else 'not there'}"


@pytest.mark.attack(15)
async def test_the_question_is_told_again_when_the_doubt_is_over(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        harness.engine.settle(order.ref, there=True, by=OWNER)
        (item,) = (
            item
            for item in harness.journal.outbox.unsent()
            if isinstance(item.news, InDoubt)
        )

    assert item.edition == 2


@pytest.mark.attack(9)
@pytest.mark.parametrize("silent", [True, False])
async def test_what_is_held_now_is_only_told_if_ib_has_listed_it_since_the_order(
    harness: Harness, *, silent: bool
) -> None:
    """Who reads *position then 0, now 0* says that the order is not there."""
    harness.reached = when(SENT, lambda: setattr(harness.broker, "silent", silent))
    async with harness.trading():
        harness.broker.behaviour = BrokerBehaviour.SWALLOWS
        card = await harness.scan()
        harness.clock.forward(seconds=1)  # behind the last pass
        harness.tap(card, Choice.FIRST)
        await until(lambda: harness.states(card) == ["unknown"])
        told = harness.news(InDoubt)[0].position_now

    assert told == (None if silent else 0)


@pytest.mark.parametrize("there", [True, False])
async def test_an_order_that_turns_up_is_a_ghost_if_the_owner_saw_none(
    harness: Harness, *, there: bool
) -> None:
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        harness.engine.settle(order.ref, there=there, by=OWNER)
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        harness.broker.place(harness.broker.sent[0])
        is_left = "acked" if there else "cancelled"
        await until(lambda: harness.states(card) == [is_left])

    assert bool(harness.news(Ghost)) is not there
    assert (harness.engine.queries.status().halted is None) is there


async def test_only_what_is_in_doubt_can_be_settled(harness: Harness) -> None:
    async with harness.trading():
        done, _other = await harness.yes()
        for ref in (done.ref, OrderRef("tb-zzzzzzzzzz-1")):
            with pytest.raises(LookupError):
                harness.engine.settle(ref, there=True, by=OWNER)


async def test_a_stock_in_doubt_gets_no_order_until_it_is_settled(
    harness: Harness,
) -> None:
    async with harness.trading():
        doubtful = await an_order_in_doubt(harness)
        harness.broker.behaviour = BrokerBehaviour.FILLS
        blocked, _free = await harness.yes("b")
        harness.engine.settle(harness.orders(doubtful)[0].ref, there=False, by=OWNER)
        bought, _again = await harness.yes("c")

    assert blocked.state is OrderState.LAPSED
    assert "in doubt" in (blocked.reason or "")
    assert bought.state is OrderState.FILLED


@pytest.mark.attack(9)
async def test_the_owner_says_that_it_was_filled_and_the_books_are_right(
    harness: Harness,
) -> None:
    """Queued on Friday, filled on Monday while the bot was off; Tuesday lists nothing."""
    async with harness.trading():
        card, _ = await harness.a_working_order()
    (order,) = harness.orders(card)
    harness.restart()
    harness.broker.fill(harness.broker.sent[0], order.shares)
    for booked in harness.broker.book.values():
        booked.end_the_day()
    harness.clock.forward(days=4)

    async with harness.trading():
        await until(lambda: harness.states(card) == ["unknown"])
        (asked,) = harness.news(InDoubt)
        said = harness.engine.settle_filled(whole(order), by=OWNER)
    (kept,) = harness.orders(card)

    assert asked.position_now == order.shares
    assert kept == said
    assert (kept.state, kept.filled) == (OrderState.FILLED, order.shares)
    assert kept.average_price == order.about
    assert kept.reason == f"Ada says it was filled: 100 at about {order.about}"
    assert all(fill.by_word for fill in kept.fills)
    assert any("FilledByWord" in line.kind for line in harness.journal.trail.lines())


@pytest.mark.attack(9)
async def test_what_ib_lists_takes_the_place_of_what_the_owner_said(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        harness.engine.settle_filled(whole(order), by=OWNER)
        harness.broker.behaviour = BrokerBehaviour.FILLS
        harness.broker.place(harness.broker.sent[0])
        await until(lambda: not any(f.by_word for f in harness.orders(card)[0].fills))
    harness.restart()
    (kept,) = harness.orders(card)

    assert (kept.state, kept.filled) == (OrderState.FILLED, order.shares)
    assert [fill.by_word for fill in kept.fills] == [False]


@pytest.mark.attack(9)
@pytest.mark.parametrize("executed", [0, 40])
@pytest.mark.parametrize("received", ["at once", "at the next connection"])
async def test_an_order_that_the_owner_called_filled_and_ib_works_is_an_alarm(
    harness: Harness, executed: int, received: str
) -> None:
    """R16. It can be cancelled again, and what it may buy counts."""
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        harness.engine.settle_filled(whole(order), by=OWNER)
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        if received != "at once":
            harness.drop_events()
        harness.broker.place(harness.broker.sent[0])
        if executed:
            harness.broker.fill(harness.broker.sent[0], executed)
        if received != "at once":
            harness.broker.connect()
        await until(lambda: harness.states(card)[0] in {"acked", "partial"})
        await until(lambda: executed or harness.news(Ghost) != [])
        harness.engine.cancel(order.ref, by=OWNER)
        await until(lambda: harness.states(card)[0] in {"cancelled", "partial done"})

    (kept,) = harness.orders(card)
    assert (kept.filled, kept.rest) == (executed, 100 - executed)
    assert harness.broker.cancelled != []


@pytest.mark.attack(9)
async def test_fewer_shares_than_the_owner_said_are_told_again(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        harness.engine.settle_filled(whole(order), by=OWNER)
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        harness.broker.place(harness.broker.sent[0])
        harness.broker.fill(harness.broker.sent[0], 40)
        await until(lambda: not any(f.by_word for f in harness.orders(card)[0].fills))

    assert [each.filled for each in harness.news(Settled)] == [100, 40]


async def a_part_filled_order_in_doubt(harness: Harness) -> Order:
    """IB has told 40 of 100, and lists the order no more."""
    card, order = await harness.a_working_order()
    harness.broker.fill(harness.broker.sent[0], 40)
    await until(lambda: harness.states(card) == ["partial"])
    booked = harness.broker.book[order.ref]
    booked.status, booked.is_past = "Cancelled", True
    harness.broker.connect()
    await until(lambda: harness.states(card) == ["unknown"])
    return order


async def a_part_filled_order_called_filled(harness: Harness) -> Order:
    """The owner says that all of it was filled; then the line comes back."""
    order = await a_part_filled_order_in_doubt(harness)
    said = harness.engine.settle_filled(whole(order), by=OWNER)
    await connect_again(harness)
    return said


async def connect_again(harness: Harness) -> None:
    harness.broker.connect()
    await turns()
    await harness.ready()


@pytest.mark.attack(9)
async def test_executions_that_were_known_do_not_take_back_the_owners_word(
    harness: Harness,
) -> None:
    """Each new connection of that day tells them again."""
    async with harness.trading():
        said = await a_part_filled_order_called_filled(harness)
        kept = harness.journal.orders.by_ref(said.ref)

    assert (said.state, said.filled) == (OrderState.FILLED, 100)
    assert kept == said
    assert [each.filled for each in harness.news(Settled)] == [100]


@pytest.mark.attack(15)
async def test_executions_that_were_known_do_not_end_the_doubt(
    harness: Harness,
) -> None:
    """The question was answered with "IB has reported it after all" and asked again."""
    async with harness.trading():
        order = await a_part_filled_order_in_doubt(harness)
        await connect_again(harness)
        told = harness.journal.outbox.unsent()
        kept = harness.journal.orders.by_ref(order.ref)

    assert kept is not None
    assert (kept.state, kept.filled) == (OrderState.UNKNOWN, 40)
    assert [item.edition for item in told if isinstance(item.news, InDoubt)] == [1]


@pytest.mark.attack(9)
async def test_a_cancel_of_what_the_owner_called_filled_is_told(
    harness: Harness,
) -> None:
    """IB says it while the line holds: the shares that it counts are all."""
    async with harness.trading():
        said = await a_part_filled_order_called_filled(harness)
        names = replace(harness.broker.names(said), ref="")
        cancelled = StatusMessage(names=names, status="Cancelled", filled=Decimal(40))
        harness.broker.say(cancelled)
        await until(lambda: len(harness.news(Settled)) == 2)
        kept = harness.journal.orders.by_ref(said.ref)

    assert kept is not None
    assert (kept.state, kept.filled) == (OrderState.PARTIAL_DONE, 40)
    assert [each.filled for each in harness.news(Settled)] == [100, 40]


@pytest.mark.attack(9)
@pytest.mark.parametrize("there", [True, False])
async def test_executions_that_were_known_are_no_sign_of_a_closed_order(
    harness: Harness, *, there: bool
) -> None:
    async with harness.trading():
        order = await a_part_filled_order_in_doubt(harness)
        closed = harness.engine.settle(order.ref, there=there, by=OWNER)
        await connect_again(harness)
        kept = harness.journal.orders.by_ref(order.ref)

    assert (closed.state, closed.filled) == (OrderState.CLOSED_BY_HUMAN, 40)
    assert kept == closed
    assert harness.news(Ghost) == []
    assert harness.engine.queries.status().halted is None


@pytest.mark.attack(9)
async def test_a_completed_order_with_fewer_shares_takes_back_the_owners_word(
    harness: Harness,
) -> None:
    async with harness.trading():
        said = await a_part_filled_order_called_filled(harness)
        harness.broker.book[said.ref].is_past = False
        await connect_again(harness)
        kept = harness.journal.orders.by_ref(said.ref)

    assert kept is not None
    assert (kept.state, kept.filled) == (OrderState.PARTIAL_DONE, 40)
    assert [each.filled for each in harness.news(Settled)] == [100, 40]


def part(order: Order, shares: int, at: str) -> WordOfFill:
    return WordOfFill(ref=order.ref, shares=Shares(shares), price=price(at))


@pytest.mark.attack(9)
async def test_a_part_filled_by_the_owners_word_is_in_the_books(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        harness.engine.settle_filled(part(order, 40, "4.8125"), by=OWNER)
        used = harness.engine.queries.status().used_today
    harness.restart()
    (kept,) = harness.orders(card)

    assert (kept.state, kept.filled) == (OrderState.PARTIAL_DONE, 40)
    assert kept.average_price == price("4.8125")
    assert used == Decimal("192.50")
    assert kept.reason == "Ada says it was filled: 40 of 100 at about 4.8125"
    assert len(harness.news(Settled)) == 1


@pytest.mark.attack(9)
async def test_the_owners_second_word_is_in_the_books_and_told(
    harness: Harness,
) -> None:
    """IB works the order after the first, and lists it no more."""
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        harness.engine.settle_filled(part(order, 40, "4.8125"), by=OWNER)
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        harness.broker.place(harness.broker.sent[0])
        await until(lambda: harness.states(card) == ["partial"])
        booked = harness.broker.book[order.ref]
        booked.status, booked.is_past = "Cancelled", True
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["unknown"])
        harness.engine.settle_filled(part(order, 100, "4.90"), by=OWNER)
    harness.restart()
    (kept,) = harness.orders(card)

    assert (kept.state, kept.filled) == (OrderState.FILLED, 100)
    assert kept.average_price == price("4.90")
    assert [each.filled for each in harness.news(Settled)] == [40, 100]


@pytest.mark.attack(9)
@pytest.mark.parametrize("listed", [40, 100])
async def test_what_ib_lists_takes_the_place_of_a_part_that_the_owner_said(
    harness: Harness, listed: int
) -> None:
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        harness.engine.settle_filled(part(order, 40, "4.8125"), by=OWNER)
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        harness.broker.place(harness.broker.sent[0])
        harness.broker.fill(harness.broker.sent[0], listed)
        await until(lambda: not any(f.by_word for f in harness.orders(card)[0].fills))
    (kept,) = harness.orders(card)

    assert kept.filled == listed
    assert kept.average_price == harness.broker.fill_price
    assert (kept.state is OrderState.FILLED) is (listed == 100)


@pytest.mark.attack(9)
@pytest.mark.parametrize(
    ("shares", "at"), [(0, "4.81"), (101, "4.81"), (30, "4.81"), (40, "0")]
)
def test_no_word_takes_away_what_ib_listed_or_adds_what_was_not_ordered(
    shares: int, at: str
) -> None:
    order = a_sent_order(state=OrderState.UNKNOWN, fills=(a_fill(shares=Shares(30)),))

    with pytest.raises(LookupError):
        filled_by(part(order, shares, at), order, by=OWNER, at=NOW)


@pytest.mark.attack(9)
def test_only_what_ib_has_not_listed_is_taken_by_word() -> None:
    listed = a_fill(shares=Shares(30), price=price("4.80"))
    order = a_sent_order(state=OrderState.UNKNOWN, fills=(listed,))
    event = filled_by(part(order, 40, "4.90"), order, by=OWNER, at=NOW)
    after = advance(order, event)

    assert (event.shares, after.filled) == (10, 40)
    assert after.state is OrderState.PARTIAL_DONE
    assert listed in after.fills
