"""From the journal to the owner's chat: what must be told, in order, until it stands.

One loop. What has buttons is always an edit of a placeholder, so that its number is on
disk before a button can be tapped, and edits may be repeated for ever.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from typing import Final

from bot.outgoing.chat import Draw, OwnersChat
from bot.outgoing.delivery import Delivered, Outcome
from bot.outgoing.pace import BREATH, Pace, Rests
from bot.outgoing.page import Page
from bot.outgoing.pages import Drawing, Pages, closed_place, placeholder
from bot.views.scans import scanning
from core.model.errors import NotifierAway
from core.model.news import News, OutboxItem
from core.model.proposal import Proposal, Shown
from core.model.status import ScanProgress
from core.ports.journal import OutboxStore, Proposals


_log = logging.getLogger(__name__)

REFUSED_REST: Final = 30.0
"""Seconds after which what Telegram refused is tried again, while others go on."""

ABANDONED: Final = 300.0
"""Seconds after which nothing takes the place of a placeholder any more."""

PLACES_LOOK: Final = 60.0
"""Seconds between two looks for such placeholders."""


class Outbox:
    """Implements Notifier. ``run`` is its loop; nothing is told without it."""

    def __init__(
        self,
        *,
        chat: OwnersChat,
        store: OutboxStore,
        proposals: Proposals,
        pages: Pages,
        owner: int,
    ) -> None:
        self._chat = chat
        self._store = store
        self._proposals = proposals
        self._pages = pages
        self._owner = owner
        self._news = asyncio.Event()
        self._progress: dict[int, ScanProgress] = {}
        self._finished: set[int] = set()
        self._open_since: dict[str, float] = {}
        self._looked_at = float("-inf")
        self._pace = Pace()
        self._rests = Rests()

    # what the core asks for

    async def place(self, key: str, *, within: float | None = None) -> Shown:
        """Put a placeholder into the chat, once for *key*.

        Raises:
            NotifierAway: Telegram refused it, or it did not stand *within* so many
                seconds.
        """
        if (stands := self._store.placed(key)) is not None:
            return stands
        try:
            async with asyncio.timeout(within):
                delivered = await self._chat.place(key, placeholder(key))
        except TimeoutError:
            raise NotifierAway("The chat could not be reached.") from None
        if delivered.message is None:
            raise NotifierAway(delivered.why or "Telegram does not tell where it is.")
        self._open_since[key] = _now()
        self._news.set()
        return self._at(delivered.message)

    def progress(self, shown: Shown, progress: ScanProgress) -> None:
        """Remember the newest; what came to its end shows no progress any more."""
        if shown.message not in self._finished:
            self._progress[shown.message] = progress
            self._news.set()

    def wake(self) -> None:
        """There is news in the store."""
        self._news.set()

    def _at(self, message: int) -> Shown:
        return Shown(owner=self._owner, chat=self._owner, message=message)

    # the loop

    async def run(self) -> None:
        """Tell what the store wants told, for ever."""
        await self._chat.recover()
        while True:
            self._news.clear()
            await self._tell_news()
            await self._chat.renew_buttons()
            await self._show_progress()
            await self._chat.look_again()
            await self._close_abandoned()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._next_look()):
                    await self._news.wait()
            await asyncio.sleep(BREATH)

    async def _tell_news(self) -> None:
        for item in self._store.untold():
            if not self._rests.left(item.news.key):
                await self._tell(item)

    async def _tell(self, item: OutboxItem) -> None:
        drawing = self._pages.drawing(item.news)
        if drawing is None or (drawing.closes and item.message is None):
            self._told(item, None)
        elif drawing.home is None and drawing.place is None:
            delivered = await self._chat.post(item.news.key, self._drawer(item.news))
            self._conclude(item, delivered)
        else:
            await self._redraw(item, drawing)

    def _drawer(self, news: News) -> Draw:
        """Draws it as it is at the moment when it leaves."""

        def draw() -> Page | None:
            drawing = self._pages.drawing(news)
            return None if drawing is None else drawing.page

        return draw

    async def _redraw(self, item: OutboxItem, drawing: Drawing) -> None:
        try:
            home = await self._home(drawing)
        except NotifierAway as refused:
            _log.error("no placeholder for news=%s: %s", item.news.key, refused)
            self._rests.rest(item.news.key, REFUSED_REST)
            return
        message = item.message or home
        self._progress.pop(home, None)
        self._finished.add(home)
        if wait := self._pace.wait(message):
            self._rests.rest(item.news.key, wait)
            return
        delivered = await self._chat.edit(message, self._drawer(item.news))
        if delivered.outcome is Outcome.GONE:
            delivered = await self._elsewhere(item, drawing)
        self._conclude(item, delivered)

    async def _elsewhere(self, item: OutboxItem, drawing: Drawing) -> Delivered:
        """Its message is gone: in a new one. An offer moves there with its buttons."""
        draw = self._drawer(item.news)
        if drawing.offer is None:
            return await self._chat.post(f"{item.news.key}:{item.edition}", draw)
        try:
            moved = await self._move(drawing.offer)
        except NotifierAway as refused:
            return Delivered(outcome=Outcome.REFUSED, why=str(refused))
        return await self._chat.edit(moved.message, draw)

    async def _move(self, offer: Proposal) -> Shown:
        """A tap counts only where the journal has the offer: it is written there first."""
        place = await self.place(f"moved:{offer.id}:{offer.shown.message}")
        with self._store.transaction():
            self._proposals.amend(replace(offer, shown=place))
        return place

    async def _home(self, drawing: Drawing) -> int:
        if drawing.home is not None:
            return drawing.home
        assert drawing.place
        return (await self.place(drawing.place)).message

    def _conclude(self, item: OutboxItem, delivered: Delivered) -> None:
        """Nothing that must be told is given up: what is refused is tried again."""
        if delivered.outcome is Outcome.DONE:
            self._told(item, delivered.message)
            if delivered.message is not None:
                self._pace.edited(delivered.message)
        else:
            _log.error("news=%s refused: %s", item.news.key, delivered.why)
            self._rests.rest(item.news.key, REFUSED_REST)

    def _told(self, item: OutboxItem, message: int | None) -> None:
        with self._store.transaction():
            self._store.told(item.news, edition=item.edition, message=message)

    async def _show_progress(self) -> None:
        for message in tuple(self._progress):
            if not self._pace.wait_for_progress(message):
                page = Page(text=scanning.scanning(self._progress.pop(message)))
                self._pace.edited(message)
                await self._chat.glimpse(message, page)

    # placeholders

    async def _close_abandoned(self) -> None:
        """Say of a placeholder that nothing came of it: a stop, or a refusal."""
        if _now() - self._looked_at < PLACES_LOOK:
            return
        self._looked_at = _now()
        places = dict(self._store.open_places())
        since = {key: self._open_since.get(key, _now()) for key in places}
        self._open_since = since
        for key, shown in places.items():
            page = closed_place(key)
            if page is not None and _now() - since[key] >= ABANDONED:
                await self._close(key, shown, page)

    async def _close(self, key: str, shown: Shown, page: Page) -> None:
        await self._chat.edit(shown.message, lambda: page)
        with self._store.transaction():
            self._store.unplace(key)

    def _next_look(self) -> float | None:
        """Seconds until something can be done without being woken."""
        progress = [self._pace.wait_for_progress(each) for each in self._progress]
        looks = [self._rests.soonest(), self._chat.next_look()]
        waits = [*progress, *(each for each in looks if each is not None)]
        return min([*waits, PLACES_LOOK])


def _now() -> float:
    return asyncio.get_running_loop().time()
