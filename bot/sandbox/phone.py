"""A phone in a test: it sends, taps, and waits for what the chat shows."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from bot.sandbox.api_types import Answer, ContentKind, File, Message, User
from bot.sandbox.changes import Changes
from bot.sandbox.chats import Chats


T = TypeVar("T")

TIMEOUT: Final = 90.0
"""Seconds to wait for an event; enough on a busy machine, too."""


class Phone:
    """One device of one person. Two phones of the same user are two devices.

    A `Message` is what the screen showed at that moment, so tapping an old one sends
    the data its button had then, as a slow screen does.
    """

    def __init__(self, chats: Chats, user: User) -> None:
        self.user = user
        self._chats = chats
        self._changes = Changes()
        chats.subscribe(lambda _: self._changes.announce())

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages of the chat with the bot, oldest first."""
        return self._chats.messages(self.user.id)

    @property
    def received(self) -> tuple[Message, ...]:
        """The bot's messages, oldest first."""
        return tuple(message for message in self.messages if message.from_bot)

    @property
    def keys(self) -> tuple[str, ...]:
        """The labels of the reply keyboard, in reading order."""
        return tuple(k for row in self._chats.keys_of(self.user.id) for k in row)

    @property
    def rings(self) -> int:
        """How many of the bot's messages that are in the chat now made the phone ring."""
        return sum(not message.silent for message in self.received)

    def now(self, message: Message) -> Message:
        """The same message as it is now.

        Raises:
            LookupError: it was deleted.
        """
        for current in self.messages:
            if current.message_id == message.message_id:
                return current
        msg = f"message {message.message_id} is gone"
        raise LookupError(msg)

    async def send(self, text: str) -> Message:
        """Send *text* to the bot."""
        return self._chats.receive(self.user, text)

    async def show(self, picture: File, caption: str = "") -> Message:
        """Send a *picture* to the bot, with a *caption*."""
        return self._chats.receive(
            self.user, caption, kind=ContentKind.PHOTO, file=picture
        )

    async def rewrite(self, message: Message, text: str) -> Message:
        """Edit a sent message."""
        return self._chats.rewrite(message, text)

    def press(self, message: Message, label: str) -> str:
        """Tap the button *label* without waiting; returns the callback query's id."""
        return self.forge(message, str(message.button(label)["callback_data"]))

    def forge(self, message: Message, data: str) -> str:
        """Send *data* as if a button of *message* had it; returns the callback query's
        id.
        """
        return self._chats.tap(self.user, message.chat.id, message.message_id, data)

    async def tap(
        self, message: Message, label: str, *, within: float = TIMEOUT
    ) -> Answer:
        """Tap the button *label* and wait for the bot's answer to the tap.

        Raises:
            LookupError: the message has no such button.
            TimeoutError: no answer came within that many seconds.
        """
        return await self.answered(self.press(message, label), within=within)

    async def answered(self, query_id: str, *, within: float = TIMEOUT) -> Answer:
        """Wait for the answer to a tap.

        Raises:
            TimeoutError: none came within that many seconds.
        """
        return await self.wait_for(
            lambda _: self._chats.answers.get(query_id), within=within
        )

    async def wait_for(
        self, look: Callable[["Phone"], T | None], *, within: float = TIMEOUT
    ) -> T:
        """Wait until *look* returns something true for the chat, and return it.

        Raises:
            TimeoutError: it did not within that many seconds; the message has the chat.
        """
        try:
            async with asyncio.timeout(within):
                while not (found := look(self)):
                    await self._changes.wait()
                return found
        except TimeoutError:
            msg = f"not seen within {within} s; the chat shows:\n{self.transcript()}"
            raise TimeoutError(msg) from None

    async def reads(
        self, words: str, *, after: Message | None = None, within: float = TIMEOUT
    ) -> Message:
        """Wait for a message of the bot that contains *words*, and return the newest.

        *after* considers only messages newer than that one.

        Raises:
            TimeoutError: none came within that many seconds; the message has the chat.
        """
        since = after.message_id if after else 0

        def newest(phone: "Phone") -> Message | None:
            return next(
                (
                    message
                    for message in reversed(phone.received)
                    if words in message.text and message.message_id > since
                ),
                None,
            )

        return await self.wait_for(newest, within=within)

    def transcript(self) -> str:
        """Return the chat as text, for a person to read."""
        lines = []
        for message in self.messages:
            edits = f" (edited {message.edits} times)" if message.edits else ""
            lines.append(f"[{message.message_id}] {message.sender.first_name}{edits}")
            lines.extend(f"    {line}" for line in message.text.splitlines())
            lines.extend(f"    [{'] ['.join(row)}]" for row in message.buttons)
        return "\n".join(lines) or "(nothing)"
