"""The prices of any stock at any moment, from the seed and the shapes set on it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from math import exp, log

from core.sandbox.market.abroad import hours_at
from core.sandbox.market.draws import DayDraw, Draws
from core.sandbox.market.hours import Hours, TradingSession
from core.sandbox.market.paths import Drawn, Jumping, Laid, Path
from core.sandbox.market.shapes import Shape
from core.sandbox.market.stockday import StockDay, beat_of
from core.sandbox.market.universe import Stock


_REMEMBERED = 2_000
_SHARED = 8_000
_SEEDS_REMEMBERED = 8
_EXTENDED_VOLATILITY = 0.4


class Tape:
    """Prices of every stock. Random access: no answer depends on earlier questions."""

    def __init__(self, *, seed: int, hours: Hours, shapes: Mapping[str, Shape]) -> None:
        self._seed = seed
        self._draws = Draws(seed, hours)
        self._hours = hours
        self._shapes = dict(shapes)
        self._days: dict[tuple[int, date], StockDay] = {}
        self.edition = 0  # grows when the past is rewritten

    def shape(self, stock: Stock) -> Shape:
        """The shape set for that stock; an empty one when there is none."""
        return self._shapes.get(stock.symbol, _UNSHAPED)

    def reshape(self, symbol: str, shape: Shape | None) -> None:
        """Set the shape of that stock from now on; None removes it."""
        if shape is None:
            self._shapes.pop(symbol, None)
        else:
            self._shapes[symbol] = shape
        self._days.clear()
        self.edition += 1

    def rename(self, symbol: str, to: str) -> None:
        """Keep the stock's shape under its new symbol."""
        if symbol in self._shapes:
            self._shapes[to] = self._shapes.pop(symbol)
        self._days.clear()

    def split(self, stock: Stock, ratio: float) -> None:
        """Restate that stock's prices of every day in the shares after the split, as IB
        adjusts its bars; *stock* is as it is now.
        """
        shape = self._shapes.get(stock.symbol)
        self.reshape(stock.symbol, None if shape is None else shape.split(ratio))

    def today(self, stock: Stock, now: datetime) -> StockDay:
        """The stock's day that a quote at that moment refers to."""
        return self.day(stock, self._hours_of(stock).current(now))

    def day(self, stock: Stock, session: TradingSession) -> StockDay:
        """The stock's trading in that session."""
        key = (stock.con_id, session.day)
        known = self._days.get(key)
        if known is None:
            if len(self._days) > _REMEMBERED:
                self._days.clear()
            known = self._days[key] = self._made(stock, session)
        return known

    def _made(self, stock: Stock, session: TradingSession) -> StockDay:
        if self._touches(stock, session):
            return self.drawn(stock, session)
        return _without_shape(self._seed, stock, session)

    def _hours_of(self, stock: Stock) -> Hours:
        return hours_at(stock.primary_exchange, self._hours)

    def _touches(self, stock: Stock, session: TradingSession) -> bool:
        """Whether a shape changes that session: its own, the one before, the one after,
        and the one in which the price jumps.
        """
        shape = self.shape(stock)
        at, on = shape.jump_at, shape.on
        if at is not None and session.pre_open <= at < session.close:
            return True
        day, hours = session.day, self._hours_of(stock)
        return on is not None and (
            on == day or on == hours.next(day).day or on == hours.previous(day).day
        )

    def drawn(self, stock: Stock, session: TradingSession) -> StockDay:
        """The stock's trading in that session, computed anew."""
        draw = self._shaped(stock, session, self._draws.day(stock, session))
        shape = self.shape(stock)
        made = StockDay(
            stock=stock,
            session=session,
            paths=self._paths(stock, session, draw),
            before=exp(draw.previous),
            previous_close=exp(self._previous_close(stock, session)),
            volume=draw.volume,
        )
        silent = shape.no_bar_today and shape.on == session.day
        made.first_print = None if silent else draw.first_print
        made.halt = draw.halt
        return made

    def _previous_close(self, stock: Stock, session: TradingSession) -> float:
        shape = self.shape(stock)
        if shape.on == session.day and shape.prior_close is not None:
            return log(shape.prior_close)
        before = self._hours_of(stock).previous(session.day)
        if shape.on == before.day and shape.priced:
            return log(self.day(stock, before).close)
        return self._draws.close(stock, before)

    def _shaped(self, stock: Stock, session: TradingSession, draw: DayDraw) -> DayDraw:
        """The draw, changed to the prices and volume that the shape sets."""
        shape = self.shape(stock)
        if shape.on is None:
            return draw
        if shape.on == session.day:
            return _shaped_day(draw, shape)
        if shape.on == self._hours_of(stock).next(session.day).day:
            return _shaped_eve(draw, shape)
        return draw

    def _paths(
        self, stock: Stock, session: TradingSession, draw: DayDraw
    ) -> tuple[Path | None, Path, Path | None]:
        minutes = int((session.close - session.open).total_seconds()) // 60
        shape = self.shape(stock)
        regular: Path = Drawn(
            salted=draw.salted,
            minutes=minutes,
            start=draw.opened,
            end=draw.closed,
            volatility=draw.volatility,
            surge=draw.surge,
            surge_minutes=draw.surge_minutes,
            beat=beat_of(stock),
        )
        if shape.on == session.day and shape.priced:
            regular = Laid(
                opened=exp(draw.opened),
                last=exp(draw.closed),
                drift=shape.drift,
                minutes=minutes,
            )
        if shape.jump_at is not None and shape.jump_to is not None:
            second = (shape.jump_at - session.open).total_seconds()
            if session.pre_open <= shape.jump_at < session.close:
                regular = Jumping(
                    before=regular, jump_second=second, jump_to=shape.jump_to
                )
        return self._extended(session, draw, regular)

    def _extended(
        self, session: TradingSession, draw: DayDraw, regular: Path
    ) -> tuple[Path | None, Path, Path | None]:
        if not draw.early or session.pre_open == session.open:
            return None, regular, None
        quiet = _EXTENDED_VOLATILITY * draw.volatility
        before = int((session.open - session.pre_open).total_seconds()) // 60
        after = int((session.post_close - session.close).total_seconds()) // 60
        end = log(regular.at(1e9))
        pre = Drawn(
            salted=draw.salted ^ 0xEA71,
            minutes=before,
            start=draw.previous,
            end=draw.opened,
            volatility=quiet,
            beat=60,
        )
        post = Drawn(
            salted=draw.salted ^ 0x1A7E,
            minutes=after,
            start=end,
            end=end + draw.after - draw.closed,
            volatility=quiet,
            beat=60,
        )
        return pre, regular, post


