"""The five of a scan: one line a stock, the picks marked."""

from collections.abc import Iterator
from typing import Final

from bot.views import words
from bot.views.scans import scan_words
from core.model.market import ConId
from core.model.proposal import Proposal
from core.model.ranking import Candidate, Change, Ranking


PICKED: Final = "►"
GAIN, LOSS, NEITHER = "🟢", "🔴", "⚪"
"""Colour markers. Each is as wide as two letters."""

_COLUMNS: Final = (
    words.Column(width=7, right=False),
    words.Column(width=8),
    words.Column(width=8),
    words.Column(width=9),
)
_SINCE: Final = "since the open of"


def five(proposal: Proposal) -> str:
    """Last price, and how far it has come in % since both opens; who cannot be picked."""
    ranking = proposal.ranking
    picked = {leg.instrument.con_id for leg in proposal.legs}
    rows = [f"{_SINCE:>{words.WIDTH}}", _head(ranking)]
    for candidate in ranking.candidates:
        rows.extend(_rows(candidate, picked))
    return words.pre(rows)


def marker(change: Change | None) -> str:
    """The colour of a change."""
    if change is None or words.rounded(change.percent, words.TENTH) == 0:
        return NEITHER
    return GAIN if change.dollars > 0 else LOSS


def _head(ranking: Ranking) -> str:
    prior = words.short_day(ranking.prior_day) if ranking.prior_day else "before"
    return "  " + words.row(("", "last", _session(ranking), prior), _COLUMNS)


def _session(ranking: Ranking) -> str:
    """Whose open the first change counts from: a word for a column."""
    if scan_words.is_of_today(ranking):
        return "today"
    return words.short_day(ranking.session_day)


def _rows(candidate: Candidate, picked: set[ConId]) -> Iterator[str]:
    last = candidate.quote.last if candidate.quote else None
    instrument = candidate.instrument
    mark = PICKED if instrument.con_id in picked else " "
    cells = (
        f"{mark}{instrument.symbol}",
        words.short_price(last),
        words.moved(words.percent_of(candidate.since_open)),
        words.moved(words.percent_of(candidate.since_prior_open)),
    )
    yield marker(candidate.since_open) + words.row(cells, _COLUMNS)
    if candidate.flaw:
        yield from words.beside("", f"! {candidate.flaw}", width=3)
