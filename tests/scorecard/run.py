"""`make scorecard`: what the score says of markets that are known, and what it costs.

Thousands of histories as numbers alone; so many random walks through the real recorder,
follower and score; the same with an edge planted; then a journal of a year of five scans a day: its size, a replay, the score.
"""

import argparse
import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

from scipy.stats import kstest, norm

from bot.views.scores import in_words, sketch
from core.model.market import RankBy
from core.model.proposal import Mode
from core.model.scoring.score import Measure, Score
from core.rules.scoring.replay import ReplayParameters
from core.rules.scoring.significance import DRAWS
from core.store.journal import Journal
from core.store.scores import replay_of, score_of
from tests.core.store.journals import StoppedClock, path_in
from tests.scorecard import answers, memory, owner, pure
from tests.scorecard.history import a_history
from tests.scorecard.years import CARDS_A_YEAR, write


DAYS: Final = 45
EDGE: Final = 0.02
"""What a planted pick gains to the close, as a share of its price."""

SURE: Final = 0.05
OWNED: Final = 4
"""Sessions of the owner whose whole journal is measured."""

_MB: Final = 1_000_000


async def scores(
    number: int, *, edge: float = 0.0, days: int = DAYS
) -> Sequence[Score]:
    """The score of each of so many histories of so many sessions (*days*)."""
    found = []
    for seed in range(number):
        with a_history(seed, edge=edge) as history:
            await history.live(days)
            found.append(history.score())
    return found


def uniformity(found: Sequence[Score]) -> Iterator[str]:
    """For each measure: how uniform its p is (Kolmogorov and Smirnov), how often small."""
    by_measure: dict[Measure, list[float]] = defaultdict(list)
    for score in found:
        for result in score.results:
            by_measure[result.measure].append(result.p)
    yield f"{len(found)} histories of {len(found[0].days)} sessions without an edge"
    for measure, p in by_measure.items():
        name = f"{measure.horizon}, against {measure.against}"
        small = sum(each <= SURE for each in p) / len(p)
        yield f"  {name:<46} {_uniform(measure, p)}   p <= {SURE}: {small:.3f}"


def _uniform(measure: Measure, p: Sequence[float]) -> str:
    """Of few bets p has few values, and cannot be uniform: `pure` has their shares."""
    bets = pure.bets(measure, DAYS)
    if bets is not None and bets <= pure.FEW:
        return f"{bets} bets  "
    return f"KS p {kstest(p, 'uniform').pvalue:.3f}"


def power(found: Sequence[Score]) -> str:
    """How often a planted edge was found, beside what the normal distribution says."""
    days = [day.picks - day.spy for score in found for day in score.days]
    shift = fmean(days) / stdev(days) * sqrt(len(days) / len(found))
    predicted = norm.sf(norm.isf(SURE / 2) - shift)
    seen = sum(score.results[0].p <= SURE for score in found) / len(found)
    error = sqrt(predicted * (1 - predicted) / len(found))
    return (
        f"an edge of {EDGE:.0%} a pick: found in {seen:.2f} of {len(found)}, predicted "
        f"{predicted:.2f} (standard error {error:.2f}; smallest p {1 / (1 + DRAWS):.4f})"
    )


def a_year(folder: Path, years: int) -> Iterator[str]:
    path = path_in(folder)
    write(path, cards=years * CARDS_A_YEAR)
    files = sum(each.stat().st_size for each in folder.iterdir())
    yield f"{years} x {CARDS_A_YEAR} cards of 50 rows: {files / _MB:.1f} MB"
    yield from owner.lines(OWNED, followed=files / years)
    began = process_time()
    replay_of(path, ReplayParameters(rank_by=RankBy.OPEN), tried=1)
    replayed = process_time()
    yield f"a replay: {replayed - began:.1f} s of CPU"
    found = score_of(path)
    yield f"the evening's score: {process_time() - replayed:.1f} s of CPU, off the loop"
    assert found is not None
    with Journal.opened(path, clock=StoppedClock()) as journal:
        with journal.transaction():
            journal.memory.set_score(found)
        began = process_time()
        kept = journal.memory.score()
        in_words.score(kept, mode=Mode.PAPER)
        sketch.sketch(found, mode=Mode.PAPER)
        spent = process_time() - began
    yield f"/score over {len(found.days)} sessions: {spent * 1000:.0f} ms of the loop"
    yield from answers.lines(path, days=len(found.days))
    yield from memory.lines(path)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.scorecard.run")
    parser.add_argument("--histories", type=int, default=200)
    parser.add_argument("--numbers", type=int, default=2_000)
    parser.add_argument("--years", type=int, default=1)
    flags = parser.parse_args()
    for line in pure.lines(histories=flags.numbers, days=DAYS):
        print(line, flush=True)
    for line in uniformity(asyncio.run(scores(flags.histories))):
        print(line, flush=True)
    print(power(asyncio.run(scores(flags.histories, edge=EDGE))), flush=True)
    with TemporaryDirectory() as folder:
        for line in a_year(Path(folder), flags.years):
            print(line, flush=True)


if __name__ == "__main__":
    main()
