"""New York's day, whatever the day is in UTC."""

from datetime import UTC, date, datetime

from core.rules.new_york import day_of


def test_the_day_is_new_yorks_not_utcs() -> None:
    evening_in_new_york = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

    assert day_of(evening_in_new_york) == date(2026, 11, 23)


def test_the_day_turns_an_hour_earlier_in_utc_in_summer() -> None:
    assert day_of(datetime(2026, 7, 2, 3, 59, tzinfo=UTC)) == date(2026, 7, 1)
    assert day_of(datetime(2026, 7, 2, 4, 0, tzinfo=UTC)) == date(2026, 7, 2)
