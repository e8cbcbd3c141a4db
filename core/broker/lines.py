"""One market-data line: everything that has arrived for one stock since its request."""

from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from core.broker import translate
from core.broker.codes import RowFate, code, is_notice
from core.broker.messages import (
    ConnectionLost,
    DataKind,
    ErrorMessage,
    GenericTick,
    Message,
    PriceTick,
    SizeTick,
    TextTick,
)
from core.broker.pacing import Ticket
from core.model.market import Freshness, Instrument, Lending, Quote
from core.model.money import Price
from core.ports.market import Clock


BIDS: Final = frozenset({1, 66})
ASKS: Final = frozenset({2, 67})
SIDES: Final = BIDS | ASKS
PRICES: Final = MappingProxyType(
    {
        **dict.fromkeys(BIDS, "bid"),
        **dict.fromkeys(ASKS, "ask"),
        **dict.fromkeys((4, 68), "last"),
        **dict.fromkeys((6, 72), "high"),
        **dict.fromkeys((7, 73), "low"),
        **dict.fromkeys((9, 75), "close"),
        **dict.fromkeys((14, 76), "open"),
    }
)
"""Tick types, live and delayed
(interactivebrokers.github.io/tws-api/tick_types.html)."""

BID_SIZES: Final = frozenset({0, 69})
ASK_SIZES: Final = frozenset({3, 70})
VOLUMES: Final = frozenset({8, 74})
AVERAGE_VOLUME: Final = 21
"""The tick of the average daily volume over 90 days."""
SIZES: Final = BID_SIZES | ASK_SIZES | VOLUMES | {AVERAGE_VOLUME}
HALTS: Final = frozenset({49, 90})
SHORTABLE: Final = 46
DELAYED: Final = frozenset(range(66, 77))
ALREADY_LATE: Final = frozenset({Freshness.DELAYED, Freshness.DELAYED_FROZEN})
"""A delayed tick says nothing new about a quote of these."""
NOT_OF_NOW: Final = ALREADY_LATE | {Freshness.FROZEN}
"""Prices from before the data became live are not those of this moment."""

GENERIC_TICKS: Final = "165,233,236"
"""Average volume, VWAP, shortable: part of the request that is sent anyway."""

NOW: Final = frozenset({"bid", "ask", "last"})
"""The current prices; the other prices are the day's."""
PASSING: Final = NOW | {"ask_size"}
"""What is of the moment at which it was heard."""


QuoteValues = dict[str, Any]
"""Fields of a Quote."""

NEEDED: Final = frozenset({"last", "open", "close"})
"""Without these neither the change since the open nor the distance from the card's price
can be computed. Bid and ask do not replace a missing last price: IB sends it some
milliseconds after them."""

VWAP_FIELD: Final = 4
SURELY_LENT: Final = 2.5
PERHAPS_LENT: Final = 1.5
"""Tick 46 (interactivebrokers.github.io/tws-api/tick_types.html): above the first at
least 1,000 shares can be borrowed, above the second as far as they can be located."""


def vwap_in(text: str) -> Price | None:
    """The day's average price in tick 48, "price;size;time;volume;VWAP;single"; None
    where it has none."""
    fields = text.split(";")
    value = translate.decimal_in(fields[VWAP_FIELD]) if fields[VWAP_FIELD:] else None
    return Price(value) if value is not None and value > 0 else None


def lending_of(value: float | None) -> Lending | None:
    """The meaning of tick 46; None if unknown."""
    if value is None:
        return None
    if value > SURELY_LENT:
        return Lending.EASY
    return Lending.HARD if value > PERHAPS_LENT else Lending.NONE


