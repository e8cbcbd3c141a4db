"""An exit that IB refuses: what the owner is told of it, and what is left of its plan."""

import pytest

from core.model.exits.news import Unprotected
from core.model.exits.plan import ExitKind
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
