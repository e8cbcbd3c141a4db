"""R18. Exits that were sent through another gateway, login or client id: what became of
them is not known here, and nothing is done on their account."""

from dataclasses import replace

import pytest

from core.model.exits.plan import ExitKind
from core.model.identity import Identity
from core.model.order import OrderState
from core.model.proposal import Choice
from core.rules.selling.amount import Amount
from tests.builders import IDENTITY, QRVX
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import alive, bought, protected, with_exits
from tests.harness.waiting import turns


pytestmark = pytest.mark.attack(6)

OTHERS = [
    replace(IDENTITY, client_id=18),
    replace(IDENTITY, accounts=(*IDENTITY.accounts, "DU7654321")),
    replace(IDENTITY, gateway="localhost:4001"),
]
IDS = ["client id", "login", "gateway"]
anywhere_else = pytest.mark.parametrize("session", OTHERS, ids=IDS)


async def with_exits_elsewhere(harness: Harness, session: Identity) -> None:
    """100 QRVX with a stop and a target at IB, and a card that asks whether to sell half;
    then the bot starts again in another name, where IB lists nothing of ours."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        (entry,) = harness.orders(await bought(harness))
        harness.broker.fill(entry, 100)
        await protected(harness)
        harness.clock.forward(minutes=10)
        await harness.engine.named.sell("QRVX", Amount(percent=50), key="s")
    harness.restart()
    harness.broker.identity = session
    harness.broker.book.clear()


async def look(harness: Harness, seconds: int = 30) -> None:
    for _ in range(seconds):
        harness.clock.forward(seconds=1)
        harness.engine.look()
        await turns()


@anywhere_else
async def test_a_holding_is_not_said_to_have_a_stop_that_is_not_known_here(
    harness: Harness, session: Identity
) -> None:
    await with_exits_elsewhere(harness, session)
    async with harness.trading():
        (holding,) = await harness.engine.named.exits.holdings()

    assert (holding.naked, holding.exits, holding.bare_for) == (100, (), None)
    assert [order.exit for order in holding.elsewhere] == [
        ExitKind.STOP,
        ExitKind.TARGET,
    ]


@anywhere_else
async def test_no_exit_of_another_login_is_ended_because_shares_are_gone(
    harness: Harness, session: Identity
) -> None:
    await with_exits_elsewhere(harness, session)
    harness.broker.trade_by_hand(QRVX, -40)
    sent = len(harness.broker.sent)
    async with harness.trading():
        await look(harness)

    assert [order.cancel_asked for order in alive(harness)] == [False, False]
    assert len(harness.broker.sent) == sent


@anywhere_else
async def test_a_sale_ends_no_exit_of_another_login_and_is_refused(
    harness: Harness, session: Identity
) -> None:
    """A cancel that was wanted here was asked for there, long after the sale was over."""
    await with_exits_elsewhere(harness, session)
    async with harness.trading():
        card = harness.card()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    (sale,) = harness.orders(card)
    assert sale.state is OrderState.LAPSED
    assert [order.cancel_asked for order in alive(harness)] == [False, False]
