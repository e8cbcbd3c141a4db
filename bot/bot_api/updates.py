"""Updates as python-telegram-bot's objects."""

from typing import Any, Final

from telegram import Bot, CallbackQuery, InaccessibleMessage, Update, User


NO_DATE: Final = 0
"""The date of a message of which only its place is told (Bot API,
InaccessibleMessage)."""

_ONLY_A_TAP: Final = {"update_id", "callback_query"}
_OF_A_TAP: Final = {"id", "from", "chat_instance", "data", "message"}


MOST_OF_A_LIST: Final = 100
"""Telegram names no more entities of a message, and no more buttons."""

LONGEST_TEXT: Final = 16_384
"""Characters: more than any text of a message."""

_DEEPEST: Final = 20


def bounded(raw: dict[str, Any]) -> dict[str, Any]:
    """*raw* without what is beyond all that Telegram sends: long texts and lists are cut,
    since each part of them takes time, and what lies too deep is left out."""
    return {name: _bounded(value, _DEEPEST) for name, value in raw.items()}


def _bounded(value: Any, depth: int) -> Any:
    match value:
        case str():
            return value[:LONGEST_TEXT]
        case dict() | list() if not depth:
            return None
        case list():
            return [_bounded(each, depth - 1) for each in value[:MOST_OF_A_LIST]]
        case dict():
            return {name: _bounded(each, depth - 1) for name, each in value.items()}
        case _:
            return value


def update_of(raw: dict[str, Any], bot: Bot) -> Update:
    """The update *raw*. In a tapped message without a date nothing but its place is looked
    for: python-telegram-bot would look for each of a hundred things that a message can
    have, while an order waits. For a damaged update it raises one of UNREADABLE."""
    if raw.keys() != _ONLY_A_TAP or not _tells_a_place(raw["callback_query"]):
        return Update.de_json(raw, bot)
    return Update(raw["update_id"], callback_query=_tap_of(raw["callback_query"], bot))


def _tells_a_place(query: object) -> bool:
    """Whether the tap *query* has a message without a date, and nothing unusual."""
    if not isinstance(query, dict) or query.keys() != _OF_A_TAP:
        return False
    message = query["message"]
    return isinstance(message, dict) and message.get("date") == NO_DATE


def _tap_of(query: dict[str, Any], bot: Bot) -> CallbackQuery:
    tap = CallbackQuery(
        query["id"],
        User.de_json(query["from"], bot),
        query["chat_instance"],
        data=query["data"],
        message=InaccessibleMessage.de_json(query["message"], bot),
    )
    tap.set_bot(bot)
    return tap
