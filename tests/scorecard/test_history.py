"""Recorder, follower and score, end to end over random walks; `make scorecard` plays two
hundred of them."""

from pathlib import Path

import pytest
from scipy.stats import kstest

from core.model.scoring.following import Followed, Horizon
from core.model.scoring.score import PRIMARY
from core.rules.scoring.following import CLOSES
from core.store.scores import score_of
from tests.core.store.journals import path_in
from tests.scorecard.history import History, a_history
from tests.scorecard.run import EDGE, power, scores, uniformity
from tests.scorecard.years import write


HISTORIES = 12
SESSIONS = 25


@pytest.mark.timeout(240)
@pytest.mark.slow_on_purpose
async def test_p_is_uniform_over_random_walks() -> None:
    found = await scores(HISTORIES, days=SESSIONS)

    assert {each.results[0].measure for each in found} == {PRIMARY}
    assert {each.results[0].days for each in found} == {SESSIONS}
    assert kstest([each.results[0].p for each in found], "uniform").pvalue > 0.01
    assert sum(each.results[0].p <= 0.05 for each in found) <= 4
    assert len(list(uniformity(found))) == 11


@pytest.mark.timeout(240)
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


@pytest.mark.slow_on_purpose
def test_a_month_of_five_scans_a_day_stays_below_a_twelfth_of_50_mb(
    tmp_path: Path,
) -> None:
    write(path_in(tmp_path), cards=105)

    assert sum(each.stat().st_size for each in tmp_path.iterdir()) < 50_000_000 / 12
    assert score_of(path_in(tmp_path))
