"""/pnl: what trading has brought, in words and as a course of the account.

Tested by tests/bot/handlers/looks/test_score.py.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Final

from bot.views import words
from bot.views.scores.periods import beside_spy, periods
from bot.views.scores.sketch import ends, span
from core.model.proposal import Mode
from core.model.scoring.trades import OpenLot, RoundTrip, Trades
from core.rules.figures import percent
from core.rules.new_york import day_of


SketchLine = dict[str, object]
"""One line of the picture, as the painter takes it."""

Both = tuple[date, Decimal, Decimal]
"""A session (New York), the account's value in dollars, and SPY's bid."""

A_COURSE: Final = 2
"""Sessions that make a course."""

_COLUMNS: Final = (
    words.Column(width=12, right=False),
    words.Column(width=12),
    words.Column(width=10),
)


def profits(trades: Trades, *, today: date, mode: Mode) -> str:
    """Realised by the day of the sale (New York), fees included."""
    head = f"<b>Profit and loss</b> · {words.bold(words.mode_word(mode))}"
    if not _any(trades):
        return words.paragraphs(head, "Nothing was bought or sold here yet.")
    return words.paragraphs(
        words.lines(
            *(head, words.pre(_table(trades.trips, today))),
            words.pre(beside_spy(trades, today)),
        ),
        words.lines(_won(trades.trips), _open(trades), _fees(trades)),
        words.lines(*_elsewhere(trades)),
        _account(trades),
        words.details(
            (
                "Matched first in, first out: what this bot bought, and who sold it.",
                "A sale by hand or by another tool takes what was held besides first.",
                "IB lists it until midnight: what I did not hear of by then shows later,",
                "without a price, in what IB lists as held.",
                "Fees in the table: of what was sold. Account and SPY: from the last report",
                "before that time to the newest; SPY is known in the evening.",
                "IB tells a program no dividends, nor what was paid in or out: both are in",
                "the account's value, and so in its percent, and in no other figure.",
            )
        ),
    )


def caption(mode: Mode) -> str:
    """The line under the picture."""
    return f"<b>Account value</b> at each report · {words.bold(words.mode_word(mode))}"


def sketch(trades: Trades, *, mode: Mode) -> str:
    """The account's value at each report as JSON for the painter."""
    both = _beside_spy(trades)
    compared = len(both) >= A_COURSE
    days = (
        [day for day, _, _ in both] if compared else [day for day, _ in trades.values]
    )
    return json.dumps(
        {
            "title": "Account value",
            "mode": words.mode_word(mode),
            "measure": f"{'percent' if compared else 'dollars'}, at each report",
            **ends(days[0], days[-1]),
            "border": None,
            "lines": _compared(both) if compared else [_in_dollars(trades)],
            "bars": None,
        }
    )


def _in_dollars(trades: Trades) -> SketchLine:
    return {
        "name": "account",
        "style": 0,
        "values": [float(value) for _, value in trades.values],
        "end": words.dollars(trades.values[-1][1]),
    }


def _compared(both: Sequence[Both]) -> list[SketchLine]:
    _, account, spy = both[0]
    return [
        _in_percent("account", 0, [percent.moved(account, now) for _, now, _ in both]),
        _in_percent("SPY", 1, [percent.moved(spy, now) for _, _, now in both]),
    ]


def _in_percent(name: str, style: int, moves: Sequence[Decimal]) -> SketchLine:
    return {
        "name": name,
        "style": style,
        "values": [round(float(move), 4) for move in moves],
        "end": words.arrow(moves[-1]).strip(),
    }


def _beside_spy(trades: Trades) -> list[Both]:
    """The account's value and SPY's bid on the sessions that have both."""
    spy = dict(trades.spy)
    return [(day, value, spy[day]) for day, value in trades.values if day in spy]


def _table(trips: Sequence[RoundTrip], today: date) -> Iterator[str]:
    yield words.row(("", "realised", "sales"), _COLUMNS)
    for name, since in periods(today):
        sales = _sales(trip for trip in trips if day_of(trip.sold_at) >= since)
        total = sum((profit for _, profit in sales), Decimal(0))
        yield words.row((name, words.signed(total), str(len(sales))), _COLUMNS)


def _sales(trips: Iterable[RoundTrip]) -> Sequence[tuple[str, Decimal]]:
    """Each order that sold: its stock, and what it brought after fees. One that filled
    in parts is one sale."""
    profits: dict[str, Decimal] = {}
    symbols: dict[str, str] = {}
    for trip in trips:
        symbols[trip.sale] = trip.instrument.symbol
        profits[trip.sale] = profits.get(trip.sale, Decimal(0)) + trip.profit
    return [(symbols[sale], profit) for sale, profit in profits.items()]


def _won(trips: Sequence[RoundTrip]) -> str:
    if not trips:
        return "Nothing that was bought here was sold yet."
    sales = sorted(_sales(trips), key=itemgetter(1))
    won = sum(profit > 0 for _, profit in sales)
    (worst, least), (best, most) = sales[0], sales[-1]
    return words.lines(
        f"ahead after fees: {won} of {len(sales)}",
        words.together(f"best {words.safe(best)} {words.signed(most)}")
        + ", "
        + words.together(f"worst {words.safe(worst)} {words.signed(least)}"),
    )


