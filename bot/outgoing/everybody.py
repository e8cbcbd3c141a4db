"""All chats: the first owner's, where results appear, and copies in the chats of the
others; the person who asked sees in his own chat that the result is on its way.

Each chat has a loop of its own, so that one that cannot be reached (Start was not
pressed yet, or the bot is blocked) does not delay the others."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bot.outgoing.chat import OwnersChat
from bot.outgoing.outbox import Outbox
from bot.outgoing.pages import Drawing, Pages
from bot.outgoing.reply_keyboard import ReplyKeyboard
from bot.people import People
from core.model.errors import NotifierAway
from core.model.identity import Rights
from core.model.news import News, PeopleChanged
from core.model.proposal import Shown
from core.model.status import ScanProgress
from core.ports.memory import ChatMemories
from core.ports.outbox import ChatOutboxes
from core.ports.proposals import CardPlaces


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Draws news for the chat of another person."""

    pages: Pages
    people: People
    number: int

    def drawing(self, news: News) -> Drawing | None:
        """As Drawer.drawing; also None for news that only owners get."""
        acts = self.people.may_act(self.number)
        if isinstance(news, PeopleChanged) and not acts:
            return None
        return self.pages.copied(news, acts=acts)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneChat:
    """One person's chat, its outbox, and its reply keyboard."""

    chat: OwnersChat
    outbox: Outbox
    keyboard: ReplyKeyboard


@dataclass(slots=True, kw_only=True)
class _Asker:
    """The chat of the person who asked, and the placeholders in both chats."""

    outbox: Outbox
    here: Shown | None = None
    there: Shown | None = None

    async def begins(self, key: str) -> None:
        """Put the placeholder of *key* into his chat. The result comes even if the chat
        refuses it, or is closed."""
        with suppress(NotifierAway):
            self.here = await self.outbox.place_if_open(key)

    def ends(self, key: str) -> None:
        if self.here is not None:
            self.outbox.withdraw(key, self.here)


class Everybody:
    """Implements Notifier: *first* is the owner's chat, the others are those of
    *people*."""

    def __init__(
        self,
        *,
        first: OneChat,
        people: People,
        pages: Pages,
        outboxes: ChatOutboxes,
        memories: ChatMemories,
        proposals: CardPlaces,
    ) -> None:
        self._first, self._people, self._pages = first, people, pages
        self._outboxes, self._memories = outboxes, memories
        self._proposals = proposals
        self._others: dict[int, OneChat] = {}
        self._askers: dict[str, _Asker] = {}
        self._news = asyncio.Event()

    # what the core asks for

    async def place(self, key: str, *, within: float | None = None) -> Shown:
        """Put a placeholder into the owner's chat and that of the person who asked.
        Raises NotifierAway."""
        asker = self._askers.get(key)
        if asker is None:
            return await self._place(key, within)
        await asker.begins(key)
        asker.there = await self._place(key, within)
        return asker.there

    async def _place(self, key: str, within: float | None) -> Shown:
        """In the owner's chat. While that is closed to the bot, and another owner's is
        not, nothing waits for it: he gets all of it when it is open again."""
        outbox = self._first.outbox
        if not self._another_acts():
            return await outbox.place(key, within=within)
        return await outbox.place_if_open(key, within=within) or outbox.put_off(key)

    def _another_acts(self) -> bool:
        """Whether another owner can be reached."""
        acting = (p.number for p in self._people.others if p.rights is Rights.OWNER)
        return any(not self.of(number).chat.closed.is_set() for number in acting)

    def progress(self, shown: Shown, progress: ScanProgress) -> None:
        """Show progress at the placeholders: in the owner's chat and that of the person
        who asked."""
        self._first.outbox.progress(shown, progress)
        for asker in self._askers.values():
            if asker.there == shown and asker.here is not None:
                asker.outbox.progress(asker.here, progress)

    def wake(self) -> None:
        """There is news for everybody. A removed person's loop is not woken: what he
        was told has been forgotten, so that everything would count as new."""
        self._first.outbox.wake()
        for number, each in self._others.items():
            if self._people.rights_of(number) is not None:
                each.outbox.wake()
        self._news.set()

    @contextmanager
    def awaited(self, asker: int, key: str) -> Iterator[None]:
        """While the request *key* of *asker* is being answered, his own chat says so;
        the result comes there as news. The first owner's chat shows it anyway."""
        if asker == self._people.owner:
            yield
            return
        self._askers[key] = _Asker(outbox=self.of(asker).outbox)
        try:
            yield
        finally:
            self._askers.pop(key).ends(key)

    # each chat

    def of(self, number: int) -> OneChat:
        """The chat of *number*, who may look at least."""
        if number == self._people.owner:
            return self._first
        if number not in self._others:
            self._others[number] = self._opened(number)
        return self._others[number]

    def _opened(self, number: int) -> OneChat:
        store = self._outboxes.of_chat(number)
        memory = self._memories.of_chat(number)
        chat = self._first.chat.beside(number, store=store, memory=memory)
        outbox = Outbox(
            chat=chat,
            store=store,
            proposals=self._proposals,
            pages=Copies(pages=self._pages, people=self._people, number=number),
            bell=self._first.outbox.bell.beside(store=store, memory=memory),
            owner=number,
        )
        keyboard = ReplyKeyboard(store=store, memory=memory)
        return OneChat(chat=chat, outbox=outbox, keyboard=keyboard)

    # the loops

    async def run(self) -> None:
        """Send news to everybody, forever; people who are removed get nothing more."""
        loops: dict[int, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._first.outbox.run(), name="outbox")
            while True:
                self._news.clear()
                wanted = {each.number for each in self._people.others}
                for number in wanted - loops.keys():
                    loops[number] = tasks.create_task(
                        self.of(number).outbox.run(), name=f"outbox of {number}"
                    )
                for number in loops.keys() - wanted:
                    loops.pop(number).cancel()
                    self._others.pop(number, None)
                await self._news.wait()
