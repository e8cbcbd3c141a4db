"""What nobody knows is put to the owner, and blocks its stock until then."""

import pytest

from core.model.news import Ghost, InDoubt
from core.model.order import OrderRef, OrderState
from core.model.proposal import Choice, Proposal
from tests.fakes.broker import Conduct
from tests.harness.core import OWNER, House, until


async def an_order_in_doubt(house: House) -> Proposal:
    house.broker.conduct = Conduct.SWALLOWS
    card = await house.scan()
    house.tap(card, Choice.FIRST)
    await until(lambda: house.states(card) == ["unknown"])
    await house.ready()
    return card


@pytest.mark.parametrize("there", [True, False])
async def test_the_owner_settles_what_nobody_knows(
    house: House, *, there: bool
) -> None:
    async with house.trading():
        card = await an_order_in_doubt(house)
        (order,) = house.orders(card)
        settled = house.engine.settle(order.ref, there=there, by=OWNER)

    assert settled.state is OrderState.CLOSED_BY_HUMAN
    assert settled.reason == f"Ada says it is {'there' if there else 'not there'}"


@pytest.mark.parametrize("there", [True, False])
async def test_an_order_that_turns_up_is_a_ghost_if_the_owner_saw_none(
    house: House, *, there: bool
) -> None:
    async with house.trading():
        card = await an_order_in_doubt(house)
        (order,) = house.orders(card)
        house.engine.settle(order.ref, there=there, by=OWNER)
        house.broker.conduct = Conduct.HOLDS
        house.broker.place(house.broker.sent[0])
        is_left = "acked" if there else "cancelled"
        await until(lambda: house.states(card) == [is_left])

    assert bool(house.news(Ghost)) is not there
    assert (house.engine.queries.status().halted is None) is there


async def test_only_what_is_in_doubt_can_be_settled(house: House) -> None:
    async with house.trading():
        done, _other = await house.yes()
        for ref in (done.ref, OrderRef("tb-zzzzzzzzzz-1")):
            with pytest.raises(LookupError):
                house.engine.settle(ref, there=True, by=OWNER)


async def test_a_stock_in_doubt_gets_no_order_until_it_is_settled(
    house: House,
) -> None:
    async with house.trading():
        doubtful = await an_order_in_doubt(house)
        house.broker.conduct = Conduct.FILLS
        blocked, _free = await house.yes("b")
        house.engine.settle(house.orders(doubtful)[0].ref, there=False, by=OWNER)
        bought, _again = await house.yes("c")

    assert blocked.state is OrderState.LAPSED
    assert "in doubt" in (blocked.reason or "")
    assert bought.state is OrderState.FILLED


@pytest.mark.attack(9)
async def test_the_owner_says_that_it_was_filled_and_the_books_are_right(
    house: House,
) -> None:
    """Queued on Friday, filled on Monday while the bot was off; Tuesday lists nothing."""
    house.broker.conduct = Conduct.HOLDS
    async with house.trading():
        card = await house.scan()
        house.tap(card, Choice.FIRST)
        await until(lambda: house.states(card) == ["acked"])
    (order,) = house.orders(card)
    house.restart()
    house.broker.fill(house.broker.sent[0], order.shares)
    for booked in house.broker.book.values():
        booked.end_the_day()
    house.clock.forward(days=4)

    async with house.trading():
        await until(lambda: house.states(card) == ["unknown"])
        (asked,) = house.news(InDoubt)
        said = house.engine.settle_filled(order.ref, by=OWNER)
    (kept,) = house.orders(card)

    assert asked.position_now == order.shares
    assert kept == said
    assert (kept.state, kept.filled) == (OrderState.FILLED, order.shares)
    assert kept.average_price == order.about
    assert kept.reason == f"Ada says it was filled: 100 at about {order.about}"
    assert all(fill.by_word for fill in kept.fills)
    assert any("FilledByWord" in line.kind for line in house.journal.trail.lines())


@pytest.mark.attack(9)
async def test_what_ib_lists_takes_the_place_of_what_the_owner_said(
    house: House,
) -> None:
    async with house.trading():
        card = await an_order_in_doubt(house)
        (order,) = house.orders(card)
        house.engine.settle_filled(order.ref, by=OWNER)
        house.broker.conduct = Conduct.FILLS
        house.broker.place(house.broker.sent[0])
        await until(lambda: not any(f.by_word for f in house.orders(card)[0].fills))
    house.restart()
    (kept,) = house.orders(card)

    assert (kept.state, kept.filled) == (OrderState.FILLED, order.shares)
    assert [fill.by_word for fill in kept.fills] == [False]
