"""Each of the gate's conditions refuses by itself, whatever else is in order."""

from typing import Any

import pytest

from bot.gate import KINDS, OTHERS, Gate
from bot.people import People
from tests.bot.hands import Watch
from tests.bot.test_gate import (
    BOT,
    OWNER,
    STRANGER,
    a_chat,
    a_message,
    a_user,
    received,
    update_of,
)


HOME = ("private", OWNER)


@pytest.fixture
def gate(clock: Watch) -> Gate:
    return Gate(people=People(owner=OWNER, others=tuple), clock=clock)


def a_tap(**more: Any) -> dict[str, Any]:
    raw = update_of("callback_query", a_user(OWNER), a_chat(*HOME))
    raw["callback_query"] |= more
    return raw


def test_words_taps_and_being_put_somewhere_are_all_that_is_asked_for() -> None:
    assert set(KINDS) == {
        *("message", "edited_message"),
        *("callback_query", "my_chat_member"),
    }


@pytest.mark.parametrize("kind", ["message", "callback_query"])
def test_a_group_with_the_owners_number_is_not_his_chat(gate: Gate, kind: str) -> None:
    raw = update_of(kind, a_user(OWNER), a_chat("group", OWNER))

    assert not gate.admits(received(raw))


def test_a_tap_that_names_an_inline_message_is_refused_in_his_chat_too(
    gate: Gate,
) -> None:
    assert gate.admits(received(a_tap()))
    assert not gate.admits(received(a_tap(inline_message_id="far away")))


def test_a_tap_on_nothing_is_refused(gate: Gate) -> None:
    assert not gate.admits(received(a_tap(message=None)))


@pytest.mark.parametrize("other", ["edited_message", "inline_query", "poll_answer"])
@pytest.mark.parametrize("kind", ["message", "callback_query"])
def test_words_or_a_tap_beside_something_else_are_refused(
    gate: Gate, kind: str, other: str
) -> None:
    both = update_of(kind, a_user(OWNER), a_chat(*HOME))
    both |= update_of(other, a_user(OWNER), a_chat(*HOME))

    assert not gate.admits(received(both))


def test_a_hundred_strangers_are_remembered_one_by_one_and_the_rest_as_one(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(STRANGER, STRANGER + 150):
        message = a_message(a_user(number), a_chat("private", number))
        gate.admits(received({"update_id": 1, "message": message}))

    assert set(gate._logged) == {*range(STRANGER, STRANGER + 100), OTHERS}
    assert gate.by_sender[OTHERS] == 50
    assert len(caplog.records) == 101


def test_unknown_orders_of_the_last_minute_stay_remembered(
    gate: Gate, clock: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (STRANGER, BOT, STRANGER):
        clock.wait(seconds=20)
        gate.admits(received(update_of("message", a_user(number), a_chat(*HOME))))

    assert set(gate._logged) == {STRANGER, BOT}
    assert len(caplog.records) == 2
