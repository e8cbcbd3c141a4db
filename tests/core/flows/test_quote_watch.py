"""The latest offer's quotes run from its card until its orders have ended."""

from core.model.evidence import LineState
from core.model.proposal import Choice
from tests.builders import FDMX, QRVX
from tests.harness.core import Harness
from tests.harness.waiting import turns, until


BOTH = [FDMX.con_id, QRVX.con_id]


async def test_the_legs_of_an_offer_are_watched(harness: Harness) -> None:
    async with harness.trading():
        await harness.scan()
        await until(lambda: harness.market.watched == BOTH)


async def test_a_decided_offer_is_let_go_once_its_orders_have_ended(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, _ = await harness.a_working_order()
        harness.engine.look()
        await turns()
        watched_while_working = set(harness.market.watched)
        harness.broker.fill(harness.orders(card)[0], 100)
        await until(lambda: harness.states(card) == ["filled"])
        harness.engine.look()
        await until(lambda: harness.market.watched == [])

    assert watched_while_working == set(BOTH)


async def test_an_offer_without_an_answer_is_let_go_at_its_end(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.engine.look()
        await until(lambda: harness.market.watched == BOTH)
        harness.clock.moment = card.expires_at
        harness.engine.look()
        await until(lambda: harness.market.watched == [])


async def test_a_newer_card_takes_its_place(harness: Harness) -> None:
    async with harness.trading():
        await harness.scan("a")
        harness.market.rows = (QRVX,)
        await harness.scan("b")
        await until(lambda: harness.market.watched == [QRVX.con_id])


async def test_quotes_of_an_earlier_line_are_not_used(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        await until(lambda: harness.market.watched == BOTH)
        harness.market.away = "cable"
        harness.broker.go(LineState.DOWN, "cable")
        await until(lambda: harness.market.watched == [])
        harness.market.away = None
        harness.broker.connect()
        await harness.ready()
        await until(lambda: harness.market.watched == BOTH)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["filled", "filled"]
