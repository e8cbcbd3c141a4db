"""A message as it should stand, and the shapes in which it is tried."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import IO

from telegram import (
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.constants import MessageLimit, ParseMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An open file under the name that the owner sees. It is read piece by piece while
    it goes out."""

    file: IO[bytes]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A message as it should stand: HTML, buttons, whether it may ring, the message
    that it answers, and what is attached: then the text is its caption. ``follows``
    draws its buttons as they would act later on. ``keys`` are what stands below the
    message box from then on, where that changes."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    silent: bool = False
    reply_to: int | None = None
    attached: Picture | Document | None = None
    follows: Callable[[], InlineKeyboardMarkup | None] | None = None
    keys: ReplyKeyboardMarkup | ReplyKeyboardRemove | None = None

    def says_the_same(self, other: "Page | None") -> bool:
        """Whether an edit of the one into the other would change nothing."""
        return other is not None and (self.text, self.buttons) == (
            other.text,
            other.buttons,
        )

    @property
    def light(self) -> "Page":
        """Without the bytes of what is attached: all that an edit needs."""
        if self.attached is None:
            return self
        return replace(self, attached=Picture(data=b""))

    @property
    def buttons(self) -> str:
        """The keyboard as JSON; "" without one."""
        return "" if self.keyboard is None else self.keyboard.to_json()

    @property
    def longest(self) -> int:
        """How many letters Telegram takes."""
        if self.attached is None:
            return MessageLimit.MAX_TEXT_LENGTH
        return MessageLimit.CAPTION_LENGTH

    @property
    def reply(self) -> ReplyParameters | None:
        """In Telegram's own form; who deleted that message gets this one anyway."""
        if self.reply_to is None:
            return None
        return ReplyParameters(self.reply_to, allow_sending_without_reply=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a page's words and buttons are put this time."""

    text: str
    mode: ParseMode | None
    keyboard: InlineKeyboardMarkup | None


def shapes(page: Page) -> tuple[Shape, ...]:
    bare = plain(page.text, most=page.longest)
    return (
        Shape(text=page.text, mode=ParseMode.HTML, keyboard=page.keyboard),
        Shape(text=bare, mode=None, keyboard=page.keyboard),
        *([Shape(text=bare, mode=None, keyboard=None)] if page.keyboard else []),
    )


def plain(html: str, *, most: int = MessageLimit.MAX_TEXT_LENGTH) -> str:
    """*html* without its tags, at most so many letters of it."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    return "".join(reader.heard)[:most]


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def handle_data(self, data: str) -> None:
        self.heard.append(data)
