"""The bot's command menu: one list per scope, the narrowest wins.

What the real server refuses (400) raises ApiRefused.

Tested by tests/bot/sandbox/test_refusals.py.
"""

import re
from typing import Any, Final

from bot.sandbox.api_types import Json
from bot.sandbox.chats import Chats
from bot.sandbox.errors import ApiRefused
from bot.sandbox.params import Params


NAME: Final = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION_MOST: Final = 256
COMMANDS_MOST: Final = 100
SCOPES: Final = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)


def set_commands(chats: Chats, params: Params) -> bool:
    """Set the menu of one scope."""
    raw = params.json("commands", what="commands")
    if not isinstance(raw, list):
        raise ApiRefused("can't parse commands JSON object")
    if len(raw) > COMMANDS_MOST:
        raise ApiRefused("BOT_COMMANDS_TOO_MUCH")
    chats.commands[_key(params)] = [_command(item) for item in raw]
    chats.tell("commands")
    return True


def get_commands(chats: Chats, params: Params) -> list[Json]:
    """The menu of exactly this scope and language."""
    return chats.commands.get(_key(params), [])


def delete_commands(chats: Chats, params: Params) -> bool:
    """Remove the menu of one scope; a wider one then applies."""
    chats.commands.pop(_key(params), None)
    chats.tell("commands")
    return True


def menu_for(chats: Chats, chat_id: int) -> list[Json]:
    """The menu that applies in a private chat."""
    for key in (f"chat:{chat_id}:", "all_private_chats:", "default:"):
        if key in chats.commands:
            return chats.commands[key]
    return []


def _key(params: Params) -> str:
    scope = params.json("scope", what="bot command scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise ApiRefused("can't parse BotCommandScope: unsupported type specified")
    where = [str(scope["type"])]
    where += [str(scope[field]) for field in ("chat_id", "user_id") if field in scope]
    return ":".join([*where, params.text("language_code")])


def _command(raw: Any) -> Json:
    if not isinstance(raw, dict):
        raise ApiRefused("can't parse BotCommand: expected an Object")
    name = str(raw.get("command", "")).removeprefix("/")
    if not NAME.fullmatch(name):
        raise ApiRefused("BOT_COMMAND_INVALID")
    description = str(raw.get("description", "")).strip()
    if not 0 < len(description) <= DESCRIPTION_MOST:
        raise ApiRefused("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
