"""The latest offer's quotes run from its card until its orders have ended."""

from core.model.evidence import LineState
from core.model.proposal import Choice
from tests.builders import FDMX, QRVX
from tests.fakes.broker import Conduct
from tests.harness.core import House, turns, until


BOTH = [FDMX.con_id, QRVX.con_id]


async def test_the_legs_of_an_offer_are_watched(house: House) -> None:
    async with house.trading():
        await house.scan()
        await until(lambda: house.market.watched == BOTH)


async def test_a_decided_offer_is_let_go_once_its_orders_have_ended(
    house: House,
) -> None:
    house.broker.conduct = Conduct.HOLDS
    async with house.trading():
        card = await house.scan()
        house.tap(card, Choice.FIRST)
        await until(lambda: house.states(card) == ["acked"])
        house.engine.look()
        await turns()
        watched_while_working = list(house.market.watched)
        house.broker.fill(house.orders(card)[0], 100)
        await until(lambda: house.states(card) == ["filled"])
        house.engine.look()
        await until(lambda: house.market.watched == [])

    assert watched_while_working == BOTH


async def test_an_offer_without_an_answer_is_let_go_at_its_end(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.engine.look()
        await until(lambda: house.market.watched == BOTH)
        house.clock.moment = card.expires_at
        house.engine.look()
        await until(lambda: house.market.watched == [])


async def test_a_newer_card_takes_its_place(house: House) -> None:
    async with house.trading():
        await house.scan("a")
        house.market.rows = (QRVX,)
        await house.scan("b")
        await until(lambda: house.market.watched == [QRVX.con_id])


async def test_quotes_of_an_earlier_line_are_not_used(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        await until(lambda: house.market.watched == BOTH)
        house.market.away = "cable"
        house.broker.go(LineState.DOWN, "cable")
        await until(lambda: house.market.watched == [])
        house.market.away = None
        house.broker.connect()
        await house.ready()
        await until(lambda: house.market.watched == BOTH)
        house.tap(card, Choice.YES)
        await house.calm(card)

    assert house.states(card) == ["filled", "filled"]
