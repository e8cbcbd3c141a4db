"""What is no message of the owner's own words never acts; over the Bot API."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import pytest

from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer
from tests.bot.handlers.scripted import ScriptedEngine


FILE: Final = {"file_id": "f1", "file_unique_id": "u1"}
PLACE: Final = {"longitude": 1.5, "latitude": 2.5}
POLL: Final = {
    "id": "1",
    "question": "panic",
    "options": [{"persistent_id": "1", "text": "sell all", "voter_count": 1}],
    "total_voter_count": 1,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": True,
    "members_only": False,
}
WORDLESS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "voice": FILE | {"duration": 2},
        "video_note": FILE | {"duration": 2, "length": 9},
        "audio": FILE | {"duration": 2, "title": "stop"},
        "document": FILE | {"file_name": "panic.txt"},
        "photo": [FILE | {"width": 9, "height": 9}],
        "sticker": FILE
        | {"width": 9, "height": 9, "type": "regular", "emoji": "\N{OCTAGONAL SIGN}"}
        | {"is_animated": False, "is_video": False},
        "location": PLACE,
        "venue": {"location": PLACE, "title": "halt", "address": "sell all"},
        "contact": {"phone_number": "1", "first_name": "stop"},
        "poll": POLL,
        "dice": {"emoji": "\N{GAME DIE}", "value": 6},
    }
)
"""What a message holds beside its sender, with words that would act."""

PANIC: Final = {
    "text": "/panic",
    "entities": [{"type": "bot_command"} | {"offset": 0, "length": 6}],
}
FORWARDED: Final = {
    "forward_origin": {"type": "hidden_user", "sender_user_name": "Eve", "date": 1}
}


def of_the_owner(phone: Phone, **holds: object) -> dict[str, Any]:
    user = phone.user.to_json()
    chat = {"id": phone.user.id, "type": "private", "first_name": "Sam"}
    return {"message_id": 9_001, "date": 1, "chat": chat, "from": user} | holds


async def is_quiet(phone: Phone, engine: ScriptedEngine) -> None:
    """All before the next answer is handled, and nothing was done or said of it."""
    before = len(phone.received)
    sent = await phone.send("/status")
    await phone.reads("Ready to trade", after=sent)

    assert engine.asked == []
    assert len(phone.received) == before + 1


@pytest.mark.parametrize("kind", WORDLESS)
async def test_what_has_no_words_does_nothing_and_is_told_how_to_stop(
    phone: Phone, server: BotApiServer, engine: ScriptedEngine, kind: str
) -> None:
    server.chats.inject("message", of_the_owner(phone, **{kind: WORDLESS[kind]}))

    await phone.reads("I only read words")
    await is_quiet(phone, engine)


@pytest.mark.parametrize("kind", ["message", "edited_message"])
async def test_what_somebody_else_wrote_does_nothing_when_it_is_forwarded(
    phone: Phone, server: BotApiServer, engine: ScriptedEngine, kind: str
) -> None:
    server.chats.inject(kind, of_the_owner(phone, **PANIC, **FORWARDED))

    await is_quiet(phone, engine)


@pytest.mark.parametrize("text", ["/resume", "/sell QRVX all", "/halt", "scan"])
async def test_a_message_that_is_changed_into_a_command_does_nothing(
    phone: Phone, engine: ScriptedEngine, text: str
) -> None:
    message = await phone.send("hello there")
    await phone.reads("", after=message)
    await phone.rewrite(message, text)

    await is_quiet(phone, engine)


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_words_of_a_group_do_nothing(
    phone: Phone, server: BotApiServer, engine: ScriptedEngine, kind: str
) -> None:
    there = {"chat": {"id": -1_005, "type": kind, "title": "Club"}}
    server.chats.inject("message", of_the_owner(phone, **PANIC) | there)

    await is_quiet(phone, engine)


@pytest.mark.parametrize(
    "kind",
    ["channel_post", "edited_channel_post", "inline_query", "chosen_inline_result"],
)
async def test_channels_and_inline_queries_are_not_even_asked_for(
    phone: Phone, server: BotApiServer, engine: ScriptedEngine, kind: str
) -> None:
    asked = {"id": "1", "query": "panic", "offset": "", "result_id": "1"}

    assert server.chats.inject(kind, of_the_owner(phone, **PANIC) | asked) is None
    await is_quiet(phone, engine)
