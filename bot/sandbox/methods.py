"""The methods of the Bot API, on the chats; long polling is in server.py.

Each takes the chats and the parameters, returns what goes into `result` (or that with a
description), and raises ApiError with the real server's text.
"""

from collections.abc import Callable
from typing import Any, Final

from bot.sandbox.api_types import Answer, Json
from bot.sandbox.chats import Chats
from bot.sandbox.commands import delete_commands, get_commands, set_commands
from bot.sandbox.editing import (
    delete_message,
    delete_messages,
    edit_caption,
    edit_markup,
    edit_media,
    edit_text,
)
from bot.sandbox.errors import ApiRefused
from bot.sandbox.groups import leave_chat
from bot.sandbox.params import Params
from bot.sandbox.sending import (
    chat_action,
    send_document,
    send_media_group,
    send_message,
    send_photo,
)
from bot.sandbox.webhooks import delete_webhook, get_webhook, set_webhook


Method = Callable[[Chats, Params], Any]

ANSWER_MOST: Final = 200
DOWNLOAD_MOST: Final = 20 * 1024 * 1024


def get_me(chats: Chats, _params: Params) -> Json:
    """The bot's User."""
    return chats.bot.to_json() | {
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def answer_callback(chats: Chats, params: Params) -> bool:
    """Answer a tap with a toast, an alert, or nothing at all."""
    if len(params.text("text")) > ANSWER_MOST:
        raise ApiRefused("MESSAGE_TOO_LONG")
    answer = Answer(
        text=params.text("text"),
        show_alert=params.flag("show_alert"),
        url=params.text("url"),
    )
    chats.answer(params.text("callback_query_id"), answer)
    return True


def get_file(chats: Chats, params: Params) -> Json:
    """The path from which a file can be downloaded."""
    file = chats.files.get(params.text("file_id"))
    if file is None:
        raise ApiRefused("invalid file_id")
    if len(file.data) > DOWNLOAD_MOST:
        raise ApiRefused("file is too big")
    return file.to_json() | {"file_path": file.path}


def get_chat(chats: Chats, params: Params) -> Json:
    """The ChatFullInfo of a chat."""
    chat = chats.chat(params.chat_id())
    body = chat.to_json() | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    pinned = chats.pinned.get(chat.id)
    found = [m.to_json() for m in chats.messages(chat.id) if m.message_id == pinned]
    return body | ({"pinned_message": found[0]} if found else {})


def pin_message(chats: Chats, params: Params) -> bool:
    """Pin a message."""
    chat_id, message_id = params.chat_id(), params.message_id()
    if not chats.has(chat_id, message_id):
        raise ApiRefused("message to pin not found")
    chats.pinned[chat_id] = message_id
    chats.tell("pinned", chat_id=chat_id, message_id=message_id)
    return True


def unpin_message(chats: Chats, params: Params) -> bool:
    """Unpin a message."""
    if chats.pinned.pop(params.chat_id(), None) is None:
        raise ApiRefused("message to unpin not found")
    chats.tell("pinned", chat_id=params.chat_id(), message_id=None)
    return True


def set_description(chats: Chats, params: Params) -> bool:
    """Set the text of an empty chat."""
    chats.description = params.text("description")
    chats.tell("description", text=chats.description)
    return True


def get_description(chats: Chats, _params: Params) -> Json:
    """The text of an empty chat."""
    return {"description": chats.description}


METHODS: Final[dict[str, Method]] = {
    "getme": get_me,
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "sendmediagroup": send_media_group,
    "sendchataction": chat_action,
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagemedia": edit_media,
    "editmessagereplymarkup": edit_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "answercallbackquery": answer_callback,
    "getfile": get_file,
    "getchat": get_chat,
    "leavechat": leave_chat,
    "pinchatmessage": pin_message,
    "unpinchatmessage": unpin_message,
    "getwebhookinfo": get_webhook,
    "deletewebhook": delete_webhook,
    "setwebhook": set_webhook,
    "setmycommands": set_commands,
    "getmycommands": get_commands,
    "deletemycommands": delete_commands,
    "setmydescription": set_description,
    "getmydescription": get_description,
}
