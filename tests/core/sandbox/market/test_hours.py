"""The exchanges are open when the published calendar says so."""

from datetime import date, timedelta

import pytest

from core.sandbox.market.hours import Hours, TradingPhase
from tests.harness.exchange import (
    FRIDAY_BEFORE,
    MONDAY,
    SHORT_FRIDAY,
    THANKSGIVING,
    TUESDAY,
    ny,
)


HOURS = Hours()


@pytest.mark.parametrize(
    ("clock", "day", "state"),
    [
        ("03:59:59", MONDAY, TradingPhase.CLOSED),
        ("04:00", MONDAY, TradingPhase.PRE),
        ("09:29:59", MONDAY, TradingPhase.PRE),
        ("09:30", MONDAY, TradingPhase.OPEN),
        ("15:59:59", MONDAY, TradingPhase.OPEN),
        ("16:00", MONDAY, TradingPhase.POST),
        ("20:00", MONDAY, TradingPhase.CLOSED),
        ("12:00", THANKSGIVING, TradingPhase.CLOSED),
        ("12:59:59", SHORT_FRIDAY, TradingPhase.OPEN),
        ("13:00", SHORT_FRIDAY, TradingPhase.POST),
        ("17:00", SHORT_FRIDAY, TradingPhase.CLOSED),
        ("12:00", date(2026, 11, 22), TradingPhase.CLOSED),
        ("12:00", date(1999, 7, 6), TradingPhase.OPEN),
    ],
)
def test_the_state_follows_the_calendar(
    clock: str, day: date, state: TradingPhase
) -> None:
    assert HOURS.state(ny(clock, day)) is state


def test_the_open_moves_with_summer_time() -> None:
    winter, summer = HOURS.session(MONDAY), HOURS.session(date(2026, 7, 6))

    assert winter is not None
    assert summer is not None
    assert (winter.open.hour, summer.open.hour) == (14, 13)


def test_before_monday_comes_friday_and_after_it_tuesday() -> None:
    assert HOURS.previous(MONDAY).day == FRIDAY_BEFORE
    assert HOURS.next(MONDAY).day == TUESDAY
    assert HOURS.next(date(2026, 11, 25)).day == SHORT_FRIDAY


def test_neighbours_are_found_across_new_year() -> None:
    assert HOURS.previous(date(2028, 1, 3)).day == date(2027, 12, 31)
    assert HOURS.next(date(2027, 12, 31)).day == date(2028, 1, 3)


@pytest.mark.parametrize(
    ("clock", "day", "opens"),
    [
        ("09:29:59", MONDAY, MONDAY),
        ("09:30", MONDAY, TUESDAY),
        ("20:00", MONDAY, TUESDAY),
        ("12:00", THANKSGIVING, SHORT_FRIDAY),
    ],
)
def test_the_next_open_is_always_ahead(clock: str, day: date, opens: date) -> None:
    assert HOURS.next_open(ny(clock, day)) == ny("09:30", opens)


@pytest.mark.parametrize(
    ("clock", "day", "about"),
    [
        ("03:00", MONDAY, FRIDAY_BEFORE),
        ("04:00", MONDAY, MONDAY),
        ("23:00", MONDAY, MONDAY),
        ("12:00", THANKSGIVING, date(2026, 11, 25)),
    ],
)
def test_quotes_are_about_the_last_session_that_began(
    clock: str, day: date, about: date
) -> None:
    assert HOURS.current(ny(clock, day)).day == about


def test_sessions_are_counted_not_days() -> None:
    found = HOURS.last_sessions(3, date(2026, 11, 28))

    assert [s.day for s in found] == [TUESDAY, date(2026, 11, 25), SHORT_FRIDAY]
    assert HOURS.last_sessions(0, MONDAY) == ()


def test_a_year_beyond_the_calendar_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        HOURS.session(date(2400, 1, 3))


def test_a_session_of_early_close_ends_its_evening_early() -> None:
    short = HOURS.session(SHORT_FRIDAY)

    assert short is not None
    assert short.close - short.open == timedelta(hours=3, minutes=30)
    assert short.post_close - short.close == timedelta(hours=4)
