"""One stock through one trading day: its prints, range and volume at any moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from math import exp, floor

from core.sandbox.market.hours import TradingSession
from core.sandbox.market.paths import Candle, Path
from core.sandbox.market.universe import Stock


_OPENING_SHARE = 0.02
_EARLY_SHARE = 0.015
_LATE_SHARE = 0.01
_PENNY = 1.0


def tick(price: float) -> float:
    """The minimum price variation: a cent, a hundredth of one below a dollar (Rule 612)."""
    return 0.01 if price >= _PENNY else 0.0001


def rounded(price: float) -> float:
    """The price rounded to its minimum variation."""
    return round(price, 2) if price >= _PENNY else max(0.0001, round(price, 4))


def beat_of(stock: Stock) -> int:
    """Seconds between two trades of that stock; a divisor of 60."""
    for volume, beat in ((5e6, 1), (1e6, 2), (3e5, 5)):
        if stock.average_volume > volume:
            return beat
    return 10


def _candle(path: Path, first: int, last: int) -> Candle:
    high, low = path.reach(first, last)
    return Candle(path.at(60.0 * first), high, low, path.at(60.0 * last))


class StockDay:
    """The trading of one stock on one day, from 04:00 to 20:00 New York time.

    ``paths`` are those before, in and after the regular session; ``before`` is the last
    price of the evening before, ``previous_close`` the regular close of the day before.
    """

    def __init__(
        self,
        *,
        stock: Stock,
        session: TradingSession,
        paths: tuple[Path | None, Path, Path | None],
        before: float,
        previous_close: float,
        volume: float,
    ) -> None:
        self.stock = stock
        self.session = session
        self.before = rounded(before)
        self.previous_close = rounded(previous_close)
        self.first_print: float | None = 0.0
        self.halt: tuple[float, float] | None = None
        self.minutes = int((session.close - session.open).total_seconds()) // 60
        self._pre, self.path, self._post = paths
        self._volume = volume
        self._beat = beat_of(stock)
        self._reached = (0, 0.0, 0.0)
        self._worth = (0, 0.0)  # whole minutes, and what they traded in dollars
        self._average = (-1.0, 0.0)  # the second asked for last, and its average price
        self._within = (-1, 0, 0.0, 0.0)  # a minute, its first second not seen, reach

    @property
    def beat(self) -> int:
        """Seconds between two prints."""
        return self._beat

    @property
    def open(self) -> float:
        """The first regular print, dollars."""
        return rounded(self.path.at(0))

    @property
    def close(self) -> float:
        """The official closing price, dollars."""
        return rounded(self.path.at(60.0 * self.minutes))

    @property
    def end(self) -> float:
        """The last price of after-hours trading, dollars."""
        if self._post is None or self.first_print is None:
            return self.close if self.first_print is not None else self.before
        return rounded(self._post.at(1e9))

    def seconds(self, now: datetime) -> float:
        """Seconds since the regular open, at most its length; during a halt those at
        its start.
        """
        passed = min((now - self.session.open).total_seconds(), 60.0 * self.minutes)
        if self.halt is not None and self.halt[0] <= passed < self.halt[1]:
            return self.halt[0]
        return passed

    def halted(self, now: datetime) -> bool:
        """Whether trading in it is halted at that moment."""
        passed = (now - self.session.open).total_seconds()
        return self.halt is not None and self.halt[0] <= passed < self.halt[1]

    def traded(self, now: datetime) -> bool:
        """Whether there has been a regular print by now."""
        if self.first_print is None:
            return False
        return (now - self.session.open).total_seconds() >= self.first_print

    def begins_within_second(self, now: datetime) -> bool:
        """Whether its first print falls into the second that *now* is in; all else, the
        ends of a halt too, comes with a whole second.
        """
        passed = (now - self.session.open).total_seconds()
        return self.first_print is not None and floor(self.first_print) == floor(passed)

    def last(self, now: datetime) -> float:
        """The last trade's price in or out of regular hours, dollars, rounded to the
        tick.
        """
        if self.traded(now):
            if now >= self.session.close and self._post is not None:
                late = (now - self.session.close).total_seconds()
                return rounded(self._post.at(late))
            return rounded(self.path.at(self.seconds(now)))
        early = (now - self.session.pre_open).total_seconds()
        if self._pre is None or early < 0:
            return self.before
        opening = (self.session.open - self.session.pre_open).total_seconds()
        return rounded(self._pre.at(min(early, opening - 1)))

    def last_time(self, now: datetime) -> datetime | None:
        """When the last trade was (UTC); None if it was before this day."""
        if self.traded(now):
            passed = max(0.0, self.seconds(now) // self._beat * self._beat)
            if now >= self.session.close and self._post is not None:
                return min(now, self.session.post_close).replace(
                    second=0, microsecond=0
                )
            return self.session.open + timedelta(seconds=passed)
        if self._pre is None or now < self.session.pre_open:
            return None
        return min(now, self.session.open).replace(second=0, microsecond=0)

    def reach(self, now: datetime) -> tuple[float, float]:
        """The highest and lowest regular price so far, dollars; both the open before
        the first trade.
        """
        passed = max(0, int(self.seconds(now)))
        whole, unseen, high, low = self._within
        if whole != passed // 60 or unseen > passed + self._beat:
            whole = passed // 60
            high, low = self._reach_of(whole)
            unseen = 60 * whole
        while unseen <= passed:
            price = self.path.at(unseen)
            high, low = max(high, price), min(low, price)
            unseen += self._beat
        self._within = whole, unseen, high, low
        return rounded(high), rounded(low)

    def _reach_of(self, whole: int) -> tuple[float, float]:
        """Of the first whole minutes; what is known is carried on, not done again."""
        known, high, low = self._reached
        if not known or whole < known:
            opened = self.path.at(0)
            known, high, low = 0, opened, opened
        if whole > known:
            higher, lower = self.path.reach(known, whole)
            high, low = max(high, higher), min(low, lower)
        self._reached = whole, high, low
        return high, low

    def candle_between(self, start: int, end: float) -> Candle:
        """The candle between two seconds of the regular session, not rounded."""
        prices = [self.path.at(s) for s in range(start, int(end) + 1, self._beat)]
        prices.append(self.path.at(end))
        return Candle(prices[0], max(prices), min(prices), prices[-1])

    def whole_candles(self, start: int, end: int, step: int) -> Iterator[Candle]:
        """The candles of *step* seconds each (whole minutes, as *start* and *end* are)
        between two seconds of the regular session."""
        minutes = iter(self.path.candles(start // 60, end // 60))
        while within := tuple(islice(minutes, step // 60)):
            opens, highs, lows, closes = zip(*within, strict=True)
            yield Candle(opens[0], max(highs), min(lows), closes[-1])

    def early_candle(self, first: int, last: int) -> Candle | None:
        """The candle of those minutes before the open, the last one excluded; None if it
        never trades then."""
        return None if self._pre is None else _candle(self._pre, first, last)

    def late_candle(self, first: int, last: int) -> Candle | None:
        """The candle of those minutes after the close, the last one excluded; None if it
        never trades then."""
        return None if self._post is None else _candle(self._post, first, last)

    def regular_volume(self, seconds: float) -> int:
        """Shares traded in the first *seconds* of the regular session, opening auction
        included.
        """
        if seconds < 0 or self.first_print is None:
            return 0
        beats = min(seconds // self._beat * self._beat, 60.0 * self.minutes)
        done = beats / (60.0 * self.minutes)
        # A U over the day: half of it even, a quarter at either end.
        curve = 0.5 * done + 0.25 * (1 - (1 - done) ** 6) + 0.25 * done**6
        return int(self._volume * (_OPENING_SHARE + (1 - _OPENING_SHARE) * curve))

    def early_volume(self, seconds: float) -> int:
        """Shares traded in the first *seconds* after 04:00, before the open."""
        if self._pre is None or seconds <= 0:
            return 0
        opening = (self.session.open - self.session.pre_open).total_seconds()
        done = min(1.0, seconds // 60 * 60 / opening)
        return int(self._volume * _EARLY_SHARE * done**3)

    def late_volume(self, seconds: float) -> int:
        """Shares traded in the first *seconds* after the close."""
        if self._post is None or seconds <= 0 or self.first_print is None:
            return 0
        evening = (self.session.post_close - self.session.close).total_seconds()
        minutes = min(seconds, evening) // 60
        return int(self._volume * _LATE_SHARE * (1 - exp(-minutes / 60)))

    def vwap(self, now: datetime) -> float:
        """The regular session's average price so far by volume, dollars; 0 before any.

        Minute by minute: the average of its open, high, low and close, times what
        traded in it.
        """
        if not self.traded(now):
            return 0.0
        passed = self.seconds(now)
        if self._average[0] != passed:
            self._average = passed, self._vwap(passed)
        return self._average[1]

    def _vwap(self, passed: float) -> float:
        whole = int(passed) // 60
        worth = self._worth_of(whole)
        sold = self.regular_volume(60 * whole) if whole else 0
        total = self.regular_volume(passed)
        return round((worth + self.path.at(passed) * (total - sold)) / max(total, 1), 4)

    def _worth_of(self, whole: int) -> float:
        """What the first whole minutes traded, dollars; what is known is carried on."""
        known, worth = self._worth if self._worth[0] <= whole else (0, 0.0)
        if known < whole:
            for minute, candle in enumerate(self.path.candles(known, whole), known):
                start = self.regular_volume(60 * minute) if minute else 0
                middle = (candle.open + candle.high + candle.low + candle.close) / 4
                worth += middle * (self.regular_volume(60 * minute + 60) - start)
            self._worth = whole, worth
        return worth

    def last_regular(self, now: datetime) -> float:
        """The last price of a regular session, this one's or the one's before."""
        if not self.traded(now):
            return self.previous_close
        return rounded(self.path.at(self.seconds(now)))

    def volume(self, now: datetime) -> int:
        """Shares traded this day so far, in and out of the regular session."""
        early = self.early_volume((now - self.session.pre_open).total_seconds())
        if not self.traded(now):
            return early
        late = self.late_volume((now - self.session.close).total_seconds())
        return early + self.regular_volume(self.seconds(now)) + late
