"""What the auditor counts of the messages that the bot sends to IB."""

from tests.simulation.line import Line
from tests.simulation.test_wire import frame


OFFER = b"API\0" + len(b"v157..178").to_bytes(4) + b"v157..178"
START, CLOCK = frame("71", "2", "17", ""), frame("49", "1")


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
