"""When a recorded scan is looked at again, and what the bars of then say."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.model.market import Snapshot
from core.model.scoring.following import Horizon, PastBar
from core.model.scoring.recording import Recording
from core.rules.scoring.following import BAR, SETTLED, due, followed, split, until
from tests.builders import (
    CLOSES,
    FDMX,
    MONDAY,
    NOW,
    OPENS,
    PROPOSAL_ID,
    QRVX,
    a_quote,
    a_session,
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


def a_recording(*rows: Snapshot, at: datetime = NOW) -> Recording:
    return Recording(
        proposal_id=PROPOSAL_ID,
        session_day=MONDAY,
        at=at,
        series="12345678",
        settings="50 rows",
        rows=rows or (a_row(),),
        picked=(QRVX.con_id,),
    )


def a_row(bid: str | None = "5.00", last: str | None = "5.02") -> Snapshot:
    quote = a_quote(bid=price(bid) if bid else None, last=price(last) if last else None)
    return Snapshot(rank=1, instrument=QRVX, quote=quote)


def bars(*closes: str, begin: datetime = OPENS) -> list[PastBar]:
    """Five-minute bars of the bid, a cent wide around each close."""
    return [
        PastBar(
            at=begin + BAR * place,
            high=price(str(Decimal(close) + Decimal("0.01"))),
            low=price(str(Decimal(close) - Decimal("0.01"))),
            close=price(close),
        )
        for place, close in enumerate(closes)
    ]


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
    assert until(a_recording(), horizon, WEEKS) == end


def test_an_hour_ends_with_the_session_at_the_latest() -> None:
    late = a_recording(at=CLOSES - timedelta(minutes=20))
    assert until(late, Horizon.HOUR, WEEKS) == CLOSES


@pytest.mark.parametrize("at", [OPENS - BAR, CLOSES, CLOSES + DAY / 2])
def test_a_scan_of_a_closed_market_is_not_followed(at: datetime) -> None:
    assert due(a_recording(at=at), (), sessions=WEEKS, now=NOW + 30 * DAY) == ()


def test_nothing_is_due_while_a_market_is_open_or_has_hardly_closed() -> None:
    for now in (NOW + timedelta(hours=3), CLOSES + SETTLED / 2, NOW + DAY):
        assert due(a_recording(), (), sessions=WEEKS, now=now) == ()


def test_due_is_what_is_over_and_not_done() -> None:
    evening = CLOSES + SETTLED
    first = due(a_recording(), (), sessions=WEEKS, now=evening)
    assert [horizon for horizon, _ in first] == [Horizon.HOUR, Horizon.CLOSE]
    later = due(a_recording(), (Horizon.HOUR,), sessions=WEEKS, now=evening + 10 * DAY)
    assert [horizon for horizon, _ in later] == [
        *(Horizon.CLOSE, Horizon.ONE, Horizon.FIVE)
    ]


def test_a_row_is_priced_at_the_bid_of_the_end_with_its_best_and_worst() -> None:
    course = bars("4.90", "4.95", "5.01", "6.00", "4.00", "5.50", "9.99")
    end = OPENS + 6 * BAR
    row = followed(
        a_recording(),
        Horizon.HOUR,
        end,
        bars={QRVX.con_id: course},
        problems={},
        spy=bars("600", "600", "601", "602", "603", "604", "605"),
    )
    assert row.rows[0].price == price("5.50")
    assert row.rows[0].best == price("6.01")
    assert row.rows[0].worst == price("3.99")
    assert row.rows[0].factor == 1
    assert (row.spy_from, row.spy_to) == (price("601"), price("604"))


def test_what_comes_after_the_end_changes_nothing() -> None:
    course, end = bars("5.0", "5.0", "5.0", "5.5", "5.6"), OPENS + 4 * BAR
    later = bars("900", "0.02", begin=OPENS + 5 * BAR)

    def of(seen: list[PastBar]) -> object:
        return followed(
            a_recording(),
            Horizon.HOUR,
            end,
            bars={QRVX.con_id: seen},
            problems={},
            spy=seen,
        )

    assert of(course) == of([*course, *later])


@pytest.mark.parametrize(
    ("row", "seen", "problem", "said"),
    [
        (a_row(), (), None, "no bid in that time"),
        (a_row(), bars("5", "5", "5"), "no security definition", "no security"),
        (a_row(bid=None, last=None), bars("5", "5", "5", "5"), None, "no price when"),
        (a_row(), bars("3.1", "3.1", "3.1", "3.1"), None, "recorded at 5.00"),
    ],
)
def test_a_row_that_cannot_be_priced_stays_and_says_why(
    row: Snapshot, seen: list[PastBar], problem: str | None, said: str
) -> None:
    found = followed(
        a_recording(row),
        Horizon.HOUR,
        OPENS + 4 * BAR,
        bars={QRVX.con_id: seen},
        problems={QRVX.con_id: problem} if problem else {},
        spy=(),
    ).rows[0]
    assert found.price is None
    assert said in str(found.problem)


def test_another_stocks_bars_are_not_this_ones() -> None:
    found = followed(
        a_recording(),
        Horizon.HOUR,
        OPENS + 4 * BAR,
        bars={FDMX.con_id: bars("5", "5", "5", "5")},
        problems={},
        spy=(),
    )
    assert found.rows[0].problem == "no bid in that time"


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
    assert split(price(recorded), bars(now)[0]) == factor