def _open(trades: Trades) -> str:
    if not trades.lots:
        return "nothing bought here is still open"
    paid = sum((lot.paid for lot in trades.lots), Decimal(0))
    what = _stocks(trades.lots)
    return f"still open: {what}, bought for {_money(paid)}{_open_profit(trades.lots)}"


def _open_profit(lots: Sequence[OpenLot]) -> str:
    known = [lot.profit for lot in lots if lot.profit is not None]
    if not known:
        return "; /positions prices them"
    priced = f", {words.signed(sum(known, Decimal(0)))} at IB's last prices"
    if len(known) == len(lots):
        return priced
    return f"{priced} without {_stocks([e for e in lots if e.profit is None])}"


def _stocks(lots: Sequence[OpenLot]) -> str:
    stocks = len({lot.instrument.con_id for lot in lots})
    return f"{stocks} stock{'s' if stocks != 1 else ''}"


def _any(trades: Trades) -> bool:
    return any(
        (
            *(trades.trips, trades.lots),
            *(trades.unmatched, trades.elsewhere, trades.covered, trades.abroad),
        )
    )


def _fees(trades: Trades) -> str:
    """The fees that IB has reported, and which ones are missing in the sum."""
    others = "".join(
        f"; {words.exact(amount)} {words.safe(currency)} besides, not counted"
        f"{_converted(amount, currency, trades)}"
        for currency, amount in trades.other_fees
    )
    untold = trades.untold_fees
    waiting = f"; of {untold} fill{'s' if untold != 1 else ''} not told yet"
    return f"all fees {_money(trades.fees)}{others}{waiting if untold else ''}"


def _converted(amount: Decimal, currency: str, trades: Trades) -> str:
    """The amounts in dollars at IB's present rate, which is named; empty while it is not
    known."""
    rate = trades.rates.get(currency)
    if rate is None:
        return ""
    return f" ({words.cents(amount * rate)} at IB's {rate.normalize():f})"


def _elsewhere(trades: Trades) -> Iterator[str]:
    """Shares sold elsewhere; and those that are in no round trip, and why."""
    yield from _by_hand(trades.trips)
    for currency, amount in trades.abroad:
        brought = f"{words.exact(amount)} {words.safe(currency)}"
        converted = _converted(amount, currency, trades)
        yield f"Sold in {words.safe(currency)}, not counted: {brought}{converted}."
    for what, counted in (
        ("Sold, but not bought here, and so without a cost", trades.unmatched),
        ("Bought here and sold elsewhere, and so without a price", trades.elsewhere),
        ("Bought here to end a short from elsewhere", trades.covered),
    ):
        named = ", ".join(
            f"{words.shares(n)} {words.safe(stock)}" for stock, n in counted
        )
        if named:
            yield f"{what}: {named}."


def _by_hand(trips: Iterable[RoundTrip]) -> Iterator[str]:
    """By stock, what was sold elsewhere and is in the figures above; and of how many of
    these sales IB has told no fee."""
    of_it: dict[str, list[RoundTrip]] = {}
    for trip in trips:
        if trip.elsewhere:
            of_it.setdefault(trip.instrument.symbol, []).append(trip)
    if not of_it:
        return
    named = ", ".join(f"{_sold(sold)} {words.safe(s)}" for s, sold in of_it.items())
    yield f"Of these, sold by hand or by another tool: {named}."
    untold = {t.sale for sold in of_it.values() for t in sold if not t.fee_told}
    if untold:
        what = f"{len(untold)} of these sales" if len(untold) > 1 else "one such sale"
        yield f"IB told no fee in dollars for {what}, so none is counted."


def _sold(trips: Sequence[RoundTrip]) -> str:
    """The shares, and for how much on the average."""
    shares = sum((trip.shares for trip in trips), Decimal(0))
    got = sum((trip.got for trip in trips), Decimal(0))
    return f"{words.shares(shares)} shares at {words.price(got / shares)} of"


def _account(trades: Trades) -> str:
    if len(trades.values) < A_COURSE:
        return ""
    (first, before), (last, now) = trades.values[0], trades.values[-1]
    change = _marked(percent.moved(before, now)) if before else ""
    since, until = span(first, last)
    return (
        f"account {words.dollars(before)} on {since}, "
        f"{words.dollars(now)} on {until} {change}".rstrip()
        + _spy_meanwhile(trades)
    )


def _spy_meanwhile(trades: Trades) -> str:
    """What SPY did between the first and the last session that has both."""
    both = _beside_spy(trades)
    if len(both) < A_COURSE or not both[0][1]:
        return ""
    (first, before, since), (last, now, at) = both[0], both[-1]
    account, spy = percent.moved(before, now), percent.moved(since, at)
    days = " to ".join(span(first, last))
    return f"\nSPY {_marked(spy)} against the account's {_marked(account)}, {days}"


def _money(amount: Decimal) -> str:
    return words.cents(amount)


def _marked(share: Decimal | None) -> str:
    """With its arrow, which does not stand at the end of another line."""
    return words.together(words.arrow(share).strip())
