"""The content of a message, and the shapes in which it is tried."""

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
    """An open file, and the name that the owner sees. It is read piece by piece while
    it is sent."""

    file: IO[bytes]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A message: HTML text, buttons, whether it may ring, the message it replies to,
    and an attachment, whose caption the text is. ``follows`` draws its buttons again
    later, when some may no longer act: those it no longer has are taken away, and none
    is added to a text that does not speak of it. ``over`` is the text once none is left;
    None leaves the text. ``keys`` is the new reply keyboard, if it changes."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    silent: bool = False
    reply_to: int | None = None
    attached: Picture | Document | None = None
    follows: Callable[[], InlineKeyboardMarkup | None] | None = None
    over: str | None = None
    keys: ReplyKeyboardMarkup | ReplyKeyboardRemove | None = None

    def says_the_same(self, other: "Page | None") -> bool:
        """Whether an edit of the one into the other would change nothing."""
        return other is not None and (self.text, self.buttons) == (
            other.text,
            other.buttons,
        )

    def followed(self) -> "Page":
        """The page with those of its buttons that still act."""
        now = self.follows() if self.follows is not None else self.keyboard
        keyboard = _both(self.keyboard, now)
        text = self.text if keyboard or self.over is None else self.over
        return replace(self, text=text, keyboard=keyboard)

    @property
    def light(self) -> "Page":
        """The page without the bytes of its attachment, which an edit does not need."""
        if self.attached is None:
            return self
        return replace(self, attached=Picture(data=b""))

    @property
    def buttons(self) -> str:
        """The keyboard as JSON; "" without one."""
        return "" if self.keyboard is None else self.keyboard.to_json()

    @property
    def longest(self) -> int:
        """The longest text that Telegram accepts, in characters."""
        if self.attached is None:
            return MessageLimit.MAX_TEXT_LENGTH
        return MessageLimit.CAPTION_LENGTH

    @property
    def reply(self) -> ReplyParameters | None:
        """The reply in Telegram's form; if that message was deleted, it is sent
        anyway."""
        if self.reply_to is None:
            return None
        return ReplyParameters(self.reply_to, allow_sending_without_reply=True)


def _both(
    before: InlineKeyboardMarkup | None, now: InlineKeyboardMarkup | None
) -> InlineKeyboardMarkup | None:
    """The buttons of *now* that were there *before*, whatever their labels were."""
    if before is None or now is None:
        return None
    old = {each.callback_data for row in before.inline_keyboard for each in row}
    kept = ([b for b in row if b.callback_data in old] for row in now.inline_keyboard)
    rows = [row for row in kept if row]
    return InlineKeyboardMarkup(rows) if rows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageForm:
    """One form of a page: HTML or plain text, with or without buttons."""

    text: str
    mode: ParseMode | None
    keyboard: InlineKeyboardMarkup | None


def shapes(page: Page) -> tuple[PageForm, ...]:
    text = _sendable(page.text)
    bare = plain(text, most=page.longest)
    return (
        PageForm(text=text, mode=ParseMode.HTML, keyboard=page.keyboard),
        PageForm(text=bare, mode=None, keyboard=page.keyboard),
        *([PageForm(text=bare, mode=None, keyboard=None)] if page.keyboard else []),
    )


def _sendable(text: str) -> str:
    """*text* with a question mark for what is no letter (half of a pair of surrogates),
    because a request with it can never be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


def plain(html: str, *, most: int = MessageLimit.MAX_TEXT_LENGTH) -> str:
    """*html* without its tags, at most *most* characters."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    return "".join(reader.texts)[:most]


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
