"""When a recorded scan is looked at again, and what the bars of then say."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.model.market import Snapshot
from core.model.scoring.following import Horizon, PastBar, Unfinished
from core.rules.scoring.following import (
    BAR,
    SETTLED,
    STALE,
    due,
    followed_row,
    is_quiet,
    price_at,
    sessions_since,
    split,
)
from tests.builders import (
    CLOSES,
    MONDAY,
    NOW,
    OPENS,
    PROPOSAL_ID,
    QRVX,
    a_quote,
    a_session,
    past_bars,
    price,
    sessions_of,
)


DAY = timedelta(days=1)
WEEKS = sessions_of(
    *(
        a_session(
            day=MONDAY + DAY * each,
            opens=OPENS + DAY * each,
            closes=CLOSES + DAY * each,
        )
        for each in range(40)
        if (MONDAY + DAY * each).weekday() < 5
    )
)


def a_scan(*, at: datetime = NOW, done: tuple[Horizon, ...] = ()) -> Unfinished:
    return Unfinished(proposal_id=PROPOSAL_ID, session_day=MONDAY, at=at, done=done)


def ends(now: datetime, *done: Horizon, at: datetime = NOW) -> dict[Horizon, datetime]:
    return dict(due(a_scan(at=at), done, sessions=WEEKS, now=now))


def a_row(bid: str | None = "5.00", last: str | None = "5.02") -> Snapshot:
    quote = a_quote(bid=price(bid) if bid else None, last=price(last) if last else None)
    return Snapshot(rank=1, instrument=QRVX, quote=quote)


@pytest.mark.parametrize(
    ("horizon", "end"),
    [
        (Horizon.HOUR, NOW + timedelta(hours=1)),
        (Horizon.CLOSE, CLOSES),
        (Horizon.ONE, CLOSES + DAY),
        (Horizon.FIVE, CLOSES + 7 * DAY),
        (Horizon.TWENTY, CLOSES + 28 * DAY),
    ],
)
def test_a_horizon_ends_at_a_time_of_trading(horizon: Horizon, end: datetime) -> None:
    assert ends(NOW + 60 * DAY)[horizon] == end


def test_an_hour_ends_with_the_session_at_the_latest() -> None:
    late = ends(NOW + 60 * DAY, at=CLOSES - timedelta(minutes=20))
    assert late[Horizon.HOUR] == CLOSES


@pytest.mark.parametrize("at", [OPENS - BAR, CLOSES, CLOSES + DAY / 2])
def test_a_scan_of_a_closed_market_is_not_followed(at: datetime) -> None:
    assert ends(NOW + 60 * DAY, at=at) == {}


def test_a_day_that_the_calendar_does_not_know_is_not_followed() -> None:
    nothing = sessions_of(a_session(day=MONDAY - DAY))
    assert due(a_scan(), (), sessions=nothing, now=NOW + 60 * DAY) == ()


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        (NOW + timedelta(hours=3), False),
        (CLOSES + SETTLED / 2, False),
        (CLOSES + SETTLED, True),
        (OPENS - BAR, True),
        (OPENS + DAY, False),
    ],
)
def test_nothing_is_fetched_while_a_market_is_open_or_has_hardly_closed(
    now: datetime, *, quiet: bool
) -> None:
    assert is_quiet(WEEKS, now) is quiet


def test_due_is_what_is_over_and_not_done() -> None:
    evening = CLOSES + SETTLED
    assert list(ends(evening)) == [Horizon.HOUR, Horizon.CLOSE]
    later = ends(evening + 10 * DAY, Horizon.HOUR)
    assert list(later) == [Horizon.CLOSE, Horizon.ONE, Horizon.FIVE]


def test_the_sessions_since_a_scan_count_its_own() -> None:
    for days, count in ((0, 1), (1, 2), (6, 5), (7, 6)):
        now = CLOSES + DAY * days
        assert sessions_since(a_scan(), sessions=WEEKS, now=now) == count


def test_a_row_is_priced_at_the_bid_of_the_end_with_its_best_and_worst() -> None:
    course = past_bars("4.90", "4.95", "5.01", "6.00", "4.00", "5.50", "9.99")
    row = followed_row(a_row(), course, begin=NOW, end=OPENS + 6 * BAR)
    assert row.price == price("5.50")
    assert (row.best, row.worst) == (price("6.01"), price("3.99"))
    assert row.factor == 1


def test_of_the_bar_of_the_scan_only_the_close_counts_for_the_way() -> None:
    """Its high and its low may be those of the minutes before the scan: a target would
    seem to have been met that never was."""
    *before, scan, after = past_bars("4.90", "4.95", "5.01", "4.95")
    spike = replace(scan, high=price("5.60"), low=price("4.00"))
    course = (*before, spike, after)
    row = followed_row(a_row(), course, begin=NOW, end=OPENS + 4 * BAR)
    assert (row.best, row.worst) == (price("5.01"), price("4.94"))


def test_spys_price_is_the_bid_of_the_moment() -> None:
    course = past_bars("600", "601", "602", "603")
    assert price_at(course, NOW) == price("602")
    assert price_at(course, OPENS + 4 * BAR) == price("603")
    assert price_at(course, OPENS) is None


def test_what_comes_after_the_end_changes_nothing() -> None:
    course, end = past_bars("5.0", "5.0", "5.0", "5.5", "5.6"), OPENS + 4 * BAR
    later = past_bars("900", "0.02", begin=OPENS + 5 * BAR)
    shown = followed_row(a_row(), course, begin=NOW, end=end)
    assert followed_row(a_row(), (*course, *later), begin=NOW, end=end) == shown


def test_a_bid_of_long_before_the_end_is_none_to_sell_at() -> None:
    """Halted, or delisted within the horizon: it was priced at its last bid for good."""
    course = past_bars("5.0", "5.0", "5.0", "5.5", "5.6")
    last = OPENS + 5 * BAR
    near = followed_row(a_row(), course, begin=NOW, end=last + STALE)
    late = followed_row(a_row(), course, begin=NOW, end=last + STALE + BAR)
    assert near.price == price("5.6")
    assert (late.price, late.problem) == (None, "no bid at the end: halted or gone")


def test_spy_of_long_before_is_not_spy_at_the_end() -> None:
    course = past_bars("600", "601")
    assert price_at(course, OPENS + 2 * BAR + STALE) == price("601")
    assert price_at(course, OPENS + 3 * BAR + STALE) is None


@pytest.mark.parametrize(
    ("row", "seen", "said"),
    [
        (a_row(), (), "no bid in that time"),
        (a_row(), past_bars("5", begin=OPENS + 6 * BAR), "no bid in that time"),
        (a_row(bid=None, last=None), past_bars("5", "5", "5", "5"), "no price when"),
        (a_row(), past_bars("3.1", "3.1", "3.1", "3.1"), "recorded at 5.00"),
        (Snapshot(rank=1, instrument=QRVX, quote=None), past_bars("5"), "no price"),
    ],
)
def test_a_row_that_cannot_be_priced_stays_and_says_why(
    row: Snapshot, seen: tuple[PastBar, ...], said: str
) -> None:
    found = followed_row(row, seen, begin=NOW, end=OPENS + 4 * BAR)
    assert found.price is None
    assert said in str(found.problem)


@pytest.mark.parametrize(
    ("recorded", "now", "factor"),
    [
        ("5.00", "5.20", 1),
        ("5.00", "2.48", Decimal(1) / 2),
        ("5.00", "49.6", 10),
        ("0.50", "9.9", 20),
        ("6.00", "4.02", Decimal(2) / 3),
        ("300", "30.1", Decimal(1) / 10),
        ("5.00", "3.10", None),
        ("5.00", "8.00", None),
    ],
)
def test_a_split_is_noticed_and_nothing_else_is_called_one(
    recorded: str, now: str, factor: Decimal | None
) -> None:
    assert split(price(recorded), past_bars(now)[0]) == factor
