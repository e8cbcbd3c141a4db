"""The morning report from its parts, with its holes named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.model.money import Shares
from core.model.news import ClosedToday
from core.model.order import OrderState
from core.model.proposal import Mode
from core.rules.exits.splits import unadjusted_closes
from core.rules.reporting import (
    ReportParts,
    closed_today,
    marked,
    morning_report,
    overnight,
)
from tests.builders import (
    FDMX,
    NOW,
    QRVX,
    a_fill,
    a_position,
    a_proposal,
    a_quote,
    a_sent_order,
    a_session,
    a_week,
    an_account,
    an_open_order,
    an_order,
    money,
    price,
    sessions_of,
)


AFTER_OPEN = timedelta(minutes=5)


def parts(**named: Any) -> ReportParts:
    read = ReportParts(
        now=NOW,
        score=None,
        session=a_session(),
        mode=Mode.SANDBOX,
        account=an_account(),
        last_value=money("100000"),
        positions=(a_position(),),
        quotes={QRVX.con_id: a_quote(last=price("5.00"), close=price("4.50"))},
        open_orders=(an_open_order(),),
        last_picks=a_proposal(),
        away=None,
        last_orders=(an_order(),),
        trades=(),
    )
    return replace(read, **named)


def test_a_report_of_everything_has_no_gaps() -> None:
    report = morning_report(parts())

    assert report.gaps == ()
    assert (report.at, report.session, report.mode) == (
        NOW,
        a_session(),
        Mode.SANDBOX,
    )
    assert report.account == an_account()
    assert report.overnight == money("1240")
    assert report.open_orders == (an_open_order(),)
    assert not report.early_close


def test_a_session_that_closes_early_says_so() -> None:
    early = a_session(closes=a_session().closes - timedelta(hours=3))

    assert morning_report(parts(session=early)).early_close


def test_positions_are_marked_at_this_moments_price() -> None:
    report = morning_report(parts())

    assert report.positions is not None
    (position,) = report.positions
    assert (position.price, position.prior_close) == (price("5.00"), price("4.50"))
    assert position.market_value == money("500")
    assert position.open_profit == money("16")
    assert position.day_profit == money("50")


@pytest.mark.parametrize("quote", [None, a_quote(last=None)])
def test_a_position_without_a_quote_keeps_ibs_mark(quote: Any) -> None:
    assert marked(a_position(), quote, ()) == a_position()


def test_a_position_without_a_cost_or_a_close_has_no_such_profit() -> None:
    position = a_position(average_cost=None, prior_close=None)

    now = marked(position, a_quote(close=None), ())

    assert (now.open_profit, now.day_profit) == (None, None)


def test_ibs_own_close_serves_when_the_quote_has_none() -> None:
    now = marked(a_position(), a_quote(last=price("5.82"), close=None), ())

    assert now.day_profit == money("100")


@pytest.mark.attack(20)
def test_where_the_days_trades_are_not_known_neither_is_its_profit() -> None:
    report = morning_report(parts(trades=None))

    assert report.positions is not None
    assert (report.positions[0].day_profit, report.positions[0].day_basis) == (
        None,
    ) * 2
    assert report.gaps == ("what was traded today",)


@pytest.mark.attack(20)
@pytest.mark.attack(27)
@pytest.mark.parametrize(
    ("shares", "close", "is_old"),
    [
        ("400", "4.84", True),  # 4 for 1, and IB's close is of before it
        ("400", "1.21", False),  # adjusted
        ("100", "4.84", False),  # no split: it fell
        ("400", "2.40", False),  # neither
    ],
)
def test_a_close_of_before_a_split_says_nothing_of_the_day(
    shares: str, close: str, *, is_old: bool
) -> None:
    """100 were bought at 4.83; a change since that close would say -75 %."""
    bought = replace(
        a_sent_order(),
        position_before=Decimal(0),
        state=OrderState.FILLED,
        fills=(a_fill(shares=Shares(100), price=price("4.83")),),
    )
    held = a_position(
        instrument=QRVX,
        shares=Decimal(shares),
        price=price("1.22"),
        average_cost=price("1.21") if shares == "400" else price("4.84"),
    )
    quote = a_quote(last=price("1.22"), close=price(close))
    now = NOW + timedelta(hours=1)
    old = unadjusted_closes({QRVX.con_id: quote}, [held], lambda _: [bought], now=now)

    position = marked(held, quote, [], is_unadjusted=QRVX.con_id in old)

    assert bool(old) is is_old
    assert position.is_unadjusted is is_old
    assert (position.day_profit is None) is is_old


def test_a_quote_marks_no_option() -> None:
    option = a_position(kind="OPT", price=None, day_profit=None)

    assert marked(option, a_quote(last=price("5.00")), ()) == option


@pytest.mark.attack(20)
@pytest.mark.attack(25)
def test_a_quote_in_another_currency_marks_no_position_in_dollars() -> None:
    in_euros = replace(QRVX, currency="EUR")
    position = a_position(instrument=in_euros, price=None, day_profit=None)

    assert marked(position, a_quote(last=price("5.00")), ()) == position


def test_the_last_picks_are_scored_with_their_orders() -> None:
    report = morning_report(parts())

    assert report.last_picks is not None
    first, second = report.last_picks.outcomes
    assert (first.now, first.order) == (price("5.00"), an_order())
    assert (second.instrument, second.now, second.order) == (FDMX, None, None)


def test_without_an_earlier_card_there_is_no_scorecard_and_no_gap() -> None:
    report = morning_report(parts(last_picks=None, last_orders=()))

    assert report.last_picks is None
    assert report.gaps == ()


def test_every_part_that_could_not_be_read_is_named() -> None:
    report = morning_report(parts(account=None, positions=None, open_orders=None))

    assert report.gaps == (
        "the account's figures",
        "the positions",
        "the open orders",
    )
    assert (report.account, report.positions, report.open_orders) == (None,) * 3
    assert report.overnight is None


def test_positions_without_a_price_are_named() -> None:
    held = (
        a_position(price=None),
        a_position(instrument=FDMX, price=None),
    )

    report = morning_report(parts(positions=held, quotes={}))

    assert report.gaps == ("the price of QRVX, FDMX",)


@pytest.mark.parametrize(
    ("value", "before"), [(None, money("1")), (money("1"), None), (None, None)]
)
def test_overnight_needs_both_values(value: Any, before: Any) -> None:
    assert overnight(value, before) is None


def test_a_holiday_tells_the_next_report_and_its_early_close() -> None:
    thanksgiving = datetime(2026, 11, 26, 14, 35, tzinfo=UTC)

    news = closed_today(a_week(), thanksgiving, AFTER_OPEN)

    assert news == ClosedToday(
        day=thanksgiving.date(),
        next_report=datetime(2026, 11, 27, 14, 35, tzinfo=UTC),
        closes_early=datetime(2026, 11, 27, 18, 0, tzinfo=UTC),
    )


def test_an_ordinary_next_session_is_not_said_to_close_early() -> None:
    news = closed_today(a_week(), NOW - timedelta(hours=12), AFTER_OPEN)

    assert news.closes_early is None


def test_where_the_calendar_ends_nothing_is_promised() -> None:
    news = closed_today(sessions_of(a_session()), NOW, AFTER_OPEN)

    assert (news.next_report, news.closes_early) == (None, None)
