"""The top of the book around the tape's last price."""

from datetime import UTC, datetime
from functools import cache, lru_cache
from math import log

from core.sandbox.market import rng
from core.sandbox.market.abroad import hours_at
from core.sandbox.market.data import MarketQuote
from core.sandbox.market.hours import Hours, TradingPhase
from core.sandbox.market.shapes import Shape
from core.sandbox.market.stockday import StockDay
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock


_EMPTY = MarketQuote(
    bid=-1.0,
    bid_size=0,
    ask=-1.0,
    ask_size=0,
    last=-1.0,
    last_size=0,
    last_time=None,
    open=-1.0,
    high=-1.0,
    low=-1.0,
    close=-1.0,
    volume=0,
    halted=0,
)

EPOCH = datetime.fromtimestamp(0, UTC)
_VOLATILITY_HALT = 2
_ROUND_LOT = 100
_ODD_CHANCE = 0.12


class Quotes:
    """The quotes at a moment, from the tape and the shapes."""

    def __init__(self, tape: Tape, hours: Hours) -> None:
        self._tape = tape
        self._hours = hours
        self._known: dict[int, tuple[int, int, MarketQuote]] = {}
        self._asked = (EPOCH, 0)

    def quote(self, stock: Stock, now: datetime) -> MarketQuote:
        """The top of the book; both sides empty while closed or halted."""
        edition, second = self._tape.edition, self._second(now)
        known = self._known.get(stock.con_id)
        if known is not None and known[1] == second and known[0] == edition:
            return known[2]
        shape = self._tape.shape(stock)
        if shape.no_quote:
            return _EMPTY
        today = self._tape.today(stock, now)
        quote = self._quote(stock, shape, today, now)
        if known is not None and known[0] == edition and known[2] == quote:
            quote = known[2]  # the same object: whoever was shown it need not compare
        if not (today.begins_within_second(now) or _jumps(shape, second)):
            self._known[stock.con_id] = (edition, second, quote)
        return quote

    def _quote(
        self, stock: Stock, shape: Shape, today: StockDay, now: datetime
    ) -> MarketQuote:
        shown = self._shown(today, now)
        high, low = shown.reach(now)
        halted = _halted(shape, today, now)
        last, printed = today.last(now), today.last_time(now)
        bid, bid_size, ask, ask_size = -1.0, 0, -1.0, 0
        if not halted and self._state(stock, now) is not TradingPhase.CLOSED:
            bid, bid_size, ask, ask_size = self._book(stock, shape, last, now)
        return MarketQuote(
            bid=bid,
            bid_size=bid_size,
            ask=ask,
            ask_size=ask_size,
            last=last,
            last_size=_size(stock, int((printed or now).timestamp()), 3),
            last_time=printed,
            open=shown.open,
            high=high,
            low=low,
            close=today.previous_close,
            volume=today.volume(now),
            halted=halted,
        )

    def bid(self, stock: Stock, now: datetime) -> float | None:
        """The bid of ``quote`` alone, for many moments of the past: the day's high and
        low are most of a quote's work. None where nobody bids."""
        shape = self._tape.shape(stock)
        closed = self._state(stock, now) is TradingPhase.CLOSED
        if shape.no_quote or closed or self.halted(stock, now):
            return None
        return self._book(stock, shape, self._tape.today(stock, now).last(now), now)[0]

    def halted(self, stock: Stock, now: datetime) -> int:
        """0 when trading goes on, else 1 or 2 as tick 49 has it."""
        return _halted(self._tape.shape(stock), self._tape.today(stock, now), now)

    def spread(self, stock: Stock, price: float, now: datetime) -> float:
        """The usual difference between ask and bid, dollars, on the tick."""
        shaped = self._tape.shape(stock).spread
        if shaped is not None:
            return shaped
        step = stock.step(price)
        return max(1, round(price * self._width(stock, now) / step)) * step

    def _width(self, stock: Stock, now: datetime) -> float:
        """The spread as a fraction: wide for what trades little, early and late."""
        if stock.large_cap:
            return 0.0001
        width = _width_by_volume(stock.average_volume)
        if self._state(stock, now) is not TradingPhase.OPEN:
            return 3 * width
        return width

    def _shown(self, today: StockDay, now: datetime) -> StockDay:
        """The day whose open, high and low are shown: the last one with a print."""
        if today.traded(now):
            return today
        hours = hours_at(today.stock.primary_exchange, self._hours)
        before = hours.previous(today.session.day)
        return self._tape.day(today.stock, before)

    def _book(
        self, stock: Stock, shape: Shape, last: float, now: datetime
    ) -> tuple[float, int, float, int]:
        step, second = stock.step(last), self._second(now)
        spread = self.spread(stock, last, now)
        if shape.spread is not None or shape.priced:  # it is quoted around its last
            below = spread / 2 // step * step
        else:
            drawn = rng.uniform(_book_salt(stock.con_id), second)
            below = int(drawn * (round(spread / step) + 1)) * step
        bid = max(step, round(last - below, 4))
        ask = round(bid + spread, 4)
        wanted, offered = shape.bid_size, shape.ask_size
        bid_size = _size(stock, second, 1) if wanted is None else int(wanted)
        ask_size = _size(stock, second, 2) if offered is None else int(offered)
        return bid, bid_size, ask, ask_size

    def _state(self, stock: Stock, now: datetime) -> TradingPhase:
        return hours_at(stock.primary_exchange, self._hours).state(now)

    def _second(self, now: datetime) -> int:
        """Whole seconds since 1970, worked out once for all stocks of a moment."""
        if now is not self._asked[0]:
            self._asked = (now, int(now.timestamp()))
        return self._asked[1]


def _halted(shape: Shape, today: StockDay, now: datetime) -> int:
    if shape.halted is not None:
        return shape.halted
    return _VOLATILITY_HALT if today.halted(now) else 0


def _jumps(shape: Shape, second: int) -> bool:
    """Whether the price jumps within that second since 1970."""
    return shape.jump_at is not None and int(shape.jump_at.timestamp()) == second


@cache
def _width_by_volume(average: float) -> float:
    traded = log(max(average, 2e4) / 2e4) / log(250)
    return 0.008 * (1 - traded) + 0.001


@cache
def _book_salt(con_id: int) -> int:
    return rng.salt(con_id, "book")


def _size(stock: Stock, second: int, what: int) -> int:
    """Shares at a price: mostly a few round lots, now and then an odd one."""
    return _drawn_size(6.0 if stock.large_cap else 3.0, stock.con_id * 8 + what, second)


@lru_cache(maxsize=4096)
def _drawn_size(median: float, drawn: int, second: int) -> int:
    """As ``_size``; kept, because a last trade stays the last for up to ten seconds."""
    if rng.uniform(drawn, 4 * second) < _ODD_CHANCE:
        return 1 + int(99 * rng.uniform(drawn, 4 * second + 1))
    lots = rng.lognormal(median, 0.8, drawn, 4 * second + 2)
    return _ROUND_LOT * max(1, round(lots))
