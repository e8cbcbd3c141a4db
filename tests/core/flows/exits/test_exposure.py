"""How long a purchase stands without its stop is measured, kept and shown."""

from dataclasses import replace
from datetime import timedelta

from core.model.exits.plan import ExitKind
from core.model.order import OrderRef
from core.rules.exits.exposure import time_bare
from tests.builders import NOW, a_fill, a_sent_order, an_exit
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import bought, exits, protected, with_exits


async def test_the_time_from_the_fill_to_the_stop_is_kept(harness: Harness) -> None:
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.market.meanwhile = lambda: harness.clock.forward(seconds=1)
        harness.broker.fill(entry, 100)
        await protected(harness)
        (holding,) = await harness.engine.named.exits.holdings()
        longest = harness.engine.queries.longest_bare()
    harness.restart()
    stop = exits(harness)[0]

    assert stop.acked_at is not None
    assert holding.bare_for == longest
    assert holding.bare_for is not None
    assert timedelta(seconds=1) <= holding.bare_for <= timedelta(seconds=5)


async def test_a_death_in_between_is_part_of_it(harness: Harness) -> None:
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
    harness.restart()
    harness.broker.fill(entry, 100)
    harness.clock.forward(minutes=3)
    async with harness.trading():
        await protected(harness)
        (holding,) = await harness.engine.named.exits.holdings()

    assert holding.bare_for is not None
    assert holding.bare_for >= timedelta(minutes=3)


def test_it_is_known_of_a_first_stop_alone() -> None:
    buy = a_sent_order(fills=(a_fill(at=NOW),))
    late = NOW + timedelta(seconds=2)
    stop = an_exit(acked_at=late)
    assert stop.exit is ExitKind.STOP
    assert time_bare(stop, [buy, stop]) == timedelta(seconds=2)
    ahead = a_sent_order(fills=(a_fill(at=NOW + timedelta(seconds=5)),))
    assert time_bare(stop, [ahead, stop]) == timedelta()
    after_an_hour = late + timedelta(hours=1)
    again = replace(stop, ref=OrderRef("again"), acked_at=after_an_hour)
    assert time_bare(again, [buy, stop, again]) is None
    assert time_bare(replace(stop, acked_at=None), [buy]) is None
    assert time_bare(buy, [buy]) is None
