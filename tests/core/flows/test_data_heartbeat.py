"""Data that fell silent while nobody looked is not called live."""

from datetime import timedelta

import pytest

from core.flows.data_heartbeat import AGAIN, BEAT, DataHeartbeat
from core.flows.research.snapshots import SPY
from core.model.evidence import LineState
from core.model.proposal import Choice, Verdict
from tests.builders import CLOSES
from tests.harness.core import Harness


pytestmark = pytest.mark.attack(4)


def pulse_of(harness: Harness) -> DataHeartbeat:
    return harness.engine.queries.standing.heartbeat


async def looked(harness: Harness) -> tuple[str, ...]:
    """A heartbeat later: what stands in the way of a Yes."""
    harness.clock.forward(seconds=BEAT + 1)
    await pulse_of(harness).look()
    return harness.engine.queries.status().blocks


async def test_data_that_fell_silent_is_named_and_holds_a_yes_back(
    harness: Harness, at_once: None
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.broker.received_at = harness.clock.now()
        before = harness.engine.queries.status().blocks
        del harness.market.known[SPY.con_id]
        blocks = await looked(harness)
        decision = harness.tap(card, Choice.YES)

    assert before == ()
    assert blocks == ("No market data comes: SPY was asked for, and no price came.",)
    assert decision.verdict is Verdict.NOT_NOW
    assert harness.broker.sent == []


async def test_any_price_that_comes_later_ends_it(
    harness: Harness, at_once: None
) -> None:
    async with harness.trading():
        del harness.market.known[SPY.con_id]
        await looked(harness)
        harness.clock.forward(seconds=1)
        harness.broker.received_at = harness.clock.now()

        assert harness.engine.queries.status().blocks == ()


async def test_it_is_asked_again_until_a_price_comes(
    harness: Harness, at_once: None
) -> None:
    async with harness.trading():
        del harness.market.known[SPY.con_id]
        await looked(harness)
        harness.quote(SPY)

        assert await looked(harness) == ()


async def test_that_a_competing_session_has_ended_is_known_within_seconds(
    harness: Harness, at_once: None
) -> None:
    """IB ends the running quotes and says nothing when the other session is over, so
    the next tick comes only to who asks."""
    async with harness.trading():
        card = await harness.scan()
        harness.broker.received_at = harness.clock.now()
        harness.broker.no_data = "somebody is logged in elsewhere"
        del harness.market.known[SPY.con_id]
        harness.clock.forward(seconds=AGAIN)
        await pulse_of(harness).look()
        meanwhile = harness.engine.queries.status().blocks
        held_back = harness.tap(card, Choice.YES)

        harness.broker.no_data = None  # a tick clears it, in core/broker/supply.py
        harness.quote(SPY)
        harness.clock.forward(seconds=AGAIN)
        await pulse_of(harness).look()
        after = harness.engine.queries.status().blocks
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert meanwhile == ("No market data comes: somebody is logged in elsewhere.",)
    assert held_back.verdict is Verdict.NOT_NOW
    assert after == ()
    assert len(harness.broker.sent) == 2


async def test_while_no_data_comes_it_is_asked_for_although_a_price_is_recent(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.broker.received_at = harness.clock.now()
        assert not pulse_of(harness)._is_due()
        harness.broker.no_data = "somebody is logged in elsewhere"
        assert pulse_of(harness)._is_due()
        harness.clock.moment = CLOSES + timedelta(minutes=5)
        assert not pulse_of(harness)._is_due()


async def test_while_prices_come_nothing_is_asked_for(harness: Harness) -> None:
    async with harness.trading():
        del harness.market.known[SPY.con_id]
        harness.clock.forward(seconds=BEAT + 1)
        harness.broker.received_at = harness.clock.now() - timedelta(seconds=BEAT)
        await pulse_of(harness).look()

        assert harness.engine.queries.status().blocks == ()


async def test_with_a_closed_market_or_no_line_silence_means_nothing(
    harness: Harness,
) -> None:
    async with harness.trading():
        del harness.market.known[SPY.con_id]
        harness.broker.go(LineState.CUT_OFF, "1100")
        await looked(harness)
        harness.broker.connect()
        await harness.ready()
        after_the_line = harness.engine.queries.status().blocks
        harness.clock.moment = CLOSES + timedelta(minutes=5)
        await looked(harness)

    assert after_the_line == ()
    assert pulse_of(harness).supply().no_data is None


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a price that does not come."""
    monkeypatch.setattr("core.flows.data_heartbeat.WITHIN", 0.001)
