"""What is scheduled is done once for its session, or said to be missed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from core.model.chosen.news import BriefReady, RunsMissed, SummaryReady
from core.model.chosen.schedule import Anchor, AtTime, Beside, Every, RunKind, Times
from core.model.news import ReportReady
from core.model.points import REPORT_CLAIM, REPORT_SENT
from core.rules.new_york import NEW_YORK
from tests.builders import FRIDAY, MONDAY, NOW, QRVX, a_position
from tests.harness.core import Harness, an_open_harness
from tests.harness.waiting import turns, until


TEN = AtTime(at=time(10))
EVERY = Every(minutes=30, first=time(10), last=time(15))
BEFORE = Beside(anchor=Anchor.OPEN, minutes=-30)
AFTER = Beside(anchor=Anchor.CLOSE, minutes=15)
THANKSGIVING, HALF_DAY = date(2026, 11, 26), date(2026, 11, 27)


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), NEW_YORK)


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[Harness]:
    """A quarter past nine, without a morning report."""
    with an_open_harness(tmp_path) as opened:
        opened.clock.moment = at(9, 15)
        yield opened


def add(harness: Harness, times: Times, kind: RunKind = RunKind.SCAN) -> None:
    entry = harness.engine.schedule.add(kind, times, by="Ada")
    assert not isinstance(entry, str), entry


def states(harness: Harness, day: date = MONDAY) -> dict[str, str]:
    found = harness.journal.reports.states(day)
    return {key: state.value for key, state in found.items()}


async def look(harness: Harness, moment: datetime) -> None:
    harness.clock.moment = moment
    harness.engine.look()
    await turns()


async def sent(harness: Harness, key: str, day: date = MONDAY) -> None:
    await until(lambda: states(harness, day).get(key) == "sent")


async def test_a_scan_comes_at_its_time_and_once(harness: Harness) -> None:
    add(harness, TEN)
    async with harness.trading():
        await look(harness, at(9, 59))
        assert harness.market.scans == []
        await look(harness, at(10))
        await sent(harness, "1@1000")
        for minute in range(1, 5):
            await look(harness, at(10, minute))
    harness.restart()
    async with harness.trading():
        await look(harness, at(10, 5))

    assert len(harness.market.scans) == 1
    assert len(harness.journal.proposals.offers()) == 1


async def test_every_half_hour_until_the_last(harness: Harness) -> None:
    add(harness, EVERY)
    async with harness.trading():
        for hour, minute in ((10, 0), (10, 30), (11, 0)):
            await look(harness, at(hour, minute))
            await sent(harness, f"1@{hour}{minute:02}")

    assert len(harness.market.scans) == 3
    assert harness.news(RunsMissed) == []


async def dying(harness: Harness) -> None:
    async with harness.trading():
        harness.engine.look()
        await until(lambda: False)


@pytest.mark.parametrize("point", [REPORT_CLAIM, REPORT_SENT])
@pytest.mark.parametrize(
    ("kind", "times", "key", "moment"),
    [
        (RunKind.SCAN, TEN, "1@1000", at(10)),
        (RunKind.REPORT, TEN, "1@1000", at(10)),
        (RunKind.BRIEF, BEFORE, "1@0900", at(9)),
        (RunKind.SUMMARY, AFTER, "1@1615", at(16, 15)),
    ],
)
async def test_a_kill_at_its_points_leaves_it_done_once(
    harness: Harness,
    point: str,
    kind: RunKind,
    times: Times,
    key: str,
    moment: datetime,
) -> None:
    def dies(passed: str) -> None:
        if passed == point:
            raise ConnectionAbortedError

    harness.clock.moment = at(8)
    add(harness, times, kind)
    harness.reached = dies
    harness.clock.moment = moment
    with pytest.raises(ExceptionGroup):
        await dying(harness)
    harness.restart()
    harness.reached = lambda _: None
    async with harness.trading():
        await sent(harness, key)
        await look(harness, moment + timedelta(minutes=1))

    assert len(harness.market.scans) == (kind in {RunKind.SCAN, RunKind.REPORT})
    told = {
        RunKind.SCAN: 0,
        RunKind.REPORT: len(harness.news(ReportReady)),
        RunKind.BRIEF: len(harness.news(BriefReady)),
        RunKind.SUMMARY: len(harness.news(SummaryReady)),
    }
    assert told[kind] == (kind is not RunKind.SCAN)
    assert len(harness.notifier.places) == (2 if kind is RunKind.REPORT else 1)


async def test_what_was_slept_through_is_said_in_one_message_and_not_run_late(
    harness: Harness,
) -> None:
    add(harness, EVERY)
    add(harness, TEN)
    async with harness.trading():
        await look(harness, at(12, 15))

    [news] = harness.news(RunsMissed)
    assert [f"{run.key}" for run in news.runs] == [
        *("1@1000", "2@1000", "1@1030", "1@1100", "1@1130", "1@1200"),
    ]
    assert harness.market.scans == []


async def test_within_its_give_up_it_is_still_done(harness: Harness) -> None:
    add(harness, TEN)
    async with harness.trading():
        await look(harness, at(10, 9))
        await sent(harness, "1@1000")

    assert len(harness.market.scans) == 1


async def test_what_an_absence_has_missed_is_said_at_the_next_start(
    harness: Harness,
) -> None:
    harness.clock.moment = at(9, 15, day=FRIDAY)
    add(harness, TEN)
    harness.restart()
    async with harness.trading():
        await look(harness, at(9, 15))

    [news] = harness.news(RunsMissed)
    assert [run.day for run in news.runs] == [FRIDAY]


async def test_without_a_line_it_waits_and_is_missed_in_the_end(
    harness: Harness,
) -> None:
    add(harness, TEN)
    async with harness.running():
        await look(harness, at(10, 5))
        assert states(harness) == {}
        await look(harness, at(10, 10))

    [news] = harness.news(RunsMissed)
    assert news.reason == "nothing listens"
    assert states(harness) == {"1@1000": "missed"}


async def test_a_chat_that_is_away_is_tried_again(harness: Harness) -> None:
    add(harness, TEN)
    harness.notifier.away = True
    async with harness.trading():
        await look(harness, at(10))
        await until(lambda: states(harness).get("1@1000") == "due")
        harness.notifier.away = False
        await look(harness, at(10, 1))
        await sent(harness, "1@1000")

    assert len(harness.market.scans) == 1


async def test_a_half_day_has_no_place_for_the_afternoon_and_that_is_said_once(
    harness: Harness,
) -> None:
    harness.clock.moment = at(9, 15, day=HALF_DAY)
    add(harness, AtTime(at=time(14)))
    async with harness.trading():
        for minute in (0, 1, 2):
            await look(harness, at(14, minute, day=HALF_DAY))

    [news] = harness.news(RunsMissed)
    assert news.runs[0].skipped == "the market closes at 13:00 ET that day"
    assert harness.market.scans == []


async def test_on_a_holiday_nothing_is_done_and_nothing_is_missed(
    harness: Harness,
) -> None:
    harness.clock.moment = at(8, day=THANKSGIVING)
    add(harness, EVERY)
    async with harness.trading():
        for hour in range(9, 18):
            await look(harness, at(hour, 45, day=THANKSGIVING))

    assert states(harness, THANKSGIVING) == {}
    assert harness.news(RunsMissed) == []


async def test_on_a_day_off_neither_the_schedule_nor_the_report_comes(
    tmp_path: Path,
) -> None:
    with an_open_harness(tmp_path, report=True) as harness:
        harness.clock.moment = at(9, 15)
        add(harness, TEN)
        harness.engine.schedule.take_off(MONDAY, by="Ada")
        async with harness.trading():
            for hour in (9, 10, 12, 15, 17):
                await look(harness, at(hour, 45))
        assert (harness.market.scans, states(harness)) == ([], {})
        assert harness.news(RunsMissed) == []


async def test_what_is_removed_comes_no_more(harness: Harness) -> None:
    add(harness, TEN)
    assert harness.engine.schedule.remove(1, by="Ada")
    async with harness.trading():
        await look(harness, at(10))

    assert harness.market.scans == []


async def test_a_brief_names_gaps_and_what_else_comes(harness: Harness) -> None:
    harness.clock.moment = at(8)
    add(harness, BEFORE, RunKind.BRIEF)
    add(harness, TEN)
    async with harness.trading():
        await look(harness, at(9))
        await sent(harness, "1@0900")

    [ready] = harness.news(BriefReady)
    assert [run.key for run in ready.brief.today] == ["2@1000"]
    assert ready.brief.closed == THANKSGIVING
    assert ready.brief.early is not None
    assert ready.brief.early.day == HALF_DAY
    assert ready.brief.away is None


async def test_a_brief_without_a_line_says_so(harness: Harness) -> None:
    harness.clock.moment = at(8)
    add(harness, BEFORE, RunKind.BRIEF)
    async with harness.running():
        await look(harness, at(9))
        await sent(harness, "1@0900")

    [ready] = harness.news(BriefReady)
    assert ready.brief.away == "nothing listens"


async def test_a_summary_has_the_days_fills_and_picks(harness: Harness) -> None:
    add(harness, AFTER, RunKind.SUMMARY)
    harness.clock.moment = NOW
    async with harness.trading():
        orders = await harness.yes()
        for order in orders:
            harness.broker.fill(order, order.shares)
        await look(harness, at(16, 15))
        await sent(harness, "1@1615")

    [ready] = harness.news(SummaryReady)
    assert {order.ref for order in ready.summary.orders} == {o.ref for o in orders}
    assert ready.summary.picks is not None
    assert ready.summary.trips == ()


async def test_a_summary_counts_apart_what_is_not_in_its_figure(
    harness: Harness,
) -> None:
    """A holding in euros alone was told as "holdings +0.00"."""
    add(harness, AFTER, RunKind.SUMMARY)
    abroad = a_position(instrument=replace(QRVX, currency="EUR"))
    harness.broker.listed = (abroad,)
    harness.clock.moment = NOW
    async with harness.trading():
        await look(harness, at(16, 15))
        await sent(harness, "1@1615")

    [ready] = harness.news(SummaryReady)
    assert (ready.summary.held, ready.summary.uncounted) == (0, 1)


def test_every_change_is_in_the_audit_trail(harness: Harness) -> None:
    add(harness, TEN)
    harness.engine.schedule.remove(1, by="Ada")
    harness.engine.schedule.take_off(MONDAY, by="Ada")
    harness.engine.schedule.take_back(MONDAY, by="Ada")

    said = [(line.kind, line.payload) for line in harness.journal.trail.lines()][1:]
    assert said == [
        ("scheduled", "by Ada: 1 scan 10:00"),
        ("unscheduled", "by Ada: 1 scan"),
        ("day off", "by Ada: 2026-11-23"),
        ("day off taken back", "by Ada: 2026-11-23"),
    ]


def test_the_same_line_and_too_many_are_refused_in_words(harness: Harness) -> None:
    schedule = harness.engine.schedule
    add(harness, TEN)

    assert "already" in str(schedule.add(RunKind.SCAN, TEN, by="Ada"))
    for minute in range(1, 20):
        add(harness, AtTime(at=time(10, minute)))
    assert "20 lines" in str(schedule.add(RunKind.SCAN, EVERY, by="Ada"))
