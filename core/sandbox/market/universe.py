"""The stocks of the simulated market: invented small companies and a few large real ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from core.sandbox.market import rng
from core.sandbox.market.abroad import EXCHANGES, LISTINGS
from core.sandbox.market.names import (
    FIRST_WORDS,
    INDUSTRIES,
    LARGE_CAPS,
    SECOND_WORDS,
    TAKEN,
)


DEFAULT_SEED: Final = 7
SMALL_CAPS: Final = 400
A_DOLLAR: Final = 1.0
BELOW_A_DOLLAR: Final = 0.0001
HALF_A_CENT: Final = 0.005
CHEAP: Final = 100.0  # large companies below it have half-cent steps: assumed
VENUES: Final = ("NASDAQ", "NYSE", "AMEX", "ARCA", "BATS", "IEX")
"""Where every stock can be traded, wherever it is listed."""
LISTED_SINCE: Final = date(2010, 1, 4)

_FIRST_CON_ID = 710_000_000
_TAILS = "XZQV"
_PATTERN_ROWS = 16
_SEEDS_REMEMBERED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A listed stock, or what ``sec_type`` says. ``price`` is about what it costs, in
    dollars, or in what its exchange quotes abroad; shares in millions.

    ``volatility`` is the usual size of a day's change, as a fraction; ``expiry`` is a day
    as yyyymmdd; ``right`` C or P.
    """

    con_id: int
    symbol: str
    name: str
    primary_exchange: str
    market_name: str
    trading_class: str
    stock_type: str
    industry: str
    category: str
    price: float
    shares_millions: float
    average_volume: float
    volatility: float
    large_cap: bool = False
    currency: str = "USD"
    min_tick: float = 0.01  # from a dollar on
    sec_type: str = "STK"
    local_symbol: str = ""  # its symbol
    expiry: str = ""
    strike: float = 0.0
    right: str = ""
    multiplier: str = ""

    def step(self, price: float) -> float:
        """The smallest price variation at that price, dollars.

        A hundredth of a cent below a dollar; above it a cent, or half of one where the
        quote would never be wider (Rule 612 of Regulation NMS). Abroad one step.
        """
        if self.is_abroad:
            return self.min_tick
        return self.min_tick if price >= A_DOLLAR else BELOW_A_DOLLAR

    @property
    def listed_on(self) -> date:
        """The day on which its history begins, or would if there were a session."""
        return LISTED_SINCE + timedelta(
            days=0 if self.large_cap else self.con_id % 3_000
        )

    @property
    def is_abroad(self) -> bool:
        """Whether it is listed outside of the US, in whatever currency."""
        return self.currency != "USD" or self.primary_exchange in EXCHANGES

    @property
    def venues(self) -> tuple[str, ...]:
        """Where it can be traded."""
        return (self.primary_exchange,) if self.is_abroad else VENUES

    @property
    def market_cap_millions(self) -> float:
        """Capitalisation at the stock's usual price, millions of dollars."""
        return self.price * self.shares_millions


class Universe:
    """All stocks there are; looked up by conId, by contract fields, by pattern. Those
    listed ``abroad`` are no part of ``stocks``: no scan finds them.
    """

    def __init__(self, stocks: tuple[Stock, ...]) -> None:
        self.stocks, self.abroad = stocks, tuple(_abroad())
        self.by_con_id = {s.con_id: s for s in (*stocks, *self.abroad)}
        self.by_symbol = {s.symbol: s for s in stocks}

    def rename(self, symbol: str, to: str) -> None:
        """Give that stock another symbol from now on; its contract number stays.

        Raises:
            ValueError: there is no such stock, or another has that name.
        """
        if symbol not in self.by_symbol or to in self.by_symbol:
            raise ValueError(f"{symbol} cannot be renamed to {to}")
        stock = replace(self.by_symbol.pop(symbol), symbol=to)
        self.by_symbol[to] = self.by_con_id[stock.con_id] = stock
        self._list()

    def split(self, con_id: int, ratio: float) -> None:
        """From now on *ratio* shares replace each share, at a price divided by *ratio*;
        0.1 is a reverse split, 1 for 10.
        """
        was = self.by_con_id[con_id]
        self.by_con_id[con_id] = replace(
            was,
            price=was.price / ratio,
            shares_millions=was.shares_millions * ratio,
            average_volume=was.average_volume * ratio,
        )
        self._list()

    def _list(self) -> None:
        """Follow a change of ``by_con_id``, in the order of the numbers there."""
        every = tuple(self.by_con_id.values())
        self.stocks = tuple(s for s in every if not s.is_abroad)
        self.abroad = tuple(s for s in every if s.is_abroad)
        self.by_symbol.update({s.symbol: s for s in self.stocks})

    def find(
        self,
        *,
        con_id: int = 0,
        symbol: str = "",
        sec_type: str = "",
        currency: str = "",
        exchange: str = "",
        trading_class: str = "",
    ) -> tuple[Stock, ...]:
        """The stocks that a contract request means; empty fields match everything.

        ``exchange`` is SMART or any of the VENUES. At least a conId or a symbol is
        needed.
        """
        if sec_type not in {"", "STK"}:
            return ()
        return tuple(
            each
            for each in self._named(con_id, symbol)
            if symbol in {"", each.symbol}
            and currency in {"", each.currency}
            and exchange in {"", "SMART", *each.venues}
            and trading_class in {"", each.trading_class}
        )

    def _named(self, con_id: int, symbol: str) -> Iterator[Stock]:
        here = self.by_con_id.get(con_id) if con_id else self.by_symbol.get(symbol)
        if here is not None:
            yield here
        if not con_id:
            yield from (each for each in self.abroad if each.symbol == symbol)

    def matching(self, pattern: str) -> tuple[Stock, ...]:
        """Up to 16 stocks whose symbol or name begins with the pattern, symbols first."""
        start = pattern.strip().upper()
        if not start:
            return ()
        every = (*self.stocks, *self.abroad)
        by_symbol = [s for s in every if s.symbol.startswith(start)]
        by_name = [s for s in every if s.name.upper().startswith(start)]
        found = dict.fromkeys([*sorted(by_symbol, key=lambda s: s.symbol), *by_name])
        return tuple(found)[:_PATTERN_ROWS]


