"""/quote and /chart: one stock that the owner names, in words and as a picture.

``sketch`` says where everything stands; ``bot.views.scans.paint_candles`` paints it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias

from bot.views import words
from bot.views.scans import scan_words, stock
from bot.views.scans.chart import Scale
from core.model.chart import Candle, StockChart
from core.model.market import Instrument, Quote, Side
from core.model.money import DOLLARS, Price
from core.model.portfolio import Position
from core.model.proposal import Mode
from core.rules.ranking import change


Json: TypeAlias = dict[str, Any]

LEAST: Final = timedelta(minutes=30)
"""The width of the picture right after the open."""

STEPS: Final = (
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
)
"""Between two times of day on the axis: the first that needs no more than MARKS."""

MARKS: Final = 5
PRICES: Final = 5
"""Into so many parts prices divide the height at most."""


def quote(
    instrument: Instrument,
    seen: Quote | None,
    held: Position | None,
    *,
    company: str,
    mode: Mode,
) -> str:
    """What is quoted now, and what is held; the company's name only where it is
    known."""
    fresh = scan_words.freshness([seen], seen.freshness) if seen else "no quote"
    name = words.bold(instrument.symbol)
    head = f"{name}{_priced_in(instrument)} · {fresh} · {words.bold(words.mode_word(mode))}"
    if seen is None:
        text = "No price came for it. Try again in a moment; /status says whether data comes."
        return words.lines(head, text)
    return words.paragraphs(
        words.lines(head, words.company(company), words.day_time(seen.at)),
        words.pre(stock.figures(seen)),
        words.lines(*(["<b>Halted.</b>"] if seen.halted else []), *_held(held)),
    )


def _priced_in(instrument: Instrument) -> str:
    """The stock's currency, if that is not the dollar."""
    currency = instrument.currency
    return "" if currency == DOLLARS else f" in {words.safe(currency)}"


def _held(held: Position | None) -> Iterator[str]:
    if held is not None and held.shares:
        yield f"you hold {words.shares(held.shares)}"


def how_to(command: str) -> str:
    return f"<b>Of which stock?</b> Type its symbol, or <code>/{command} MACV</code>."


def unknown(text: str) -> str:
    return f"IB knows no stock {words.bold(text)}."


def too_many(most: int) -> str:
    return f"<b>At most {most} stocks in one message.</b> None was looked at."


def which(text: str) -> str:
    return f"<b>Which one is {words.safe(text)}?</b>"


def no_candles(symbol: str, problem: str) -> str:
    return words.lines(
        f"<b>No chart of {words.safe(symbol)}.</b> {words.sentence(problem)}",
        "No order is touched by that. Try again in a moment.",
    )


def nothing_to_draw(symbol: str, *, is_session: bool) -> str:
    """What stands instead of a chart where IB has no bars, or no session is known."""
    return no_candles(
        symbol,
        "IB has no bars of that session" if is_session else "The calendar is not there",
    )


def caption(chart: StockChart) -> str:
    """The line under the picture, and one for what the account traded."""
    mode = words.bold(words.mode_word(chart.mode))
    return words.lines(
        f"{words.bold(chart.instrument.symbol)}{_priced_in(chart.instrument)} · {mode} · "
        f"{_kind(chart)}",
        *(
            f"{'bought' if each.side is Side.BUY else 'sold'} "
            f"{words.shares(each.shares)} at {words.price(each.fill.price)}, "
            f"{words.clock_time(each.fill.at)}"
            for each in chart.trades
        ),
    )


def _kind(chart: StockChart) -> str:
    return (
        f"{chart.minutes}-minute candles of {words.long_day(chart.session_day)} "
        f"until {words.clock_time(_end(chart))}"
    )


