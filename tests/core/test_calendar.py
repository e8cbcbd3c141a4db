"""The calendar knows every session of New York, early closes and clock changes too."""

import asyncio
import shutil
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.calendar import CalendarAway, ExchangeCalendar, work_out
from core.model.market import Session, Sessions


NEW_YORK = ZoneInfo("America/New_York")
FIRST, LAST = date(2022, 1, 1), date(2027, 12, 31)
CHILDREN = Path("/proc/thread-self/children")
NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)

EARLY_CLOSES = {
    *(date(2022, 11, 25),),
    *(date(2023, 7, 3), date(2023, 11, 24)),
    *(date(2024, 7, 3), date(2024, 11, 29), date(2024, 12, 24)),
    *(date(2025, 7, 3), date(2025, 11, 28), date(2025, 12, 24)),
    *(date(2026, 11, 27), date(2026, 12, 24)),
    *(date(2027, 11, 26),),
}
CLOSED = {
    date(2022, 6, 20),  # Juneteenth, on a Monday
    date(2024, 3, 29),  # Good Friday
    date(2025, 1, 9),  # the mourning for President Carter
    date(2026, 7, 3),  # Independence Day, on a Friday
    date(2026, 11, 26),  # Thanksgiving
    date(2026, 12, 25),
}


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def six_years() -> dict[date, Session]:
    worked_out = asyncio.run(work_out(FIRST, LAST))
    return {session.day: session for session in worked_out.all}


def test_every_session_opens_at_half_past_nine_in_new_york(
    six_years: dict[date, Session],
) -> None:
    wrong = [
        session
        for day, session in six_years.items()
        if session.opens != datetime.combine(day, time(9, 30), NEW_YORK)
    ]

    assert wrong == []
    assert all(session.opens.tzinfo is UTC for session in six_years.values())


def test_every_session_closes_at_four_but_for_the_early_closes_at_one(
    six_years: dict[date, Session],
) -> None:
    early = {
        day
        for day, session in six_years.items()
        if session.closes != datetime.combine(day, time(16), NEW_YORK)
    }

    assert early == EARLY_CLOSES
    for day in early:
        assert six_years[day].closes == datetime.combine(day, time(13), NEW_YORK)


def test_weekends_and_holidays_have_no_session(six_years: dict[date, Session]) -> None:
    weekend = {day for day in six_years if day.weekday() >= 5}

    assert weekend == set()
    assert CLOSED.isdisjoint(six_years)


def test_a_year_has_about_250_sessions_in_order(
    six_years: dict[date, Session],
) -> None:
    days = list(six_years)

    assert days == sorted(days)
    for year in range(FIRST.year, LAST.year + 1):
        assert 248 <= sum(day.year == year for day in days) <= 253


@pytest.mark.parametrize(
    ("friday", "monday", "hours"),
    [
        pytest.param(date(2026, 3, 6), date(2026, 3, 9), 71, id="spring forward"),
        pytest.param(date(2026, 10, 30), date(2026, 11, 2), 73, id="fall back"),
        pytest.param(date(2026, 11, 13), date(2026, 11, 16), 72, id="an usual weekend"),
    ],
)
def test_a_weekend_is_as_long_as_the_clocks_make_it(
    six_years: dict[date, Session], friday: date, monday: date, hours: int
) -> None:
    length = six_years[monday].opens - six_years[friday].opens

    assert length == timedelta(hours=hours)


async def test_a_cold_start_knows_nothing_and_soon_all_it_needs(tmp_path: Path) -> None:
    async with ExchangeCalendar.opened(tmp_path, HandClock()) as calendar:
        at_first = calendar.sessions()
        await calendar.ready()
        known = calendar.sessions()

    assert at_first.all == ()
    assert at_first.first > at_first.last  # not even today is known
    assert known.first == date(2026, 8, 15)
    assert known.last >= NOON.date() + timedelta(days=300)
    assert known.all[0].day == date(2026, 8, 17)


async def test_a_warm_start_needs_no_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await _learn(tmp_path)
    monkeypatch.setattr(sys, "executable", "/no/such/python")

    async with ExchangeCalendar.opened(tmp_path, HandClock()) as calendar:
        await calendar.ready()
        at_once = calendar.sessions()

    assert at_once == known


async def test_the_next_day_it_is_worked_out_again(tmp_path: Path) -> None:
    known = await _learn(tmp_path)
    clock = HandClock()
    clock.at += timedelta(days=1)

    calendar = ExchangeCalendar(tmp_path / "calendar.json", clock)
    meanwhile = calendar.sessions()
    await calendar._renew()

    assert meanwhile == known
    assert calendar.sessions().first == known.first + timedelta(days=1)


async def test_a_child_that_fails_leaves_what_was_known(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    known = await _learn(tmp_path)
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    clock = HandClock()
    clock.at += timedelta(days=1)

    calendar = ExchangeCalendar(tmp_path / "calendar.json", clock)
    await calendar._renew()

    assert calendar.sessions() == known
    assert "exit code 1" in caplog.text


async def test_a_calendar_by_another_version_of_the_library_is_not_believed(
    tmp_path: Path,
) -> None:
    await _learn(tmp_path)
    cache = tmp_path / "calendar.json"
    cache.write_text(cache.read_text().replace('"library": "', '"library": "0.'))

    calendar = ExchangeCalendar(cache, HandClock())

    assert calendar.sessions().all == ()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"library": 1, "made": 2}'])
async def test_a_damaged_file_is_worked_out_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "calendar.json").write_text(text)

    calendar = ExchangeCalendar(tmp_path / "calendar.json", HandClock())

    assert calendar.sessions().all == ()


async def test_a_directory_that_cannot_be_written_costs_only_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    calendar = ExchangeCalendar(tmp_path / "gone" / "calendar.json", HandClock())

    await calendar._renew()

    assert calendar.sessions().all
    assert "not kept" in caplog.text


async def test_a_child_that_cannot_start_is_answered_in_our_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")

    with pytest.raises(CalendarAway, match="No such file"):
        await work_out(FIRST, LAST)


@pytest.mark.skipif(not CHILDREN.exists(), reason="this system does not list them")
async def test_a_child_that_is_not_awaited_to_its_end_is_gone() -> None:
    before = _children()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await work_out(FIRST, LAST)

    assert _children() == before


async def test_nonsense_is_answered_with_the_childs_own_words() -> None:
    with pytest.raises(CalendarAway, match="Error"):
        await work_out(LAST, FIRST)


def _children() -> str:
    return CHILDREN.read_text()


async def _learn(directory: Path) -> Sessions:
    """What a first start has left in *directory*."""
    calendar = ExchangeCalendar(directory / "calendar.json", HandClock())
    await calendar._renew()
    return calendar.sessions()
