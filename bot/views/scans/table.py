"""The whole scanner table: rank, symbol, bid, ask, last."""

from typing import Final

from bot.views import words
from bot.views.scans import scan_words
from core.model.market import Snapshot
from core.model.ranking import Ranking
from core.rules.ranking import worst


_COLUMNS: Final = (
    words.Column(width=2),
    words.Column(width=1),
    words.Column(width=7, right=False),
    words.Column(width=8),
    words.Column(width=8),
    words.Column(width=8),
)


def table(ranking: Ranking) -> str:
    """Every row of the scan in the scanner's order, and how many are not quoted."""
    count = len(ranking.rows)
    quotes = [row.quote for row in ranking.rows if row.unfit is None]
    fresh = scan_words.freshness(quotes, worst(quotes))
    head = f"<b>All {count}</b> · {words.clock_time(ranking.at)} · {fresh}"
    rows = [words.row(("", "", "", "bid", "ask", "last"), _COLUMNS)]
    rows += [_row(snapshot) for snapshot in ranking.rows]
    missing = sum(quote is None for quote in quotes)
    gap = f"{missing} of {count} without a quote" if missing else ""
    return words.lines(head, words.pre(rows), gap, scan_words.left_out(ranking))


def _row(snapshot: Snapshot) -> str:
    quote = snapshot.quote
    prices = (quote.bid, quote.ask, quote.last) if quote else (None, None, None)
    cells = (str(snapshot.rank), "", snapshot.instrument.symbol)
    return words.row((*cells, *map(words.price, prices)), _COLUMNS)
