"""What the recordings say of the picks, and what they may not say yet."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from statistics import fmean

import pytest
from scipy.stats import norm

from core.model.market import ConId
from core.model.proposal import ProposalId
from core.model.scoring.following import Horizon
from core.model.scoring.score import PRIMARY, Against, Conclusion, Measure, Result
from core.rules.scoring.outcomes import Outcome
from core.rules.scoring.results import LEAST_DAYS, bets_apart, one_bet_each, results_of
from core.rules.scoring.tally import Tally


FIRST = date(2026, 1, 2)


def a_day(
    number: int,
    gains: Iterable[float],
    *,
    picks: int = 1,
    spy: float = 0.0,
    card: str = "first",
) -> Iterator[Outcome]:
    """The rows of one card at the close; the first *picks* of them were picked."""
    for row, gain in enumerate(gains):
        yield Outcome(
            proposal_id=ProposalId(card),
            day=FIRST + timedelta(days=number),
            con_id=ConId(row + 1),
            horizon=Horizon.CLOSE,
            picked=row < picks,
            bought=False,
            gain=gain,
            spy=spy,
        )


def primary(outcomes: Iterable[Outcome], seed: int = 1) -> Result:
    return results_of(Tally(outcomes), choices=Random(seed).choices)[0]


def edge(size: float, *, days: int, seed: int = 1) -> list[Outcome]:
    """*days* cards whose pick gains *size* percent more than SPY, give or take 4."""
    random = Random(seed)
    return [
        row
        for number in range(days)
        for row in a_day(number, [random.gauss(size, 4), *([0.0] * 3)])
    ]


def test_without_recordings_there_are_no_results() -> None:
    assert results_of(Tally(()), choices=Random(1).choices) == ()


def test_days_without_a_pick_count_nothing() -> None:
    rows = (*a_day(0, [1, 2], picks=0), *a_day(1, [3, 1]))
    assert primary(rows).days == 1


def test_two_picks_of_a_morning_are_one_bet() -> None:
    result = primary([*a_day(0, [4, 2, 0], picks=2), *a_day(1, [1, 0, 0])])
    assert (result.days, result.picks) == (2, 3)
    assert result.mean == pytest.approx(fmean([3, 1]))


def test_a_pick_is_measured_against_spy_over_the_same_span() -> None:
    result = primary(a_day(0, [4, 0], spy=1.5))
    assert result.measure == PRIMARY
    assert result.mean == pytest.approx(2.5)
    assert result.hits == 1


def test_and_against_a_random_row_of_the_same_scan() -> None:
    second = results_of(Tally(a_day(0, [4, 0, 2])), choices=Random(1).choices)[1]
    assert second.measure == Measure(horizon=Horizon.CLOSE, against=Against.RANDOM)
    assert second.mean == pytest.approx(4 - 2)


def test_no_verdict_before_20_days() -> None:
    assert primary(edge(40, days=LEAST_DAYS - 1)).verdict is Conclusion.TOO_EARLY
    assert primary(edge(40, days=LEAST_DAYS)).verdict is Conclusion.BETTER


def test_a_loss_is_called_worse() -> None:
    assert primary(edge(-40, days=30)).verdict is Conclusion.WORSE


def test_the_primary_measure_stands_alone_and_the_others_are_corrected() -> None:
    rows = edge(1.0, days=30)
    later = [
        Outcome(
            **{name: getattr(row, name) for name in Outcome.__slots__}
            | {"horizon": Horizon.FIVE}
        )
        for row in rows
    ]
    first, *others = results_of(Tally([*rows, *later]), choices=Random(1).choices)
    assert first.corrected == first.p
    assert len(others) == 3
    assert all(other.corrected >= other.p for other in others)
    assert max(other.corrected for other in others) <= 1


def test_the_same_recordings_and_draws_give_the_same_result() -> None:
    assert primary(edge(1, days=25), seed=9) == primary(edge(1, days=25), seed=9)


def test_the_order_of_recording_changes_nothing() -> None:
    rows = edge(1, days=25)
    assert primary(reversed(rows), seed=4).mean == primary(rows, seed=4).mean


@pytest.mark.slow_on_purpose
def test_a_planted_edge_is_found_at_its_predicted_power() -> None:
    """2 percent a day with a deviation of 4 over 30 days: a two-sided test at 5 %
    finds it with the power that the normal distribution predicts."""
    days, size, deviation, tries = 30, 2.0, 4.0, 60
    shift = size / deviation * days**0.5
    power = norm.sf(norm.isf(0.025) - shift)
    found = sum(
        primary(edge(size, days=days, seed=seed), seed=seed).verdict
        is Conclusion.BETTER
        for seed in range(tries)
    )
    error = (power * (1 - power) / tries) ** 0.5
    assert found / tries == pytest.approx(power, abs=3 * error + 0.02)


def test_days_that_share_their_sessions_are_one_bet() -> None:
    """Five sessions on, six days in a row overlap: what one week did to all of them is
    one bet and no six."""
    days = [5.0, 4.0, 6.0, 5.0, 5.0, 5.0, -5.0, -5.0]
    assert one_bet_each(days, sessions=1) == days
    assert one_bet_each(days, sessions=6) == pytest.approx([7.5, -2.5])


def test_bets_whose_luck_is_counted_have_no_session_in_common() -> None:
    """Held over two sessions, the second card shares one with the third: two cards are a
    bet, and the third is left out."""
    days = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
    assert bets_apart(days, sessions=1) == days
    assert bets_apart(days, sessions=2) == [1 + 2, 8 + 16, 64]


def test_a_random_row_is_one_of_the_scan_that_the_pick_was_in() -> None:
    """A second card of that day that picked nothing says nothing of chance."""
    nothing = a_day(0, [90, 80], picks=0, card="second")
    second = results_of(
        Tally([*a_day(0, [4, 0, 2]), *nothing]), choices=Random(1).choices
    )[1]
    assert second.measure.against is Against.RANDOM
    assert second.mean == pytest.approx(4 - 2)


def test_five_scans_of_a_morning_that_pick_the_same_are_no_surer_than_one() -> None:
    rows = Random(5)
    days = [[rows.gauss(0, 4) for _ in range(12)] for _ in range(25)]
    once = [row for number, day in enumerate(days) for row in a_day(number, day)]
    often = [
        row
        for number, day in enumerate(days)
        for card in "abcde"
        for row in a_day(number, day, card=card)
    ]
    single, five = (
        results_of(Tally(each), choices=Random(1).choices)[1] for each in (once, often)
    )
    assert five.mean == pytest.approx(single.mean)
    assert five.p == single.p


def test_a_good_month_is_no_proof_for_twenty_sessions() -> None:
    """25 cards whose twenty sessions overlap are two bets: as they came, p was 0.001."""
    month = [replace(each, horizon=Horizon.TWENTY) for each in edge(40, days=25)]
    against_spy = [
        each
        for each in results_of(Tally(month), choices=Random(1).choices)
        if each.measure.against is Against.SPY
    ]
    assert [each.p > 0.4 for each in against_spy] == [True]
