"""What the auditor counts of the messages that the bot sends to IB."""

import pytest

from tests.simulation.line import Line
from tests.simulation.test_wire import frame


OFFER = b"API\0" + len(b"v157..178").to_bytes(4) + b"v157..178"
START, CLOCK = frame("71", "2", "17", ""), frame("49", "1")
HELD, TIME = frame("62", "1"), frame("49", "1", "1795449600")


def line_at(seconds: list[float]) -> Line:
    return Line(now=lambda: seconds[-1], wrong=lambda _: None)


def test_the_versions_that_a_client_offers_are_no_message() -> None:
    line = line_at([100.0])

    line.writes(1, OFFER)
    line.writes(1, START + 49 * CLOCK)

    assert line.rate() == 50


def test_the_gateway_counts_each_connection_by_itself() -> None:
    line = line_at([100.0])

    line.writes(1, 50 * CLOCK)
    line.writes(2, OFFER + START)

    assert line.rate() == 1


def test_what_left_a_second_ago_does_not_count() -> None:
    now = [100.0]
    line = line_at(now)

    line.writes(1, 50 * CLOCK)
    now.append(101.0)
    line.writes(1, CLOCK)

    assert line.rate() == 1


def test_too_many_messages_may_mean_each_order_that_ib_has_not_named() -> None:
    line = line_at([100.0])
    line.writes(1, START)
    for order_id in ("7", "8"):
        line.sent(order_id)

    line.receives(1, frame("3", "7", "Submitted"))
    line.receives(1, frame("4", "2", "-1", "100", "Max rate exceeded", ""))

    assert line.refused == {"8"}


@pytest.mark.parametrize(("takes", "slow_at"), [(1.9, -1e9), (2.1, 102.1)])
def test_the_clock_is_late_that_comes_too_long_behind_a_listing(
    takes: float, slow_at: float
) -> None:
    now = [100.0]
    line = line_at(now)
    line.writes(1, START)

    line.receives(1, HELD)
    line.writes(1, CLOCK)
    now.append(100.0 + takes)
    line.receives(1, TIME)

    assert line.slow_at == slow_at


def test_a_line_stands_since_it_was_begun_or_is_back() -> None:
    now = [100.0]
    line = line_at(now)
    line.writes(1, START)
    begun = line.stands_since
    now.append(130.0)

    line.receives(1, frame("4", "2", "-1", "1102", "restored", ""))

    assert (begun, line.stands_since) == (100.0, 130.0)
