"""How far the gateway's clock is from ours: only what cannot be the way of the answer."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core.broker.line_monitor import LineMonitor
from core.model.evidence import BrokerEvent
from tests.fakes.clock import HandClock


ASKED = datetime(2026, 11, 23, 14, 41, tzinfo=UTC)


@pytest.mark.attack(16)
@pytest.mark.parametrize(
    ("gateway", "loop_seconds", "took", "skew"),
    [
        (0, 0.01, 0.01, 0.5),  # its clock has whole seconds
        (7, 0.01, 0.01, 7.5),
        (-7, 0.01, 0.01, -6.5),
        (0, 6.0, 6.0, 0.0),  # answered at once, and read late
        (6, 6.0, 6.0, 0.5),  # answered late
        (5, 0.01, 5.0, 0.5),  # the machine slept in between: the loop did not count
        (75, 0.01, 75.0, 0.5),
        (95, 0.01, 75.0, 20.5),  # and its clock is ahead besides
        (0, 0.01, -3600.0, 3600.5),  # ours was set back by an hour meanwhile
    ],
)
def test_what_the_answer_took_is_no_difference_of_the_clocks(
    gateway: float, loop_seconds: float, took: float, skew: float
) -> None:
    clock = HandClock(ASKED)
    events: asyncio.Queue[BrokerEvent] = asyncio.Queue()
    monitor = LineMonitor(clock, events, gateway="localhost:1", client_id=17, epoch=1)
    clock.moment = ASKED + timedelta(seconds=took)

    monitor.answered(ASKED, ASKED + timedelta(seconds=gateway), loop_seconds)

    assert monitor.line.skew == pytest.approx(skew, abs=0.02)
