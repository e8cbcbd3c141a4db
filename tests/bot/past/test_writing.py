"""The demo's past is a journal like any other, of a market that was made up."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from bot.demo import HOLDER
from bot.past.writing import write
from core.model.order import OrderState
from core.model.scoring.following import Horizon
from core.model.scoring.trades import ListedHoldings
from core.rules.new_york import day_of
from core.store.journal import Journal
from core.store.scores import score_of, scored_scans_of, trades_of
from tests.fakes.clock import HandClock


SESSIONS: Final = 7
UNTIL: Final = datetime(2026, 11, 23, 14, 34, 40, tzinfo=UTC)
HELD: Final = ListedHoldings(account=HOLDER.account, at=UNTIL)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("past") / "openbell.sqlite3"
    written = write(path, seed=7, holder=HOLDER, until=UNTIL, sessions=SESSIONS)
    assert list(written) == [*range(1, SESSIONS + 1)]
    return path


def test_every_session_before_is_recorded_and_followed_as_far_as_it_is_over(
    past: Path,
) -> None:
    with scored_scans_of(past) as found:
        stories = tuple(found)

    assert len(stories) == SESSIONS
    assert all(story.recording.session_day < day_of(UNTIL) for story in stories)
    assert all(each.until < UNTIL for story in stories for each in story.followed)
    followed = [len(story.followed) for story in stories]
    assert followed == [*(4, 4), *[3] * (SESSIONS - 3), 2]  # hour, close, 1, 5
    assert stories[-1].followed[-1].horizon is Horizon.CLOSE


def test_the_score_is_there_and_of_one_series(past: Path) -> None:
    with Journal.opened(past, clock=HandClock(UNTIL)) as journal:
        score = journal.memory.score()

    assert score is not None
    assert score == score_of(past)
    assert (len(score.days), score.other_series) == (SESSIONS, 0)


def test_what_was_bought_is_sold_and_the_account_shows_it(past: Path) -> None:
    trades = trades_of(past, HELD)
    (first, before), *_, (_, after) = trades.values

    assert trades.trips
    assert (trades.lots, trades.unmatched) == ((), ())
    made = sum((trip.profit for trip in trades.trips), Decimal(0))
    earlier = [t.profit for t in trades.trips if day_of(t.sold_at) <= first]
    assert after - before == made - sum(earlier, Decimal(0))


def test_spy_stands_beside_the_account_at_the_first_card_of_each_session(
    past: Path,
) -> None:
    trades = trades_of(past, HELD)
    with scored_scans_of(past) as found:
        stories = tuple(found)
    expected = [
        (story.recording.session_day, story.followed[0].spy_from) for story in stories
    ]

    assert list(trades.spy) == expected
    assert [day for day, _ in trades.values] == [day for day, _ in trades.spy]


def test_a_bot_that_starts_on_it_finds_nothing_open_and_no_halt(past: Path) -> None:
    with Journal.opened(past, clock=HandClock(UNTIL)) as journal:
        assert journal.stale() is None
        assert journal.memory.halts() == ()
        open_ones = {*OrderState} - {OrderState.FILLED}
        assert journal.orders.in_states(tuple(open_ones)) == ()
        assert journal.verify() == ()
        (line,) = (e for e in journal.trail.lines() if e.kind == "demo")

    assert "made up" in line.payload