_UNSHAPED = Shape()


@lru_cache(maxsize=_SHARED)
def _without_shape(seed: int, stock: Stock, session: TradingSession) -> StockDay:
    """A day that no shape touches is the same in every gateway of a seed: what the next
    one asks for is drawn already."""
    return _straight(seed).drawn(stock, session)


@lru_cache(maxsize=_SEEDS_REMEMBERED)
def _straight(seed: int) -> Tape:
    return Tape(seed=seed, hours=Hours(), shapes={})


def _shaped_day(draw: DayDraw, shape: Shape) -> DayDraw:
    changed = draw if shape.volume is None else replace(draw, volume=shape.volume)
    if shape.prior_close is not None:
        changed = replace(changed, previous=log(shape.prior_close))
    first = shape.last if shape.open is None else shape.open
    last = shape.open if shape.last is None else shape.last
    if first is None or last is None:
        return changed
    return replace(
        changed,
        opened=log(first),
        closed=log(last),
        after=log(last),
        first_print=0.0,
        halt=None,
    )


def _shaped_eve(draw: DayDraw, shape: Shape) -> DayDraw:
    opened, closed = draw.opened, draw.closed
    if shape.prior_open is not None:
        opened = log(shape.prior_open)
    if shape.prior_close is not None:
        closed = log(shape.prior_close)
    return replace(draw, opened=opened, closed=closed, after=closed)
