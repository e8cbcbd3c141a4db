"""The whole scanner table, page by page: two lines a stock."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.views import words
from bot.views.scans import facts_words, scan_words
from core.model.market import Quote, Snapshot
from core.model.ranking import Ranking
from core.rules.figures import facts
from core.rules.figures.table_order import (
    SortBy,
    since_close,
    since_open,
    sorted_rows,
)
from core.rules.ranking import worst


PAGE: Final = 10
"""Stocks on one page."""

_PRICES: Final = (
    words.Column(width=2),
    words.Column(width=1),
    words.Column(width=7, right=False),
    words.Column(width=8),
    words.Column(width=8),
    words.Column(width=8),
)
_MOVES: Final = (
    words.Column(width=10),
    words.Column(width=9),
    words.Column(width=8),
    words.Column(width=7),
)
_SORTED: Final = {
    SortBy.RANK: "in IB's order",
    SortBy.CHANGE: "largest gain since the open first",
    SortBy.VOLUME: "most volume vs usual first",
    SortBy.SPREAD: "narrowest spread first",
}


def pages(ranking: Ranking) -> int:
    """How many there are, at least one."""
    return max(1, -(-len(ranking.rows) // PAGE))


def on_page(ranking: Ranking, *, by: SortBy, page: int) -> Sequence[Snapshot]:
    """The rows of one page; pages count from 0."""
    return sorted_rows(ranking.rows, by)[page * PAGE : (page + 1) * PAGE]


def place(ranking: Ranking, *, page: int) -> str:
    """Which rows a page has: ``1-10 of 50``, with a dash."""
    count = len(ranking.rows)
    last = min((page + 1) * PAGE, count)
    return f"{min(page * PAGE + 1, last)}{words.DASH}{last} of {count}"


def table(ranking: Ranking, *, by: SortBy = SortBy.RANK, page: int = 0) -> str:
    """One page of the rows in the order *by*, and how many of all are not quoted."""
    count = len(ranking.rows)
    quotes = [row.quote for row in ranking.rows if row.unfit is None]
    fresh = scan_words.freshness(quotes, worst(quotes))
    head = f"<b>All {count}</b> · {words.clock_time(ranking.at)} · {fresh}"
    missing = sum(quote is None for quote in quotes)
    return words.lines(
        head,
        f"{place(ranking, page=page)}, {_SORTED[by]}",
        words.pre(_rows(on_page(ranking, by=by, page=page))),
        f"{missing} of {count} without a quote" if missing else "",
        scan_words.left_out(ranking),
    )


def _rows(rows: Sequence[Snapshot]) -> Iterator[str]:
    yield words.row(("", "", "", "bid", "ask", "last"), _PRICES)
    yield words.row(("vs open", "vs close", "volume", "usual"), _MOVES)
    for row in rows:
        yield _prices(row)
        if row.unfit:
            yield from words.beside("", row.unfit, width=3)
        elif row.quote:
            yield _moves(row.quote)


def _prices(row: Snapshot) -> str:
    quote = row.quote
    prices = (quote.bid, quote.ask, quote.last) if quote else (None, None, None)
    cells = (str(row.rank), "", row.instrument.symbol)
    return words.row((*cells, *map(words.short_price, prices)), _PRICES)


def _moves(quote: Quote) -> str:
    days = facts.quoted_volume(quote)
    moves = (words.percent_of(each(quote)) for each in (since_open, since_close))
    volume = words.volume(quote.volume or None)
    usual = words.UNKNOWN if days is None else f"{facts_words.usual(days)}x"
    return words.row((*map(words.moved, moves), volume, usual), _MOVES)
