"""Of the ticks in one read the newest of each kind is handed on, and everything else."""

import time

from hypothesis import given, strategies as st

from core.broker.incoming.conflation import Conflation


def framed(*fields: object) -> bytes:
    body = "".join(f"{field}\0" for field in fields).encode()
    return len(body).to_bytes(4, "big") + body


BID, ASK, SIZE = (
    framed(1, 6, 7, 1, "5.01"),
    framed(1, 6, 7, 2, "5.02"),
    framed(2, 6, 7, 0, 3),
)
NEWER_BID = framed(1, 6, 7, 1, "5.03")
OTHERS_BID = framed(1, 6, 8, 1, "9.00")
FILL = framed(11, -1, 5, "BOT", 100)


def handed_on(*reads: bytes) -> list[bytes]:
    """Framed again."""
    received: list[list[str]] = []
    conflation = Conflation(received.append, is_over=lambda: False)
    for read in reads:
        conflation.take(read)
    return [framed(*fields) for fields in received]


def test_a_tick_that_a_later_one_replaces_is_left_out() -> None:
    assert handed_on(BID + ASK + NEWER_BID) == [ASK, NEWER_BID]


def test_ticks_of_another_kind_or_request_are_no_replacement() -> None:
    assert handed_on(BID + ASK + SIZE + OTHERS_BID) == [BID, ASK, SIZE, OTHERS_BID]


def test_what_is_no_tick_is_handed_on_however_often_it_comes() -> None:
    assert handed_on(FILL + BID + FILL + NEWER_BID + FILL) == [
        FILL,
        FILL,
        NEWER_BID,
        FILL,
    ]


def test_what_came_in_an_earlier_read_was_handed_on() -> None:
    assert handed_on(BID, NEWER_BID) == [BID, NEWER_BID]


def test_after_the_end_nothing_is_handed_on() -> None:
    received: list[list[str]] = []
    conflation = Conflation(received.append, is_over=lambda: bool(received))

    conflation.take(FILL * 100)

    assert received == [["11", "-1", "5", "BOT", "100"]]


MESSAGES = st.lists(
    st.one_of(
        st.builds(framed, st.just(1), st.just(6), st.integers(1, 3), st.integers(1, 3)),
        st.builds(framed, st.sampled_from([3, 4, 11]), st.text("ab\u20ac", max_size=9)),
    )
)


@given(MESSAGES, st.integers(1, 9))
def test_a_message_that_comes_in_pieces_is_handed_on_whole(
    messages: list[bytes], piece: int
) -> None:
    stream = b"".join(messages)
    pieces = [stream[at : at + piece] for at in range(0, len(stream), piece)]

    received = handed_on(*pieces)

    assert all(message in messages for message in received)
    no_ticks = [each for each in messages if not each.startswith(b"1\0", 4)]
    assert [each for each in received if not each.startswith(b"1\0", 4)] == no_ticks


def test_a_message_of_nothing_is_handed_on_as_that() -> None:
    assert handed_on(framed() + FILL) == [framed(), FILL]


def test_a_second_of_fifty_thousand_ticks_takes_a_part_of_one() -> None:
    read = b"".join(
        framed(1, 6, request, kind, "5.01", 100, 1)
        for _ in range(125)
        for request in range(100)
        for kind in (1, 2, 4, 6)
    )
    began = time.process_time()

    received = handed_on(read)

    assert len(received) == 400
    assert time.process_time() - began < 1.0
