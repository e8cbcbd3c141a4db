"""Recorder, follower and score, end to end over random walks; `make scorecard` plays two
hundred of them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from scipy.stats import kstest

from bot.views.scores import in_words, sketch
from core.model.proposal import Mode
from core.model.scoring.following import Followed, Horizon
from core.model.scoring.score import PRIMARY, DayFigure
from core.rules.scoring.following import CLOSES
from core.store.bodies import score_from_json, score_to_json
from core.store.scores import score_of
from tests.bot.views.scores.test_in_words import a_score
from tests.builders import MONDAY
from tests.core.store.journals import path_in
from tests.scorecard.history import History, a_history
from tests.scorecard.run import EDGE, power, scores, uniformity
from tests.scorecard.years import write


HISTORIES = 12
SESSIONS = 25


@pytest.mark.slow_on_purpose
async def test_p_is_uniform_over_random_walks() -> None:
    found = await scores(HISTORIES, days=SESSIONS)

    assert {each.results[0].measure for each in found} == {PRIMARY}
    assert {each.results[0].days for each in found} == {SESSIONS}
    assert kstest([each.results[0].p for each in found], "uniform").pvalue > 0.01
    assert sum(each.results[0].p <= 0.05 for each in found) <= 4
    assert len(list(uniformity(found))) == 11


@pytest.mark.slow_on_purpose
async def test_a_planted_edge_is_found_as_often_as_predicted() -> None:
    seen, predicted = figures_of(
        power(await scores(HISTORIES, edge=EDGE, days=SESSIONS))
    )

    assert predicted > 0.6
    assert seen == pytest.approx(predicted, abs=0.35)


def figures_of(said: str) -> tuple[float, float]:
    words = said.replace(",", "").split()
    return float(words[words.index("in") + 1]), float(
        words[words.index("predicted") + 1]
    )


@pytest.mark.slow_on_purpose
async def test_another_future_changes_nothing_that_was_over_before() -> None:
    """The bot was off for weeks: it fetches bars that go on long after."""
    told: list[list[Followed]] = []
    for future in (1, 2):
        with a_history(7) as history:
            await history.live(15, followed=False)
            history.market.random.seed(future)
            await history.live(10, followed=False)
            await history.evening(history.sessions.all[24])
            told.append(over_before(history, 15))

    assert told[0] == told[1]
    assert {each.horizon for each in told[0]} == {*Horizon} - {Horizon.TWENTY}


def over_before(history: History, session: int) -> list[Followed]:
    border = history.sessions.all[session].opens
    return [each for each in history.followed() if each.until < border]


async def test_every_card_is_followed_to_each_horizon_that_is_over() -> None:
    with a_history(3) as history:
        await history.live(SESSIONS)
        found = history.followed()

    for horizon, after in CLOSES.items():
        assert sum(each.horizon is horizon for each in found) == SESSIONS - after
    assert all(row.price for each in found for row in each.rows)


async def test_the_score_of_five_years_is_read_and_said_within_one_step() -> None:
    """No mark: a step of more than 100 ms fails a test. The figures were worked out in
    the evening; /score reads them."""
    days = tuple(
        DayFigure(day=MONDAY + timedelta(days=each), picks=2.1234, spy=0.5, rows=1.01)
        for each in range(5 * 252)
    )
    kept = score_to_json(replace(a_score(), days=days))

    found = score_from_json(kept)

    assert "1260 sessions" in in_words.score(found, mode=Mode.PAPER)
    assert "1260 sessions" in sketch.sketch(found, mode=Mode.PAPER)


@pytest.mark.slow_on_purpose
def test_a_month_of_five_scans_a_day_stays_below_a_twelfth_of_15_mb(
    tmp_path: Path,
) -> None:
    """Of a year's 50 MB; the cards, orders and trail beside it take about as much again
    (`python -m tests.scorecard.owner`)."""
    empty, month = tmp_path / "empty.sqlite3", path_in(tmp_path)
    write(empty, cards=0)
    write(month, cards=105)

    assert month.stat().st_size - empty.stat().st_size < 15_000_000 / 12
    assert score_of(month)
