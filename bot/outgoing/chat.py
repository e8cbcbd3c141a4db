"""The owner's chat: all that is written there goes through here, one at a time.

In the order in which it was asked for, and tried until Telegram has decided. While it
asks for patience (429) or is away, the whole chat waits, so nothing overtakes.

Nobody knows whether a message whose answer was lost stands. An edit tells: of the
numbers after the newest that was known before it, only the lost one can be ours. What is
found is kept; what is not found is sent again. The send is on disk before it leaves, so
a stop in the middle is resolved in the same way after the next start. A request that
was given up may still come in late: it is looked for again, and taken away.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

from telegram import Bot

from bot.outgoing.delivery import Delivered, Outcome, delete, edit, send
from bot.outgoing.numbers import Numbers
from bot.outgoing.pace import Hold
from bot.outgoing.packing import packed, unpacked
from bot.outgoing.page import Page
from bot.outgoing.second_looks import Look, SecondLooks
from core.model.news import ChatSend
from core.model.points import OUTBOX_SEND, OUTBOX_SENT, Reached, ignore
from core.model.proposal import Shown
from core.ports.journal import OutboxStore
from core.ports.memory import ChatMemory


_log = logging.getLogger(__name__)

GLIMPSE: Final = 1.0
"""Seconds that an edit which only shows progress may take before what follows goes
ahead of it."""

_REMEMBERED: Final = 300
"""Messages whose newest words are known."""

_FOLLOWED: Final = 5
"""So many of the newest messages have their buttons redrawn when something changes."""

_DECIDED: Final = (Outcome.DONE, Outcome.GONE, Outcome.REFUSED)

Draw: TypeAlias = Callable[[], Page | None]
"""Draws a page as it is at the moment when it leaves; None when nothing is left to say."""


def always(page: Page) -> Draw:
    """What does not change until it leaves."""
    return lambda: page


NOTHING: Final = Delivered(outcome=Outcome.DONE)


class OwnersChat:
    """Posts and edits, one after the other. A post has a key, its natural identity: what
    was posted under it before a stop is found, and not posted again."""

    def __init__(
        self,
        *,
        bot: Bot,
        owner: int,
        store: OutboxStore,
        memory: ChatMemory,
        reached: Reached = ignore,
        known: Iterable[int] = (),
    ) -> None:
        """*reached* is told each write-ahead point's name as it is passed; *known* are
        the numbers of messages that went another way."""
        self._bot, self._owner = bot, owner
        self._store, self._memory = store, memory
        self._passed = reached
        self._turn = asyncio.Lock()
        self._hold = Hold()
        last = memory.chat_send()
        self._numbers = Numbers([*([last.after, last.message] if last else []), *known])
        self._stands = {} if last is None else _standing(last)
        self._looks = SecondLooks()
        self._followed: dict[int, Page] = {}

    def beside(
        self, owner: int, *, store: OutboxStore, memory: ChatMemory
    ) -> "OwnersChat":
        """The chat of somebody else with the same bot."""
        return OwnersChat(
            bot=self._bot,
            owner=owner,
            store=store,
            memory=memory,
            reached=self._passed,
        )

    @property
    def closed(self) -> asyncio.Event:
        """Set while Telegram refuses all that the bot says here: whose chat it is has
        blocked it, or has never let it in."""
        return self._hold.closed

    def heard(self, number: int) -> None:
        """The owner, or somebody else than this run, wrote the message *number*."""
        self._numbers.know(number)

    # what is asked for

    async def post(self, key: str, draw: Draw) -> Delivered:
        """A new message; what stands under *key* already is made to say it."""
        async with self._turn:
            await self._settle()
            number = self._where(key)
            if number is not None:
                delivered = await self._edit(number, draw)
                if delivered.outcome is not Outcome.GONE:
                    return delivered
            return await self._send(key, draw)

    async def place(self, key: str, draw: Draw) -> Delivered:
        """A new message that is known by its *key* for ever; what stands there is left
        as it is."""
        async with self._turn:
            await self._settle()
            number = self._where(key)
            known = Delivered(outcome=Outcome.DONE, message=number)
            delivered = await self._send(key, draw) if number is None else known
            if delivered.message is not None:
                self._place(key, delivered.message)
            return delivered

    async def edit(self, message: int, draw: Draw) -> Delivered:
        """Make a message of ours say something else; nothing leaves if it says so."""
        async with self._turn:
            return await self._edit(message, draw)

    async def take_away(self, message: int) -> Delivered:
        """Delete a message of ours. REFUSED: Telegram keeps it, or it is gone."""
        async with self._turn:
            self._stands.pop(message, None)
            self._followed.pop(message, None)
            return await self._surely(partial(delete, self._bot, self._owner, message))

    async def glimpse(self, message: int, page: Page) -> None:
        """Show progress, if nothing else is under way: it may be dropped."""
        if self._turn.locked() or self._hold.left:
            return
        async with self._turn:
            delivered = await self._glimpse(message, page)
            if delivered.outcome is Outcome.DONE:
                self._note(message, page)
            elif delivered.outcome is not Outcome.GONE:
                self._hold.not_taken(delivered)

    async def recover(self) -> None:
        """At a start: find what was under way at the end of the run before."""
        async with self._turn:
            await self._settle()

    async def look_again(self) -> None:
        """Set right what came in after it had been given up."""
        for look in self._looks.due():
            async with self._turn:
                await self._look(look)

    async def renew_buttons(self) -> None:
        """Something has changed: buttons that would not act any more go."""
        for message, page in tuple(self._followed.items()):
            assert page.follows
            await self.edit(message, always(replace(page, keyboard=page.follows())))

    def next_look(self) -> float | None:
        """Seconds until something is to be looked at again."""
        return self._looks.soonest()

    # sending

    async def _send(self, key: str, draw: Draw) -> Delivered:
        after, doubtful = self._numbers.newest, False
        while True:
            await self._hold.over()
            page = draw()
            if page is None:
                return NOTHING
            delivered = await self._once(key, after, page)
            if delivered.outcome in _DECIDED:
                break
            doubtful = doubtful or delivered.outcome is Outcome.UNSURE
            self._hold.not_taken(delivered)
        self._landed(key, after, page, delivered)
        if doubtful:
            self._looks.expect_double(after, page.light)
        return delivered

    async def _once(self, key: str, after: int | None, page: Page) -> Delivered:
        """One try; what nobody answered is looked for."""
        self._remember(ChatSend(key=key, after=after, body=packed(page)))
        self._passed(OUTBOX_SEND)
        delivered = await send(self._bot, self._owner, page)
        self._passed(OUTBOX_SENT)
        if delivered.message is None and delivered.outcome in {
            Outcome.DONE,
            Outcome.UNSURE,
        }:
            found = await self._found(after, page)
            if found is not None:
                return Delivered(outcome=Outcome.DONE, message=found)
        return delivered

    def _landed(
        self, key: str, after: int | None, page: Page, delivered: Delivered
    ) -> None:
        number = delivered.message
        if number is None:
            self._remember(None)
            return
        body = packed(page)
        self._remember(ChatSend(key=key, after=after, body=body, message=number))
        self._note(number, page)

    def _remember(self, chat_send: ChatSend | None) -> None:
        with self._store.transaction():
            self._memory.set_chat_send(chat_send)

    def _place(self, key: str, message: int) -> None:
        shown = Shown(owner=self._owner, chat=self._owner, message=message)
        with self._store.transaction():
            self._store.place(key, shown)

    def _where(self, key: str) -> int | None:
        """The message that was posted under *key* before, if it is known."""
        if (stands := self._store.placed(key)) is not None:
            return stands.message
        last = self._memory.chat_send()
        return last.message if last is not None and last.key == key else None

    async def _settle(self) -> None:
        """Resolve a send that an earlier run, or one who stopped waiting, had begun."""
        last = self._memory.chat_send()
        if last is None or last.message is not None:
            return
        page = unpacked(last.body)
        found = await self._found(last.after, page)
        self._remember(None if found is None else replace(last, message=found))
        if found is not None:
            self._place(last.key, found)
        else:
            self._looks.expect_double(last.after, page)

    async def _found(self, after: int | None, page: Page) -> int | None:
        """Which of the unknown numbers after *after* is a message of ours; from now on
        it says *page*."""
        for number in self._numbers.unknown_after(after):
            delivered = await self._surely(
                partial(edit, self._bot, self._owner, number, page)
            )
            if delivered.outcome is Outcome.DONE:
                self._note(number, page)
                return number
        return None

    # editing

    async def _edit(self, message: int, draw: Draw) -> Delivered:
        unsure = False
        while True:
            await self._hold.over()
            page = draw()
            if page is None:
                return NOTHING
            if page.says_the_same(self._stands.get(message)):
                return Delivered(outcome=Outcome.DONE, message=message)
            self._stands.pop(message, None)
            self._passed(OUTBOX_SEND)
            delivered = await edit(self._bot, self._owner, message, page)
            self._passed(OUTBOX_SENT)
            if delivered.outcome in _DECIDED:
                break
            unsure = unsure or delivered.outcome is Outcome.UNSURE
            self._hold.not_taken(delivered)
        if delivered.outcome is Outcome.DONE:
            self._note(message, page)
        else:
            self._followed.pop(message, None)
        if unsure:
            self._looks.expect_change(message)
        return delivered

    async def _glimpse(self, message: int, page: Page) -> Delivered:
        self._stands.pop(message, None)
        try:
            async with asyncio.timeout(GLIMPSE):
                return await edit(self._bot, self._owner, message, page)
        except TimeoutError:
            self._looks.expect_change(message)
            return Delivered(outcome=Outcome.GONE)

    # what both need

    async def _surely(self, attempt: Callable[[], Awaitable[Delivered]]) -> Delivered:
        while True:
            await self._hold.over()
            delivered = await attempt()
            if delivered.outcome in _DECIDED:
                self._hold.reached()
                return delivered
            self._hold.not_taken(delivered)

    def _note(self, message: int, page: Page) -> None:
        """Telegram has acknowledged it."""
        self._hold.reached()
        self._numbers.know(message)
        _remember(self._stands, message, page.light, most=_REMEMBERED)
        self._followed.pop(message, None)
        if page.follows is not None:
            _remember(self._followed, message, page, most=_FOLLOWED)

    # what may come in late

    async def _look(self, look: Look) -> None:
        if look.number is not None:
            page = self._stands.pop(look.number, None)
            if page is not None:
                await self._edit(look.number, lambda: page)
        elif look.page is not None:
            await self._take_away(look.after, look.page)

    async def _take_away(self, after: int | None, page: Page) -> None:
        while (double := await self._found(after, page)) is not None:
            _log.warning("message %s came in late: taken away", double)
            await self._surely(partial(delete, self._bot, self._owner, double))
            self._stands.pop(double, None)


def _standing(last: ChatSend) -> dict[int, Page]:
    """What an earlier run posted last, as far as that was acknowledged."""
    return {} if last.message is None else {last.message: unpacked(last.body)}


def _remember(pages: dict[int, Page], message: int, page: Page, *, most: int) -> None:
    """Keep it as the newest of at most so many."""
    pages.pop(message, None)
    pages[message] = page
    if len(pages) > most:
        pages.pop(next(iter(pages)))
