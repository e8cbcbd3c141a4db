"""/why: what decided about each of the five of a scan."""

from typing import Final

from bot.views import words
from bot.views.scans import details, scan_words
from core.model.proposal import Pick, Proposal
from core.model.ranking import Candidate, Ranking
from core.rules.selection import picks


NO_CARD: Final = "There is no card yet. /scan makes one."


def why(proposal: Proposal) -> str:
    """Why each of the five is there, and why it was picked or not: the figure that
    decided."""
    ranking = proposal.ranking
    if not ranking.candidates:
        return words.lines("<b>Why these?</b>", "The scan found no stock: no five.")
    head = f"<b>Why these?</b> · scan of {words.day_time(ranking.at)}, {details.ranked(ranking)}"
    open_ = scan_words.the_open(ranking)
    return words.paragraphs(
        head,
        words.lines(
            *(
                f"{place}. {words.bold(each.instrument.symbol)} · {_because(each, ranking)}"
                for place, each in enumerate(ranking.candidates, start=1)
            )
        ),
        f"Picked are the largest gain in $ and the largest in % since {open_}.",
    )


def _because(candidate: Candidate, ranking: Ranking) -> str:
    """In one line: first what decided."""
    row = f"row {candidate.rank} of {len(ranking.rows)}"
    if candidate.flaw:
        return f"{row}; not picked: {words.safe(candidate.flaw)}"
    gain = candidate.since_open
    if gain is None:
        return f"{row}; not picked: its change since the open is not known"
    figures = f"{words.signed(gain.dollars)}, {words.percent(gain.percent)}"
    won = {
        pick for each, picks_ in picks(ranking) if each == candidate for pick in picks_
    }
    if won:
        named = " and ".join(pick.value for pick in Pick if pick in won)
        return f"{row}; <b>picked</b>, {named}: {figures}"
    if gain.dollars <= 0:
        return f"{row}; not picked: {figures}, no gain since the open"
    leads = ", ".join(
        f"{each.instrument.symbol} {_lead(each, pick)}"
        for each, picks_ in picks(ranking)
        for pick in picks_
    )
    return f"{row}; not picked: {figures}, behind {words.safe(leads)}"


def _lead(candidate: Candidate, pick: Pick) -> str:
    gain = candidate.since_open
    if pick is Pick.DOLLARS:
        return words.signed(gain.dollars if gain else None)
    return words.percent(words.percent_of(gain))
