"""One message or one edit on its way to Telegram, and what became of it.

Telegram's many ways to fail become six outcomes. In python-telegram-bot ``BadRequest``
and ``TimedOut`` are subclasses of ``NetworkError`` (docs.python-telegram-bot.org,
telegram.error), so they are caught before it; the error's cause, httpx's own, tells
whether bytes were sent.
"""

import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from html.parser import HTMLParser
from typing import IO, Final

import httpx
from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import MessageLimit, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.bot_api.answers import Unreadable


_log = logging.getLogger(__name__)

NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
QUICK: Final = 5.0
"""Seconds that Telegram may take to answer."""
PATIENT: Final = 20.0
"""The same for a picture, which it reads and scales first."""
VERY_PATIENT: Final = 60.0
"""The same for a file, which may be large."""


class Outcome(StrEnum):
    DONE = "done"
    GONE = "gone"  # there is no such message to edit any more
    AWAY = "away"  # nothing was delivered: try again
    UNSURE = "unsure"  # no answer: it may have been delivered
    WAIT = "wait"  # told to come back later
    REFUSED = "refused"  # this text will never be taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of it: ``message`` is its number when DONE (None when the answer
    did not tell it), ``wait`` the seconds to wait when Telegram named them, ``why`` its
    words."""

    outcome: Outcome
    message: int | None = None
    wait: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A message as it should stand: HTML, buttons, whether it may ring, and the
    message that it answers."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    silent: bool = False
    reply_to: int | None = None


async def send(bot: Bot, chat: int, page: Page) -> Delivered:
    """Send *page* as a new message, as plain text if its HTML is refused."""

    async def attempt(text: str, parse_mode: ParseMode | None) -> int:
        message = await bot.send_message(
            chat,
            text,
            parse_mode=parse_mode,
            reply_markup=page.keyboard,
            disable_notification=page.silent,
            link_preview_options=NO_PREVIEW,
            reply_parameters=_reply(page),
            read_timeout=QUICK,
        )
        return message.message_id

    return await _best(attempt, page)


async def send_picture(bot: Bot, chat: int, picture: bytes, page: Page) -> Delivered:
    """Send *picture*, with *page*'s text below it, as a new message."""

    async def attempt(text: str, parse_mode: ParseMode | None) -> int:
        message = await bot.send_photo(
            chat,
            picture,
            caption=text,
            filename="picture.png",
            parse_mode=parse_mode,
            reply_markup=page.keyboard,
            disable_notification=page.silent,
            reply_parameters=_reply(page),
            read_timeout=PATIENT,
        )
        return message.message_id

    return await _best(attempt, page)


async def send_file(
    bot: Bot, chat: int, file: IO[bytes], name: str, page: Page
) -> Delivered:
    """Send *file* as a document called *name*, with *page*'s text below it, as a new
    message. It is read piece by piece while it goes out."""

    async def attempt(text: str, parse_mode: ParseMode | None) -> int:
        file.seek(0)
        message = await bot.send_document(
            chat,
            InputFile(file, filename=name, read_file_handle=False),
            caption=text,
            parse_mode=parse_mode,
            reply_markup=page.keyboard,
            disable_notification=page.silent,
            reply_parameters=_reply(page),
            read_timeout=VERY_PATIENT,
        )
        return message.message_id

    return await _best(attempt, page)


async def edit(bot: Bot, chat: int, message: int, page: Page) -> Delivered:
    """Make the message say *page*; saying it already is success."""

    async def attempt(text: str, parse_mode: ParseMode | None) -> int:
        try:
            await bot.edit_message_text(
                text,
                chat_id=chat,
                message_id=message,
                parse_mode=parse_mode,
                reply_markup=page.keyboard,
                link_preview_options=NO_PREVIEW,
                read_timeout=QUICK,
            )
        except Unreadable as answer:
            _log.warning("edited, but: %s", answer)
        except BadRequest as error:
            if "message is not modified" not in error.message.lower():
                raise
        return message

    return await _best(attempt, page)


def plain(html: str) -> str:
    """*html* without its tags, short enough for one message."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    return "".join(reader.heard)[: MessageLimit.MAX_TEXT_LENGTH]


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def handle_data(self, data: str) -> None:
        self.heard.append(data)


def judge(error: TelegramError) -> Delivered:
    """What an error of Telegram or of the way to it means."""
    return Delivered(
        outcome=_outcome(error), wait=_named_wait(error), why=error.message
    )


Attempt = Callable[[str, ParseMode | None], Awaitable[int]]


async def _best(attempt: Attempt, page: Page) -> Delivered:
    first = await _tried(attempt, page.text, ParseMode.HTML)
    if first.outcome is not Outcome.REFUSED:
        return first
    _log.error("message refused, sending it as plain text: %s", first.why)
    return await _tried(attempt, plain(page.text), None)


async def _tried(
    attempt: Attempt, text: str, parse_mode: ParseMode | None
) -> Delivered:
    try:
        return Delivered(outcome=Outcome.DONE, message=await attempt(text, parse_mode))
    except Unreadable as answer:
        _log.warning("sent, but: %s", answer)
        return Delivered(outcome=Outcome.DONE)
    except TelegramError as error:
        return judge(error)


def _outcome(error: TelegramError) -> Outcome:
    match error:
        case RetryAfter():
            return Outcome.WAIT
        case BadRequest():
            return _refusal(error.message.lower())
        case Forbidden() | InvalidToken() | ChatMigrated():
            return Outcome.AWAY
        case NetworkError() if _without_answer(error):
            return Outcome.UNSURE
        case _:
            return Outcome.AWAY


def _without_answer(error: NetworkError) -> bool:
    """Whether it was sent and nobody answered; a 5xx is an answer."""
    cause = error.__cause__
    return isinstance(cause, httpx.HTTPError) and not isinstance(cause, _NEVER_SENT)


def _refusal(text: str) -> Outcome:
    if any(words in text for words in _GONE):
        return Outcome.GONE
    return Outcome.AWAY if any(words in text for words in _NO_CHAT) else Outcome.REFUSED


_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_GONE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
)
_NO_CHAT: Final = ("chat not found", "user is deactivated", "peer_id_invalid")


def _named_wait(error: TelegramError) -> float:
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _reply(page: Page) -> ReplyParameters | None:
    if page.reply_to is None:
        return None
    return ReplyParameters(page.reply_to, allow_sending_without_reply=True)


def waits_are_durations() -> None:
    """Have python-telegram-bot give waiting times as it will from its next version
    on, without a warning at each 429. Read from the environment, and only there."""
    os.environ["PTB_TIMEDELTA"] = "true"