def check_names(seed: int, renamed: Mapping[str, str]) -> None:
    """Raises ValueError: the stocks of that seed cannot be renamed so, old to new."""
    trial = Universe(universe(seed).stocks)
    for symbol, to in renamed.items():
        trial.rename(symbol, to)


@lru_cache(maxsize=_SEEDS_REMEMBERED)
def universe(seed: int) -> Universe:
    """The market of that seed: the large companies are the same in all of them.

    It takes 20 ms to draw and never changes, so all gateways of a seed share it.
    """
    return Universe((*_large_caps(), *_small_caps(seed)))


def _large_caps() -> Iterator[Stock]:
    for large_cap in LARGE_CAPS:
        listed = large_cap.exchange
        yield Stock(
            con_id=large_cap.con_id,
            symbol=large_cap.symbol,
            name=large_cap.name,
            primary_exchange=listed,
            market_name="NMS" if listed == "NASDAQ" else large_cap.symbol,
            trading_class="NMS" if listed == "NASDAQ" else large_cap.symbol,
            stock_type=large_cap.stock_type,
            industry=large_cap.industry,
            category=large_cap.category,
            price=large_cap.price,
            shares_millions=large_cap.shares_millions,
            average_volume=large_cap.average_volume,
            volatility=0.006 if large_cap.stock_type == "ETF" else 0.014,
            large_cap=True,
            min_tick=HALF_A_CENT if large_cap.price < CHEAP else 0.01,
        )


def _abroad() -> Iterator[Stock]:
    for each in LISTINGS:
        there = EXCHANGES[each.exchange]
        yield Stock(
            con_id=each.con_id,
            symbol=each.symbol,
            name=each.name,
            primary_exchange=each.exchange,
            market_name=each.symbol,
            trading_class=each.symbol,
            stock_type="COMMON",
            industry="Financial",
            category="Foreign",
            price=each.price,
            shares_millions=each.shares_millions,
            average_volume=each.average_volume,
            volatility=0.012,
            large_cap=True,
            currency=there.currency,
            min_tick=there.step,
        )


def _small_caps(seed: int) -> Iterator[Stock]:
    taken = set(TAKEN) | {large_cap.symbol for large_cap in LARGE_CAPS}
    names: set[str] = set()
    for number in range(SMALL_CAPS):
        drawn = rng.salt("stock", seed, number)
        first, second, industry, category = _words(drawn, names)
        names.add(first + second)
        symbol = _ticker(first, second, drawn, taken)
        taken.add(symbol)
        size = _size(drawn)
        listed = ("NASDAQ", "NASDAQ", "NASDAQ", "NYSE", "AMEX")[
            int(5 * rng.uniform(drawn, 10))
        ]
        yield Stock(
            con_id=_FIRST_CON_ID + 977 * number + int(900 * rng.uniform(drawn, 11)),
            symbol=symbol,
            name=f"{first} {second} {category}".upper(),
            primary_exchange=listed,
            market_name="NMS" if listed == "NASDAQ" else symbol,
            trading_class="NMS" if listed == "NASDAQ" else symbol,
            stock_type="COMMON",
            industry=industry,
            category=category,
            price=size.price,
            shares_millions=size.shares_millions,
            average_volume=size.average_volume,
            volatility=size.volatility,
        )


class _Size(NamedTuple):
    price: float
    shares_millions: float
    average_volume: float
    volatility: float


def _size(drawn: int) -> _Size:
    shares = min(160.0, max(4.0, rng.lognormal(32.0, 0.8, drawn, 21)))
    return _Size(
        price=round(min(60.0, max(0.7, rng.lognormal(8.5, 0.85, drawn, 20))), 2),
        shares_millions=round(shares, 3),
        average_volume=round(shares * 1e6 * rng.lognormal(0.014, 0.9, drawn, 22)),
        volatility=rng.between(0.018, 0.05, drawn, 23),
    )


def _words(drawn: int, names: set[str]) -> tuple[str, str, str, str]:
    industry, category = INDUSTRIES[int(len(INDUSTRIES) * rng.uniform(drawn, 1))]
    attempt = 2
    while True:
        first = FIRST_WORDS[int(len(FIRST_WORDS) * rng.uniform(drawn, attempt))]
        second = SECOND_WORDS[int(len(SECOND_WORDS) * rng.uniform(drawn, attempt + 1))]
        if first + second not in names:
            return first, second, industry, category
        attempt += 100


def _ticker(first: str, second: str, drawn: int, taken: set[str]) -> str:
    """Three to five letters of the name, with a tail that few real tickers have."""
    letters = [c for c in (first[1:] + second[1:]).upper() if c not in "AEIOU"]
    length = (3, 4, 4, 4, 4, 4, 4, 5)[int(8 * rng.uniform(drawn, 30))]
    attempt = 40
    while True:
        middle = "".join(
            letters[int(len(letters) * rng.uniform(drawn, attempt + k))]
            for k in range(length - 3)
        )
        tail = _TAILS[int(len(_TAILS) * rng.uniform(drawn, attempt + 9))]
        symbol = first[0] + second[0] + middle + tail
        if symbol not in taken:
            return symbol
        attempt += 10
        length = max(length, 4)
