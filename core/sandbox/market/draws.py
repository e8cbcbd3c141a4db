"""What the seed decides about each stock and day: levels, gaps, surges, volumes, halts.

A close is a smooth curve plus a share of the last days' jumps that shrinks day by day,
so any day can be asked for on its own. The numbers are assumptions about small
companies: about one in ten rises sharply on a given day, one in twenty-five falls
sharply.
"""

from dataclasses import dataclass
from datetime import date
from math import log, sqrt

from core.sandbox.market import rng
from core.sandbox.market.abroad import hours_at
from core.sandbox.market.hours import Hours, TradingSession
from core.sandbox.market.universe import Stock


_LEVELS = ((1.0, 0), (4.0, 1), (16.0, 2), (64.0, 3), (256.0, 4))
_LEVEL_WEIGHT = 0.75
_PAST_DAYS = 7
_DECAY = 0.75
_RUN_CHANCE = 0.1
_DROP_CHANCE = 0.04
_EARLY_CHANCE = 0.3
_SLOW_START_CHANCE = 0.05
_JUMP_THAT_MAY_HALT = 0.15
_HALT_CHANCE = 0.25
_LAST_HALT = 20_000.0
# Which of the markets that these rules can draw: one whose days show much of what there
# is to see, the demo's Monday in November 2026 among them.
_EDITION = 127
_REMEMBERED = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDraw:
    """One stock's day: prices as natural logarithms of dollars; ``volume`` in shares;
    times in seconds since the regular open. ``first_print`` is when the session's first
    trade is seen.
    """

    salted: int
    previous: float
    opened: float
    closed: float
    after: float
    surge: float
    surge_minutes: float
    volatility: float
    volume: float
    first_print: float
    halt: tuple[float, float] | None
    early: bool
    """Whether it trades before the open and after the close."""


class Draws:
    """All random decisions of one seed. The same question always has the same answer."""

    def __init__(self, seed: int, hours: Hours) -> None:
        self._seed = seed
        self._hours = hours
        self._closes: dict[tuple[int, float, date], float] = {}
        self._salts: dict[int, int] = {}

    def _salt(self, stock: Stock) -> int:
        known = self._salts.get(stock.con_id)
        if known is None:
            known = self._salts[stock.con_id] = rng.salt(
                _EDITION, self._seed, stock.con_id
            )
        return known

    def _level(self, stock: Stock, day: date) -> float:
        salted, ordinal = self._salt(stock), day.toordinal()
        drift = sum(
            sqrt(period) * rng.smooth_noise(salted + octave, ordinal / period)
            for period, octave in _LEVELS
        )
        return log(stock.price) + _LEVEL_WEIGHT * stock.volatility * drift

    def jump(self, stock: Stock, day: date) -> float:
        """The sudden part of a day's change, in log price; 0 on most days."""
        if stock.large_cap:
            return 0.0
        salted, ordinal = self._salt(stock) ^ 0x0DD5, day.toordinal()
        chance = rng.uniform(salted, 4 * ordinal)
        size = -log(1.0 - rng.uniform(salted, 4 * ordinal + 1))
        relative_volatility = stock.volatility / 0.034
        if chance < _RUN_CHANCE * relative_volatility:
            return min(0.75, 0.06 + 0.11 * relative_volatility * size)
        if chance > 1.0 - _DROP_CHANCE * relative_volatility:
            return max(-0.5, -0.04 - 0.05 * size)
        return 0.0

    def close(self, stock: Stock, session: TradingSession) -> float:
        """The natural logarithm of a session's closing price."""
        key = (stock.con_id, stock.price, session.day)  # a split changes its price
        known = self._closes.get(key)
        if known is None:
            if len(self._closes) > _REMEMBERED:
                self._closes.clear()
            known = self._closes[key] = self._close(stock, session.day)
        return known

    def _close(self, stock: Stock, day: date) -> float:
        level, weight = self._level(stock, day), 1.0
        hours = hours_at(stock.primary_exchange, self._hours)
        for _ in range(_PAST_DAYS):
            level += weight * self.jump(stock, day)
            day, weight = hours.previous(day).day, weight * _DECAY
        return level

    def _after(self, stock: Stock, session: TradingSession) -> float:
        """The log price at the end of after-hours trading."""
        salted = self._salt(stock) ^ 0xAF7E
        drawn = 0.15 * stock.volatility * rng.normal(salted, session.day.toordinal())
        return self.close(stock, session) + drawn

    def day(self, stock: Stock, session: TradingSession) -> DayDraw:
        """Everything about one stock's session."""
        salted = rng.salt(_EDITION, self._seed, stock.con_id, session.day.toordinal())
        hours = hours_at(stock.primary_exchange, self._hours)
        before = hours.previous(session.day)
        closed, jump = self.close(stock, session), self.jump(stock, session.day)
        change = closed - self.close(stock, before)
        runs = jump > 0
        low, high = (-0.15, 0.8) if jump else (0.1, 0.6)
        gap = change * rng.between(low, high, salted, 1)
        ahead = change * rng.between(-0.25, 1.0, salted, 2)
        sigma = stock.volatility
        return DayDraw(
            salted=salted,
            previous=self._after(stock, before),
            opened=self.close(stock, before)
            + gap
            + 0.2 * sigma * rng.normal(salted, 3),
            closed=closed,
            after=self._after(stock, session),
            surge=ahead + 0.25 * sigma * rng.normal(salted, 4),
            surge_minutes=min(30.0, rng.lognormal(1.5, 0.7, salted, 5)),
            volatility=sigma * (1.3 if jump else 0.7),
            volume=_volume(stock, jump, salted),
            first_print=_first_print(stock, salted, runs=runs),
            halt=_halt(jump, salted),
            early=stock.large_cap or runs or rng.uniform(salted, 6) < _EARLY_CHANCE,
        )


def _volume(stock: Stock, jump: float, salted: int) -> float:
    busyness = 1.0 + 40.0 * abs(jump) * rng.lognormal(1.0, 0.5, salted, 7)
    return stock.average_volume * busyness * rng.lognormal(1.0, 0.35, salted, 8)


def _first_print(stock: Stock, salted: int, *, runs: bool) -> float:
    if stock.large_cap or runs:
        return rng.between(0.2, 3.0, salted, 9)
    if rng.uniform(salted, 10) < _SLOW_START_CHANCE:
        return rng.between(30.0, 600.0, salted, 9)
    return rng.between(0.5, 15.0, salted, 9)


def _halt(jump: float, salted: int) -> tuple[float, float] | None:
    """A volatility pause of five minutes, on some of the days with a large jump."""
    if abs(jump) < _JUMP_THAT_MAY_HALT or rng.uniform(salted, 11) > _HALT_CHANCE:
        return None
    start = float(round(60 * rng.lognormal(12.0, 1.2, salted, 12)))
    return (start, start + 300.0) if start < _LAST_HALT else None
