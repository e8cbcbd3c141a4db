"""The brief before an open, and the summary after a close.

Tested by tests/bot/views/schedule/test_bulletins.py.
"""

from collections.abc import Iterator
from decimal import Decimal

from bot.views import words
from bot.views.scores import in_words
from core.model.chosen.bulletins import Brief, Gap, Summary
from core.model.market import Side
from core.model.money import DOLLARS
from core.model.order import Order
from core.model.report import Scorecard
from core.rules.figures.amounts import average_of
from core.rules.new_york import day_of, local


_MOST = 8
"""Rows of each table."""

_GAPS = (
    words.Column(width=7, right=False),
    words.Column(width=9),
    words.Column(width=9),
    words.Column(width=9),
)
_FILLS = (
    words.Column(width=5, right=False),
    words.Column(width=7, right=False),
    words.Column(width=9),
    words.Column(width=13),
)


def brief(said: Brief) -> str:
    """The largest gap first; what waits for the open; what the calendar has."""
    return words.paragraphs(
        words.lines(_brief_head(said), _away(said.away)),
        _gaps(said),
        _queued(said),
        _today(said),
        _calendar(said),
    )


def summary(said: Summary) -> str:
    """What the day brought first; fills, the picks, and how earlier ones have done."""
    return words.paragraphs(
        words.lines(_summary_head(said), _away(said.away)),
        words.lines(*_profits(said)),
        _fills(said),
        words.lines(_picks(said.picks), in_words.line(said.score)),
    )


def _brief_head(said: Brief) -> str:
    opens = words.moment(said.session.opens)
    day = words.long_day(said.session.day)
    mode = words.bold(words.mode_word(said.mode))
    largest = f"{_gap_words(said.gaps[0])} · " if said.gaps else ""
    return words.lines(
        f"<b>Before the open</b> · {largest}{day}", f"{mode} · opens {opens}"
    )


def _gap_words(gap: Gap) -> str:
    symbol = words.safe(gap.instrument.symbol)
    return f"{symbol} {words.percent(gap.percent)}"


def _away(reason: str | None) -> str:
    return f"<b>IB cannot be reached</b>: {words.sentence(reason)}" if reason else ""


def _gaps(said: Brief) -> str:
    rows = [words.row(("", "close", "now", "gap"), _GAPS)]
    shown, more = words.first(said.gaps, _MOST)
    rows += [_gap_row(gap) for gap in shown]
    missing = ", ".join(said.unpriced[:_MOST])
    if not said.gaps:
        nothing = "Nothing is held, and nothing was picked." if not missing else ""
        return words.lines(nothing, _unpriced(missing))
    return words.lines(words.pre(rows), more, _unpriced(missing))


def _unpriced(symbols: str) -> str:
    return f"! No price or prior close: {words.safe(symbols)}." if symbols else ""


def _gap_row(gap: Gap) -> str:
    mark = "▸" if gap.shares else " "
    cells = (
        f"{mark}{gap.instrument.symbol}",
        words.price(gap.prior_close),
        words.price(gap.now),
        words.arrow(gap.percent),
    )
    return words.row(cells, _GAPS)


def _queued(said: Brief) -> str:
    if not said.queued:
        return "No order waits for the open."
    orders = ", ".join(_order(order) for order in said.queued[:_MOST])
    return f"Waiting for the open: {orders}. /orders to cancel."


def _order(order: Order) -> str:
    left = order.shares - order.filled
    return words.safe(f"{order.side.value} {left:,} {order.instrument.symbol}")


def _today(said: Brief) -> str:
    runs = [
        f"{run.kind} {words.clock(run.due)}" for run in said.today if not run.skipped
    ]
    shown, more = words.first(runs, _MOST)
    return words.lines(
        f"Today: {words.safe(', '.join(shown))} ET." if runs else "", more
    )


def _calendar(said: Brief) -> str:
    closes = said.session.closes
    early = f"Closes early today: {words.moment(closes)}." if _is_early(said) else ""
    closed = f"No session on {words.long_day(said.closed)}." if said.closed else ""
    later = (
        f"Early close on {words.long_day(said.early.day)}: "
        f"{words.moment(said.early.closes)}."
        if said.early
        else ""
    )
    return words.lines(early, closed, later)


def _is_early(said: Brief) -> bool:
    return local(said.session.closes).hour < _USUAL_CLOSE


_USUAL_CLOSE = 16


def _summary_head(said: Summary) -> str:
    day = words.long_day(said.session.day)
    worth = said.account.net_liquidation if said.account else None
    head = f"<b>After the close</b> · {_answer(said)}{day}"
    mode = words.bold(words.mode_word(said.mode))
    return words.lines(head, f"{mode} · {words.dollars(worth)}" if worth else mode)


def _answer(said: Summary) -> str:
    """What the lock screen shows: what the day's sales brought, or what is held did."""
    if said.trips:
        profit = sum((trip.profit for trip in said.trips), Decimal(0))
        return f"sales {words.signed(profit)} · "
    if said.day_profit is not None and said.held:
        return f"holdings {words.signed(said.day_profit)} · "
    return ""


def _profits(said: Summary) -> Iterator[str]:
    if said.since_report is not None:
        yield f"account {words.signed(said.since_report)} since the report"
    if said.held:
        known = words.signed(said.day_profit)
        stocks = f"{said.held} stock{'s' if said.held != 1 else ''}"
        yield f"held: {stocks}, {known} today"
    if said.uncounted:
        besides = f"{said.uncounted} that is no stock in dollars"
        yield f"held besides, not counted: {besides}"
    if said.trips is None:
        yield "! The day's sales could not be read. /pnl tries again."
    elif said.trips:
        profit = sum((trip.profit for trip in said.trips), Decimal(0))
        yield f"sold: {words.signed(profit)} after fees, first in, first out"
    else:
        yield "Nothing that was bought here was sold today."


def _fills(said: Summary) -> str:
    if not said.orders:
        return "No fills today."
    shown, more = words.first(said.orders, _MOST)
    rows = [row for order in shown for row in _filled(order, said)]
    return words.lines(words.pre(rows), more)


def _filled(order: Order, said: Summary) -> Iterator[str]:
    fills = [fill for fill in order.fills if day_of(fill.at) == said.session.day]
    shares = sum(fill.shares for fill in fills)
    verb = "BUY" if order.side is Side.BUY else "SELL"
    average = _paid(average_of(fills), order.instrument.currency)
    yield words.row((verb, order.instrument.symbol, f"{shares:,}", average), _FILLS)


def _paid(average: Decimal | None, currency: str) -> str:
    """What a share was traded at; the currency, if not the dollar, for the sign."""
    amount = words.price(average)
    return f"@ {amount}" if currency == DOLLARS else f"{amount} {currency}"


def _picks(scorecard: Scorecard | None) -> str:
    if scorecard is None or not scorecard.outcomes:
        return "No card today."
    each = (
        f"{outcome.instrument.symbol} {words.percent(outcome.percent)}"
        for outcome in scorecard.outcomes
    )
    return f"Today's picks since the card: {words.safe(', '.join(each))}."
