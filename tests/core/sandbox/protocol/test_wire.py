"""Frames and bytes: whatever the chopping, the same messages."""

import pytest
from hypothesis import given, strategies as st

from core.sandbox.protocol.wire import (
    LARGEST_FRAME,
    PREFIX,
    Deframer,
    Fields,
    Garbage,
    Hello,
    frame,
)


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
MESSAGES = st.lists(st.lists(TEXTS, min_size=1).map(tuple), max_size=8)
OFFER = PREFIX + b"\0\0\0\x09v157..178"


def received(stream: bytes, cuts: list[int]) -> list[Hello | Fields]:
    deframer, found, start = Deframer(), list[Hello | Fields](), 0
    for cut in [*sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]:
        found += deframer.feed(stream[start:cut])
        start = cut
    return found


@given(messages=MESSAGES, cuts=st.lists(st.integers(min_value=0), max_size=20))
def test_any_chopping_gives_the_same_messages(
    messages: list[Fields], cuts: list[int]
) -> None:
    stream = OFFER + b"".join(frame(each) for each in messages)

    found = received(stream, cuts)

    assert found == [Hello(lowest=157, highest=178, options=""), *messages]


def test_the_offer_carries_connect_options() -> None:
    stream = PREFIX + b"\0\0\0\x12v100..226 +PACEAPI"

    found = received(stream, [])

    assert found == [Hello(lowest=100, highest=226, options="+PACEAPI")]


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(b"GET / HTTP/1.1\r\n", id="another protocol"),
        pytest.param(PREFIX + b"\0\0\0\0", id="an empty frame"),
        pytest.param(PREFIX + b"\xff\xff\xff\xff", id="a giant frame"),
        pytest.param(PREFIX + b"\0\0\0\x04spam", id="no version offer"),
    ],
)
def test_what_can_never_become_a_message_is_garbage(stream: bytes) -> None:
    with pytest.raises(Garbage):
        received(stream, [])


def test_a_frame_over_the_limit_is_refused_before_it_is_collected() -> None:
    deframer = Deframer()
    list(deframer.feed(OFFER))

    with pytest.raises(Garbage):
        list(deframer.feed((LARGEST_FRAME + 1).to_bytes(4, "big")))
