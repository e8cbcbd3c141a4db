"""The chats of one bot: messages, edits, and the updates for the bot.

It has no sockets and never waits. The date of a message comes from the *clock* that it
is given, which may run on another day; how long a tap may wait for its answer is real
time, from *elapsed* (seconds of the event loop).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from bot.sandbox.api_types import (
    Answer,
    Chat,
    ChatEvent,
    Content,
    ContentKind,
    File,
    Json,
    Message,
    User,
)
from bot.sandbox.errors import NOT_MODIFIED, TOO_OLD, ApiError, ApiRefused
from bot.sandbox.text.entities import clean, tidy
from bot.sandbox.updates import Updates


# Seconds in which a tap must be answered. Not documented; threads report 5 to 20.
ANSWER_WITHIN: Final = 15.0
DELETE_WITHIN: Final = timedelta(hours=48)
FIRST_UPDATE: Final = 700_000_001

EventListener = Callable[[ChatEvent], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackQuery:
    """A callback query that has not been answered."""

    query_id: str
    user: User
    at: float


class Chats:
    """Everything that the server stores. What the real server refuses (400) raises
    ApiRefused."""

    def __init__(
        self, *, bot: User, clock: Callable[[], datetime], elapsed: Callable[[], float]
    ) -> None:
        self.bot = bot
        self.updates = Updates(first=FIRST_UPDATE)
        self.files: dict[str, File] = {}
        self.commands: dict[str, list[Json]] = {}
        self.blocked: set[int] = set()
        self.left: list[int] = []
        self.pinned: dict[int, int] = {}
        self.keys: dict[int, Json] = {}
        self.description = ""
        self.webhook = ""
        self._clock = clock
        self._elapsed = elapsed
        self._known: dict[int, Chat] = {}
        self._started: set[int] = set()
        self._messages: dict[int, dict[int, Message]] = {}
        self._taps: dict[str, CallbackQuery] = {}
        self.answers: dict[str, Answer] = {}
        self._numbers = count(1)
        self._listeners: list[EventListener] = []

    # What everybody may know

    def now(self) -> datetime:
        """The time of the chat's clock."""
        return self._clock()

    def subscribe(self, listener: EventListener) -> Callable[[], None]:
        """Call *listener* with every event; returns a function that ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, kind: str, **body: object) -> None:
        """Send an event to every listener."""
        for listener in tuple(self._listeners):
            listener(ChatEvent(kind=kind, body=body))

    def messages(self, chat_id: int) -> tuple[Message, ...]:
        """The messages of a chat as they are now, oldest first."""
        return tuple(self._messages.get(chat_id, {}).values())

    def has(self, chat_id: int, message_id: int | None) -> bool:
        """Whether the message exists now."""
        return message_id in self._messages.get(chat_id, {})

    def chat(self, chat_id: int) -> Chat:
        """The chat with that id.

        Raises:
            ApiRefused: the bot does not know it.
        """
        if chat_id not in self._known:
            raise ApiRefused("chat not found")
        return self._known[chat_id]

    # What people do

    def meet(self, user: User, *, started: bool) -> Chat:
        """Add *user* and his private chat; *started* if the bot may write first."""
        chat = self._known.setdefault(
            user.id,
            Chat(
                id=user.id,
                kind="private",
                name=user.first_name,
                username=user.username,
            ),
        )
        if started:
            self._started.add(user.id)
        return chat

    def join(self, chat: Chat) -> None:
        """Add a group or a channel with the bot in it."""
        self._known[chat.id] = chat
        self._started.add(chat.id)
        if chat.id in self.left:
            self.left.remove(chat.id)

    def receive(
        self,
        user: User,
        text: str,
        *,
        chat: Chat | None = None,
        kind: ContentKind = ContentKind.TEXT,
        file: File | None = None,
    ) -> Message:
        """A message from *user*: *text*, in private unless a *chat* is given; or a
        *file* of that *kind* with *text* as its caption.
        """
        chat = chat or self.meet(user, started=True)
        plain, entities = tidy(clean(text), ())
        message = Message(
            message_id=next(self._numbers),
            chat=chat,
            sender=user,
            date=self.now(),
            content=Content(kind=kind, text=plain, entities=entities, file=file),
        )
        self._keep(message)
        self.inject("message", message.to_json())
        return message

    def rewrite(self, message: Message, text: str) -> Message:
        """Edit a person's message."""
        plain, entities = tidy(clean(text), ())
        content = replace(message.content, text=plain, entities=entities)
        changed = self._change(message, content)
        self.inject("edited_message", changed.to_json())
        return changed

    def tap(self, user: User, chat_id: int, message_id: int, data: str) -> str:
        """Press a button as *user*; returns the id of the callback query.

        The message may have been deleted and the data may be invented: both happen.
        """
        query_id = f"{self.bot.id % 997}{next(self._numbers):015d}"
        message = self._messages.get(chat_id, {}).get(message_id)
        known = self._known.get(chat_id) or self.meet(user, started=False)
        gone = {"message_id": message_id, "chat": known.to_json(), "date": 0}
        self._taps[query_id] = CallbackQuery(
            query_id=query_id, user=user, at=self._elapsed()
        )
        self.tell("asked", query_id=query_id, chat_id=chat_id, message_id=message_id)
        self.inject(
            "callback_query",
            {
                "id": query_id,
                "from": user.to_json(),
                "message": message.to_json() if message else gone,
                "chat_instance": str(chat_id),
                "data": data,
            },
        )
        return query_id

    def inject(self, kind: str, body: Json) -> int | None:
        """Queue an update as it is; returns its number, or nothing if the bot does not
        want that kind.
        """
        number = self.updates.add(kind, body)
        self.tell("update", update_id=number)
        return number

    # What the bot does

    def say(
        self,
        chat_id: int,
        content: Content,
        *,
        markup: Json | None = None,
        silent: bool = False,
        reply_to: int | None = None,
        group: str | None = None,
    ) -> Message:
        """Post a message of the bot.

        Raises:
            ApiError: the chat is unknown, closed to the bot, or was never started.
        """
        chat = self.chat(chat_id)
        if chat_id in self.blocked:
            raise ApiError(403, "bot was blocked by the user")
        if chat_id in self.left:
            raise ApiError(403, f"bot is not a member of the {chat.kind} chat")
        if chat_id not in self._started:
            raise ApiError(403, "bot can't initiate conversation with a user")
        answered = self._messages.get(chat_id, {}).get(reply_to or 0)
        if reply_to is not None and answered is None:
            raise ApiRefused("message to be replied not found")
        message = Message(
            message_id=next(self._numbers),
            chat=chat,
            sender=self.bot,
            date=self.now(),
            content=content,
            markup=markup,
            silent=silent,
            reply_to=answered,
            group=group,
        )
        self._keep(message)
        self._show_keys(chat_id, markup or {})
        return message

    def _show_keys(self, chat_id: int, markup: Json) -> None:
        """Show or remove the reply keyboard below the message box."""
        if "keyboard" in markup:
            self.keys[chat_id] = markup
        elif "remove_keyboard" in markup:
            self.keys.pop(chat_id, None)
        else:
            return
        self.tell("keys", chat_id=chat_id, keys=self.keys_of(chat_id))

    def keys_of(self, chat_id: int) -> list[list[str]]:
        """The labels of the reply keyboard, row by row."""
        rows = self.keys.get(chat_id, {}).get("keyboard", [])
        return [[_label(key) for key in row] for row in rows]

    def editable(self, chat_id: int, message_id: int) -> Message:
        """A message that the bot may edit.

        Raises:
            ApiRefused: it does not exist, is not the bot's, or carries a reply keyboard.
        """
        self.chat(chat_id)
        message = self._messages.get(chat_id, {}).get(message_id)
        if message is None:
            raise ApiRefused("message to edit not found")
        if message.sender != self.bot or (
            message.markup is not None and "inline_keyboard" not in message.markup
        ):
            raise ApiRefused("message can't be edited")
        return message

    def edit(
        self, message: Message, content: Content, *, markup: Json | None
    ) -> Message:
        """Edit a message of the bot; without *markup* its buttons are removed.

        Raises:
            ApiRefused: nothing would change.
        """
        if content == message.content and markup == message.markup:
            raise ApiRefused(NOT_MODIFIED)
        return self._change(replace(message, markup=markup), content)

    def delete(self, chat_id: int, message_id: int) -> None:
        """Delete a message.

        Raises:
            ApiRefused: it does not exist, or is too old.
        """
        self.chat(chat_id)
        message = self._messages.get(chat_id, {}).get(message_id)
        if message is None:
            raise ApiRefused("message to delete not found")
        if self.now() - message.date > DELETE_WITHIN:
            raise ApiRefused("message can't be deleted for everyone")
        del self._messages[chat_id][message_id]
        self.tell("deleted", chat_id=chat_id, message_id=message_id)

    def answer(self, query_id: str, answer: Answer) -> None:
        """Answer a callback query.

        Raises:
            ApiRefused: it is unknown, was answered before, or is too old.
        """
        tap = self._taps.pop(query_id, None)
        if tap is None or self._elapsed() - tap.at > ANSWER_WITHIN:
            raise ApiRefused(TOO_OLD)
        self.answers[query_id] = answer
        self.tell(
            "answer",
            query_id=query_id,
            text=answer.text,
            show_alert=answer.show_alert,
            url=answer.url,
        )

    def _change(self, message: Message, content: Content) -> Message:
        before = message.content
        changed = replace(
            message,
            content=content,
            edit_date=self.now(),
            history=message.history + ((before,) if before != content else ()),
        )
        self._messages[message.chat.id][message.message_id] = changed
        self.tell("edited", chat_id=message.chat.id, message=changed.to_json())
        return changed

    def _keep(self, message: Message) -> None:
        self._messages.setdefault(message.chat.id, {})[message.message_id] = message
        body, silent = message.to_json(), message.silent
        self.tell("message", chat_id=message.chat.id, message=body, silent=silent)


def _label(key: Json | str) -> str:
    """The Bot API takes a key's text alone, too."""
    return key if isinstance(key, str) else str(key["text"])
