"""Exits in a halt: one protects on, and a panic ends them all."""

from core.model.order import OrderState
from core.model.proposal import Choice
from tests.builders import QRVX, price
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness
from tests.harness.exits import alive, bought, protected, with_exits
from tests.harness.panics import panic, the_question
from tests.harness.waiting import turns, until


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
