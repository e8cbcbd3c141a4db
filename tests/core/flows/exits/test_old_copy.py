"""A journal that was brought back may hold plans that are no more: none of its exits leaves
before the owner has allowed orders."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.model.exits.news import Unprotected
from core.model.news import Ghost, TradingHalted
from core.model.order import OrderState
from core.model.proposal import Choice
from core.rules.selling.amount import Amount
from tests.builders import QRVX, an_open_order
from tests.core.flows.exits.test_cards import asked
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness
from tests.harness.exits import (
    alive,
    bought,
    exits,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


def _restored(harness: Harness) -> None:
    harness.engine.mark_untrusted("it was restored from a copy")


def _ids_ahead(harness: Harness) -> None:
    harness.broker.next_valid_id += 1_000


def _unknown_order(harness: Harness) -> None:
    name = harness.journal.memory.journal_names()[0]
    unknown = an_open_order(ref=f"tb-{name}-aaaaaaaaaa-1")
    harness.broker.unknown_orders.append(replace(unknown, instrument=QRVX))


@pytest.mark.attack(8)
@pytest.mark.parametrize("sign", [_restored, _ids_ahead, _unknown_order])
async def test_no_exit_leaves_by_an_old_copy_s_plan(
    harness: Harness, sign: Callable[[Harness], None]
) -> None:
    """Its purchase was filled meanwhile; but whether the plan still stands, nobody knows."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
    harness.restart()
    harness.broker.fill(entry, 100)
    sign(harness)
    async with harness.trading():
        await _looks(harness)
        assert exits(harness) == ()
        halted, ghosts = harness.news(TradingHalted), harness.news(Ghost)
        halts = harness.engine.queries.halts()
        harness.engine.resume(by=OWNER, named=halts)
        await protected(harness, 100)

    said = [*(n.old_copy for n in halted), *(n.old_copy for n in ghosts)]
    assert said == [True]


async def test_nor_is_one_ended_by_it(harness: Harness) -> None:
    """The plan that took its place is in the journal that was lost."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        before = await protected(harness)
    harness.restart()
    _restored(harness)
    harness.broker.trade_by_hand(QRVX, -100)
    harness.clock.forward(minutes=10)
    async with harness.trading():
        await _looks(harness)
        assert alive(harness) == before
        harness.engine.resume(by=OWNER, named=harness.engine.queries.halts())
        await until(lambda: not alive(harness))

    assert harness.news(Unprotected) == []


async def test_any_other_halt_keeps_no_exit_back(harness: Harness) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        await asked(harness, "none")
        await until(lambda: not alive(harness))
        harness.engine.alarm("the news")
        assert [h.old_copy for h in harness.engine.queries.halts()] == [False]


async def _looks(harness: Harness) -> None:
    for _ in range(3):
        harness.clock.forward(seconds=3)
        harness.engine.look()
        await turns()


async def test_a_sale_that_the_halt_refuses_leaves_the_exits_alone(
    harness: Harness,
) -> None:
    """Ended for a sale that does not leave, they would not be placed again."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        before = await protected(harness, 100)
        await harness.engine.named.sell("QRVX", Amount(), key="s")
        card = harness.card()
        harness.tap(card, Choice.YES)
        harness.engine.alarm("ids are ahead", old_copy=True)
        await harness.until_settled(card)
        await _looks(harness)

    (sale,) = [o for o in harness.orders(card) if o.exit is None]
    assert sale.state is OrderState.LAPSED
    assert alive(harness) == before


async def test_a_sale_that_a_halt_keeps_back_ends_no_exits_beforehand(
    harness: Harness,
) -> None:
    """The exits are looked at before the sale is judged: they ended for what was planned,
    and the shares were bare until others stood."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        before = await protected(harness, 100)
        await harness.engine.named.sell("QRVX", Amount(), key="s")
        card = harness.card()
        harness.tap(card, Choice.YES)
        harness.engine.halt(by=OWNER, reason="/halt")
        await harness.until_settled(card)
        await _looks(harness)

    assert harness.broker.cancelled == []
    assert alive(harness) == before
