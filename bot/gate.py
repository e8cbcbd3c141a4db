"""Who may use the bot: the owner and the people he added, each in a private chat.

Everything that is not named here is refused. Strangers get no answer, so that they
cannot tell whether the bot is running.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from telegram import CallbackQuery, Chat, Message, Update
from telegram.constants import ChatType

from bot.bot_api.answers import number
from bot.people import People
from core.ports.market import Clock


_log = logging.getLogger(__name__)

KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update requested from Telegram. The last one is never admitted: it shows
that the bot was added to a group; nor is a changed message, which the inbox makes a new
one where it says "stop" now. Other kinds that still come are refused as well."""

_QUIET: Final = timedelta(minutes=1)
"""A stranger is logged once within this time."""

_KNOWN: Final = 100
"""How many strangers are counted individually; the rest together, as OTHERS."""

OTHERS: Final = 0


class Gate:
    """Admits *people*, by Telegram number: a name can pass to somebody else."""

    def __init__(self, *, people: People, clock: Clock) -> None:
        self._people = people
        self._clock = clock
        self._logged: dict[int, datetime] = {}
        self.by_sender: Counter[int] = Counter()
        self.strangers = 0

    def may_be_let_in(self, raw: Mapping[str, Any]) -> bool:
        """Whether *raw*, an update as Telegram sends it, comes from an admitted person;
        others are counted. Cheap, because nothing is parsed."""
        sender = sender_of(raw)
        if not self._knows(sender):
            self._note_stranger(sender)
        return self._knows(sender)

    def _knows(self, sender: int) -> bool:
        return self._people.rights_of(sender) is not None

    def admits(self, update: Update) -> bool:
        """Whether *update* is admitted: from an admitted person, in his private chat,
        written by himself, and new (not an edit)."""
        sender = update.effective_user
        if sender is None or not self._knows(sender.id):
            self._note_stranger(sender.id if sender else OTHERS)
            return False
        kinds = _kinds(update)
        if kinds == {"message"} and update.message is not None:
            return _his_own_words(update.message, sender.id)
        if kinds == {"callback_query"} and update.callback_query is not None:
            return _in_his_chat(update.callback_query, sender.id)
        return False

    def _note_stranger(self, sender: int) -> None:
        is_known = sender in self.by_sender or len(self.by_sender) < _KNOWN
        who = sender if is_known else OTHERS
        self.strangers += 1
        self.by_sender[who] += 1
        now = self._clock.now()
        if who in self._logged and now - self._logged[who] < _QUIET:
            return
        self._logged[who] = now
        _log.warning("stranger=%s ignored, %s so far", who, self.strangers)


def _his_own_words(message: Message, sender: int) -> bool:
    """Whether *message* is the sender's own: private, not for a business, not
    forwarded, not via another bot."""
    return (
        _is_his_chat(message.chat, sender)
        and message.sender_chat is None
        and message.forward_origin is None
        and message.via_bot is None
        and message.business_connection_id is None
    )


def _in_his_chat(query: CallbackQuery, sender: int) -> bool:
    message = query.message
    return (
        message is not None
        and query.inline_message_id is None
        and _is_his_chat(message.chat, sender)
    )


def _is_his_chat(chat: Chat | None, sender: int) -> bool:
    """Whether it is the private one; of an update that is damaged there may be none."""
    return chat is not None and chat.type == ChatType.PRIVATE and chat.id == sender


def sender_of(raw: Mapping[str, Any]) -> int:
    """The sender of the update *raw*; OTHERS if it names none."""
    bodies = [body for body in raw.values() if isinstance(body, dict)]
    users = [body["from"] for body in bodies if isinstance(body.get("from"), dict)]
    return (number(users[0].get("id")) if users else None) or OTHERS


def _kinds(update: Update) -> set[str]:
    """The kinds of content in *update*, including those that python-telegram-bot does
    not know."""
    known = {kind for kind in Update.ALL_TYPES if getattr(update, kind) is not None}
    return known | set(update.api_kwargs)
