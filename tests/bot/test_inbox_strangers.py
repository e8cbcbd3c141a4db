"""Of strangers nothing is kept, and they are in nobody's way."""

from typing import Any

import pytest

from bot.sandbox.api_types import User
from tests.bot.hands import running
from tests.harness.inbox import HIS_CHAT, RecordingInbox


async def test_a_stranger_gets_no_answer_and_is_counted(
    recording: RecordingInbox,
) -> None:
    stranger = recording.server.phone_of(User(id=2002, first_name="Eve"))
    await stranger.send("/fail")
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")

    assert stranger.received == ()
    assert recording.gate.strangers == 1


@pytest.mark.attack(28)
async def test_nothing_of_a_strangers_is_kept_and_each_is_counted(
    recording: RecordingInbox,
) -> None:
    stranger = recording.server.phone_of(User(id=2002, first_name="Eve"))
    other = recording.server.phone_of(User(id=3003, first_name="Mallory"))
    for _ in range(3):
        await stranger.send("ж" * 4000)
    await other.send("hello")
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")

    [kept] = recording.journal.raw_updates()
    assert "/hear me" in kept
    assert recording.gate.by_sender == {2002: 3, 3003: 1}


@pytest.mark.attack(28)
async def test_a_thousand_strangers_write_nothing_and_are_in_nobodys_way(
    recording: RecordingInbox,
) -> None:
    for number in range(1000):
        recording.server.chats.updates.add(
            "message", {"from": {"id": 5000 + number}, "text": "x" * 4000}
        )
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")

    assert len(recording.journal.raw_updates()) == 1
    assert recording.gate.strangers == 1000
    assert len(recording.gate.by_sender) <= 101


EVE = {"id": 2002, "first_name": "Eve", "is_bot": False}


LONG_TEXT = "\u0436" * 4000


HERS: list[tuple[str, dict[str, Any]]] = [
    ("message", {"text": LONG_TEXT}),
    ("message", {"caption": LONG_TEXT, "photo": [{"file_id": "x" * 200}]}),
    ("message", {"text": "/halt", "chat": HIS_CHAT}),
    ("message", {"text": "hi", "reply_to_message": {"text": LONG_TEXT}}),
    ("message", {"text": {"not": LONG_TEXT}}),
    ("message", {"sender_chat": HIS_CHAT, "text": LONG_TEXT}),
    ("edited_message", {"text": LONG_TEXT}),
    ("callback_query", {"id": "1", "data": "y" * 64, "message": {"text": LONG_TEXT}}),
    ("my_chat_member", {"chat": {"id": 2002, "type": "private", "bio": LONG_TEXT}}),
    ("inline_query", {"id": "1", "query": LONG_TEXT}),
    ("business_message", {"text": LONG_TEXT}),
    ("a_kind_of_tomorrow", {"text": LONG_TEXT}),
]


NOBODYS: list[tuple[str, dict[str, Any]]] = [
    ("channel_post", {"text": LONG_TEXT}),
    ("poll", {"question": LONG_TEXT}),
    ("message", {"from": "Eve", "text": LONG_TEXT}),
    ("message", {"from": {"id": "1001"}, "text": LONG_TEXT}),
]


@pytest.mark.attack(28)
async def test_nothing_of_a_strangers_is_kept_whatever_its_kind(
    recording: RecordingInbox,
) -> None:
    for kind, body in HERS:
        recording.server.chats.updates.add(kind, {"from": EVE, **body})
    for kind, body in NOBODYS:
        recording.server.chats.updates.add(kind, body)
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")

    assert len(recording.journal.raw_updates()) == 1
    assert recording.gate.by_sender[2002] == len(HERS)


@pytest.mark.attack(28)
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("edited_message", "\u0441\u0442\u043e\u043f " * 819),  # "stop" in Russian
        ("message", "\\" * 4096),
        ("message", "\U0001f600" * 2048),
    ],
    ids=["changed to stop", "signs of escape", "pairs of surrogates"],
)
async def test_a_hundred_long_messages_of_a_stranger_delay_nobody(
    recording: RecordingInbox, kind: str, text: str
) -> None:
    """Each test fails where a step of the product takes long."""
    said = {"from": EVE, "text": text, "reply_to_message": {"text": text}}
    for _ in range(100):
        recording.server.chats.updates.add(kind, said)
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")

    assert recording.gate.by_sender[2002] == 100
