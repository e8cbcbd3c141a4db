"""Whether p is what it says: thousands of histories without an edge, as numbers alone.

No sandbox, no journal, no follower: what comes out of line here is the test's own fault
and no other part's. Three markets, since what p takes for granted is that bets have
nothing in common but luck: picks of one card a day, picks that are picked again on the
next day, and five cards a day that pick the same.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, chisquare

from core.model.proposal import ProposalId
from core.model.scoring.following import Horizon
from core.model.scoring.score import Against, Measure
from core.rules.scoring.following import CLOSES
from core.rules.scoring.results import bets_apart, chance
from core.rules.scoring.tally import CardTally, DayTally


DRAWS: Final = 39
"""So few are enough: of any number p is uniform over its steps, here fortieths
(B. Phipson, G. K. Smyth 2010)."""

SURE: Final = 0.05
_BINS: Final = 10

FEW: Final = 8
"""Bets whose p has so few values that they show."""

Walk = NDArray[np.float64]
"""By session, part of the session and stock; SPY is the first stock."""

Days = Sequence[DayTally]


@dataclass(frozen=True, slots=True)
class Market:
    """*again* is the share of days that pick what the day before picked; every day has
    *cards* that pick the same stocks, spread over the session."""

    name: str
    again: float = 0.0
    cards: int = 1


MARKETS: Final = (
    Market("one card a day"),
    Market("picked again the next day, 3 in 10", again=0.3),
    Market("five cards a day, the same picks", cards=5),
)

STOCKS: Final = 10
PICKS: Final = 2
_PARTS: Final = 6
"""A night, and five parts of a session, a card before each of them."""

_MOVES: Final = 0.015
_STEADY: Final = 0.2


def history(market: Market, days: int, seed: int) -> dict[Horizon, Days]:
    """The cards of so many *days*, at each horizon. Which stocks are picked is drawn, and
    nothing that comes after knows of it."""
    chance = np.random.default_rng(seed)
    moves = chance.normal(0, _MOVES, (days, _PARTS, STOCKS + 1))
    moves[:, :, 0] *= _STEADY
    ends = np.log1p(moves).reshape(-1, STOCKS + 1).cumsum(0).reshape(moves.shape)
    picked = _picked(chance, market, days)
    return {
        horizon: [
            _day(ends, day, picked[day], market.cards, horizon)
            for day in range(days - CLOSES.get(horizon, 0))
        ]
        for horizon in Horizon
    }


def _picked(
    chance: np.random.Generator, market: Market, days: int
) -> Sequence[NDArray[np.int64]]:
    found = [chance.permutation(STOCKS)[:PICKS] for _ in range(days)]
    for day in range(1, days):
        if chance.random() < market.again:
            found[day] = found[day - 1]
    return found


def _day(
    ends: Walk, day: int, picked: NDArray[np.int64], cards: int, horizon: Horizon
) -> DayTally:
    tally = DayTally()
    for card in range(cards):
        until = ends[day, card + 1]
        if horizon is not Horizon.HOUR:
            until = ends[day + CLOSES[horizon], -1]
        spy, *gains = 100 * np.expm1(until - ends[day, card])
        tally.cards[ProposalId(str(card))] = CardTally(
            spy=spy,
            con_ids=array("q", range(STOCKS)),
            gains=array("d", gains),
            picked=array("q", picked),
        )
    return tally


@dataclass(frozen=True, slots=True)
class Seen:
    """How often p was which of its steps, and how often it should have been."""

    measure: Measure
    counts: Sequence[int]
    expected: Sequence[float]

    @property
    def small(self) -> float:
        """The share of p at or below SURE."""
        steps = round(SURE * (DRAWS + 1))
        return sum(self.counts[:steps]) / sum(self.counts)

    @property
    def fit(self) -> float:
        """Pearson's chi-square: the chance of counts that are so far from expected."""
        seen, thought = _binned(self.counts, self.expected)
        return float(chisquare(seen, thought).pvalue) if len(seen) > 1 else 1.0


def exact(number: int | None) -> Sequence[float]:
    """The distribution of p over its steps where nothing is to be found. The signs of so
    many bets can be flipped in 2 ** *number* ways, two of which always look the same, so
    that p has only half as many values; None for no such bound."""
    if number is None or number > 2 * _BINS:
        return [1 / (DRAWS + 1)] * (DRAWS + 1)
    ways = 2 ** (number - 1)
    ranks = np.arange(1, ways + 1) / ways
    return [float(binom.pmf(step, DRAWS, ranks).mean()) for step in range(DRAWS + 1)]


def _binned(
    counts: Sequence[int], expected: Sequence[float]
) -> tuple[Sequence[float], Sequence[float]]:
    """Steps in a row put together until each has a tenth of what is expected."""
    number, bins = sum(counts), list[list[float]]()
    since = [0.0, 0.0]
    for seen, share in zip(counts, expected, strict=True):
        since = [since[0] + seen, since[1] + share * number]
        if since[1] >= number / _BINS - 1e-6:
            bins.append(since)
            since = [0.0, 0.0]
    bins[-1] = [before + rest for before, rest in zip(bins[-1], since, strict=True)]
    return [each[0] for each in bins], [each[1] for each in bins]


def play(market: Market, *, histories: int, days: int) -> Iterator[Seen]:
    """p of every measure over so many *histories*."""
    measures = [Measure(horizon=h, against=a) for h, a in product(Horizon, Against)]
    counts = {measure: [0] * (DRAWS + 1) for measure in measures}
    for seed in range(histories):
        played = history(market, days, seed)
        choices = Random(seed).choices
        for measure in measures:
            p = chance(measure, played[measure.horizon], choices=choices, draws=DRAWS)
            counts[measure][round(p * (DRAWS + 1)) - 1] += 1
    for measure, found in counts.items():
        yield Seen(measure, found, exact(bets(measure, days)))


def bets(measure: Measure, days: int) -> int | None:
    after = CLOSES.get(measure.horizon, 0)
    if measure.against is Against.RANDOM and not after:
        return None
    return len(bets_apart([0.0] * (days - after), sessions=after + 1))


def lines(*, histories: int, days: int) -> Iterator[str]:
    """What `make scorecard` says of it."""
    for market in MARKETS:
        yield f"{histories} histories of {days} days as numbers: {market.name}"
        for each in play(market, histories=histories, days=days):
            name = f"{each.measure.horizon}, against {each.measure.against}"
            yield f"  {name:<46} fit p {each.fit:.3f}   p <= {SURE}: {each.small:.3f}"
