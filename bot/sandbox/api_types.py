"""The values of a chat: users, chats, files, contents and messages."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from bot.sandbox.text.entities import Entity, to_html


Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or the bot."""

    id: int
    first_name: str
    username: str = ""
    is_bot: bool = False
    language_code: str = ""

    def to_json(self) -> Json:
        """Return the Bot API's User."""
        body: Json = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        return {key: value for key, value in body.items() if value != ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A private chat (its id is the person's), a group or a channel."""

    id: int
    kind: str
    name: str
    username: str = ""

    def to_json(self) -> Json:
        """Return the Bot API's Chat."""
        title = "first_name" if self.kind == "private" else "title"
        body = {"id": self.id, "type": self.kind, title: self.name}
        return body | ({"username": self.username} if self.username else {})


class ContentKind(StrEnum):
    """The kind of content of a message."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An uploaded file; *width* and *height* are 0 unless it is a picture."""

    file_id: str
    path: str
    name: str
    mime: str
    data: bytes
    width: int = 0
    height: int = 0

    def to_json(self) -> Json:
        """Return the fields that every kind of file has in the Bot API."""
        return {
            "file_id": self.file_id,
            "file_unique_id": f"u{self.file_id}",
            "file_size": len(self.data),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an edit can change: a text or a caption, its entities, a file."""

    kind: ContentKind = ContentKind.TEXT
    text: str = ""
    entities: tuple[Entity, ...] = ()
    file: File | None = None

    def to_json(self) -> Json:
        """Return the Bot API's fields for this kind of message."""
        text, entities = (
            ("text", "entities")
            if self.kind is ContentKind.TEXT
            else ("caption", "caption_entities")
        )
        body: Json = {text: self.text} if self.text else {}
        if self.entities:
            body[entities] = [entity.to_json(self.text) for entity in self.entities]
        if self.file is None:
            return body
        if self.kind is ContentKind.PHOTO:
            size = {"width": self.file.width, "height": self.file.height}
            body["photo"] = [self.file.to_json() | size]
        else:
            name = {"file_name": self.file.name, "mime_type": self.file.mime}
            body["document"] = self.file.to_json() | name
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it is now; *history* has its earlier contents, oldest first.

    *silent* messages do not ring the phone. Times are those of the chat's clock.
    """

    message_id: int
    chat: Chat
    sender: User
    date: datetime
    content: Content
    markup: Json | None = None
    edit_date: datetime | None = None
    history: tuple[Content, ...] = ()
    silent: bool = False
    reply_to: "Message | None" = None
    group: str | None = None

    @property
    def text(self) -> str:
        """The plain text, or the caption."""
        return self.content.text

    @property
    def html(self) -> str:
        """The text or caption with its formatting."""
        return to_html(self.content.text, self.content.entities)

    @property
    def from_bot(self) -> bool:
        """Whether the bot sent it."""
        return self.sender.is_bot

    @property
    def edits(self) -> int:
        """How often its text, caption or file was changed."""
        return len(self.history)

    @property
    def buttons(self) -> tuple[tuple[str, ...], ...]:
        """The labels of the inline keyboard, row by row."""
        return tuple(
            tuple(str(button["text"]) for button in row) for row in self._rows()
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the inline keyboard in reading order."""
        return tuple(label for row in self.buttons for label in row)

    def button(self, label: str) -> Json:
        """The button with *label* as the bot sent it.

        Raises:
            LookupError: there is no such button now.
        """
        for row in self._rows():
            for button in row:
                if button["text"] == label:
                    return button
        msg = f"no button {label!r}, only {self.labels!r} under {self.text[:80]!r}"
        raise LookupError(msg)

    def _rows(self) -> Iterator[list[Json]]:
        yield from (self.markup or {}).get("inline_keyboard", [])

    def to_json(self) -> Json:
        """Return the Bot API's Message."""
        body: Json = {
            "message_id": self.message_id,
            "from": self.sender.to_json(),
            "chat": self.chat.to_json(),
            "date": int(self.date.timestamp()),
        }
        if self.edit_date is not None:
            body["edit_date"] = int(self.edit_date.timestamp())
        if self.reply_to is not None:
            # One level only, and as it was when it was answered.
            body["reply_to_message"] = replace(self.reply_to, reply_to=None).to_json()
        if self.group is not None:
            body["media_group_id"] = self.group
        if self.markup is not None and "inline_keyboard" in self.markup:
            body["reply_markup"] = self.markup
        return body | self.content.to_json()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The content of an answerCallbackQuery: a toast, or an alert that must be closed."""

    text: str = ""
    show_alert: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A result with a description, as some methods return."""

    result: bool
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatEvent:
    """One event of the chats, as the page and the phones are told of it.

    *kind* is one of message, edited, deleted, pinned, action, asked, answer, update,
    keys, commands, description, panel, pulse, poll, webhook; *body* can be written as
    JSON.
    """

    kind: str
    body: Json