def sketch(chart: StockChart) -> str:
    """The picture as JSON for the painter; every place is a share of its box. There is
    a candle at least."""
    frame = _Frame.of(chart)
    opened, last = chart.candles[0].open, chart.candles[-1].close
    moved = change(opened, last)
    return json.dumps(
        {
            "name": chart.instrument.symbol,
            "mode": words.mode_word(chart.mode),
            "last": words.price(last),
            "move": words.arrow(moved.percent).strip(),
            "up": moved.dollars >= 0,
            "measure": f"since {words.weekday(chart.session_day)} open, {chart.minutes}-minute candles",
            "day": words.long_day(chart.session_day),
            "width": frame.width(chart.minutes),
            "candles": [frame.candle(each) for each in chart.candles],
            "volumes": _volumes(chart, frame),
            "vwap": [
                (frame.x(candle.at + _length(chart)), frame.scale.y(price))
                for candle, price in zip(chart.candles, chart.vwap, strict=True)
                if price is not None
            ],
            "opens": _opens(chart, frame),
            "times": list(frame.times()),
            "prices": list(frame.prices()),
            "fills": [
                (
                    frame.x(each.fill.at),
                    frame.scale.y(each.fill.price),
                    each.side is Side.BUY,
                )
                for each in chart.trades
            ],
        }
    )


def _length(chart: StockChart) -> timedelta:
    return timedelta(minutes=chart.minutes)


def _end(chart: StockChart) -> datetime:
    """The end of the newest candle, or now when it has not ended."""
    return min(chart.candles[-1].at + _length(chart), chart.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Times onto the width, prices onto the height, from 0 to 1 each."""

    begins: datetime
    ends: datetime
    scale: Scale

    @classmethod
    def of(cls, chart: StockChart) -> "_Frame":
        begins = chart.candles[0].at
        prices = [p for each in chart.candles for p in (each.high, each.low)]
        prices += [each.fill.price for each in chart.trades]
        prices += [chart.prior_open] if chart.prior_open is not None else []
        ends = chart.candles[-1].at + _length(chart)
        return cls(
            begins=begins, ends=max(ends, begins + LEAST), scale=Scale.of(prices)
        )

    def x(self, at: datetime) -> float:
        return round((at - self.begins) / (self.ends - self.begins), 4)

    def width(self, minutes: int) -> float:
        """The width of one candle."""
        return round(timedelta(minutes=minutes) / (self.ends - self.begins), 4)

    def candle(self, candle: Candle) -> Json:
        heights = (candle.open, candle.high, candle.low, candle.close)
        opened, high, low, close = map(self.scale.y, heights)
        return {
            "x": self.x(candle.at),
            "body": [min(opened, close), max(opened, close)],
            "wick": [low, high],
            "up": candle.close >= candle.open,
        }

    def times(self) -> Iterator[tuple[float, str]]:
        """Round times of day in New York, and where they stand."""
        span = self.ends - self.begins
        step = next((each for each in STEPS if span / each <= MARKS), STEPS[-1])
        at = self.begins
        while at < self.ends:
            yield self.x(at), words.clock(at)
            at += step

    def prices(self) -> Iterator[tuple[float, str]]:
        """Round prices, and where they stand."""
        step = _round_step((self.scale.high - self.scale.low) / PRICES)
        price = (self.scale.low // step + 1) * step
        while price < self.scale.high:
            yield self.scale.y(Price(price)), words.price(price)
            price += step


def _round_step(least: Decimal) -> Decimal:
    """The smallest of 1, 2, 5, 10, 20, 50 and so on, and of their tenths, hundredths and
    so on, that is not below *least*."""
    power = Decimal(10) ** least.adjusted()
    return next(each * power for each in (1, 2, 5, 10) if each * power >= least)


def _volumes(chart: StockChart, frame: _Frame) -> list[tuple[float, float, bool]]:
    """Where each candle begins, its volume as a share of the largest, and whether the
    price rose in it."""
    largest = max((each.volume or Decimal(0) for each in chart.candles), default=0)
    return [
        (
            frame.x(each.at),
            round(float((each.volume or 0) / largest), 4) if largest else 0.0,
            each.close >= each.open,
        )
        for each in chart.candles
    ]


def _opens(chart: StockChart, frame: _Frame) -> list[tuple[float, str, bool]]:
    """The two opens, each with its label and whether it is the session's own."""
    opened = chart.candles[0].open
    found = [(frame.scale.y(opened), f"{words.weekday(chart.session_day)} open", True)]
    if chart.prior_open is not None and chart.prior_day is not None:
        label = f"{words.weekday(chart.prior_day)} open"
        found.append((frame.scale.y(chart.prior_open), label, False))
    return found
