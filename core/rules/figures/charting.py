"""From a card and the bars of one of its five stocks to that stock's chart."""

from datetime import date
from typing import Final

from core.model.chart import Chart, Course
from core.model.money import Price
from core.model.proposal import Pick, Proposal
from core.model.ranking import Candidate, Change
from core.rules.new_york import day_of
from core.rules.ranking import change


NO_BARS: Final = "IB has no bars for these two days"


def chart(
    proposal: Proposal, candidate: Candidate, course: Course, *, problem: str | None
) -> Chart:
    """The chart of *candidate*. Only bars of the card's two days count, so that a card
    of yesterday keeps its chart."""
    ranking = proposal.ranking
    today = _of_day(ranking.session_day, course)
    prior = _of_day(ranking.prior_day, course)
    last = _last(candidate, today)
    open_ = candidate.today.open if candidate.today else None
    prior_open = candidate.prior.open if candidate.prior else None
    return Chart(
        instrument=candidate.instrument,
        picks=_picks(proposal, candidate),
        prior=prior,
        today=today,
        open=open_,
        prior_open=prior_open,
        last=last,
        since_open=_change(open_, last),
        since_prior_open=_change(prior_open, last),
        problem=problem or (None if prior or today else NO_BARS),
    )


def _of_day(day: date | None, course: Course) -> Course:
    return tuple((at, close) for at, close in course if day_of(at) == day)


def _last(candidate: Candidate, today: Course) -> Price | None:
    if today:
        return today[-1][1]
    return candidate.quote.last if candidate.quote else None


def _change(start: Price | None, last: Price | None) -> Change | None:
    return None if start is None or last is None else change(start, last)


def _picks(proposal: Proposal, candidate: Candidate) -> tuple[Pick, ...]:
    con_id = candidate.instrument.con_id
    return tuple(
        pick
        for leg in proposal.legs
        if leg.instrument.con_id == con_id
        for pick in leg.picks
    )
