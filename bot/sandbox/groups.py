"""Groups and channels: adding the bot, its leaving, and the updates about both."""

from typing import Final

from bot.sandbox.api_types import Chat, Json, User
from bot.sandbox.chats import Chats
from bot.sandbox.errors import ApiError, ApiRefused
from bot.sandbox.params import Params


_RIGHTS: Final = (
    "can_manage_chat",
    "can_change_info",
    "can_post_messages",
    "can_edit_messages",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def add_bot(chats: Chats, chat: Chat, *, by: User) -> None:
    """Add the bot to *chat* as *by*; a channel takes bots as administrators only.

    Two updates report it, as from Telegram: the bot's new membership, and in a group
    the service message.
    """
    member = _administrator(chats.bot) if chat.kind == "channel" else _member(chats.bot)
    chats.join(chat)
    _tell_standing(chats, chat, by, _left(chats.bot), member)
    if chat.kind != "channel":
        chats.inject("message", _service_message(chats, chat, by))


def leave_chat(chats: Chats, params: Params) -> bool:
    """Leave a group or a channel.

    Raises:
        ApiRefused: it is a private chat, or there is none.
        ApiError: 403, the bot has left it.
    """
    chat = chats.chat(params.chat_id())
    if chat.kind == "private":
        raise ApiRefused("chat member status can't be changed in private chats")
    if chat.id in chats.left:
        raise ApiError(403, f"bot is not a member of the {chat.kind} chat")
    chats.left.append(chat.id)
    _tell_standing(chats, chat, chats.bot, _member(chats.bot), _left(chats.bot))
    return True


def _tell_standing(chats: Chats, chat: Chat, by: User, old: Json, new: Json) -> None:
    chats.inject(
        "my_chat_member",
        {
            "chat": chat.to_json(),
            "from": by.to_json(),
            "date": int(chats.now().timestamp()),
            "old_chat_member": old,
            "new_chat_member": new,
        },
    )


def _service_message(chats: Chats, chat: Chat, by: User) -> Json:
    bot = chats.bot.to_json()
    return {
        "message_id": 1,
        "from": by.to_json(),
        "chat": chat.to_json(),
        "date": int(chats.now().timestamp()),
        "new_chat_participant": bot,
        "new_chat_member": bot,
        "new_chat_members": [bot],
    }


def _left(bot: User) -> Json:
    return {"user": bot.to_json(), "status": "left"}


def _member(bot: User) -> Json:
    return {"user": bot.to_json(), "status": "member"}


def _administrator(bot: User) -> Json:
    head = {"user": bot.to_json(), "status": "administrator", "can_be_edited": False}
    return head | dict.fromkeys(_RIGHTS, True) | {"is_anonymous": False}
