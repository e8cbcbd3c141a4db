"""A heartbeat of market data: SPY is requested if no price has come for a while.

Quotes can stop without any message (a competing session, lost lines), and while no
offer is open no quote is running that could show it. An order never relies on this: the
quote of its own stock is requested again."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from core.flows.research.snapshots import SPY, quotes_of
from core.model.evidence import LineState
from core.model.market import Quote
from core.model.status import MarketPhase, Supply
from core.ports.account import SupplyReader
from core.ports.market import Calendar, Clock, QuoteSource
from core.rules.sessions import market_state


BEAT: Final = 30.0
"""Seconds without any price after which SPY is requested; and between two looks while
the market is not open."""

AGAIN: Final = 5.0
"""Seconds between two looks while the market is open, and so between two requests while
no data comes: a competing session ends, or a subscription begins, without any message."""

WITHIN: Final = 2.0
"""Seconds to wait for an answer."""

ASKED: Final = 2
"""This many requests in a row without a price mean that no data comes."""

_SILENT: Final = "SPY was asked for, and no price came"


@dataclass(slots=True, kw_only=True)
class DataHeartbeat:
    """Requests a quote of SPY in an open market if no price has come for a while, or while
    it is known that no data comes."""

    market: QuoteSource
    broker: SupplyReader
    calendar: Calendar
    clock: Clock
    _silent_since: datetime | None = None

    async def run(self) -> None:
        """Look every so often; never ends."""
        while True:
            await asyncio.sleep(AGAIN if self._is_open() else BEAT)
            await self.look()

    async def look(self) -> None:
        """Request a quote if it is time. Returns within ASKED times WITHIN seconds."""
        for _ in range(ASKED):
            if not self._is_due():
                return
            quotes = await quotes_of(self.market, [SPY], within=WITHIN)
            if _has_price(quotes.get(SPY.con_id)):
                self._silent_since = None
                return
        if self._is_due():
            self._silent_since = self.clock.now()

    def supply(self) -> Supply:
        """The supply, including whether SPY's silence shows that no data comes."""
        supply = self.broker.supply()
        if self._silent_since is None or supply.no_data is not None:
            return supply
        if supply.received_at is not None and supply.received_at > self._silent_since:
            return supply
        return replace(supply, no_data=_SILENT)

    def _is_due(self) -> bool:
        now, received_at = self.clock.now(), self.broker.supply().received_at
        is_old = received_at is None or abs(now - received_at) > timedelta(seconds=BEAT)
        if self.broker.line().state is not LineState.UP:
            return False
        return (is_old or self.supply().no_data is not None) and self._is_open()

    def _is_open(self) -> bool:
        state = market_state(self.calendar.sessions(), self.clock.now())
        return state.phase is MarketPhase.OPEN


def _has_price(quote: Quote | None) -> bool:
    return quote is not None and (quote.last is not None or quote.ask is not None)
