"""From the journal to the owner's chat: in order and retried. An announcement whose
answer is lost twice may be missing, or stand twice.

One loop sends everything but placeholders, so a card's edit can never be overtaken
by an older one or by the progress before it. What has buttons is always an edit of a
placeholder, and edits may be repeated for ever.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from telegram import Bot

from bot.outgoing.delivery import Delivered, Outcome, Page, edit, send
from bot.outgoing.pace import BREATH, FIRST_PAUSE, BackOff, Pace
from bot.outgoing.pages import Drawing, Pages, placeholder
from bot.views import scanning
from core.model.errors import NotifierAway
from core.model.news import OutboxItem
from core.model.points import OUTBOX_SEND, OUTBOX_SENT, Reached, ignore
from core.model.proposal import Shown
from core.model.status import ScanProgress
from core.ports.journal import OutboxStore


_log = logging.getLogger(__name__)

REACH: Final = 12.0
"""Seconds that a placeholder is tried for."""

OVERTAKEN: Final = 1.0
"""Seconds that an edit which shows progress may take before what follows goes ahead of
it; it is then drawn again when that edit has ended."""

SENDS: Final = 2
"""How often an announcement is sent when nobody says whether it arrived."""


class Outbox:
    """Implements Notifier. ``run`` is its loop; nothing is told without it."""

    def __init__(
        self,
        *,
        bot: Bot,
        store: OutboxStore,
        pages: Pages,
        owner: int,
        reached: Reached = ignore,
    ) -> None:
        """*reached* is told each write-ahead point's name as it is passed."""
        self._bot = bot
        self._store = store
        self._pages = pages
        self._owner = owner
        self._passed = reached
        self._news = asyncio.Event()
        self._placing = asyncio.Lock()
        self._progress: dict[int, ScanProgress] = {}
        self._finished: set[int] = set()
        self._edits: dict[int, asyncio.Task[None]] = {}
        self._early: dict[int, OutboxItem] = {}
        self._pace = Pace()
        self._back_off = BackOff()

    # what the core asks for

    async def place(self, key: str) -> Shown:
        """Put a placeholder into the chat, once for *key*.

        Raises:
            NotifierAway: Telegram could not be reached within 12 s.
        """
        async with self._placing:
            stands = self._store.placed(key)
            return stands or await self._placed_now(key)

    def progress(self, shown: Shown, progress: ScanProgress) -> None:
        """Remember the newest; what came to its end shows no progress any more."""
        if shown.message not in self._finished:
            self._progress[shown.message] = progress
            self._news.set()

    def wake(self) -> None:
        """There is news in the store."""
        self._news.set()

    # the loop

    async def run(self) -> None:
        """Tell what the store wants told, for ever."""
        async with asyncio.TaskGroup() as progress:
            while True:
                self._news.clear()
                await self._tell_news()
                self._show_progress(progress)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._next_look()):
                        await self._news.wait()
                await asyncio.sleep(BREATH)

    async def _tell_news(self) -> None:
        for item in self._store.untold():
            if not self._back_off.rested(item.news.key) and not self._back_off.away:
                await self._tell(item)

    async def _tell(self, item: OutboxItem) -> None:
        drawing = self._pages.drawing(item.news)
        if drawing is None:
            self._told(item, None)
        elif drawing.home is None and drawing.place is None:
            await self._announce(item, drawing.page)
        else:
            await self._redraw(item, drawing)

    async def _announce(self, item: OutboxItem, page: Page) -> None:
        self._passed(OUTBOX_SEND)
        delivered = await send(self._bot, self._owner, page)
        self._passed(OUTBOX_SENT)
        if delivered.outcome is not Outcome.UNSURE:
            self._conclude(item, delivered)
        elif item.tries + 1 >= SENDS:
            _log.warning("news=%s may not have arrived", item.news.key)
            self._told(item, None)
        else:
            with self._store.transaction():
                self._store.tried(item.news, edition=item.edition, message=None)
            self._back_off.failed(delivered.why)

    async def _redraw(self, item: OutboxItem, drawing: Drawing) -> None:
        try:
            home = await self._home(drawing)
        except NotifierAway as away:
            self._back_off.failed(str(away))
            return
        message = item.message or home
        self._progress.pop(home, None)
        self._finished.add(home)
        in_order = await self._progress_has_ended(home)
        if not in_order and self._early.get(home) == item:
            self._back_off.rest(item.news.key, OVERTAKEN)
            return
        if wait := self._pace.wait(message):
            self._back_off.rest(item.news.key, wait)
            return
        page = drawing.page if message == home else drawing.homeless
        self._passed(OUTBOX_SEND)
        delivered = await edit(self._bot, self._owner, message, page)
        if delivered.outcome is Outcome.GONE:
            delivered = await send(self._bot, self._owner, drawing.homeless)
        self._passed(OUTBOX_SENT)
        if in_order or delivered.message != message:
            self._early.pop(home, None)
            self._conclude(item, delivered)
        else:
            self._early[home] = item
            self._back_off.rest(item.news.key, OVERTAKEN)

    async def _home(self, drawing: Drawing) -> int:
        if drawing.home is not None:
            return drawing.home
        assert drawing.place
        return (await self.place(drawing.place)).message

    def _conclude(self, item: OutboxItem, delivered: Delivered) -> None:
        match delivered.outcome:
            case Outcome.DONE:
                self._told(item, delivered.message)
                self._reached(delivered)
            case Outcome.WAIT:
                self._back_off.rest(item.news.key, delivered.wait)
            case Outcome.REFUSED:
                _log.error("news=%s refused: %s", item.news.key, delivered.why)
                self._told(item, None)
            case _:
                self._back_off.failed(delivered.why)

    def _told(self, item: OutboxItem, message: int | None) -> None:
        with self._store.transaction():
            self._store.told(item.news, edition=item.edition, message=message)

    def _reached(self, delivered: Delivered) -> None:
        self._back_off.reached()
        if delivered.message is not None:
            self._pace.edited(delivered.message)

    def _show_progress(self, tasks: asyncio.TaskGroup) -> None:
        """Start the edits whose turn it is; nothing waits for their answers here."""
        for message in tuple(self._progress):
            if self._back_off.away or self._pace.wait_for_progress(message):
                continue
            if message in self._edits:
                continue
            page = Page(text=scanning.scanning(self._progress.pop(message)))
            self._pace.edited(message)
            self._edits[message] = tasks.create_task(
                self._show(message, page), name="progress"
            )

    async def _show(self, message: int, page: Page) -> None:
        try:
            delivered = await edit(self._bot, self._owner, message, page)
        finally:
            self._edits.pop(message, None)
            self._news.set()
        if delivered.outcome is Outcome.WAIT:
            self._pace.hold(message, delivered.wait)
        elif delivered.outcome is Outcome.DONE:
            self._back_off.reached()

    async def _progress_has_ended(self, message: int) -> bool:
        """Let the edit that is under way end, so that the next one is the last; False
        when it takes too long: then nobody knows which of the two came in last."""
        if message not in self._edits:
            return True
        _, late = await asyncio.wait({self._edits[message]}, timeout=OVERTAKEN)
        return not late

    def _next_look(self) -> float | None:
        """Seconds until something can be done without being woken."""
        waits = [
            self._pace.wait_for_progress(message)
            for message in self._progress
            if message not in self._edits
        ]
        rest = self._back_off.soonest()
        return min([*waits, *([] if rest is None else [rest])], default=None)

    async def _placed_now(self, key: str) -> Shown:
        try:
            async with asyncio.timeout(REACH):
                self._passed(OUTBOX_SEND)
                message = await self._sent_at_last(placeholder(key))
                self._passed(OUTBOX_SENT)
        except TimeoutError:
            raise NotifierAway("The chat could not be reached.") from None
        shown = Shown(owner=self._owner, chat=self._owner, message=message)
        with self._store.transaction():
            self._store.place(key, shown)
        self._back_off.reached()
        self._news.set()
        return shown

    async def _sent_at_last(self, page: Page) -> int:
        while True:
            delivered = await send(self._bot, self._owner, page)
            if delivered.message is not None:
                return delivered.message
            if delivered.outcome in {Outcome.REFUSED, Outcome.DONE}:
                raise NotifierAway(delivered.why)  # it stands, and cannot be edited
            await asyncio.sleep(max(delivered.wait, FIRST_PAUSE))
