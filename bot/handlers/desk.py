"""What every handler needs, and the few ways in which it answers."""

import logging
from asyncio import Lock
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError

from bot.health.vitals import Vitals
from bot.outgoing.delivery import Outcome, Page, edit, send
from bot.waits import Waits
from core.engine import Engine
from core.ports.journal import Records
from core.ports.market import Clock
from core.queries import Queries


_log: Final = logging.getLogger(__name__)

TOAST: Final = 200
"""Telegram shows at most so many letters in the answer to a tap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The trader's door, what may be looked at, its records, the time, how the process
    is, and how long an update had waited. ``sockets`` counts the connections to Telegram.
    ``drawing`` is held while a picture is made, ``exporting`` while the records are."""

    engine: Engine
    queries: Queries
    records: Records
    clock: Clock
    sockets: Callable[[], int]
    health: Callable[[], Vitals]
    waits: Waits = field(default_factory=Waits)
    drawing: Lock = field(default_factory=Lock)
    exporting: Lock = field(default_factory=Lock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A command of the owner: the update it came in, its message, who said it."""

    number: int
    message: Message
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """A press of a button: the update it came in, the query, who pressed it."""

    number: int
    query: CallbackQuery
    by: str


def heard(update: Update) -> Heard:
    assert update.message
    assert update.effective_user
    return Heard(
        number=update.update_id,
        message=update.message,
        by=update.effective_user.full_name,
    )


def tapped(update: Update) -> Tapped:
    assert update.callback_query
    return Tapped(
        number=update.update_id,
        query=update.callback_query,
        by=update.callback_query.from_user.full_name,
    )


async def reply(heard: Heard, page: Page) -> None:
    """Answer a command with a message of its own."""
    message = heard.message
    delivered = await send(message.get_bot(), message.chat.id, page)
    if delivered.outcome is not Outcome.DONE:
        _log.warning("answer not delivered: %s %s", delivered.outcome, delivered.why)


async def follow(tapped: Tapped, page: Page) -> None:
    """Answer a tap with a new message under the one that was tapped."""
    message = tapped.query.message
    assert message
    await send(tapped.query.get_bot(), message.chat.id, page)


async def redraw(tapped: Tapped, page: Page) -> None:
    """Make the message that was tapped say something else."""
    message = tapped.query.message
    assert message
    await edit(tapped.query.get_bot(), message.chat.id, message.message_id, page)


async def toast(tapped: Tapped, text: str = "") -> None:
    """Answer the tap itself, once. An answer that comes too late or does not arrive
    is nobody's trouble: the message tells the same."""
    try:
        await tapped.query.answer(text[:TOAST] or None)
    except TelegramError as error:
        _log.info("tap not answered: %s", error)
