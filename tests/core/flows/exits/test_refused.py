"""An exit that IB refuses: what the owner is told of it, and what is left of its plan."""

import pytest

from core.model.exits.news import Unprotected
from core.model.exits.plan import ExitKind
from core.model.news import InDoubt
from core.model.order import OrderState
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import STOP_AND_TARGET, bought, exits, with_exits
from tests.harness.waiting import turns, until


@pytest.mark.parametrize(
    ("plan", "name"), [(STOP_AND_TARGET, "stop"), ("trail 3%", "trailing stop")]
)
async def test_the_owner_is_told_that_ib_refused_it_and_why(
    harness: Harness, plan: str, name: str
) -> None:
    """Nobody ended it: only IB's words say what he can do about it."""
    with_exits(harness, plan)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.behaviour = BrokerBehaviour.REFUSES
        harness.broker.fill(entry, 100)
        await until(lambda: bool(exits(harness)))
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        await until(lambda: bool(harness.news(Unprotected)))
        await turns()

    (news,) = harness.news(Unprotected)
    assert news.reason.startswith(f"IB refused the {name}: ")
    assert "not today" in news.reason
    first, *others = exits(harness)
    assert first.state is OrderState.REJECTED
    assert {each.exit for each in others} <= {ExitKind.TARGET}


@pytest.mark.attack(19)
async def test_a_stop_that_ib_keeps_as_inactive_is_not_said_to_stand(
    harness: Harness,
) -> None:
    """Gateways from 10.48 on list what was refused later among the open orders."""
    with_exits(harness, "stop 5%")
    async with harness.trading():
        await bought(harness)
        await until(lambda: [e.state for e in exits(harness)] == [OrderState.ACKED])
        (stop,) = exits(harness)
        harness.broker.book[stop.ref].status = "Inactive"
        harness.broker.connect()
        await until(lambda: exits(harness)[0].state is OrderState.UNKNOWN)
        await harness.ready()
        (doubt,) = harness.news(InDoubt)
        harness.broker.connect()
        await harness.ready()

    assert "does not work" in (exits(harness)[0].reason or "")
    assert harness.news(InDoubt) == [doubt]
