"""How a price moves through one session: drawn by the seed, or given by a shape.

A drawn path is a curve over whole minutes plus a movement inside each minute that never
leaves the minute's high and low, so any moment can be asked for on its own and still
agrees with every bar.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp, sqrt
from typing import NamedTuple, Protocol

from core.sandbox.market import rng


_WAVES = ((2, 0), (8, 1), (32, 2), (128, 3))
_REGULAR_MINUTES = 390


class Candle(NamedTuple):
    """Prices of one minute, dollars, not rounded to the tick."""

    open: float
    high: float
    low: float
    close: float


class Path(Protocol):
    """A price over the minutes from the start of a stretch of trading."""

    def at(self, seconds: float) -> float:
        """The price, dollars, so many seconds after the start; the last one after the
        end.
        """

    def minute(self, number: int) -> Candle:
        """The candle of that whole minute."""

    def candles(self, first: int, last: int) -> Iterable[Candle]:
        """The candles of those whole minutes, the last one excluded."""

    def reach(self, first: int, last: int) -> tuple[float, float]:
        """The highest and lowest price of those whole minutes, the last one excluded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A path between two log prices, with an early surge and noise tied down at both ends.

    ``surge`` is how far (in log price) the path runs ahead early, with a time constant
    of ``surge_minutes``, before the rest of the stretch brings it to its end.
    """

    salted: int
    minutes: int
    start: float
    end: float
    volatility: float
    surge: float = 0.0
    surge_minutes: float = 10.0
    beat: int = 1
    _known: dict[int, float] = field(default_factory=dict)
    _ends: list[float] = field(default_factory=list)
    _candles: dict[int, Candle] = field(default_factory=dict)
    _first_edges: list[float] = field(default_factory=list)
    _first_sides: list[tuple[float, float]] = field(default_factory=list)

    def edge(self, minute: int) -> float:
        """The price on the whole minute."""
        known = self._known.get(minute)
        if known is None:
            within = min(max(minute, 0), self.minutes)
            known = self._known[minute] = self._edges(within, within)[0]
        return known

    def _edges(self, first: int, last: int) -> list[float]:
        """The prices on those whole minutes, the last one included. Those from the start
        on are kept: bars and the day's high are asked for again and again."""
        known = self._first_edges
        if first > len(known):
            return self._drawn_edges(first, last)
        if last >= len(known):
            known.extend(self._drawn_edges(len(known), last))
        return known[first : last + 1]

    def _drawn_edges(self, first: int, last: int) -> list[float]:
        noise = self._noise(first, last)
        if not self._ends:
            self._ends.extend(
                self._noise(0, 0) + self._noise(self.minutes, self.minutes)
            )
        begin, finish = self._ends
        start, surge, tau = self.start, self.surge, self.surge_minutes
        settled = 1 - exp(-self.minutes / tau)
        whole, trend = self.minutes, self.end - self.start
        return [
            exp(
                start
                + trend * minute / whole
                + surge * (1 - exp(-minute / tau) - settled * minute / whole)
                + drawn
                - begin * (1 - minute / whole)
                - finish * minute / whole
            )
            for minute, drawn in zip(range(first, last + 1), noise, strict=True)
        ]

    def _noise(self, first: int, last: int) -> list[float]:
        """Waves of several lengths on top of each other, as log prices."""
        scale = self.volatility / sqrt(_REGULAR_MINUTES)
        a, b, c, d = (scale * sqrt(period) for period, _ in _WAVES)
        waves = [
            rng.smooth_noises(self.salted + octave, first, last, period)
            for period, octave in _WAVES
        ]
        return [
            a * short + b * middle + c * long + d * longest
            for short, middle, long, longest in zip(*waves, strict=True)
        ]

    def _sides(self, first: int, last: int) -> list[tuple[float, float]]:
        """The high and the low of each of those minutes, the last one excluded; kept
        as ``_edges`` are."""
        known = self._first_sides
        if first > len(known):
            return self._drawn_sides(first, self._edges(first, last))
        if last > len(known):
            edges = self._edges(len(known), last)
            known.extend(self._drawn_sides(len(known), edges))
        return known[first:last]

    def _drawn_sides(
        self, first: int, edges: Sequence[float]
    ) -> list[tuple[float, float]]:
        """How far a minute reaches beyond both its *edges* is drawn."""
        reach = 0.7 * self.volatility / sqrt(_REGULAR_MINUTES)
        found = []
        drawn = rng.uniforms(self.salted ^ 0x5EED, first, first + len(edges) - 2)
        for (opened, closed), throw in zip(pairwise(edges), drawn, strict=True):
            up, down = divmod(throw * 1024, 1.0)
            over, under = (opened, closed) if opened > closed else (closed, opened)
            found.append((over * (1 + reach * up / 1024), under * (1 - reach * down)))
        return found

    def minute(self, number: int) -> Candle:
        known = self._candles.get(number)
        if known is None:
            self._candles.clear()  # one is enough: moments are asked for in runs
            known = self._candles[number] = self._candle(number)
        return known

    def candles(self, first: int, last: int) -> Iterable[Candle]:
        edges = self._edges(first, last)
        for (high, low), ends in zip(
            self._sides(first, last), pairwise(edges), strict=True
        ):
            yield Candle(ends[0], high, low, ends[1])

    def _candle(self, number: int) -> Candle:
        opened, closed = self.edge(number), self.edge(number + 1)
        [(high, low)] = self._drawn_sides(number, (opened, closed))
        return Candle(opened, high, low, closed)

    def reach(self, first: int, last: int) -> tuple[float, float]:
        sides = self._sides(first, last)
        return max(high for high, _ in sides), min(low for _, low in sides)

    def at(self, seconds: float) -> float:
        beats = seconds // self.beat * self.beat
        if beats <= 0:
            return self.edge(0)
        if beats >= self.minutes * 60:
            return self.edge(self.minutes)
        number, inside = divmod(beats, 60)
        if inside == 0:
            return self.edge(int(number))
        candle = self.minute(int(number))
        straight = candle.open + (candle.close - candle.open) * inside / 60
        throw = rng.uniform(self.salted ^ 0xBEA7, int(beats))
        offset = (candle.high - candle.low) * 0.8 * (throw - 0.5)
        return min(candle.high, max(candle.low, straight + offset))


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A path without noise: ``opened`` for an instant, then ``last`` with its drift."""

    opened: float
    last: float
    drift: float
    minutes: int

    def at(self, seconds: float) -> float:
        if seconds <= 0:
            return self.opened
        return self.last * exp(self.drift * min(seconds / 60, self.minutes))

    def minute(self, number: int) -> Candle:
        ends = [self.at(60.0 * number), self.at(60.0 * number + 59.999)]
        ends.append(self.at(60.0 * number + 0.001))
        return Candle(ends[0], max(ends), min(ends), ends[1])

    def candles(self, first: int, last: int) -> Iterable[Candle]:
        return (self.minute(number) for number in range(first, last))

    def reach(self, first: int, last: int) -> tuple[float, float]:
        candles = list(self.candles(first, last))
        return max(c.high for c in candles), min(c.low for c in candles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jumping:
    """Any path that from some second on stands at one price."""

    before: Path
    jump_second: float
    jump_to: float

    def at(self, seconds: float) -> float:
        if seconds >= self.jump_second:
            return self.jump_to
        return self.before.at(seconds)

    def minute(self, number: int) -> Candle:
        if 60 * number >= self.jump_second:
            return Candle(*(4 * (self.jump_to,)))
        candle = self.before.minute(number)
        if 60 * (number + 1) <= self.jump_second:
            return candle
        return Candle(
            candle.open,
            max(candle.high, self.jump_to),
            min(candle.low, self.jump_to),
            self.jump_to,
        )

    def candles(self, first: int, last: int) -> Iterable[Candle]:
        return (self.minute(number) for number in range(first, last))

    def reach(self, first: int, last: int) -> tuple[float, float]:
        candles = list(self.candles(first, last))
        return max(c.high for c in candles), min(c.low for c in candles)
