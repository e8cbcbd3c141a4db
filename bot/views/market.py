"""/why: what decided about each of the five of a scan."""

from collections.abc import Iterator
from typing import Final

from bot.views import words
from bot.views.scans import details, scan_words
from bot.views.scans.five import PICKED
from core.model.proposal import Pick, Proposal
from core.model.ranking import Candidate, Change, Ranking
from core.rules.selection import picks


NO_CARD: Final = "There is no card yet. /scan makes one."


def why(proposal: Proposal) -> str:
    """Why each of the five is there, and why it was picked or not: the figure that
    decided."""
    ranking = proposal.ranking
    if not ranking.candidates:
        return words.lines("<b>Why these?</b>", "The scan found no stock: no five.")
    head = f"<b>Why these?</b> · scan of {words.day_time(ranking.at)}, {details.ranked(ranking)}"
    rows = [words.row(("", "row", "$", "%"), _COLUMNS)]
    for each in ranking.candidates:
        rows.extend(_because(each, ranking))
    return words.paragraphs(
        head,
        words.pre(rows),
        f"Picked ({PICKED}) are the largest gain in $ and the largest in % since"
        f" {scan_words.the_open(ranking)}; row: the place among the"
        f" {len(ranking.rows)} of the scan.",
    )


_COLUMNS: Final = (
    words.Column(width=7, right=False),
    words.Column(width=3),
    words.Column(width=9),
    words.Column(width=8),
)
_INDENT: Final = 5
"""What the second line of a long flaw begins with."""


def _because(candidate: Candidate, ranking: Ranking) -> Iterator[str]:
    """In one line, unless it has more than one flaw: the figures, and what decided."""
    won = {pick for each, won in picks(ranking) if each == candidate for pick in won}
    mark = PICKED if won else " "
    cells = (f"{mark}{candidate.instrument.symbol}", str(candidate.rank))
    row = words.row(cells, _COLUMNS[:2])
    gain = candidate.since_open
    if candidate.flaw or gain is None:
        yield from _flawed(row, candidate.flaw or "change not known")
        return
    figures = (words.signed(gain.dollars), words.percent(gain.percent))
    yield f"{row}{words.row(figures, _COLUMNS[2:])} {_decided(gain, won)}"


def _flawed(row: str, flaw: str) -> Iterator[str]:
    whole = f"{row}  ! {flaw}"
    if len(whole) <= words.WIDTH:
        yield whole
        return
    yield f"{row}  not picked:"
    yield from words.beside("", f"! {flaw}", width=_INDENT)


def _decided(gain: Change, won: set[Pick]) -> str:
    if won:
        return "both" if len(won) > 1 else next(iter(won)).value
    return "behind" if gain.dollars > 0 else "not up"
