"""One stock that the owner names: which it is, its quote, its candles. Looks only."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from core.flows.research.snapshots import quotes_of
from core.model.chart import StockChart
from core.model.errors import BrokerError, BrokerSilent
from core.model.fills import Trade
from core.model.market import ConId, FoundStock, Instrument, Quote, ib_symbol
from core.model.money import DOLLARS
from core.model.portfolio import Position
from core.ports.account import TradeReader
from core.ports.market import BarSource, Calendar, Clock, QuoteSource, SymbolSearch
from core.ports.orders import CountedOrders
from core.ports.proposals import LatestPicks
from core.ports.settings import InstructionReader
from core.rules.figures.candles import (
    first_before,
    minutes_at,
    of_session,
    trades_in,
    vwap,
)
from core.rules.figures.day_profit import trades_of
from core.rules.new_york import day_of
from core.rules.sessions import latest_session


_log: Final = logging.getLogger(__name__)


class StockData(SymbolSearch, QuoteSource, BarSource, Protocol):
    """What one stock is looked up by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocks:
    """Looks single stocks up."""

    market: StockData
    broker: TradeReader
    proposals: LatestPicks
    orders: CountedOrders
    calendar: Calendar
    clock: Clock
    instructions: InstructionReader
    _companies: dict[ConId, str] = field(default_factory=dict)
    _currencies: dict[ConId, str] = field(default_factory=dict)

    async def named(self, text: str) -> tuple[FoundStock, ...]:
        """The stocks that *text* names: one, several that share the name, or those that
        may have been meant; empty when there is none. The listing in dollars is meant,
        unless another one is held; where there is none, those in other currencies are.

        What is held alone under its name, or stands on the newest card, needs no
        question to IB.

        Raises:
            BrokerAway, BrokerSilent, BrokerSaidNo: IB could not be asked.
        """
        symbol = ib_symbol(text)
        known = self._known_as(symbol)
        held_abroad = {e.con_id for e in known if e.currency != DOLLARS}
        if known and not held_abroad:
            return (FoundStock(instrument=known[0], listed_on=known[0].exchange),)
        found = await self._matching(symbol)
        dollars = [each for each in found if each.instrument.currency == DOLLARS]
        exact = [each for each in found if each.instrument.is_named(symbol)]
        meant = [
            each
            for each in exact
            if each in dollars or each.instrument.con_id in held_abroad
        ]
        return tuple(meant or exact or dollars)

    async def numbered(self, con_id: ConId, symbol: str) -> Instrument:
        """The stock with that number, which IB called *symbol*; in dollars where IB does
        not know it by that name any more.

        Raises:
            BrokerAway, BrokerSilent, BrokerSaidNo: IB could not be asked.
        """
        known = [each for each in self._known() if each.con_id == con_id]
        if not known and con_id not in self._currencies:
            await self._matching(symbol)
        currency = self._currencies.get(con_id, DOLLARS)
        found = Instrument(con_id=con_id, symbol=symbol, currency=currency)
        return known[0] if known else found

    def _known_as(self, symbol: str) -> list[Instrument]:
        return [each for each in self._known() if each.is_named(symbol)]

    async def company(self, instrument: Instrument) -> str:
        """The company's name as IB writes it, which the scanner's rows lack; asked for
        until it has come once in a run. Empty if none came, whatever the reason."""
        if instrument.con_id not in self._companies:
            try:
                await self._matching(instrument.symbol)
            except BrokerError as problem:
                _log.info("no name of %s: %s", instrument.symbol, problem)
        return self._companies.get(instrument.con_id, "")

    async def _matching(self, symbol: str) -> tuple[FoundStock, ...]:
        found = await self.market.matching(
            symbol, within=self.instructions.read().timeouts.quotes
        )
        named = {each.instrument.con_id: each.company for each in found}
        self._companies.update(named)
        self._currencies.update(
            {each.instrument.con_id: each.instrument.currency for each in found}
        )
        return found

    def _known(self) -> Iterator[Instrument]:
        card = self.proposals.latest(before=None)
        yield from (row.instrument for row in (card.ranking.rows if card else ()))
        yield from (held.instrument for held in self.broker.positions() or ())

    async def quote(self, instrument: Instrument) -> Quote | None:
        """What is quoted now; None when nothing came in time, or without a line."""
        quotes = await quotes_of(
            self.market, [instrument], within=self.instructions.read().timeouts.quotes
        )
        return quotes.get(instrument.con_id)

    def held(self, instrument: Instrument) -> Position | None:
        """What the account holds of it; None if IB lists nothing, or has not listed it yet."""
        held = self.broker.positions() or ()
        found = (p for p in held if p.instrument.con_id == instrument.con_id)
        return next(found, None)

    async def chart(self, instrument: Instrument) -> StockChart | None:
        """The session of today, or the last one, in candles; None where the calendar
        does not say which that is.

        Raises:
            BrokerAway, BrokerSilent, BrokerSaidNo: there are no candles, and why.
        """
        now = self.clock.now()
        session = latest_session(self.calendar.sessions(), now)
        if session is None:
            return None
        minutes = minutes_at(session, now)
        candles = await self.market.candles(
            instrument, minutes=minutes, within=self.instructions.read().timeouts.quotes
        )
        today, before = of_session(candles, session), first_before(candles, session)
        trades = await self._trades(instrument)
        return StockChart(
            instrument=instrument,
            mode=self.instructions.read().limits.mode,
            at=self.clock.now(),
            session_day=session.day,
            prior_day=day_of(before.at) if before else None,
            minutes=minutes,
            candles=today,
            vwap=tuple(vwap(today)),
            prior_open=before.open if before else None,
            quote=await self.quote(instrument),
            trades=trades_in(trades, session, instrument.con_id),
        )

    async def _trades(self, instrument: Instrument) -> Sequence[Trade]:
        """The trades of the account in a stock: those that IB lists, and ours from the
        journal."""
        try:
            listed = await self.broker.trades()
        except BrokerSilent:
            listed = ()
        account = self.instructions.read().limits.account
        ours = self.orders.of_stock(instrument.con_id)
        return trades_of((one for one in ours if one.account == account), listed)
