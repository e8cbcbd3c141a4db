"""A market of random walks: what a stock did says nothing of what it will do, unless an
edge is planted."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from core.flows.research.snapshots import SPY
from core.model.market import (
    Bar,
    ConId,
    Instrument,
    Quote,
    Session,
    Sessions,
    Snapshot,
)
from core.model.money import Price
from core.model.scoring.following import PastBar
from tests.builders import CLOSES, FRIDAY, MONDAY, OPENS, a_quote, sessions_of


STOCKS: Final = 10
SCANNED: Final = timedelta(minutes=11, seconds=7)
"""After each open."""

_BARS: Final = (timedelta(minutes=10), timedelta(minutes=65), timedelta(minutes=385))
"""After the open begin: the bar of the scan, the one an hour later, the last one. No
other is asked for."""

_NIGHT: Final = 0.02
_MORNING: Final = 0.03
_DAY: Final = (0.015, 0.035)
"""Standard deviations of what a stock does overnight, from the open to the scan, in the
hour after it and in the rest of the session, as shares of its price."""

_STEADY: Final = 0.2
"""SPY's, as a share of theirs."""


def weeks(number: int) -> Sessions:
    """Every weekday of so many weeks from Monday 23 Nov 2026 on, without holidays."""
    days = (timedelta(days=each) for each in range(7 * number))
    return sessions_of(
        *(
            Session(day=MONDAY + each, opens=OPENS + each, closes=CLOSES + each)
            for each in days
            if (MONDAY + each).weekday() < 5
        )
    )


@dataclass(slots=True)
class RandomWalks:
    """Implements PastPrices. Bid and ask are one: nothing is lost by trading but IB's
    fee, a hundredth of a percent at these prices."""

    random: Random
    edge: float = 0.0
    _bars: dict[ConId, list[PastBar]] = field(default_factory=dict)
    _daily: dict[ConId, Bar] = field(default_factory=dict)
    _prices: dict[ConId, float] = field(default_factory=dict)
    _opens: dict[ConId, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for stock in (SPY, *_STOCKS):
            start = self.random.uniform(300, 700)
            self._prices[stock.con_id] = start
            self._bars[stock.con_id] = []
            self._daily[stock.con_id] = _bar(FRIDAY, start, start)

    def morning(self, session: Session) -> tuple[Snapshot, ...]:
        """Open, and trade until the scan: its rows, the largest gain first."""
        closes = dict(self._prices)
        self._move(_NIGHT)
        self._opens = dict(self._prices)
        self._move(_MORNING)
        self._note(session.opens + _BARS[0])
        gains = sorted(_STOCKS, key=lambda each: -self._gain(each.con_id))
        return tuple(
            self._row(rank, stock, session, closes[stock.con_id])
            for rank, stock in enumerate(gains, start=1)
        )

    def afternoon(self, session: Session, picked: AbstractSet[ConId]) -> None:
        """Trade until the close; what was *picked* gains the edge besides."""
        for after, size in zip(_BARS[1:], _DAY, strict=True):
            self._move(size)
            if after == _BARS[-1]:
                for con_id in picked:
                    self._prices[con_id] *= 1 + self.edge
            self._note(session.opens + after)
        for con_id, price in self._prices.items():
            self._daily[con_id] = _bar(session.day, self._opens[con_id], price)

    async def bid_bars(
        self, instrument: Instrument, *, sessions: int, within: float
    ) -> tuple[PastBar, ...]:
        """All of the last *sessions* sessions: it is evening."""
        del within
        return tuple(self._bars[instrument.con_id][-sessions * len(_BARS) :])

    async def symbol_now(self, instrument: Instrument, *, within: float) -> str:
        del within
        return instrument.symbol

    def _move(self, size: float) -> None:
        for con_id in self._prices:
            share = _STEADY if con_id == SPY.con_id else 1.0
            self._prices[con_id] *= 1 + self.random.gauss(0, size * share)

    def _note(self, at: datetime) -> None:
        for con_id, now in self._prices.items():
            price = _price(now)
            bar = PastBar(at=at, high=price, low=price, close=price)
            self._bars[con_id].append(bar)

    def _gain(self, con_id: ConId) -> float:
        return self._prices[con_id] / self._opens[con_id]

    def _row(
        self, rank: int, stock: Instrument, session: Session, close: float
    ) -> Snapshot:
        opened, now = self._opens[stock.con_id], self._prices[stock.con_id]
        today = _bar(session.day, opened, now)
        return Snapshot(
            rank=rank,
            instrument=stock,
            quote=_quote(session.opens + SCANNED, opened, now, close),
            bars=(self._daily[stock.con_id], today),
        )


_STOCKS: Final = tuple(
    Instrument(con_id=ConId(800_001 + each), symbol=f"WALK{each}")
    for each in range(STOCKS)
)


def _quote(at: datetime, opened: float, now: float, close: float) -> Quote:
    prices: Mapping[str, Price] = {
        **dict.fromkeys(("bid", "ask", "last"), _price(now)),
        "open": _price(opened),
        "close": _price(close),
        "high": _price(max(opened, now)),
        "low": _price(min(opened, now)),
    }
    return a_quote(at=at, **prices)


def _bar(day: date, opened: float, now: float) -> Bar:
    return Bar(
        day=day,
        open=_price(opened),
        high=_price(max(opened, now)),
        low=_price(min(opened, now)),
        close=_price(now),
        volume=1_000_000,
    )


def _price(value: float) -> Price:
    return Price(Decimal(str(round(value, 2))))
