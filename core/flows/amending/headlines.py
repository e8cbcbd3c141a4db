"""Headlines of the last day about the newest card's five. They are requested after the
card, after everything that somebody waits for, and may be missing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from core.flows.research.together import together
from core.ledger.cards import Cards
from core.model.errors import BrokerError
from core.model.market import ConId, Headline, Instrument
from core.model.proposal import Proposal
from core.ports.market import Clock, HeadlineSource
from core.rules.ranking import with_headlines


LATELY: Final = timedelta(days=1)
"""Older headlines are not shown."""


@dataclass(slots=True, kw_only=True)
class HeadlineFinder:
    """Adds headlines to the details of a card. The five are asked about at the same time,
    for *within* seconds each."""

    news: HeadlineSource
    cards: Cards
    clock: Clock
    within: float
    _newest: Proposal | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def follow(self, proposal: Proposal) -> None:
        """Request headlines for *proposal*, whose card and table are complete."""
        self._newest = proposal
        self._changed.set()

    async def run(self) -> None:
        """Ask for one card at a time; never ends."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._newest is not None:
                await self._add(self._newest)

    async def _add(self, proposal: Proposal) -> None:
        found = await self._found(proposal)
        if found:
            ranking = with_headlines(proposal.ranking, found)
            self.cards.complete(replace(proposal, ranking=ranking))

    async def _found(self, proposal: Proposal) -> Mapping[ConId, tuple[Headline, ...]]:
        stocks = [each.instrument for each in proposal.ranking.candidates]
        told = await together("news", *(self._about(each) for each in stocks))
        pairs = zip(stocks, told, strict=True)
        return {stock.con_id: found for stock, found in pairs if found}

    async def _about(self, instrument: Instrument) -> tuple[Headline, ...]:
        """The headlines; empty if none come, since nobody waits for them."""
        try:
            found = await self.news.headlines(instrument, within=self.within)
        except BrokerError:
            return ()
        since = self.clock.now() - LATELY
        return tuple(each for each in found if each.at >= since)
