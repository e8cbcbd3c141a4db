"""Quotes and bars of contracts that are not stocks, computed from the prices they
follow.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import chain
from math import ceil, floor
from typing import Any, Final

from core.sandbox.market.bars import Bars, BarsWork
from core.sandbox.market.data import BarsRequest, MarketBar, MarketQuote
from core.sandbox.market.durations import nothing_found
from core.sandbox.market.hours import NEW_YORK, Hours, TradingPhase
from core.sandbox.market.others.catalogue import (
    OPTIONS_ON,
    Other,
    TradingVenue,
    by_number,
    expiries,
    fixed,
    futures,
    option,
    strikes,
)
from core.sandbox.market.others.hours import WeekdayHours
from core.sandbox.market.others.pricing import (
    SECONDS_A_YEAR,
    VOLATILITY,
    Greeks,
    greeks,
)
from core.sandbox.market.quotes import Quotes
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock, Universe


OPTION_VOLUME: Final = 5e-5  # of its stock's: assumed
OPTION_SPREAD: Final = 0.02  # of its price, a cent at least: assumed
EXPIRES: Final = time(16)
_NOBODY: Final = -1.0


@dataclass(frozen=True, slots=True)
class MarketParts:
    """One market: its hours, its tape, and the quotes and bars made from it."""

    hours: Hours
    quotes: Quotes
    bars: Bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The fields of a contract request; empty ones match everything."""

    sec_type: str
    symbol: str = ""
    local_symbol: str = ""
    exchange: str = ""
    currency: str = ""
    expiry: str = ""
    strike: float = 0.0
    right: str = ""
    multiplier: str = ""

    def fits(self, contract: Stock) -> bool:
        """Whether *contract* matches every field."""
        asked = (
            (self.symbol, contract.symbol),
            (self.local_symbol, contract.local_symbol),
            (self.currency, contract.currency),
            (self.right[:1], contract.right),
            (self.multiplier, contract.multiplier),
        )
        where = {"", contract.primary_exchange, *({"SMART"} & {self.exchange})}
        if contract.sec_type in {"FUT", "CASH"}:
            where = {"", contract.primary_exchange}
        return (
            contract.sec_type == self.sec_type
            and all(requested in {"", is_} for requested, is_ in asked)
            and self.exchange in where
            and contract.expiry.startswith(self.expiry)
            and self.strike in {0.0, contract.strike}
        )


def parts_of(seed: int, hours: Hours) -> MarketParts:
    """A market with those hours and without any shape."""
    tape = Tape(seed=seed, hours=hours, shapes={})
    quotes = Quotes(tape, hours)
    return MarketParts(hours, quotes, Bars(tape=tape, quotes=quotes, hours=hours))


def _nights(opens: time) -> Hours:
    """From then until 17:00 of the next day, New York time."""
    return WeekdayHours(opens, time(17), "America/New_York")


