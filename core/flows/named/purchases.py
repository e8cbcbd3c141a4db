"""From /buy to a card that asks: which stock, at what price, how many shares."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from core.flows.named.propose import Proposer
from core.flows.named.ranges import ranges_of
from core.flows.research.snapshots import quotes_of
from core.flows.research.stocks import StockData
from core.model.market import ConId, FoundStock, Instrument, ib_symbol
from core.model.money import DOLLARS, Size
from core.model.proposal import Leg, Purpose
from core.ports.market import Clock
from core.ports.settings import InstructionReader
from core.rules.exits.prices import in_dollars, needs_ranges
from core.rules.new_york import day_of
from core.rules.ranking import change


_MOST: Final = 6
"""How many stocks are offered to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPurchase:
    """Why no card was made; *which* are the stocks that may have been meant."""

    problem: str
    which: tuple[FoundStock, ...] = ()


@dataclass(slots=True, kw_only=True)
class Purchases:
    """Makes the cards that buy a named stock. Stocks offered to choose from are
    remembered by their number until the process ends."""

    market: StockData
    clock: Clock
    proposer: Proposer
    instructions: InstructionReader
    _asked: dict[ConId, FoundStock] = field(default_factory=dict)

    async def offer(
        self, stock: ConId | str, size: Size, *, key: str
    ) -> NoPurchase | None:
        """Ask whether to buy *size* of *stock* (a symbol, or IB's number of a stock
        that was offered to choose), once for *key*. Returns None if the card is shown.

        Raises:
            BrokerAway, BrokerSilent, BrokerSaidNo: IB could not be asked.
            NotifierAway: the chat could not be reached.
        """
        if self.proposer.answered(key):
            return None
        found = await self._found(stock)
        if isinstance(found, NoPurchase):
            return found
        leg = await self._leg(found)
        if isinstance(leg, NoPurchase):
            return leg
        wanted = (
            self.instructions.read().limits.default_size if size == Size() else size
        )
        await self.proposer.propose(Purpose.BUY, [leg], key=key, size=wanted)
        return None

    async def _found(self, stock: ConId | str) -> FoundStock | NoPurchase:
        if isinstance(stock, str):
            return await self._named(ib_symbol(stock))
        chosen = self._asked.get(stock)
        if chosen is None:
            gone = "I do not remember that question: send /buy again."
            return NoPurchase(problem=gone)
        if not _in_dollars(chosen):
            symbol = chosen.instrument.symbol
            return NoPurchase(problem=_not_in_dollars(symbol, [chosen]))
        return chosen

    async def _named(self, symbol: str) -> FoundStock | NoPurchase:
        """The stock that alone has that symbol; a question where several have it, or
        none."""
        within = self.instructions.read().timeouts.quotes
        found = await self.market.matching(symbol, within=within)
        dollars = [each for each in found if _in_dollars(each)]
        abroad = [each for each in found if each not in dollars]
        exact = [e for e in (*dollars, *abroad) if e.instrument.is_named(symbol)]
        if exact and not _in_dollars(exact[0]):
            return NoPurchase(problem=_not_in_dollars(symbol, exact))
        return exact[0] if len(exact) == 1 else self._ask(symbol, exact or dollars)

    def _ask(self, symbol: str, may_be: Sequence[FoundStock]) -> NoPurchase:
        which = tuple(may_be[:_MOST])
        if not which:
            return NoPurchase(problem=f"IB knows no stock {symbol} in dollars.")
        self._asked |= {each.instrument.con_id: each for each in which}
        return NoPurchase(problem=f"Which one is {symbol}?", which=which)

    async def _leg(self, found: FoundStock) -> Leg | NoPurchase:
        instrument = found.instrument
        ranges = await self._ranges(instrument)
        within = self.instructions.read().timeouts.quotes
        quotes = await quotes_of(self.market, [instrument], within=within)
        quote = quotes.get(instrument.con_id)
        last = (quote.last or quote.ask) if quote else None
        if quote is None or last is None:
            return NoPurchase(problem=f"{instrument.symbol} has no price now.")
        limits = self.instructions.read().limits
        return Leg(
            number=1,
            instrument=instrument,
            exits=in_dollars(limits.exits, ranges),
            atr=ranges,
            shares=limits.shares,
            picks=(),
            change=change(quote.open, last) if quote.open else None,
            reference=last,
            ask=quote.ask,
            bid=quote.bid,
            halted=bool(quote.halted),
            freshness=quote.freshness,
            listed_on=found.listed_on,
            company=found.company,
        )

    async def _ranges(self, instrument: Instrument) -> Decimal | None:
        """The average true range, if the exits in the settings need it."""
        read = self.instructions.read()
        if not needs_ranges(read.limits.exits):
            return None
        today, within = day_of(self.clock.now()), read.timeouts.bars
        return await ranges_of(self.market, instrument, today=today, within=within)


def _in_dollars(stock: FoundStock) -> bool:
    return stock.instrument.currency == DOLLARS


def _not_in_dollars(symbol: str, abroad: Sequence[FoundStock]) -> str:
    where = " and ".join(f"{e.listed_on} in {e.instrument.currency}" for e in abroad)
    return f"{symbol} trades on {where}: I only buy what is priced in dollars."