@dataclass(slots=True, eq=False)
class QuoteLine:
    """A stock's line, open or waiting to be opened. Its prices come in the unit of which
    ``unit`` make one of the stock's currency.

    ``number`` is its request number while it is open at the gateway. ``disturbances`` is the
    count of disturbances at its request: after another one its values may be old.
    ``problem`` says why it will not be quoted, ``doubt`` why it might not be;
    ``refused`` means that IB has ended it. ``asked`` is when its request was sent,
    ``priced`` when its newest price came (the loop's seconds, which nobody can set); it is
    ``late`` when nobody waits for its first answer any more.
    ``watchers`` counts the streams that use it. ``received_at`` is the moment (UTC) of the
    quote, None before the first value; it is ``usable`` if there are a last price, an open
    and a close."""

    instrument: Instrument
    clock: Clock
    unit: int = 1
    disturbances: int = 0
    number: int | None = None
    request: Ticket | None = None
    cancel_request: Ticket | None = None
    problem: str | None = None
    doubt: str | None = None
    asked: float | None = None
    priced: float | None = None
    late: bool = False
    refused: bool = False
    received_at: datetime | None = None
    usable: bool = False
    _values: QuoteValues = field(default_factory=dict)
    _quote: Quote | None = None
    _freshness: Freshness = Freshness.UNKNOWN
    watchers: int = field(default=0)

    @property
    def quote(self) -> Quote | None:
        """What has arrived, None before the first value. Built on demand, because more
        values arrive than are read."""
        if self._quote is None and self._values:
            self._quote = Quote(**self._values)
        return self._quote

    @property
    def freshness(self) -> Freshness:
        """Whether the quote is live, delayed or frozen; UNKNOWN until IB has said it."""
        found: Freshness = self._values.get("freshness", Freshness.UNKNOWN)
        return found

    @property
    def settled(self) -> bool:
        """Whether no more needs to be waited for: the line is usable, or dead."""
        return self.problem is not None or self.usable

    def take(self, message: Message) -> None:
        """Apply one message of IB about this line; any other kind is ignored."""
        match message:
            case PriceTick():
                self._price(message)
            case SizeTick(kind=kind, size=size):
                self._size(kind, size)
            case GenericTick(kind=kind, value=value):
                self._generic(kind, value)
            case TextTick(text=text):
                average = vwap_in(text)
                self._learn({"vwap": average and Price(average / self.unit)})
            case DataKind(kind=kind):
                fresh = translate.FRESHNESS.get(kind, Freshness.UNKNOWN)
                self._set_freshness(fresh)
            case ErrorMessage(number=number, text=text):
                self._code(number, text)
            case ConnectionLost(reason=reason):
                self.problem = self.problem or reason
                self._be_unsure()
            case _:
                pass

    def _price(self, tick: PriceTick) -> None:
        name = PRICES.get(tick.kind)
        if name is None:
            return
        if tick.kind in DELAYED and self._freshness not in ALREADY_LATE:
            self._set_freshness(Freshness.DELAYED)
        nobody = tick.size == 0 and tick.kind in SIDES
        values: QuoteValues = {name: None if nobody else self._in_currency(tick.price)}
        if tick.kind in ASKS:
            values["ask_size"] = None if nobody else translate.size(tick.size)
        self._learn(values, is_now=name in NOW and values[name] is not None)

    def _in_currency(self, quoted: float) -> Price | None:
        found = translate.price(quoted)
        if found is None or self.unit == 1:
            return found
        return Price(found / self.unit)

    def _generic(self, kind: int, value: float) -> None:
        known = translate.told(value)
        if kind in HALTS:
            self._learn({"halted": None if known is None else known > 0})
        elif kind == SHORTABLE:
            self._learn({"lending": lending_of(known)})

    def _size(self, kind: int, size: float) -> None:
        if kind in VOLUMES:
            self._learn({"volume": translate.size(size)})
        elif kind == AVERAGE_VOLUME:
            self._learn({"average_volume": translate.size(size)})
        elif size == 0 and kind in BID_SIZES:
            self._learn({"bid": None})
        elif size == 0 and kind in ASK_SIZES:
            self._learn({"ask": None, "ask_size": None})
        elif kind in ASK_SIZES:
            self._learn({"ask_size": translate.size(size)})

    def _code(self, number: int, text: str) -> None:
        known = code(number)
        match known.for_row:
            case RowFate.DEAD:
                self.problem, self.refused = known.words, True
                self._values, self._quote = {}, None
                self.usable, self.received_at = False, None
            case RowFate.WAITS:
                self.doubt = known.words
                self._be_unsure()
            case RowFate.DELAYED:
                if self._freshness is Freshness.UNKNOWN:
                    self._set_freshness(Freshness.DELAYED)
                self._be_unsure()
            case RowFate.LIVES if not is_notice(number, text):
                self.doubt = self.doubt or f"{text} (TWS {number})"
                self._be_unsure()
            case RowFate.LIVES:
                pass

    def _be_unsure(self) -> None:
        """The values so far may be old: they are not called live until a price
        comes."""
        if self._values and self._freshness is Freshness.LIVE:
            self._take({"freshness": Freshness.UNKNOWN})

    def _set_freshness(self, freshness: Freshness) -> None:
        was, self._freshness = self._freshness, freshness
        if self._values and freshness is Freshness.LIVE and was in NOT_OF_NOW:
            self._take({"freshness": Freshness.UNKNOWN, **dict.fromkeys(PASSING)})
        elif self._values:
            self._take({"freshness": freshness})

    def _learn(self, values: QuoteValues, *, is_now: bool = False) -> None:
        """A price (bid, ask, last) makes the quote one of this moment; all else only
        adds to it, and so does a side that nobody quotes any more: what is left may be
        old."""
        if not self._values or is_now:
            self.received_at = values["at"] = self.clock.now()
            values["freshness"] = self._freshness
        self._take(values)

    def _take(self, values: QuoteValues) -> None:
        self._values.update(values)
        self._quote = None
        if not NEEDED.isdisjoint(values):
            self.usable = None not in map(self._values.get, NEEDED)
