"""The suite's own instruments: the tapped line, the counts, the matrix, the replay."""

from hypothesis import given, strategies as st

from tests.conformance.clients import ClientName, ReceivedMessage
from tests.conformance.matrix import Cell, Mark, table
from tests.conformance.published import miscounted
from tests.conformance.replay import frames
from tests.conformance.wiretap import Direction
from tests.harness.client import Check, ClientHarness


def framed(*messages: str) -> bytes:
    return b"".join(len(m).to_bytes(4, "big") + m.encode() for m in messages)


@given(st.lists(st.integers(1, 40), max_size=30))
def test_a_tapped_line_reads_the_same_however_it_is_chopped(sizes: list[int]) -> None:
    spoken, received = framed("9\0001\0007\0", "53\0001\0", "102\0"), Direction(skip=0)

    for size in [*sizes, len(spoken)]:
        received.receive(spoken[:size])
        spoken = spoken[size:]

    assert received.messages == [("9", "1", "7"), ("53", "1"), ("102",)]


def test_a_message_with_a_field_too_few_or_too_many_is_found() -> None:
    good, short, long = ("9", "1", "7"), ("9", "1"), ("53", "1", "x")

    assert miscounted([good]) == []
    assert miscounted([good, short]) == ["message 9 has 2 fields, not 3"]
    assert miscounted([long]) == ["message 53 has 3 fields, not 2"]


def test_rows_are_counted_by_the_number_the_message_says() -> None:
    bars = ("17", "5", "from", "to", "1", *"12345678")

    assert miscounted([bars]) == []
    assert miscounted([bars[:-1]]) == ["message 17 has 12 fields, not 13"]


def test_what_a_client_said_is_cut_into_hello_and_messages() -> None:
    hello = b"API\0" + framed("v100..178")
    start = framed("71\0002\0001\0\0")

    assert list(frames(hello + start)) == [hello, start]


def test_a_wish_looks_into_objects_and_takes_conditions() -> None:
    received = ReceivedMessage(
        name="openOrder", args={"orderId": 7, "order": {"tif": "GTC"}}
    )

    assert received.matches({"orderId": 7, "order__tif": "GTC"})
    assert received.matches({"orderId": lambda number: number > 6})
    assert not received.matches({"order__tif": "DAY"})
    assert not received.matches({"order__account": "DU1234567"})


def test_the_matrix_shows_failures_and_says_why_a_client_stands_aside() -> None:
    async def play(_harness: ClientHarness) -> None: ...

    row = Check(title="scans end", play=play)
    cells = {
        ("scans end", ClientName.IB_ASYNC): Cell(mark=Mark.OK),
        ("scans end", ClientName.OFFICIAL): Cell(mark=Mark.FAIL, words="it did not"),
        ("scans end", ClientName.STOQEY): Cell(mark=Mark.WITHOUT, words="No scans."),
    }

    shown = table({"Scanner": [row]}, cells)

    assert "[1] No scans." in shown
    assert "ibapi: scans end" in shown
    assert "it did not" in shown
    assert shown.endswith("1 passed, 1 failed, 1 skipped")
