"""Reply markup, checked as the real server checks it.

What the real server refuses (400) raises ApiRefused.

Tested by tests/bot/sandbox/test_refusals.py.
"""

import json
from typing import Any, Final

from bot.sandbox.api_types import Json
from bot.sandbox.errors import ApiRefused
from bot.sandbox.text.parse_html import web_address


DATA_BYTES: Final = 64
MOST_BUTTONS: Final = 100
STYLES: Final = frozenset({"primary", "success", "danger"})
ACTIONS: Final = frozenset(
    {"callback_data", "url", "copy_text", "web_app", "switch_inline_query", "pay"}
)
OTHER_MARKUP: Final = frozenset({"keyboard", "remove_keyboard", "force_reply"})


def reply_markup(raw: object) -> Json | None:
    """The markup of a message, or nothing if there is none.

    Raises:
        ApiRefused: it is malformed; the text is the real server's.
    """
    if raw is None or raw == "":
        return None
    try:
        markup = json.loads(raw) if isinstance(raw, str) else raw
    except ValueError as error:
        msg = "can't parse reply keyboard markup JSON object"
        raise ApiRefused(msg) from error
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise ApiRefused("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    return markup if OTHER_MARKUP & markup.keys() else None


def _inline(rows: Any) -> Json | None:
    if not isinstance(rows, list):
        raise ApiRefused('field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise ApiRefused('field "inline_keyboard" must be an Array of Arrays')
    keyboard = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, keyboard)) > MOST_BUTTONS:
        raise ApiRefused("reply markup is too long")
    return {"inline_keyboard": keyboard} if keyboard else None


def _button(raw: Any) -> Json:
    if not isinstance(raw, dict):
        raise _unreadable("InlineKeyboardButton must be an Object")
    if not isinstance(raw.get("text"), str):
        raise _unreadable('Field "text" must be of type String')
    button = {key: value for key, value in raw.items() if value is not None}
    if not button["text"].strip():
        raise _unreadable("Button text must be non-empty")
    if not ACTIONS & button.keys():
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if "style" in button and button["style"] not in STYLES:
        raise ApiRefused("invalid button style specified")
    if "callback_data" in button:
        _judge_data(button["callback_data"])
    if "url" in button:
        button["url"] = _judge_url(str(button["url"]))
    return button


def _unreadable(why: str) -> ApiRefused:
    return ApiRefused(f"can't parse inline keyboard button: {why}")


def _judge_data(data: Any) -> None:
    if not isinstance(data, str):
        raise _unreadable('Field "callback_data" must be of type String')
    if not 0 < len(data.encode()) <= DATA_BYTES:
        raise ApiRefused("BUTTON_DATA_INVALID")


def _judge_url(url: str) -> str:
    address = web_address(url)
    if address is None:
        msg = f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
        raise ApiRefused(msg)
    return address
