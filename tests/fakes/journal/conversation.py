"""Inbox and outbox of the journal in memory."""

from collections.abc import Iterable
from datetime import datetime

from core.model.errors import Contradiction
from core.model.news import REDRAWN, News, OutboxItem
from core.model.proposal import (
    Shown,
)
from tests.fakes.journal.tables import Copy, Ground, Role, Told


class MemoryInbox(Role):
    """Implements InboxStore."""

    def receive(
        self, updates: Iterable[tuple[int, str]], *, at: datetime
    ) -> tuple[int, ...]:
        kept = self._writing.updates
        new = {number: raw for number, raw in updates if number not in kept}
        kept.update({number: (at, raw) for number, raw in new.items()})
        return tuple(new)

    def unread(self) -> tuple[tuple[int, str], ...]:
        kept = self._reading.updates
        numbers = kept.keys() - self._reading.handled
        in_turn = sorted(numbers, key=lambda number: (kept[number][0], number))
        return tuple((number, kept[number][1]) for number in in_turn)

    def finish(self, update_id: int) -> None:
        self._writing.handled.add(update_id)

    def give_up_on(self, update_id: int, *, reason: str) -> None:
        del reason
        self._writing.handled.add(update_id)


class MemoryOutbox(Role):
    """Implements OutboxStore."""

    def notify(self, news: News) -> None:
        kept = self._writing.news
        turn = max((each.turn for each in kept.values()), default=0) + 1
        known = kept.get(news.key)
        if known is None:
            kept[news.key] = known = Told(news, turn)
        elif isinstance(news, REDRAWN):
            if known.told == known.edition:
                known.turn = turn
            known.news, known.edition = news, known.edition + 1
        else:
            return
        for chat in self._writing.chats:
            copy = self._writing.copies.setdefault((news.key, chat), Copy())
            copy.edition = known.edition

    def unsent(self) -> tuple[OutboxItem, ...]:
        waiting = (e for e in self._reading.news.values() if e.told < e.edition)
        return tuple(
            OutboxItem(
                news=each.news,
                edition=each.edition,
                message=each.message,
            )
            for each in sorted(waiting, key=lambda each: each.turn)
        )

    def news(self, key: str) -> News | None:
        kept = self._reading.news.get(key)
        return None if kept is None else kept.news

    def mark_sent(self, news: News, *, edition: int, message: int | None) -> None:
        kept = self._noted(news, message)
        kept.told = max(kept.told, edition)

    def set_message(self, news: News, *, message: int) -> None:
        self._noted(news, message)

    def _noted(self, news: News, message: int | None) -> Told:
        kept = self._writing.news.get(news.key)
        if kept is None:
            raise Contradiction(f"The news {news.key} was never to be told.")
        kept.message = kept.message if message is None else message
        return kept

    def placed(self, key: str) -> Shown | None:
        return self._reading.places.get(key)

    def place(self, key: str, shown: Shown) -> None:
        self._writing.places[key] = shown

    def unplace(self, key: str) -> None:
        self._writing.places.pop(key, None)

    def open_places(self) -> tuple[tuple[str, Shown], ...]:
        taken = {each.message for each in self._reading.news.values()}
        places = self._reading.places.items()
        free = [(key, shown) for key, shown in places if shown.message not in taken]
        return tuple(sorted(free, key=lambda each: each[1].message))

    def of_chat(self, chat: int) -> "MemoryCopies":
        return MemoryCopies(self._ground, chat)

    def begin_chat(self, chat: int) -> None:
        self._writing.chats.add(chat)

    def end_chat(self, chat: int) -> None:
        self._writing.chats.discard(chat)
        for key, there in list(self._writing.copies):
            if there == chat:
                del self._writing.copies[key, there]
        for key, shown in list(self._writing.places.items()):
            if shown.chat == chat:
                del self._writing.places[key]

    def told_at(self, shown: Shown) -> str | None:
        there = (
            key
            for (key, chat), copy in self._reading.copies.items()
            if (chat, copy.message) == (shown.chat, shown.message)
        )
        return next(there, None)


class MemoryCopies(MemoryOutbox):
    """The same news for another chat."""

    def __init__(self, ground: Ground, chat: int) -> None:
        super().__init__(ground)
        self._chat = chat

    def unsent(self) -> tuple[OutboxItem, ...]:
        news = sorted(self._reading.news.values(), key=lambda each: each.turn)
        return tuple(
            OutboxItem(
                news=each.news,
                edition=each.edition,
                message=copy.message,
            )
            for each in news
            if (copy := self._copy(each.news)) and copy.told < copy.edition
        )

    def mark_sent(self, news: News, *, edition: int, message: int | None) -> None:
        copy = self._writing.copies.get((news.key, self._chat))
        if copy is not None:
            copy.told = max(copy.told, edition)
            copy.message = copy.message if message is None else message

    def set_message(self, news: News, *, message: int) -> None:
        self.mark_sent(news, edition=0, message=message)

    def _copy(self, news: News) -> Copy | None:
        return self._reading.copies.get((news.key, self._chat))

    def placed(self, key: str) -> Shown | None:
        return super().placed(f"{self._chat}/{key}")

    def place(self, key: str, shown: Shown) -> None:
        super().place(f"{self._chat}/{key}", shown)

    def unplace(self, key: str) -> None:
        super().unplace(f"{self._chat}/{key}")

    def open_places(self) -> tuple[tuple[str, Shown], ...]:
        return ()
