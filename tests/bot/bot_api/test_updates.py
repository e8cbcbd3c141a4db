"""A tap is the same object however it is made, and what is unusual is not passed over."""

from typing import Any

import pytest
from telegram import Bot, Message, Update

from bot.bot_api.answers import UNREADABLE
from bot.bot_api.updates import NO_DATE, update_of


BOT = Bot("123:abc")
PERSON = {"id": 7, "is_bot": False, "first_name": "Ada", "last_name": "L."}
PLACE = {"message_id": 5, "chat": {"id": 7, "type": "private", "first_name": "Ada"}}


def a_tap(**others: Any) -> dict[str, Any]:
    query = {
        "id": "1",
        "from": PERSON,
        "chat_instance": "2",
        "data": "yes:abc",
        "message": {**PLACE, "date": NO_DATE},
    }
    return {"update_id": 3, "callback_query": query | others}


def test_a_tap_on_a_place_is_what_python_telegram_bot_makes_of_it() -> None:
    made, known = update_of(a_tap(), BOT), Update.de_json(a_tap(), BOT)

    assert made.update_id == known.update_id
    assert made.callback_query == known.callback_query
    assert made.effective_user == known.effective_user
    assert made.effective_chat == known.effective_chat
    tap, as_known = made.callback_query, known.callback_query
    assert tap is not None
    assert as_known is not None
    assert tap.data == as_known.data
    assert tap.message is not None
    assert as_known.message is not None
    assert tap.message.message_id == as_known.message.message_id
    assert tap.message.chat == as_known.message.chat
    assert tap.message.date == as_known.message.date
    assert not isinstance(tap.message, Message)
    assert tap.from_user.full_name == as_known.from_user.full_name
    assert tap.get_bot() is BOT


@pytest.mark.parametrize(
    "raw",
    [
        a_tap(inline_message_id="9"),
        a_tap(game_short_name="chess"),
        a_tap(unheard_of=1),
        a_tap(message={**PLACE, "date": 1_700_000_000}),
        a_tap(message=None),
        {**a_tap(), "unheard_of": {"from": PERSON}},
        {"update_id": 3, "message": {**PLACE, "date": 1, "text": "/scan"}},
    ],
    ids=["inline", "game", "more", "dated", "no message", "two kinds", "message"],
)
def test_every_other_update_is_left_to_python_telegram_bot(raw: dict[str, Any]) -> None:
    assert update_of(raw, BOT).to_dict() == Update.de_json(raw, BOT).to_dict()


@pytest.mark.parametrize(
    "damage",
    [{"from": 5}, {"from": {}}, {"message": {"date": NO_DATE}}],
    ids=["no sender", "a sender without a number", "no place"],
)
def test_a_damaged_tap_is_unreadable(damage: dict[str, Any]) -> None:
    with pytest.raises(UNREADABLE):
        update_of(a_tap(**damage), BOT)
