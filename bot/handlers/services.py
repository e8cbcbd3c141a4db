"""What handlers are given: the services, the received update, and the ways to answer
it.
"""

import asyncio
import logging
from asyncio import Lock
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError

from bot.handlers.questions import Question, Questions
from bot.handlers.vocabulary import straight
from bot.health.readings import HealthReadings
from bot.outgoing.bell import Bell
from bot.outgoing.chat import OwnersChat, always
from bot.outgoing.delivery import Delivered, Delivery, judge
from bot.outgoing.page import Page
from bot.outgoing.reply_keyboard import ReplyKeyboard
from bot.people import People
from bot.views import trouble, words
from bot.waits import Waits
from core.engine import Engine
from core.model.proposal import Shown
from core.ports.journal import Records, Results
from core.ports.market import Clock
from core.queries.chat import Queries


_log: Final = logging.getLogger(__name__)

TOAST: Final = 200
"""Telegram shows at most so many letters in the answer to a tap."""

REFUSALS: Final = 3
REFUSED_PAUSE: Final = 5.0
"""How often an answer is tried that Telegram refuses, and seconds between two tries."""

TOAST_TRIES: Final = 3
TOASTS_APART: Final = 1.0
"""How often the answer to a tap is tried, and seconds between two tries; Telegram takes it
within some fifteen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What handlers use: the engine, the people and their chats, the queries and
    records, the clock, and what reports on the process.

    ``original`` maps a message to the one that the journal has for its card (another
    chat has a copy). ``awaited`` shows in a person's chat that he waits for *key* while
    the block is open. ``keyboard_of`` is the state of his reply keyboard.
    ``told_later`` has held messages looked at again; ``show_menu`` sets a person's
    menu. ``greet`` asks the gateway what ``health`` cannot know without. ``sockets``
    counts the connections to Telegram. ``bell_of`` is what rings in a chat. ``waits`` knows
    how late updates were received.
    ``drawing`` is held while a picture is made, ``exporting``
    while the records are exported.
    """

    engine: Engine
    people: People
    chat_of: Callable[[int], OwnersChat]
    original: Callable[[Shown], Shown]
    queries: Queries
    records: Records
    results: Results
    clock: Clock
    sockets: Callable[[], int]
    health: Callable[[], HealthReadings]
    greet: Callable[[], Awaitable[None]]
    bell_of: Callable[[int], Bell]
    told_later: Callable[[], None]
    awaited: Callable[[int, str], AbstractContextManager[None]]
    keyboard_of: Callable[[int], ReplyKeyboard]
    show_menu: Callable[[int], Awaitable[None]]
    questions: Questions = field(default_factory=Questions)
    waits: Waits = field(default_factory=Waits)
    drawing: Lock = field(default_factory=Lock)
    exporting: Lock = field(default_factory=Lock)

    def waited(self, update: Update) -> timedelta:
        """The longest time for which *update* may have waited before it was received."""
        return self.waits.of(update, now=self.clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Sends the answers to the update *number* of its *sender*. Each answer has a key
    of its own, so an update that is handled again after a stop is not answered twice. A
    viewer (``acts`` is false) gets no buttons.
    """

    number: int
    sender: int
    chat: OwnersChat
    acts: bool = True
    _given: Counter[int] = field(default_factory=Counter)

    async def deliver(self, page: Page) -> None:
        """Post *page*; returns once it is delivered. What Telegram refuses is tried
        again after a while; in the end a message says so.
        """
        for _ in range(REFUSALS):
            delivered = await self.post(page)
            if delivered.outcome is not Delivery.REFUSED:
                return
            _log.error("answer refused: %s", delivered.why)
            await asyncio.sleep(REFUSED_PAUSE)
        await self.post(Page(text=trouble.ANSWER_REFUSED))

    async def post(self, page: Page) -> Delivered:
        """Post *page* once; returns what became of it."""
        if not self.acts:
            page = replace(page, keyboard=None, follows=None, over=None)
        self._given[self.number] += 1
        key = f"answer:{self.number}:{self._given[self.number]}"
        return await self.chat.post(key, always(page))


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A received command: its update, message and sender, where its answers go, and its
    arguments.
    """

    number: int
    message: Message
    by: str
    answers: Answers
    arguments: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text of the message, or the caption of its picture or file, with digits
        of any script as 0 to 9.
        """
        return _text(self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """A received tap of a button: its update, callback query and sender, the number of
    the message it was on, where its answers go, and the longest time for which it may
    have waited.
    """

    number: int
    query: CallbackQuery
    by: str
    on: int
    answers: Answers
    waited: timedelta

    @property
    def drawn(self) -> datetime:
        """When (UTC, Telegram's clock) the message got its present text; long ago where
        Telegram no longer says.
        """
        message = self.query.message
        assert message
        edited = message.edit_date if isinstance(message, Message) else None
        return edited or message.date


def received_message(update: Update, services: Services) -> Received:
    """The message of *update* as a command, with the words after the first as its
    arguments. Its chat is told that it arrived."""
    assert update.message
    assert update.effective_user
    answers = _answers(update, services)
    answers.chat.arrived(update.message.message_id)
    return Received(
        number=update.update_id,
        message=update.message,
        by=update.effective_user.full_name,
        answers=answers,
        arguments=tuple(_text(update.message).split()[1:]),
    )


def _text(message: Message) -> str:
    return straight(message.text or message.caption)


def tapped(update: Update, services: Services) -> Tapped:
    """The tap of *update*, on a message that the gate has let through."""
    query = update.callback_query
    assert query
    assert query.message  # the gate lets no other through
    return Tapped(
        number=update.update_id,
        query=query,
        by=query.from_user.full_name,
        on=query.message.message_id,
        waited=services.waited(update),
        answers=_answers(update, services),
    )


def _answers(update: Update, services: Services) -> Answers:
    assert update.effective_user
    sender = update.effective_user.id
    return Answers(
        number=update.update_id,
        sender=sender,
        chat=services.chat_of(sender),
        acts=services.people.may_act(sender),
    )


async def reply(received: Received, page: Page) -> None:
    """Answer a command with a message of its own."""
    await received.answers.deliver(page)


async def ask(
    received: Received, services: Services, question: Question, page: Page
) -> None:
    """Answer a command with *page*, which asks: the next message may answer it, and an
    earlier question for a setting's value is closed.
    """
    services.engine.settings.await_nothing(received.answers.sender)
    services.questions.put(received.message.chat.id, question, services.clock.now())
    await reply(received, page)


async def follow(tapped: Tapped, page: Page) -> None:
    """Answer a tap with a new message under the one that was tapped."""
    await tapped.answers.deliver(page)


async def redraw(tapped: Tapped, page: Page) -> None:
    """Change the text of the tapped message; post a new one if it is gone."""
    delivered = await tapped.answers.chat.edit(tapped.on, always(page))
    if delivered.outcome is Delivery.GONE:
        await tapped.answers.deliver(page)


async def toast(tapped: Tapped, text: str = "") -> None:
    """Answer the callback query once, where the chat shows the same anyway, so a late
    or failed answer does not matter.
    """
    tapped.answers.chat.sync()
    try:
        await tapped.query.answer(text[:TOAST] or None)
    except TelegramError as error:
        _log.info("tap not answered: %s", error)


async def answer(tapped: Tapped, text: str) -> None:
    """Answer the callback query where nothing else does: if Telegram does not take it
    in time, as a message.
    """
    tapped.answers.chat.sync()
    for _ in range(TOAST_TRIES):
        try:
            await tapped.query.answer(text[:TOAST])
        except TelegramError as error:
            if judge(error).outcome is Delivery.REFUSED:
                break
            await asyncio.sleep(TOASTS_APART)
        else:
            return
    page = Page(text=words.safe(text), silent=True, reply_to=tapped.on)
    await tapped.answers.deliver(page)
