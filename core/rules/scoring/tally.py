"""Outcomes day by day, as numbers alone: years of them fit into some tens of megabytes.

Tested by tests/core/rules/scoring/test_results.py.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import fmean

from core.model.market import ConId
from core.model.proposal import ProposalId
from core.model.scoring.following import Horizon
from core.model.scoring.score import DayFigure
from core.rules.scoring.outcomes import Outcome


def _gains() -> "array[float]":  # 3.11 takes no array[float] outside quotes
    return array("d")


def _numbers() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class CardTally:
    """One card at one horizon: SPY's gain and those of all its rows in percent, with
    their contract numbers, and which rows were picked, by their place."""

    spy: float
    con_ids: "array[int]" = field(default_factory=_numbers)
    gains: "array[float]" = field(default_factory=_gains)
    picked: "array[int]" = field(default_factory=_numbers)

    @property
    def middle(self) -> float:
        """The mean of its rows, the picks among them."""
        return fmean(self.gains)

    @property
    def picks(self) -> Sequence[tuple[ConId, float]]:
        return [(ConId(self.con_ids[at]), self.gains[at]) for at in self.picked]


@dataclass(frozen=True, slots=True)
class DayTally:
    """One session's cards at one horizon."""

    cards: dict[ProposalId, CardTally] = field(default_factory=dict)

    def with_picks(self) -> Sequence[CardTally]:
        return [card for card in self.cards.values() if card.picked]

    def number(self) -> int:
        """How many picks there are, of all cards."""
        return sum(len(card.picked) for card in self.cards.values())

    def against_spy(self) -> float:
        """How much better the picks did than SPY, in percent points. There has to be a
        pick."""
        return fmean(
            gain - card.spy for card in self.with_picks() for _, gain in card.picks
        )

    def against_rows(self) -> float:
        """How much better the picks did than the mean row of the scan that each was
        picked from, in percent points: a card that picked nothing says nothing of
        chance."""
        return fmean(gain - middle for gain, middle in self._beside_their_rows())

    def figure(self, day: date) -> DayFigure:
        """The mean of its picks, and of SPY and the scan's rows beside each of them."""
        cards = self.with_picks()
        beside = list(self._beside_their_rows())
        return DayFigure(
            day=day,
            picks=fmean(gain for gain, _ in beside),
            spy=fmean(card.spy for card in cards for _ in card.picked),
            rows=fmean(middle for _, middle in beside),
        )

    def _beside_their_rows(self) -> Iterator[tuple[float, float]]:
        for card in self.with_picks():
            middle = card.middle
            for _, gain in card.picks:
                yield gain, middle


class Tally:
    """All outcomes at every horizon."""

    def __init__(self, outcomes: Iterable[Outcome] = ()) -> None:
        self._days: dict[tuple[Horizon, date], DayTally] = {}
        for outcome in outcomes:
            self.add(outcome, picked=outcome.picked)

    def add(self, outcome: Outcome, *, picked: bool) -> None:
        """*picked* is whether it counts as a pick here."""
        day = self._days.setdefault((outcome.horizon, outcome.day), DayTally())
        card = day.cards.get(outcome.proposal_id)
        if card is None:
            card = day.cards[outcome.proposal_id] = CardTally(outcome.spy)
        if picked:
            card.picked.append(len(card.gains))
        card.con_ids.append(outcome.con_id)
        card.gains.append(outcome.gain)

    def days(self) -> Sequence[date]:
        """Each day (New York's) with an outcome, the oldest first."""
        return sorted({day for _, day in self._days})

    def within(self, begin: date, end: date) -> "Tally":
        """The days from *begin* to before *end*; they are shared, not copied."""
        part = Tally()
        part._days = {
            (at, day): of_it
            for (at, day), of_it in self._days.items()
            if begin <= day < end
        }
        return part

    def days_with_picks(self, horizon: Horizon) -> Sequence[tuple[date, DayTally]]:
        """Day by day (New York's), the oldest first."""
        days = (
            (day, tally) for (at, day), tally in self._days.items() if at is horizon
        )
        return sorted((each for each in days if each[1].number()), key=lambda e: e[0])

    def at_the_close(self) -> tuple[DayFigure, ...]:
        """The mean gains of each day that has a pick."""
        days = self.days_with_picks(Horizon.CLOSE)
        return tuple(of_it.figure(day) for day, of_it in days)
