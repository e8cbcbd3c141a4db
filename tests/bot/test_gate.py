"""Only the owner, only in his own chat, only words and taps: all else is refused."""

from itertools import product
from typing import Any

import pytest
from telegram import Update

from bot.gate import Gate
from bot.people import People
from tests.bot.hands import Watch
from tests.builders import NOW


OWNER, STRANGER, BOT, ANONYMOUS_ADMIN = 1001, 2002, 4242424242, 1087968824
SENDERS = (OWNER, STRANGER, BOT, ANONYMOUS_ADMIN, None)
CHATS = (
    ("private", OWNER),
    ("private", STRANGER),
    ("group", -5),
    ("supergroup", -1005),
    ("channel", -1006),
)
DATE = int(NOW.timestamp())
Json = dict[str, Any]


def a_user(number: int) -> Json:
    return {"id": number, "is_bot": number == BOT, "first_name": "Sam"}


def a_chat(kind: str, number: int) -> Json:
    return {"id": number, "type": kind, "first_name": "Sam", "title": "Club"}


def a_message(sender: Json, chat: Json, **more: Any) -> Json:
    return {
        "message_id": 1,
        "date": DATE,
        "text": "/scan",
        "chat": chat,
        "from": sender,
        **more,
    }


def a_member(user: Json, status: str) -> Json:
    return {"user": user, "status": status, "until_date": 0}


def update_of(kind: str, sender: Json, chat: Json) -> Json:
    """An update of *kind* as Telegram writes it."""
    message = a_message(sender, chat)
    bodies: dict[str, Json] = {
        "message": message,
        "edited_message": message | {"edit_date": DATE},
        "channel_post": message,
        "edited_channel_post": message | {"edit_date": DATE},
        "business_message": message | {"business_connection_id": "b"},
        "callback_query": {
            "id": "1",
            "from": sender,
            "chat_instance": "1",
            "data": "v1:s:",
            "message": a_message(a_user(BOT), chat),
        },
        "inline_query": {"id": "1", "from": sender, "query": "x", "offset": ""},
        "chosen_inline_result": {"result_id": "1", "from": sender, "query": "x"},
        "my_chat_member": {
            "chat": chat,
            "from": sender,
            "date": DATE,
            "old_chat_member": a_member(a_user(BOT), "left"),
            "new_chat_member": a_member(a_user(BOT), "kicked"),
        },
        "message_reaction": {
            "chat": chat,
            "message_id": 1,
            "user": sender,
            "date": DATE,
            "old_reaction": [],
            "new_reaction": [],
        },
        "poll_answer": {
            "poll_id": "1",
            "user": sender,
            "option_ids": [0],
            "option_persistent_ids": ["a"],
        },
        "chat_join_request": {
            "chat": chat,
            "from": sender,
            "user_chat_id": 1,
            "date": DATE,
        },
    }
    body = {key: value for key, value in bodies[kind].items() if value is not None}
    return {"update_id": 1, kind: body}


KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_message",
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "my_chat_member",
    "message_reaction",
    "poll_answer",
    "chat_join_request",
)
NEED_A_SENDER = {
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "my_chat_member",
    "chat_join_request",
}
MATRIX = [
    (kind, sender, chat)
    for kind, sender, chat in product(KINDS, SENDERS, CHATS)
    if sender is not None or kind not in NEED_A_SENDER
]


def received(raw: Json) -> Update:
    return Update.de_json(raw, None)


@pytest.fixture
def gate(clock: Watch) -> Gate:
    return Gate(people=People(owner=OWNER, others=tuple), clock=clock)


@pytest.mark.parametrize(
    ("kind", "sender", "chat"), MATRIX, ids=lambda value: str(value).replace(" ", "")
)
def test_only_the_owners_words_and_taps_in_his_own_chat_pass(
    gate: Gate, kind: str, sender: int | None, chat: tuple[str, int]
) -> None:
    user: Any = a_user(sender) if sender else None
    update = received(update_of(kind, user, a_chat(*chat)))

    admitted = gate.admits(update)

    assert admitted is (
        kind in {"message", "callback_query"}
        and sender == OWNER
        and chat == ("private", OWNER)
    )


@pytest.mark.parametrize(
    "more",
    [
        {"sender_chat": a_chat("channel", -1006)},
        {"via_bot": a_user(BOT)},
        {"business_connection_id": "b"},
        {
            "forward_origin": {
                "type": "user",
                "date": DATE,
                "sender_user": a_user(STRANGER),
            }
        },
    ],
    ids=lambda more: next(iter(more)),
)
def test_words_that_are_not_the_owners_own_are_refused(gate: Gate, more: Json) -> None:
    message = a_message(a_user(OWNER), a_chat("private", OWNER), **more)

    assert not gate.admits(received({"update_id": 1, "message": message}))


def test_a_tap_on_an_inline_message_is_refused(gate: Gate) -> None:
    query = {
        "id": "1",
        "from": a_user(OWNER),
        "chat_instance": "1",
        "data": "v1:s:",
        "inline_message_id": "far away",
    }

    assert not gate.admits(received({"update_id": 1, "callback_query": query}))


def test_a_tap_on_a_message_too_old_to_be_read_passes(gate: Gate) -> None:
    raw = update_of("callback_query", a_user(OWNER), a_chat("private", OWNER))
    raw["callback_query"]["message"] = {
        "message_id": 1,
        "date": 0,
        "chat": a_chat("private", OWNER),
    }

    assert gate.admits(received(raw))


def test_two_kinds_in_one_update_are_refused(gate: Gate) -> None:
    both = update_of("message", a_user(OWNER), a_chat("private", OWNER))
    both |= update_of("edited_message", a_user(OWNER), a_chat("private", OWNER))

    assert not gate.admits(received(both))


def test_an_update_of_a_kind_nobody_knows_is_refused(gate: Gate) -> None:
    assert not gate.admits(received({"update_id": 1, "telepathy": {"from": OWNER}}))


def test_unknown_orders_are_counted_and_logged_once_a_minute_each(
    gate: Gate, clock: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    def send(number: int) -> None:
        raw = update_of("message", a_user(number), a_chat("private", number))
        gate.admits(received(raw))

    for _ in range(5):
        send(STRANGER)
    send(STRANGER + 1)
    clock.wait(seconds=61)
    send(STRANGER)

    assert gate.strangers == 7
    assert len(caplog.records) == 3


def test_the_owner_in_the_wrong_place_is_no_stranger(gate: Gate) -> None:
    gate.admits(received(update_of("message", a_user(OWNER), a_chat("group", -5))))

    assert gate.strangers == 0
