"""One stock of a scan, as it was at the scan's moment."""

from collections.abc import Iterator
from typing import Final

from bot.views import words
from bot.views.scans import details, facts_words, scan_words
from core.model.market import ConId, Quote, Snapshot
from core.model.ranking import Candidate, Change, Ranking
from core.rules.figures import facts
from core.rules.figures.table_order import row_of, since_close, since_open


_COLUMNS: Final = (
    words.Column(width=9, right=False),
    words.Column(width=9),
    words.Column(width=16),
)


def stock(ranking: Ranking, con_id: ConId) -> str:
    """What the scan recorded of the stock, and nothing else."""
    row = row_of(con_id, ranking)
    if row is None:
        return "This stock is not in the scan."
    found = (c for c in ranking.candidates if c.instrument.con_id == con_id)
    candidate = next(found, None)
    return words.paragraphs(
        _head(row, ranking),
        words.lines(
            words.pre(figures(row.quote)) if row.quote else "No quote came for it.",
            *_others(candidate, ranking),
            *_problems(row, candidate),
        ),
    )


def _head(row: Snapshot, ranking: Ranking) -> str:
    quote = row.quote
    fresh = scan_words.freshness([quote], quote.freshness) if quote else "no quote"
    place = f"row {row.rank} of {len(ranking.rows)}"
    return words.lines(
        f"{words.bold(scan_words.name(row))} · {fresh} · {place}",
        f"scan of {words.day_time(ranking.at)}",
    )


def figures(quote: Quote) -> Iterator[str]:
    """A line for each figure that is known: its value, and what belongs to it."""
    size = f"{quote.ask_size:,} shares" if quote.ask_size else ""
    share, days = facts.spread(quote), facts.quoted_volume(quote)
    wide = f"spread {words.spread(share)}" if share is not None else ""
    usual = f"{facts_words.usual(days)} usual days" if days is not None else ""
    for name, value, beside in (
        ("last", quote.last, ""),
        ("bid", quote.bid, wide),
        ("ask", quote.ask, size),
        ("open", quote.open, _since(since_open(quote))),
        ("close", quote.close, _since(since_close(quote))),
        ("high", quote.high, ""),
        ("low", quote.low, ""),
        ("VWAP", quote.vwap, ""),
    ):
        if value is not None:
            yield words.row((name, words.short_price(value), beside), _COLUMNS)
    if quote.volume:
        yield words.row(("volume", words.volume(quote.volume), usual), _COLUMNS)


def _since(change: Change | None) -> str:
    return words.moved(words.percent_of(change)) if change else ""


def _others(candidate: Candidate | None, ranking: Ranking) -> Iterator[str]:
    """The figures from the daily bars, which only the card's five stocks have."""
    if candidate is not None:
        yield from details.changes(candidate, ranking)
        yield from filter(None, facts_words.of_month(candidate))


def _problems(row: Snapshot, candidate: Candidate | None) -> Iterator[str]:
    if row.quote and row.quote.halted:
        yield "<b>Halted.</b>"
    for reason in (row.unfit, candidate.flaw if candidate else row.problem):
        if reason:
            yield f"! {words.sentence(reason)}"
