"""A sale of the owner's while an exit of the same shares sells: never more than is held,
and what is left has its exits."""

from dataclasses import replace

import pytest

from core.flows.named.sales import NoSale
from core.model.exits.plan import ExitKind
from core.model.identity import Identity
from core.model.news import NothingToSell
from core.model.order import OrderState
from core.model.proposal import Choice, Proposal
from core.rules.selling.amount import Amount
from tests.builders import IDENTITY, QRVX
from tests.harness.core import OWNER, Harness
from tests.harness.exits import (
    alive,
    bought,
    held,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


ALL = Amount(percent=100)
OTHERS = [
    replace(IDENTITY, client_id=18),
    replace(IDENTITY, accounts=("DU1234567", "DU7654321")),
    replace(IDENTITY, gateway="localhost:4001"),
]
IDS = ["client id", "login", "gateway"]


async def a_sale(harness: Harness, key: str = "s") -> Proposal | NoSale:
    problem = await harness.engine.named.sell("QRVX", ALL, key=key)
    return problem or harness.journal.proposals.offers()[-1]


async def time_passes(harness: Harness) -> None:
    """As long as IB may take to end what its group has sold, and once more."""
    for _ in range(2):
        harness.clock.forward(seconds=6)
        harness.engine.look()
        await turns()


@pytest.mark.parametrize("sold", [40, 100])
@pytest.mark.parametrize("session", OTHERS, ids=IDS)
async def test_what_the_exit_of_another_login_may_sell_is_not_sold_from_here(
    harness: Harness, session: Identity, sold: int
) -> None:
    """It cannot be cancelled from here, and sells when it likes: by a command and by a
    panic nothing is offered before, while or after it does."""
    with_exits(harness, "stop 5%")
    async with harness.trading():
        await bought(harness)
        (stop,) = await protected(harness)
    harness.restart()
    harness.broker.identity = session
    harness.clock.forward(minutes=10)
    harness.quote(QRVX)
    async with harness.trading():
        await turns()
        before = await a_sale(harness)
        harness.broker.fill(stop, sold)
        after = await a_sale(harness, key="again")
        harness.engine.named.panic(by=OWNER, key="panic:1")
        await until(lambda: harness.news(NothingToSell) != [])
        await time_passes(harness)

    assert isinstance(before, NoSale)
    assert "one of another login until it has ended" in before.problem
    assert isinstance(after, NoSale)
    assert harness.broker.cancelled == []
    assert [order.ref for order in harness.broker.sent][-1] == stop.ref
    assert held(harness) == 100 - sold


@pytest.mark.parametrize("sold", [1, 40, 99, 100])
@pytest.mark.parametrize("is_asking", [False, True], ids=["card", "cancel"])
async def test_what_an_exit_sells_before_the_sale_leaves_is_not_sold_again(
    harness: Harness, sold: int, *, is_asking: bool
) -> None:
    """While the card is open, or while IB is asked before the exits are cancelled."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
        harness.clock.forward(minutes=10)
        harness.quote(QRVX)
        card = await a_sale(harness)
        assert isinstance(card, Proposal)

        def fires() -> None:
            harness.broker.meanwhile = lambda: None
            harness.broker.fill(stop, sold)

        if is_asking:
            harness.broker.meanwhile = fires
        else:
            fires()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        (order,) = harness.orders(card)
        await time_passes(harness)
        left = [each for each in alive(harness) if each.exit is ExitKind.STOP]

    assert order.state is OrderState.LAPSED
    assert f"You hold {100 - sold} QRVX" in (order.reason or "")
    assert held(harness) == 100 - sold == sum(each.rest for each in left)


async def test_an_exit_that_ib_does_not_end_keeps_the_sale_back(
    harness: Harness,
) -> None:
    """And sells then, all of it: the sale came to nothing, as the owner was told."""
    with_exits(harness)
    harness.broker.stubborn = True
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
        harness.clock.forward(minutes=10)
        harness.quote(QRVX)
        card = await a_sale(harness)
        assert isinstance(card, Proposal)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        harness.broker.fill(stop, 100)
        await time_passes(harness)
        (order,) = harness.orders(card)

    assert order.state is OrderState.LAPSED
    assert held(harness) == 0
    assert alive(harness) == []
