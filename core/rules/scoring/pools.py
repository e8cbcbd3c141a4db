"""The rows that chance could have picked.

Tested by tests/core/rules/scoring/test_significance.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from core.model.market import ConId
from core.rules.scoring.tally import CardTally, DayTally


@dataclass(frozen=True, slots=True)
class Pool:
    """Rows any ``size`` of which could have been picked as well: what each of them would
    have added to its day against its scan's mean, in percent points."""

    values: Sequence[float]
    size: int


def pools_of(day: DayTally) -> Iterator[Pool]:
    """The pools of one session: one for each set of its cards on which stocks were
    picked together.

    A stock that several cards of a day pick is one bet, for its gains from each of them
    to the close are nearly the same. So chance draws one stock for all of these cards,
    among those that each of them had: drawn card by card, five scans of one morning
    would look five times as sure as one (the exchangeable units of a permutation test
    are what is assigned together: P. I. Good, Permutation, Parametric and Bootstrap
    Tests of Hypotheses, 3rd ed. 2005, 2.2).
    """
    cards, number = day.with_picks(), day.number()
    places: dict[ConId, tuple[int, ...]] = {}
    for place, card in enumerate(cards):
        for con_id, _ in card.picks:
            places[con_id] = (*places.get(con_id, ()), place)
    together = list(places.values())
    for each in dict.fromkeys(together):
        values = _values([cards[place] for place in each], number)
        yield Pool(values, together.count(each))


def _values(cards: Sequence[CardTally], number: int) -> Sequence[float]:
    rows = [_by_stock(card, number) for card in cards]
    first, *others = rows
    stocks = [each for each in first if all(each in other for other in others)]
    return [sum(row[each] for row in rows) for each in stocks]


def _by_stock(tally: CardTally, number: int) -> Mapping[int, float]:
    middle = fmean(tally.gains)
    pairs = zip(tally.con_ids, tally.gains, strict=True)
    return {con_id: (gain - middle) / number for con_id, gain in pairs}
