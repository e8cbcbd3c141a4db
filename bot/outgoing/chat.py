"""The owner's chat: everything written there goes through here, one message at a time.

Messages are sent in the order of the requests, and tried until Telegram accepts or
refuses them. While Telegram asks to wait (429) or is down, the whole chat waits, so
that nothing overtakes.

If the answer to a send is lost, an edit shows whether the message exists: among the ids
after the newest known before it, only the lost message can be ours. If it is found it
is kept, else it is sent again. The send is on disk before it leaves, so a stop in
between is resolved in the same way after the next start. A request that was given up
may still arrive late: it is looked for again later, and its message deleted."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

from telegram import Bot

from bot.outgoing.delivery import Delivered, Delivery, delete, edit, send
from bot.outgoing.numbers import Numbers
from bot.outgoing.pace import Hold
from bot.outgoing.packing import packed, unpacked
from bot.outgoing.page import Page
from bot.outgoing.second_looks import SecondLook, SecondLooks
from core.model.news import ChatSend
from core.model.points import OUTBOX_SEND, OUTBOX_SENT, Reached, ignore
from core.model.proposal import Shown
from core.ports.memory import LastSend
from core.ports.outbox import Places


_log = logging.getLogger(__name__)

PROGRESS_EVERY: Final = 1.0
"""Seconds that an edit of progress may take before other messages go ahead of it."""

_REMEMBERED: Final = 300
"""How many messages are remembered with their latest content."""

_FOLLOWED: Final = 5
"""How many of the newest messages get new buttons when something changes."""

_DECIDED: Final = (Delivery.DONE, Delivery.GONE, Delivery.REFUSED)

Draw: TypeAlias = Callable[[], Page | None]
"""Draws a page at the moment it is sent; None if there is nothing left to say."""


def always(page: Page) -> Draw:
    """A Draw for a page that does not change until it is sent."""
    return lambda: page


NOTHING: Final = Delivered(outcome=Delivery.DONE)


class OwnersChat:
    """Posts and edits, one after the other. A post has a key: if something was posted
    under it before a stop, that is found and not posted again."""

    def __init__(
        self,
        *,
        bot: Bot,
        owner: int,
        store: Places,
        memory: LastSend,
        reached: Reached = ignore,
        known: Iterable[int] = (),
    ) -> None:
        """*reached* is called with each write-ahead point as it is passed; *known* are
        the ids of messages that were sent in another way."""
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

    def beside(self, owner: int, *, store: Places, memory: LastSend) -> "OwnersChat":
        """The chat of somebody else with the same bot."""
        passed = self._passed
        return OwnersChat(
            bot=self._bot, owner=owner, store=store, memory=memory, reached=passed
        )

    @property
    def closed(self) -> asyncio.Event:
        """Set while whose chat it is has the bot blocked, or has never let it in."""
        return self._hold.closed

    def sync(self) -> None:
        """Sync the journal: what is said now no power failure undoes."""
        self._store.sync()

    def arrived(self, number: int) -> None:
        """The message *number* was written by the owner or by another run."""
        self._numbers.know(number)
        self._hold.opened()

    # what is asked for

    async def post(self, key: str, draw: Draw) -> Delivered:
        """Send a new message; one already posted under *key* is edited instead."""
        async with self._turn:
            await self._settle()
            number = self._where(key)
            if number is not None:
                delivered = await self._edit(number, draw)
                if delivered.outcome is not Delivery.GONE:
                    return delivered
            return await self._send(key, draw)

    async def place(self, key: str, draw: Draw) -> Delivered:
        """Send a new message that is permanently known by *key*; an existing one is
        left as it is."""
        async with self._turn:
            await self._settle()
            number = self._where(key)
            known = Delivered(outcome=Delivery.DONE, message=number)
            delivered = await self._send(key, draw) if number is None else known
            if delivered.message is not None:
                self._place(key, delivered.message)
            return delivered

    async def edit(self, message: int, draw: Draw) -> Delivered:
        """Edit a message of ours; nothing is sent if it already says the same."""
        async with self._turn:
            return await self._edit(message, draw)

    async def take_away(self, message: int) -> Delivered:
        """Delete a message of ours. REFUSED if Telegram keeps it, or it is gone."""
        async with self._turn:
            self._stands.pop(message, None)
            self._followed.pop(message, None)
            return await self._surely(partial(delete, self._bot, self._owner, message))

    async def show_progress(self, message: int, page: Page) -> None:
        """Show progress if nothing else is being sent; it may be dropped, and is if the
        message stands like that already."""
        if self._turn.locked() or self._hold.left:
            return
        if page.says_the_same(self._stands.get(message)):
            return
        async with self._turn:
            delivered = await self._show_progress(message, page)
            if delivered.outcome is Delivery.DONE:
                self._note(message, page)
            elif delivered.outcome is not Delivery.GONE:
                self._hold.not_taken(delivered)

    async def recover(self) -> None:
        """At a start, find the message that the previous run was sending at its end."""
        async with self._turn:
            await self._settle()

    async def look_again(self) -> None:
        """Correct the effects of requests that arrived after they were given up."""
        for look in self._looks.due():
            async with self._turn:
                await self._look(look)

    async def renew_buttons(self) -> None:
        """Remove buttons that would no longer act, because something has changed."""
        for message, page in tuple(self._followed.items()):
            await self.edit(message, always(page.followed()))

    def next_look(self) -> float | None:
        """Seconds until the next ``look_again`` is due; None if none is."""
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
            doubtful = doubtful or delivered.outcome is Delivery.UNSURE
            self._hold.not_taken(delivered)
        self._delivered(key, after, page, delivered)
        if doubtful:
            self._looks.expect_double(after, page.light)
        return delivered

    async def _once(self, key: str, after: int | None, page: Page) -> Delivered:
        """One attempt; a message without an answer is looked for."""
        self._remember(ChatSend(key=key, after=after, body=packed(page)))
        self._passed(OUTBOX_SEND)
        delivered = await send(self._bot, self._owner, page)
        self._passed(OUTBOX_SENT)
        if delivered.message is None and delivered.outcome in {
            Delivery.DONE,
            Delivery.UNSURE,
        }:
            found = await self._found(after, page)
            if found is not None:
                return Delivered(outcome=Delivery.DONE, message=found)
        return delivered

    def _delivered(
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
        """The id of the message posted under *key*, if known."""
        if (stands := self._store.placed(key)) is not None:
            return stands.message
        last = self._memory.chat_send()
        return last.message if last is not None and last.key == key else None

    async def _settle(self) -> None:
        """Resolve a send begun by an earlier run, or by a caller that stopped
        waiting."""
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
        """The id among the unknown ones after *after* that is our message, which now
        shows *page*; None if none is."""
        for number in self._numbers.unknown_after(after):
            delivered = await self._surely(
                partial(edit, self._bot, self._owner, number, page)
            )
            if delivered.outcome is Delivery.DONE:
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
                return Delivered(outcome=Delivery.DONE, message=message)
            self._stands.pop(message, None)
            self.sync()
            self._passed(OUTBOX_SEND)
            delivered = await edit(self._bot, self._owner, message, page)
            self._passed(OUTBOX_SENT)
            if delivered.outcome in _DECIDED:
                break
            unsure = unsure or delivered.outcome is Delivery.UNSURE
            self._hold.not_taken(delivered)
        if delivered.outcome is Delivery.DONE:
            self._note(message, page)
        else:
            self._followed.pop(message, None)
        if unsure:
            self._looks.expect_change(message)
        return delivered

    async def _show_progress(self, message: int, page: Page) -> Delivered:
        self._stands.pop(message, None)
        try:
            async with asyncio.timeout(PROGRESS_EVERY):
                return await edit(self._bot, self._owner, message, page)
        except TimeoutError:
            self._looks.expect_change(message)
            return Delivered(outcome=Delivery.GONE)

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
        """Remember *page* as acknowledged by Telegram."""
        self._hold.reached()
        self._numbers.know(message)
        _remember(self._stands, message, page.light, most=_REMEMBERED)
        self._followed.pop(message, None)
        if page.follows is not None:
            _remember(self._followed, message, page, most=_FOLLOWED)

    # what may come in late

    async def _look(self, look: SecondLook) -> None:
        if look.number is not None:
            page = self._stands.pop(look.number, None)
            if page is not None:
                await self._edit(look.number, always(page))
        elif look.page is not None:
            await self._take_away(look.after, look.page)

    async def _take_away(self, after: int | None, page: Page) -> None:
        while (double := await self._found(after, page)) is not None:
            _log.warning("message %s came in late: taken away", double)
            await self._surely(partial(delete, self._bot, self._owner, double))
            self._stands.pop(double, None)


def _standing(last: ChatSend) -> dict[int, Page]:
    """The last message of an earlier run, if it was acknowledged."""
    return {} if last.message is None else {last.message: unpacked(last.body)}


def _remember(pages: dict[int, Page], message: int, page: Page, *, most: int) -> None:
    """Keep *page* as the newest of at most *most*."""
    pages.pop(message, None)
    pages[message] = page
    if len(pages) > most:
        pages.pop(next(iter(pages)))
