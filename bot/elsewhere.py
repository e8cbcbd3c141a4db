"""Groups and channels: the bot leaves every one that it is added to, without a message.

Anybody who knows a bot's name can add it to a group, unless that was disabled in
@BotFather.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from telegram import Bot, Chat, ChatMemberUpdated, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import Forbidden, TelegramError

from core.ports.market import Clock


_log = logging.getLogger(__name__)

_SHARED: Final = (ChatType.GROUP, ChatType.SUPERGROUP, ChatType.CHANNEL)
_OUT: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)

_QUIET: Final = timedelta(minutes=1)
"""Updates from a place that was left this recently do not cause another attempt."""


class Elsewhere:
    """Leaves every chat that is not private, and logs it once."""

    def __init__(self, *, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._left: dict[int, datetime] = {}

    async def leave(self, update: Update) -> None:
        """If *update* shows that the bot is in a group or a channel, leave it."""
        chat, standing = update.effective_chat, update.my_chat_member
        if chat is None or chat.type not in _SHARED or _is_out(standing):
            return
        is_news = self._remember(chat.id)
        if is_news:
            _log.warning("put into a %s, chat=%s: leaving it", chat.type, chat.id)
        if is_news or standing is not None:
            await self._depart(chat)

    async def _depart(self, chat: Chat) -> None:
        try:
            await self._bot.leave_chat(chat.id)
        except Forbidden:
            pass  # it is not a member any more, as wanted
        except TelegramError as error:
            _log.warning("chat=%s not left: %s", chat.id, error)

    def _remember(self, chat: int) -> bool:
        """Remember that *chat* was left. Returns whether that is new."""
        now = self._clock.now()
        self._left = {
            place: at for place, at in self._left.items() if now - at < _QUIET
        }
        if chat in self._left:
            return False
        self._left[chat] = now
        return True


def concerns_elsewhere(raw: Mapping[str, Any]) -> bool:
    """Whether *raw*, an update as Telegram writes it, comes from a group or channel."""
    bodies = [body for body in raw.values() if isinstance(body, dict)]
    bodies += [
        body["message"] for body in bodies if isinstance(body.get("message"), dict)
    ]
    chats = [body["chat"] for body in bodies if isinstance(body.get("chat"), dict)]
    return any(chat.get("type") in _SHARED for chat in chats)


def _is_out(standing: ChatMemberUpdated | None) -> bool:
    """Of an update that is damaged nobody knows."""
    member = getattr(standing, "new_chat_member", None)
    return getattr(member, "status", None) in _OUT
