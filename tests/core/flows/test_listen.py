"""What IB says goes into the journal in the order in which it was said."""

from dataclasses import replace

from core.model.evidence import (
    ChargeHeard,
    CodeHeard,
    FillHeard,
    Meaning,
    StatusHeard,
)
from core.model.news import Ghost
from core.model.order import Order, OrderState, Side
from core.model.proposal import Choice, Proposal
from tests.builders import a_fill, a_fill_heard, money, price, some_names
from tests.fakes.broker import Conduct
from tests.harness.core import House, turns, until


async def a_working_order(house: House) -> tuple[Proposal, Order]:
    """IB holds one order of ours."""
    house.broker.conduct = Conduct.HOLDS
    card = await house.scan()
    house.tap(card, Choice.FIRST)
    await until(lambda: house.states(card) == ["acked"])
    return card, house.orders(card)[0]


async def test_an_order_works_fills_in_parts_and_is_charged(house: House) -> None:
    async with house.trading():
        card, order = await a_working_order(house)
        house.broker.fill(order, 40)
        await until(lambda: house.states(card) == ["partial"])
        house.broker.fill(order, 60)
        await until(lambda: house.orders(card)[0].commission == money("2.00"))

    (filled,) = house.orders(card)
    assert filled.state is OrderState.FILLED
    assert filled.average_price == price("10.00")
    assert filled.perm_id is not None


async def test_a_charge_may_overtake_its_fill(house: House) -> None:
    async with house.trading():
        card, order = await a_working_order(house)
        fill = a_fill(shares=100)
        house.broker.say(ChargeHeard(exec_id=fill.exec_id, commission=money("1.25")))
        house.broker.say(
            FillHeard(
                names=house.broker.names(order),
                con_id=order.instrument.con_id,
                side=Side.BUY,
                fill=fill,
            )
        )
        await until(lambda: house.states(card) == ["filled"])

    assert house.orders(card)[0].commission == money("1.25")


async def test_words_without_our_ref_are_known_by_their_ids(house: House) -> None:
    async with house.trading():
        card, order = await a_working_order(house)
        names = replace(house.broker.names(order), ref="")
        house.broker.say(StatusHeard(names=names, status="Cancelled"))
        await until(lambda: house.states(card) == ["cancelled"])


async def test_a_code_is_shown_and_does_not_end_what_ib_has_named(
    house: House,
) -> None:
    async with house.trading():
        card, order = await a_working_order(house)
        house.broker.say(
            CodeHeard(
                order_id=order.order_id or 0,
                code=10349,
                text="TIF was set to DAY",
                meaning=Meaning.NOTE,
            )
        )
        await until(lambda: bool(house.orders(card)[0].reason))

    (noted,) = house.orders(card)
    assert noted.state is OrderState.ACKED
    assert noted.reason == "TIF was set to DAY (TWS 10349)"


async def test_an_order_by_hand_is_not_ours(house: House) -> None:
    async with house.trading():
        strange = some_names(ref="", client_id=0, order_id=-3, perm_id=5)
        house.broker.say(a_fill_heard(names=strange))
        house.broker.say(StatusHeard(names=strange, status="Submitted"))
        house.broker.say(
            CodeHeard(order_id=77, code=201, text="no", meaning=Meaning.DEAD)
        )
        await turns()

    assert house.engine.queries.orders() == ()


async def test_a_live_order_with_our_prefix_that_nobody_wrote_is_a_ghost(
    house: House,
) -> None:
    async with house.trading():
        house.broker.say(
            StatusHeard(names=some_names(ref="tb-zzzzzzzzzz-2"), status="Submitted")
        )
        await until(lambda: house.engine.queries.status().halted is not None)

    assert house.news(Ghost)[0].ref == "tb-zzzzzzzzzz-2"


async def test_what_is_said_twice_is_written_once(house: House) -> None:
    async with house.trading():
        card, order = await a_working_order(house)
        house.broker.fill(order, 40)
        await until(lambda: house.states(card) == ["partial"])
        lines = len(list(house.journal.trail.lines()))
        for each in house.broker.book[order.ref].fills:
            house.broker.say(each)
        await turns()

    assert len(list(house.journal.trail.lines())) == lines
