"""Sends one message or edit to Telegram, and judges the outcome.

Telegram's many errors become a few outcomes. In python-telegram-bot ``BadRequest``
and ``TimedOut`` are subclasses of ``NetworkError`` (docs.python-telegram-bot.org,
telegram.error), so they are caught before it; the error's cause, httpx's own, tells
whether bytes were sent.
"""

import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

import httpx
from telegram import (
    Bot,
    InputFile,
    LinkPreviewOptions,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.bot_api.answers import UnfinishedAnswer, UnreadableAnswer
from bot.outgoing.page import Document, Page, PageForm, Picture, shapes


_log = logging.getLogger(__name__)

NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
QUICK: Final = 5.0
"""Seconds that Telegram may take to answer."""
PATIENT: Final = 20.0
"""The same for a picture, which it reads and scales first."""
VERY_PATIENT: Final = 60.0
"""The same for a file, which may be large."""


class Delivery(StrEnum):
    DONE = "done"
    GONE = "gone"  # there is no such message to edit any more
    AWAY = "away"  # nothing was delivered: try again
    CLOSED = "closed"  # the same, of this chat alone: the bot is blocked there, or not let in yet
    UNSURE = "unsure"  # no answer: it may have been delivered
    WAIT = "wait"  # told to come back later
    REFUSED = "refused"  # this text will never be taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The result: ``message`` is its id when DONE (None if the answer did not have it),
    ``wait`` the seconds that Telegram asked to wait, ``why`` its text."""

    outcome: Delivery
    message: int | None = None
    wait: float = 0.0
    why: str = ""


async def send(bot: Bot, chat: int, page: Page) -> Delivered:
    """Send *page* as a new message: as plain text if its HTML is refused, and without
    its buttons if that is refused too. What is new cannot be gone."""
    sender = _SENDERS[type(page.attached)]
    delivered = await _best(lambda shape: sender(bot, chat, page, shape), page)
    if delivered.outcome is Delivery.GONE:
        return replace(delivered, outcome=Delivery.REFUSED)
    return delivered


async def edit(bot: Bot, chat: int, message: int, page: Page) -> Delivered:
    """Edit the message to show *page*; no change is a success. Of a picture or file
    only the caption is changed."""

    async def attempt(shape: PageForm) -> int:
        try:
            await (_edit_text if page.attached is None else _edit_caption)(
                bot, chat, message, shape
            )
        except UnreadableAnswer as answer:
            _log.warning("edited, but: %s", answer)
        except BadRequest as error:
            if "message is not modified" not in error.message.lower():
                raise
        return message

    return await _best(attempt, page)


async def delete(bot: Bot, chat: int, message: int) -> Delivered:
    """Delete a message of ours. This would delete the owner's messages as well, so the
    id must be of one that was edited before."""
    try:
        await bot.delete_message(chat, message, read_timeout=QUICK)
    except TelegramError as error:
        return judge(error)
    return Delivered(outcome=Delivery.DONE, message=message)


async def _send_text(bot: Bot, chat: int, page: Page, shape: PageForm) -> int:
    message = await bot.send_message(
        chat,
        shape.text,
        parse_mode=shape.mode,
        reply_markup=shape.keyboard or page.keys,
        disable_notification=page.silent,
        link_preview_options=NO_PREVIEW,
        reply_parameters=page.reply,
        read_timeout=QUICK,
    )
    return message.message_id


async def _send_picture(bot: Bot, chat: int, page: Page, shape: PageForm) -> int:
    assert isinstance(page.attached, Picture)
    message = await bot.send_photo(
        chat,
        page.attached.data,
        caption=shape.text,
        filename="picture.png",
        parse_mode=shape.mode,
        reply_markup=shape.keyboard,
        disable_notification=page.silent,
        reply_parameters=page.reply,
        read_timeout=PATIENT,
    )
    return message.message_id


async def _send_document(bot: Bot, chat: int, page: Page, shape: PageForm) -> int:
    assert isinstance(page.attached, Document)
    page.attached.file.seek(0)
    message = await bot.send_document(
        chat,
        InputFile(
            page.attached.file, filename=page.attached.name, read_file_handle=False
        ),
        caption=shape.text,
        parse_mode=shape.mode,
        reply_markup=shape.keyboard,
        disable_notification=page.silent,
        reply_parameters=page.reply,
        read_timeout=VERY_PATIENT,
    )
    return message.message_id


_SENDERS: Final[dict[type, Callable[[Bot, int, Page, PageForm], Awaitable[int]]]] = {
    type(None): _send_text,
    Picture: _send_picture,
    Document: _send_document,
}


async def _edit_text(bot: Bot, chat: int, message: int, shape: PageForm) -> None:
    await bot.edit_message_text(
        shape.text,
        chat_id=chat,
        message_id=message,
        parse_mode=shape.mode,
        reply_markup=shape.keyboard,
        link_preview_options=NO_PREVIEW,
        read_timeout=QUICK,
    )


async def _edit_caption(bot: Bot, chat: int, message: int, shape: PageForm) -> None:
    await bot.edit_message_caption(
        chat,
        message,
        caption=shape.text,
        parse_mode=shape.mode,
        reply_markup=shape.keyboard,
        read_timeout=QUICK,
    )


def judge(error: TelegramError) -> Delivered:
    """The outcome for an error of Telegram or of the way to it."""
    return Delivered(
        outcome=_outcome(error), wait=_named_wait(error), why=error.message
    )


Attempt = Callable[[PageForm], Awaitable[int]]


async def _best(attempt: Attempt, page: Page) -> Delivered:
    """Try the shapes of *page* until one is accepted; a file that is too large is
    refused in any shape."""
    delivered = Delivered(outcome=Delivery.REFUSED)
    for shape in shapes(page):
        delivered = await _tried(attempt, shape)
        if delivered.outcome is not Delivery.REFUSED or _is_too_large(delivered.why):
            break
        _log.error("message refused: %s", delivered.why)
    return delivered


def _is_too_large(why: str) -> bool:
    return any(words in why.lower() for words in _TOO_LARGE)


async def _tried(attempt: Attempt, shape: PageForm) -> Delivered:
    try:
        return Delivered(outcome=Delivery.DONE, message=await attempt(shape))
    except UnreadableAnswer as answer:
        _log.warning("sent, but: %s", answer)
        return Delivered(outcome=Delivery.DONE)
    except TelegramError as error:
        return judge(error)


def _outcome(error: TelegramError) -> Delivery:
    match error:
        case RetryAfter():
            return Delivery.WAIT
        case BadRequest():
            return _refusal(error.message.lower())
        case Forbidden():
            return Delivery.CLOSED
        case InvalidToken() | ChatMigrated():
            return Delivery.AWAY
        case NetworkError() if _without_answer(error):
            return Delivery.UNSURE
        case _:
            return Delivery.AWAY


def _without_answer(error: NetworkError) -> bool:
    """Whether the request was sent but Telegram itself did not answer. A server on the
    way (502, 504) does not know whether it was carried out; a 500 is Telegram's own."""
    cause = error.__cause__
    if isinstance(error, UnfinishedAnswer):
        return True
    if cause is None:
        return any(words in error.message.lower() for words in _ON_THE_WAY)
    return isinstance(cause, httpx.HTTPError) and not isinstance(cause, _NEVER_SENT)


def _refusal(text: str) -> Delivery:
    if any(words in text for words in _GONE):
        return Delivery.GONE
    return (
        Delivery.CLOSED
        if any(words in text for words in _NO_CHAT)
        else Delivery.REFUSED
    )


_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_ON_THE_WAY: Final = ("bad gateway", "(504)", "no answer of the bot api's")
_GONE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
)
_TOO_LARGE: Final = ("entity too large", "file is too big")
_NO_CHAT: Final = ("chat not found", "user is deactivated", "peer_id_invalid")


def _named_wait(error: TelegramError) -> float:
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def waits_are_durations() -> None:
    """Make python-telegram-bot return waiting times as timedelta, as its next version
    will, which avoids a warning at each 429. It only reads this from the
    environment."""
    os.environ["PTB_TIMEDELTA"] = "true"
