"""An exit leaves on what IB has listed just now, however long the listing took."""

from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import bought, protected, with_exits
from tests.harness.waiting import turns


async def test_a_slow_listing_keeps_no_stop_back(harness: Harness) -> None:
    """The judgement counted from before IB was asked: where the listing took more than
    the two seconds that it holds, no stop ever left, and nobody was told."""
    with_exits(harness)
    harness.broker.listing_takes = 2.5
    async with harness.trading():
        await bought(harness)
        await protected(harness)


async def test_no_exit_leaves_on_what_was_listed_before_the_machine_slept(
    harness: Harness,
) -> None:
    """IB's listing was sent before the sleep, and read after it."""
    with_exits(harness, "stop 5%")
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.meanwhile = lambda: harness.clock.forward(seconds=30)
        harness.broker.fill(entry, 100)
        await turns()
        early = [order.exit for order in harness.broker.sent]
        harness.broker.meanwhile = lambda: None
        harness.clock.forward(seconds=5)
        harness.engine.look()
        await protected(harness)

    assert early == [None]
