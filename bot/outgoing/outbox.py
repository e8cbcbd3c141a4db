"""Sends news from the journal to the owner's chat, in order, until it is there.

One loop. News that rings is a message of its own; its placeholder was silent and is
deleted. Buttons are always added by an edit of that message, so that its id is on disk
before one can be tapped; edits can be repeated without harm.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from typing import Final

from bot.outgoing.bell import Bell, together
from bot.outgoing.chat import Draw, OwnersChat, always
from bot.outgoing.delivery import Delivered, Delivery
from bot.outgoing.noise import Treatment
from bot.outgoing.pace import ORDER_FIRST, BackOffs, EditPace
from bot.outgoing.page import Page
from bot.outgoing.pages import (
    Drawer,
    Drawing,
    closed_place,
    is_waited_for,
    placeholder,
)
from bot.outgoing.put_off import is_put_off, number_of, unless
from bot.outgoing.replaced import Replaced
from bot.views.scans import scanning
from core.loop_time import loop_time
from core.model.errors import NotifierAway
from core.model.news import News, OutboxItem
from core.model.proposal import Proposal, Shown
from core.model.status import ScanProgress
from core.ports.outbox import OutboxStore
from core.ports.proposals import CardPlaces


_log = logging.getLogger(__name__)

REFUSED_PAUSE: Final = 30.0
"""Seconds after which a refused message is tried again, while others go on."""

ABANDONED: Final = 300.0
"""Seconds after which a placeholder without a result is closed."""

PLACES_LOOK: Final = 60.0
"""Seconds between two looks for such placeholders."""


class Outbox:
    """Implements Notifier. ``run`` is its loop; nothing is sent without it."""

    def __init__(
        self,
        *,
        chat: OwnersChat,
        store: OutboxStore,
        proposals: CardPlaces,
        pages: Drawer,
        bell: Bell,
        owner: int,
    ) -> None:
        self._chat = chat
        self._store = store
        self._proposals = proposals
        self._pages = pages
        self.bell = bell
        self._owner = owner
        self._news = asyncio.Event()
        self._progress: dict[int, ScanProgress] = {}
        self._finished: set[int] = set()
        self._replaced = Replaced(chat=chat, store=store)
        self._open_since: dict[str, float] = {}
        self._looked_at = float("-inf")
        self._pace = EditPace()
        self._back_offs = BackOffs()

    # what the core asks for

    async def place(self, key: str, *, within: float | None = None) -> Shown:
        """Put a placeholder into the chat, once for *key*.

        Raises:
            NotifierAway: Telegram refused it, or it was not there *within* that many
                seconds.
        """
        if (stands := self._store.placed(key)) is not None:
            return stands
        try:
            async with asyncio.timeout(within):
                delivered = await self._chat.place(key, always(placeholder(key)))
        except TimeoutError:
            raise NotifierAway("The chat could not be reached.") from None
        if delivered.message is None:
            raise NotifierAway(delivered.why or "Telegram does not tell where it is.")
        self._open_since[key] = loop_time()
        self._news.set()
        return self._at(delivered.message)

    async def place_if_open(
        self, key: str, *, within: float | None = None
    ) -> Shown | None:
        """As ``place``, but None in a chat that is closed to the bot."""
        return await unless(self._chat.closed, self.place(key, within=within))

    def put_off(self, key: str) -> Shown:
        """A place for *key* without a message: its news is sent as a message of its own
        as soon as the chat is open again."""
        place = self._at(number_of(key))
        with self._store.transaction():
            self._store.place(key, place)
        return place

    def withdraw(self, key: str, shown: Shown) -> None:
        """Have the placeholder deleted: its result is sent as news."""
        self._progress.pop(shown.message, None)
        self._finished.add(shown.message)
        with self._store.transaction():
            self._replaced.give_up(key, shown)
        self._news.set()

    def progress(self, shown: Shown, progress: ScanProgress) -> None:
        """Remember the newest progress, unless the scan has already ended or *shown* is
        a place without a message."""
        if shown.message not in self._finished and not is_put_off(shown.message):
            self._progress[shown.message] = progress
            self._news.set()

    def wake(self) -> None:
        """There is news in the store."""
        self._news.set()

    def _at(self, message: int) -> Shown:
        return Shown(owner=self._owner, chat=self._owner, message=message)

    # the loop

    async def run(self) -> None:
        """Send the news in the store, forever."""
        await self._chat.recover()
        while True:
            self._news.clear()
            await self._send_news()
            await self._give_held()
            await self._replaced.take_away()
            await self._chat.renew_buttons()
            await self._show_progress()
            await self._chat.look_again()
            await self._close_abandoned()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._next_look()):
                    await self._news.wait()
            await asyncio.sleep(ORDER_FIRST)

    async def _send_news(self) -> None:
        for item in self._store.unsent():
            if not self._back_offs.left(item.news.key):
                await self._tell(item)

    async def _tell(self, item: OutboxItem) -> None:
        drawing = self._pages.drawing(item.news)
        if drawing is None:
            self._told(item, None)
        elif drawing.changes:
            await self._redraw(item, drawing)
        else:
            await self._announce(item)

    async def _announce(self, item: OutboxItem) -> None:
        treatment = self.bell.treatment(item.news)
        if treatment is Treatment.HOLD:
            self.bell.hold(item.news)
        elif treatment is Treatment.DROP:
            self._told(item, None)
        else:
            draw = self._first_drawer(item.news)
            self._conclude(item, await self._chat.post(item.news.key, draw))

    async def _give_held(self) -> None:
        """Send the news that was held in quiet hours, in one message."""
        if not (items := self.bell.to_give(self._store.unsent())):
            return

        def draw() -> Page | None:
            drawings = (self._pages.drawing(item.news) for item in items)
            return together([drawing.page for drawing in drawings if drawing])

        delivered = await self._chat.place(self.bell.name, draw)
        if delivered.outcome is Delivery.DONE:
            self.bell.given(items)

    def _drawer(self, news: News) -> Draw:
        """A Draw of *news* in its state at the moment of sending."""

        def draw() -> Page | None:
            drawing = self._pages.drawing(news)
            return None if drawing is None else drawing.page

        return draw

    def _first_drawer(self, news: News) -> Draw:
        """A Draw of *news* that has no message yet, which rings unless it must not."""
        draw = self._drawer(news)
        rings = self.bell.treatment(news) is Treatment.RING
        return draw if rings else _silent(draw)

    async def _redraw(self, item: OutboxItem, drawing: Drawing) -> None:
        if drawing.home is not None:
            self._progress.pop(drawing.home, None)
            self._finished.add(drawing.home)
        rung = self._store.placed(item.news.key)
        message = item.message or (None if rung else self._takes_over(drawing))
        if message is None and rung is None and drawing.closes:
            self._told(item, None)
        elif message is None:
            await self._ring(item, drawing)
        elif wait := self._pace.wait(message):
            self._back_offs.rest(item.news.key, wait)
        else:
            await self._edit(item, drawing, message)

    def _takes_over(self, drawing: Drawing) -> int | None:
        """The id of the message that it edits silently; None if it must ring."""
        home = drawing.home
        if home is None or is_put_off(home) or self._waiting_at(home) is not None:
            return None
        return home

    def _waiting_at(self, message: int) -> str | None:
        """The key of the placeholder at *message*, if its news rings."""
        places = self._store.open_places()
        there = (key for key, shown in places if shown.message == message)
        return next(filter(is_waited_for, there), None)

    async def _ring(self, item: OutboxItem, drawing: Drawing) -> None:
        """Send a message that rings, unless it was sent before a stop; its buttons
        follow once its id is in the journal."""
        draw = self._first_drawer(item.news)

        def without_buttons() -> Page | None:
            page = draw()
            return page and replace(page, keyboard=None)

        delivered = await self._chat.place(item.news.key, without_buttons)
        if delivered.message is None:
            self._conclude(item, delivered)
            return
        self._settle_in(item, drawing, delivered.message)
        await self._edit(item, drawing, delivered.message)

    def _settle_in(self, item: OutboxItem, drawing: Drawing, message: int) -> None:
        """Write the id of its message, and that its placeholder is to be deleted."""
        with self._store.transaction():
            self._store.set_message(item.news, message=message)
            if drawing.proposal_id is not None:
                self._proposals.set_shown(drawing.proposal_id, self._at(message))
            if drawing.home is not None and (key := self._waiting_at(drawing.home)):
                self._replaced.add(key, drawing.home, by=self._at(message))

    async def _edit(self, item: OutboxItem, drawing: Drawing, message: int) -> None:
        if message in self._replaced:
            delivered = Delivered(outcome=Delivery.GONE)
        else:
            delivered = await self._chat.edit(message, self._drawer(item.news))
        if delivered.outcome is Delivery.GONE:
            delivered = await self._elsewhere(item, drawing)
        self._conclude(item, delivered)

    async def _elsewhere(self, item: OutboxItem, drawing: Drawing) -> Delivered:
        """Its message is gone: send a new one, silent as the edit was. An offer moves
        there with its buttons."""
        draw = self._drawer(item.news)
        if drawing.offer is None:
            key = f"{item.news.key}:{item.edition}"
            return await self._chat.post(key, _silent(draw))
        try:
            moved = await self._move(drawing.offer)
        except NotifierAway as refused:
            return Delivered(outcome=Delivery.REFUSED, why=str(refused))
        return await self._chat.edit(moved.message, draw)

    async def _move(self, offer: Proposal) -> Shown:
        """Write the new place of *offer* first, since a tap only counts at the place
        that the journal has."""
        place = await self.place(f"moved:{offer.id}:{offer.shown.message}")
        with self._store.transaction():
            self._proposals.set_shown(offer.id, place)
        return place

    def _conclude(self, item: OutboxItem, delivered: Delivered) -> None:
        """Mark as told, or try again later: no news is ever given up."""
        if delivered.outcome is Delivery.DONE:
            self._told(item, delivered.message)
            if delivered.message is not None:
                self._pace.edited(delivered.message)
        else:
            _log.error("news=%s refused: %s", item.news.key, delivered.why)
            self._back_offs.rest(item.news.key, REFUSED_PAUSE)

    def _told(self, item: OutboxItem, message: int | None) -> None:
        with self._store.transaction():
            self._store.mark_sent(item.news, edition=item.edition, message=message)

    async def _show_progress(self) -> None:
        for message in tuple(self._progress):
            if not self._pace.wait_for_progress(message):
                page = Page(text=scanning.scanning(self._progress.pop(message)))
                self._pace.edited(message)
                await self._chat.show_progress(message, page)

    # placeholders

    async def _close_abandoned(self) -> None:
        """Close placeholders that got no result because of a stop or a refusal."""
        if loop_time() - self._looked_at < PLACES_LOOK:
            return
        self._looked_at = loop_time()
        places = dict(self._store.open_places())
        since = {key: self._open_since.get(key, loop_time()) for key in places}
        self._open_since = since
        for key, shown in places.items():
            page = closed_place(key)
            if page is not None and loop_time() - since[key] >= ABANDONED:
                await self._close(key, shown, page)

    async def _close(self, key: str, shown: Shown, page: Page) -> None:
        if not is_put_off(shown.message):
            await self._chat.edit(shown.message, always(page))
        with self._store.transaction():
            self._store.unplace(key)

    def _next_look(self) -> float | None:
        """Seconds until something is due without being woken; None if nothing is."""
        progress = [self._pace.wait_for_progress(each) for each in self._progress]
        looks = [self._back_offs.soonest(), self._chat.next_look()]
        waits = [*progress, *(each for each in looks if each is not None)]
        return min([*waits, PLACES_LOOK])


def _silent(draw: Draw) -> Draw:
    """The same, without a ring."""
    return lambda: (page := draw()) and replace(page, silent=True)
