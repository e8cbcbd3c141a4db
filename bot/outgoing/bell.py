"""Decides what rings now and what is held for later; held news is on disk."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from bot.outgoing.noise import Noise, Treatment
from bot.outgoing.page import Page
from bot.views import noise as view
from core.model.news import News, OutboxItem
from core.ports.market import Clock
from core.ports.memory import HeldNews
from core.ports.outbox import SentMarks


_SHORT: Final = 16
"""Characters of the digest that identifies a set of news."""


class Bell:
    """Consulted before each new message. *noise* returns the owner's current
    settings."""

    def __init__(
        self,
        *,
        noise: Callable[[], Noise],
        store: SentMarks,
        memory: HeldNews,
        clock: Clock,
    ) -> None:
        self._noise, self._clock = noise, clock
        self._store, self._memory = store, memory

    def beside(self, *, store: SentMarks, memory: HeldNews) -> "Bell":
        """A Bell with the same settings for another chat, which has its own mute."""
        return Bell(noise=self._noise, store=store, memory=memory, clock=self._clock)

    @property
    def noise(self) -> Noise:
        return self._noise()

    @property
    def muted_until(self) -> datetime | None:
        """Until when (UTC) the chat is muted; None if it is not."""
        until = self._memory.muted_until()
        return until if until is not None and self._clock.now() < until else None

    @property
    def is_quiet(self) -> bool:
        return self.noise.is_quiet(self._clock.now(), muted_until=self.muted_until)

    def mute(self, until: datetime | None) -> None:
        """Mute everything that can wait *until* then (UTC); None ends it."""
        with self._store.transaction():
            self._memory.set_muted_until(until)

    def treatment(self, news: News) -> Treatment:
        """How to treat *news* now. News that was held is sent with the rest of it."""
        if news.key in {*self._memory.held(), *self._memory.giving()}:
            return Treatment.HOLD
        now = self._clock.now()
        return self.noise.treatment(news, now, muted_until=self.muted_until)

    def hold(self, news: News) -> None:
        """Keep *news* for the one message that gives all held news; once."""
        held = self._memory.held()
        if news.key not in {*held, *self._memory.giving()}:
            with self._store.transaction():
                self._memory.set_held((*held, news.key))

    def to_give(self, unsent: Iterable[OutboxItem]) -> tuple[OutboxItem, ...]:
        """The held news that one message should give now; first what an earlier run had
        begun to give."""
        if not self._memory.giving() and self._memory.held() and not self.is_quiet:
            with self._store.transaction():
                self._memory.set_giving(self._memory.held())
                self._memory.set_held(())
        keys = self._memory.giving()
        return tuple(each for each in unsent if each.news.key in keys)

    @property
    def name(self) -> str:
        """The key of the message that gives the held news."""
        keys = "\n".join(self._memory.giving())
        return f"given:{sha256(keys.encode()).hexdigest()[:_SHORT]}"

    def given(self, items: Sequence[OutboxItem]) -> None:
        """Mark *items* as told: their message is in the chat."""
        with self._store.transaction():
            for item in items:
                self._store.mark_sent(item.news, edition=item.edition, message=None)
            self._memory.set_giving(())


def together(pages: Sequence[Page]) -> Page | None:
    """Several pages as one message; None if there are none."""
    if not pages:
        return None
    return Page(text=view.held([page.text for page in pages]))
