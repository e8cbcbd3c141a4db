"""The morning report: once for each session, whatever happens on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.evidence import LineState
from core.model.news import ClosedToday, ReportMissed, ReportReady, ScanFailed
from core.model.report import ReportState
from core.model.scoring.score import (
    PRIMARY,
    Against,
    Conclusion,
    DayFigure,
    Interval,
    Result,
    Score,
)
from tests.builders import (
    FRIDAY,
    MONDAY,
    NOW,
    OPENS,
    QRVX,
    a_position,
    an_account,
    money,
    sessions_of,
)
from tests.harness.core import Harness, an_open_harness
from tests.harness.waiting import turns, until


DUE = OPENS + timedelta(minutes=10)


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Harness]:
    """A harness that reports, a minute before the report is due."""
    with an_open_harness(tmp_path, report=True) as harness:
        harness.clock.moment = DUE - timedelta(minutes=1)
        yield harness


def state(harness: Harness) -> ReportState | None:
    return harness.journal.reports.state(MONDAY)


def due(harness: Harness) -> None:
    harness.clock.moment = DUE
    harness.engine.look()


async def test_the_report_comes_by_itself_with_a_card(morning: Harness) -> None:
    async with morning.trading():
        early = state(morning)
        due(morning)
        await until(lambda: state(morning) is ReportState.SENT)

    assert early is None
    (ready,) = morning.news(ReportReady)
    assert ready.report.session.day == MONDAY
    assert ready.shown == morning.notifier.places["report:2026-11-23"]
    assert len(morning.journal.proposals.offers()) == 1


async def test_of_the_score_it_keeps_what_it_says_and_not_each_day_again(
    morning: Harness,
) -> None:
    """Every report of five years is on disk: each would hold all days before it."""
    days = tuple(
        DayFigure(day=FRIDAY - timedelta(days=n), picks=0.1, spy=0.2, rows=0.3)
        for n in range(250)
    )
    score = a_score(days=days)
    with morning.journal.transaction():
        morning.journal.memory.set_score(score)
    async with morning.trading():
        due(morning)
        await until(lambda: state(morning) is ReportState.SENT)

    (ready,) = morning.news(ReportReady)
    assert ready.report.score == replace(score, days=(), results=score.results[:1])


def a_score(*, days: tuple[DayFigure, ...]) -> Score:
    """So many days, and two measures."""
    result = Result(
        measure=PRIMARY,
        days=len(days),
        picks=len(days),
        mean=-0.1,
        interval=Interval(low=-0.3, high=0.1),
        hits=100,
        hit_interval=Interval(low=0.3, high=0.5),
        p=0.4,
        corrected=0.4,
        verdict=Conclusion.NO_DIFFERENCE,
    )
    other = replace(PRIMARY, against=Against.RANDOM)
    return Score(
        series="12345678",
        settings="50 rows",
        other_series=0,
        results=(result, replace(result, measure=other)),
        bought=None,
        days=days,
        unpriced=(),
        slippage=None,
    )


async def test_it_comes_once_however_often_somebody_looks(morning: Harness) -> None:
    async with morning.trading():
        due(morning)
        await until(lambda: state(morning) is ReportState.SENT)
        for _ in range(5):
            morning.engine.look()
            await turns()
    morning.restart()
    async with morning.trading():
        await turns()

    assert len(morning.market.scans) == 1
    assert len(morning.news(ReportReady)) == 1


async def test_after_a_crash_in_the_middle_it_is_made_in_the_same_place(
    morning: Harness,
) -> None:
    morning.market.mute = True
    async with morning.trading():
        due(morning)
        await until(lambda: bool(morning.market.scans))
        running = state(morning)
    morning.restart()
    morning.market.mute = False
    async with morning.trading():
        await until(lambda: state(morning) is ReportState.SENT)

    assert running is ReportState.RUNNING
    assert len(morning.news(ReportReady)) == 1
    assert len(morning.notifier.places) == 2  # the report's and its card's


async def test_a_crash_right_after_it_was_made_makes_no_second_card(
    morning: Harness,
) -> None:
    async with morning.trading():
        due(morning)
        await until(lambda: bool(morning.journal.proposals.offers()))
    with morning.journal.transaction():
        morning.journal.reports.close(MONDAY, ReportState.RUNNING)
    morning.restart()
    async with morning.trading():
        await until(lambda: state(morning) is ReportState.SENT)

    assert len(morning.market.scans) == 1


async def test_it_waits_for_the_line_and_is_missed_in_the_end(morning: Harness) -> None:
    async with morning.running():
        due(morning)
        await until(lambda: state(morning) is ReportState.DUE)
        await turns()
        waiting = state(morning)
        morning.clock.moment = OPENS + timedelta(hours=2)
        morning.engine.look()
        await until(lambda: state(morning) is ReportState.MISSED)

    assert waiting is ReportState.DUE
    assert morning.news(ReportMissed)[0].reason == "nothing listens"


async def test_a_bot_that_was_not_there_tells_that_it_missed_it(
    morning: Harness,
) -> None:
    morning.clock.moment = OPENS + timedelta(hours=3)
    async with morning.trading():
        await until(lambda: state(morning) is ReportState.MISSED)

    assert "not running" in morning.news(ReportMissed)[0].reason


async def test_a_chat_out_of_reach_leaves_it_due(morning: Harness) -> None:
    async with morning.trading():
        morning.notifier.away = True
        due(morning)
        await until(lambda: "report-claim" in morning.points)
        await until(lambda: state(morning) is ReportState.DUE)
        morning.notifier.away = False
        morning.engine.look()
        await until(lambda: state(morning) is ReportState.SENT)


async def test_a_report_that_somebody_holds_is_not_made_twice(morning: Harness) -> None:
    async with morning.trading():
        with morning.journal.transaction():
            morning.journal.reports.open_day(MONDAY, ReportState.DUE)
            morning.journal.reports.claim(
                MONDAY, now=NOW, lease=DUE + timedelta(minutes=5)
            )
        due(morning)
        await turns()

    assert state(morning) is ReportState.RUNNING
    assert morning.market.scans == []


async def test_a_holiday_is_told_once_in_one_line(morning: Harness) -> None:
    morning.clock.moment = DUE + timedelta(days=3)  # Thanksgiving
    async with morning.trading():
        await until(lambda: bool(morning.news(ClosedToday)))
        morning.engine.look()
        await turns()

    (closed,) = morning.news(ClosedToday)
    assert closed.day.isoformat() == "2026-11-26"
    assert closed.closes_early is not None
    assert morning.news(ReportReady) == []
    assert morning.market.scans == []


async def test_who_wants_no_report_gets_none(harness: Harness) -> None:
    async with harness.trading():
        await turns()

    assert state(harness) is None
    assert harness.engine.queries.status().next_report is None


async def test_the_next_report_is_named(morning: Harness) -> None:
    assert morning.engine.queries.status().next_report == DUE


async def test_the_report_on_demand_is_of_this_moment(harness: Harness) -> None:
    harness.broker.held[QRVX.con_id] = a_position()
    async with harness.trading():
        await harness.yes()
        await harness.engine.report(key="now")

    (ready,) = harness.news(ReportReady)
    assert ready.report.positions is not None
    assert ready.report.positions[0].price == harness.market.known[QRVX.con_id].last
    assert state(harness) is None


async def test_a_report_that_stands_is_not_replaced_by_one_without_ib(
    harness: Harness,
) -> None:
    async with harness.trading():
        await harness.engine.report(key="now")
    harness.restart()
    harness.broker.go(LineState.DOWN, "cable")
    async with harness.running():
        await harness.engine.report(key="now")

    (ready,) = harness.news(ReportReady)
    assert ready.report.away is None


async def test_what_could_not_be_read_is_a_gap_and_not_a_failure(
    harness: Harness,
) -> None:
    harness.broker.held[QRVX.con_id] = a_position()
    harness.broker.summary = None
    async with harness.trading():
        harness.market.away = "cable"
        harness.broker.go(LineState.DOWN, "cable")
        await harness.engine.report(key="now")

    (ready,) = harness.news(ReportReady)
    assert ready.report.open_orders is None
    assert len(ready.report.gaps) == 2
    assert "cable" in harness.news(ScanFailed)[0].problem


async def test_without_a_calendar_the_scan_says_so_and_no_report_is_promised(
    harness: Harness,
) -> None:
    harness.calendar.known = sessions_of(first=FRIDAY, last=FRIDAY)
    async with harness.trading():
        await harness.engine.report(key="now")

    assert list(harness.notifier.places) == ["now:scan"]
    assert "calendar" in harness.news(ScanFailed)[0].problem


async def test_the_night_and_the_last_picks_are_those_of_the_session_before(
    morning: Harness,
) -> None:
    morning.quote(QRVX, open=None)
    for scans, moment in enumerate((DUE - timedelta(days=3), DUE), start=1):
        morning.clock.moment = moment
        morning.broker.summary = an_account(net_liquidation=money(f"{scans}000"))
        async with morning.trading():
            await until(lambda: "report-sent" in morning.points)
        morning.points.clear()

    friday, monday = (news.report for news in morning.news(ReportReady))
    assert (friday.overnight, monday.overnight) == (None, money("1000"))
    assert friday.last_picks is None
    assert monday.last_picks is not None
    assert monday.last_picks.outcomes[0].instrument == QRVX