class OtherView:
    """All contracts that are not stocks. ``stocks`` is the market that indices and
    options follow.
    """

    def __init__(self, *, seed: int, universe: Universe, stocks: MarketParts) -> None:
        self._fixed = fixed(universe)
        self._underlying = universe.by_symbol[OPTIONS_ON]
        self._markets = {
            TradingVenue.STOCKS: stocks,
            TradingVenue.CURRENCIES: parts_of(seed, _nights(time(17, 15))),
            TradingVenue.FUTURES: parts_of(seed, _nights(time(18))),
        }

    # which there are

    def by_con_id(self, con_id: int) -> Other | None:
        """The contract with that number, expired or not."""
        return self._fixed.get(con_id) or by_number(con_id, self._underlying)

    def find(self, wanted: Wanted, now: datetime) -> tuple[Other, ...]:
        """All contracts that match and have not expired."""
        today = now.astimezone(NEW_YORK).date()
        listed = chain(
            self._fixed.values(), futures(today), self._options(wanted, today)
        )
        return tuple(each for each in listed if wanted.fits(each.contract))

    def _options(self, wanted: Wanted, today: date) -> list[Other]:
        if wanted.sec_type != "OPT":
            return []
        return [
            option(self._underlying, expiry, strike, right)
            for expiry in expiries(today)
            for strike in strikes(self._underlying)
            for right in ("C", "P")
        ]

    def chain(self, con_id: int, now: datetime) -> tuple[list[str], list[int]] | None:
        """The expiries and strikes of that stock's options; None where there are none."""
        if con_id != self._underlying.con_id:
            return None
        days = expiries(now.astimezone(NEW_YORK).date())
        return [f"{day:%Y%m%d}" for day in days], list(strikes(self._underlying))

    def hours(self, other: Other) -> Hours:
        """The trading hours of its market."""
        return self._markets[other.market].hours

    # what they cost

    def quote(self, other: Other, now: datetime) -> MarketQuote:
        """The top of its book; an index has no bid and ask, a pair has no last price."""
        kind = other.contract.sec_type
        known = self._markets[other.market].quotes.quote(other.source, now)
        price = self._priced(other, now)
        high, low = price(known.high), price(known.low)
        shown = replace(
            known,
            last=price(known.last),
            open=price(known.open),
            high=max(high, low),
            low=min(high, low),
            close=price(known.close),
            halted=0,
        )
        if kind == "OPT":
            volume = int(known.volume * OPTION_VOLUME)
            closed = self.hours(other).state(now) is not TradingPhase.OPEN
            return replace(self._both_sides(shown, closed=closed), volume=volume)
        if kind == "IND":
            nobody: dict[str, Any] = {
                "bid": _NOBODY,
                "bid_size": 0,
                "ask": _NOBODY,
                "ask_size": 0,
            }
            return replace(shown, **nobody, last_size=0, volume=0)
        bid, ask = (
            self._on_step(other, known.bid, floor),
            self._on_step(other, known.ask, ceil),
        )
        shown = replace(shown, bid=bid, ask=ask)
        if kind == "CASH":
            return replace(shown, last=_NOBODY, last_size=0, last_time=None, volume=0)
        return shown

    def _both_sides(self, quote: MarketQuote, *, closed: bool) -> MarketQuote:
        if closed:
            return replace(quote, bid=_NOBODY, bid_size=0, ask=_NOBODY, ask_size=0)
        half = max(0.005, quote.last * OPTION_SPREAD / 2)
        bid, ask = (
            floor(100 * (quote.last - half)) / 100,
            ceil(100 * (quote.last + half)) / 100,
        )
        return replace(
            quote, bid=bid if bid > 0 else _NOBODY, ask=ask, bid_size=10, ask_size=10
        )

    def _on_step(
        self, other: Other, price: float, to: Callable[[float], int] = round
    ) -> float:
        if price <= 0:
            return price
        step = other.contract.min_tick
        return round(to(round(price * other.scale / step, 6)) * step, 8)

    def _priced(self, other: Other, at: datetime) -> Callable[[float], float]:
        if other.contract.sec_type != "OPT":
            return lambda price: self._on_step(other, price)
        return lambda price: round(max(0.01, self.greeks(other, price, at).price), 2)

    def greeks(
        self, other: Other, spot: float, at: datetime, volatility: float = VOLATILITY
    ) -> Greeks:
        """An option's value and Greeks at that price of its stock."""
        contract, years = other.contract, self.years_left(other, at)
        return greeks(contract.right, spot, contract.strike, years, volatility)

    def years_left(self, other: Other, at: datetime) -> float:
        """Years until an option expires, at the close of its last day; negative
        afterwards.
        """
        expiry = datetime.strptime(other.contract.expiry, "%Y%m%d")  # noqa: DTZ007  the zone is set below
        end = datetime.combine(expiry.date(), EXPIRES, NEW_YORK)
        return (end - at).total_seconds() / SECONDS_A_YEAR

    # what they have cost

    def bars_work(self, other: Other, request: BarsRequest, now: datetime) -> BarsWork:
        """Bars in slices, the last of which returns them.

        Raises:
            HistoryRejected: as for stocks; 162 for trades of a pair, which has none.
        """
        if other.contract.sec_type == "CASH" and request.what in {
            "TRADES",
            "ADJUSTED_LAST",
        }:
            raise nothing_found(other.contract.local_symbol, request.what)
        made = yield from self._markets[other.market].bars.work(
            other.source, request, now
        )
        return [self._bar(other, bar, now) for bar in made]

    def newest_bar(
        self, other: Other, request: BarsRequest, now: datetime
    ) -> MarketBar:
        """The last bar of a request."""
        bars = self._markets[other.market].bars
        return self._bar(other, bars.newest(other.source, request, now), now)

    def _bar(self, other: Other, bar: MarketBar, now: datetime) -> MarketBar:
        closes = datetime.combine(bar.day, EXPIRES, NEW_YORK).astimezone(UTC)
        price = self._priced(other, bar.time or min(closes, now))
        ends = sorted((price(bar.high), price(bar.low)))
        kind, volume = other.contract.sec_type, bar.volume
        if kind == "IND" and volume > 0:
            volume = 0
        if kind == "OPT" and volume > 0:
            volume = int(volume * OPTION_VOLUME)
        return replace(
            bar,
            open=price(bar.open),
            high=ends[1],
            low=ends[0],
            close=price(bar.close),
            wap=price(bar.wap) if bar.wap > 0 else bar.wap,
            volume=volume,
        )
