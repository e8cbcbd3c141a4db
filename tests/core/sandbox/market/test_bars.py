"""Bars count sessions, never look ahead, and agree with the quotes."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.sandbox.market.data import BarsRequest, HistoryRejected, MarketBar
from core.sandbox.market.hours import NEW_YORK
from core.sandbox.trading.exchange import Exchange
from tests.harness.exchange import (
    FRIDAY_BEFORE,
    MONDAY,
    NOW,
    SHORT_FRIDAY,
    THANKSGIVING,
    TUESDAY,
    an_exchange,
    bars_of,
    ny,
    shaped,
    the_stock,
)


@pytest.fixture(scope="module")
def market() -> Exchange:
    return an_exchange()


def days(bars: list[MarketBar]) -> list[date]:
    return [bar.day for bar in bars]


def test_two_days_are_friday_and_the_monday_that_forms(market: Exchange) -> None:
    friday, monday = bars_of(market)

    assert days([friday, monday]) == [FRIDAY_BEFORE, MONDAY]
    assert (friday.open, friday.close) == (9.0, 9.5)
    assert (monday.open, monday.high, monday.low, monday.close) == (10, 11, 10, 11)
    assert monday.time is None


def test_before_the_open_there_is_no_bar_for_today(market: Exchange) -> None:
    assert days(bars_of(market, ny("09:29:59"))) == [date(2026, 11, 19), FRIDAY_BEFORE]


def test_a_holiday_is_not_counted(market: Exchange) -> None:
    wednesday = date(2026, 11, 25)

    assert days(bars_of(market, ny("12:00", THANKSGIVING))) == [TUESDAY, wednesday]
    friday = bars_of(market, ny("12:00", SHORT_FRIDAY))
    assert days(friday) == [wednesday, SHORT_FRIDAY]


def test_a_stock_without_a_print_has_no_bar_today() -> None:
    silent = shaped(open=None, last=None, no_bar_today=True)

    assert days(bars_of(silent)) == [FRIDAY_BEFORE]


def test_todays_bar_agrees_with_the_quote(market: Exchange) -> None:
    for symbol in ("AAPL", "KO", "QKTZ", "OFRV", "MACV"):
        quote = market.quote(the_stock(market, symbol).con_id, NOW)
        today = bars_of(market, con_id=the_stock(market, symbol).con_id)[-1]

        assert today.day == MONDAY
        assert (today.open, today.high, today.low, today.close) == (
            quote.open,
            quote.high,
            quote.low,
            quote.last,
        )
        assert today.volume <= quote.volume


def test_yesterdays_close_is_the_quotes_close(market: Exchange) -> None:
    for stock in market.universe.stocks[5::40]:
        friday = bars_of(market, con_id=stock.con_id)[0]

        assert friday.close == market.quote(stock.con_id, NOW).close


def test_a_bar_asked_for_in_the_past_does_not_know_the_future(market: Exchange) -> None:
    later = ny("15:00")

    assert bars_of(market, later, end=NOW) == bars_of(market, NOW)


def test_intraday_bars_add_up_to_the_day(market: Exchange) -> None:
    con_id, evening = market.universe.by_symbol["AAPL"].con_id, ny("18:00")
    day = bars_of(market, evening, con_id=con_id, duration="1 D")[0]

    for size, count in [("1 min", 390), ("5 mins", 78), ("30 mins", 13), ("1 hour", 7)]:
        bars = bars_of(market, evening, con_id=con_id, duration="1 D", bar_size=size)
        assert len(bars) == count
        assert bars[0].time == ny("09:30")
        assert (bars[0].open, bars[-1].close) == (day.open, day.close)
        assert max(b.high for b in bars) == day.high
        assert min(b.low for b in bars) == day.low
        assert sum(b.volume for b in bars) == day.volume


def test_hours_stand_on_the_clock(market: Exchange) -> None:
    bars = bars_of(market, ny("12:30"), duration="1 D", bar_size="1 hour")

    starts = [ny("09:30"), ny("10:00"), ny("11:00"), ny("12:00")]
    assert [bar.time for bar in bars] == starts


def test_extended_hours_come_only_when_asked_for(market: Exchange) -> None:
    con_id = market.universe.by_symbol["AAPL"].con_id
    wanted = {"con_id": con_id, "duration": "1 D", "bar_size": "1 hour"}

    regular = bars_of(market, ny("21:00"), **wanted)
    everything = bars_of(market, ny("21:00"), use_rth=False, **wanted)

    assert regular[0].time == ny("09:30")
    assert everything[0].time == ny("04:00")
    assert everything[-1].time == ny("19:00")


@pytest.mark.parametrize("bar_size", ["30 mins", "1 hour", "4 hours", "1 day"])
def test_long_bars_of_all_hours_are_what_their_minutes_add_up_to(
    bar_size: str, market: Exchange
) -> None:
    con_id = market.universe.by_symbol["AAPL"].con_id
    asked = {"con_id": con_id, "duration": "1 D", "use_rth": False}

    long = bars_of(market, ny("18:10"), bar_size=bar_size, **asked)
    minutes = bars_of(market, ny("18:10"), bar_size="1 min", **asked)

    assert sum(bar.volume for bar in long) == sum(bar.volume for bar in minutes)
    assert max(bar.high for bar in long) == max(bar.high for bar in minutes)
    assert min(bar.low for bar in long) == min(bar.low for bar in minutes)
    assert (long[0].open, long[-1].close) == (minutes[0].open, minutes[-1].close)


def test_months_of_all_hours_are_not_gathered_minute_by_minute(
    market: Exchange,
) -> None:
    """A year of them took 4.2 s of processor time, and clients give up after ten."""
    con_id = market.universe.by_symbol["AAPL"].con_id
    wanted = BarsRequest(
        con_id=con_id, duration="1 M", bar_size="1 month", use_rth=False
    )

    slices = sum(1 for _ in market.bars_work(wanted, NOW))

    assert slices <= 20  # there were 76


def test_seconds_are_the_last_ones(market: Exchange) -> None:
    bars = bars_of(market, duration="60 S", bar_size="5 secs")

    assert len(bars) == 12
    assert bars[-1].time == NOW
    assert bars[-1].close == 11.0


def test_weeks_and_months_gather_days(market: Exchange) -> None:
    daily = bars_of(market, duration="1 M")
    weekly = bars_of(market, duration="1 M", bar_size="1 week")

    assert len(daily) > 15
    assert 4 <= len(weekly) <= 6
    assert weekly[-1].close == daily[-1].close
    whole = [d for d in daily if d.day > weekly[0].day]
    assert sum(w.volume for w in weekly[1:]) == sum(d.volume for d in whole)


@pytest.mark.parametrize("day", [MONDAY, TUESDAY, THANKSGIVING, SHORT_FRIDAY])
def test_the_first_week_is_whole_and_the_last_is_this_one(
    market: Exchange, day: date
) -> None:
    now = ny("10:00", day)
    daily = bars_of(market, now, duration="2 M")

    before, last = bars_of(market, now, duration="2 W", bar_size="1 week")

    monday = FRIDAY_BEFORE - timedelta(days=4)
    week = [d for d in daily if monday <= d.day <= FRIDAY_BEFORE]
    assert (before.day, last.day) == (FRIDAY_BEFORE, daily[-1].day)
    assert before.open == week[0].open
    assert before.volume == sum(d.volume for d in week)


def test_a_year_in_months_is_thirteen_bars(market: Exchange) -> None:
    """It begins within a month, which is whole: so @stoqey/ib's tests have it of IB."""
    assert len(bars_of(market, duration="1 Y", bar_size="1 month")) == 13


def test_the_first_month_is_whole(market: Exchange) -> None:
    (october, november) = bars_of(market, duration="2 M", bar_size="1 month")

    daily = bars_of(market, duration="3 M")
    of_october = [d for d in daily if d.day.month == 10]
    assert october.open == of_october[0].open
    assert october.volume == sum(d.volume for d in of_october)
    assert november.day == MONDAY


@pytest.mark.parametrize("use_rth", [True, False])
def test_fridays_bar_has_nothing_of_mondays_early_hours(
    market: Exchange, *, use_rth: bool
) -> None:
    stock = the_stock(market, "AAPL")
    saturday = ny("12:00", FRIDAY_BEFORE + timedelta(days=1))
    wanted = {"con_id": stock.con_id, "use_rth": use_rth}

    asked = [bars_of(market, now, **wanted) for now in (saturday, ny("08:00"))]

    fridays = [bar for bars in asked for bar in bars if bar.day == FRIDAY_BEFORE]
    assert len(fridays) == 2
    assert fridays[0] == fridays[1]


@pytest.mark.parametrize("symbol", ["AAPL", "QKTZ"])
def test_the_oldest_bar_is_that_of_the_head_timestamp(
    market: Exchange, symbol: str
) -> None:
    con_id = the_stock(market, symbol).con_id
    head = market.head_timestamp(con_id)

    soon = head + timedelta(days=20)
    daily = bars_of(market, con_id=con_id, duration="30 Y", end=soon)

    assert daily[0].day == head.astimezone(NEW_YORK).date()


@pytest.mark.parametrize(("at", "day"), [("08:00", MONDAY), ("11:13", TUESDAY)])
def test_closes_are_those_of_the_daily_bars(
    market: Exchange, at: str, day: date
) -> None:
    for stock in market.universe.stocks[::60]:
        daily = bars_of(market, ny(at, day), con_id=stock.con_id, duration="60 D")
        closes = market.closes(stock.con_id, sessions=60, now=ny(at, day))
        assert closes == [(bar.day, bar.close) for bar in daily]


def test_sides_of_the_book_lie_around_the_trades(market: Exchange) -> None:
    wanted = {"duration": "1 D", "bar_size": "5 mins"}
    bid, mid, ask = (
        bars_of(market, ny("12:00"), what=what, **wanted)[3]
        for what in ("BID", "MIDPOINT", "ASK")
    )

    assert (bid.close, mid.close, ask.close) == (10.99, 11.0, 11.01)
    assert (mid.volume, mid.wap, mid.count) == (-1, -1, -1)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"bar_size": "1 D"}, 321),
        ({"duration": "2 sessions"}, 321),
        ({"duration": "0 D"}, 321),
        ({"what": "YIELD_BID"}, 321),
        ({"con_id": 1}, 200),
    ],
)
def test_words_that_are_not_historys_are_rejected(
    market: Exchange, wrong: dict[str, Any], code: int
) -> None:
    with pytest.raises(HistoryRejected) as rejected:
        bars_of(market, **wrong)

    assert rejected.value.code == code


def test_nothing_to_tell_is_162() -> None:
    silent = shaped(open=None, last=None, no_bar_today=True)
    request = BarsRequest(
        con_id=the_stock(silent).con_id, duration="1 D", bar_size="1 day"
    )

    with pytest.raises(HistoryRejected, match=r"162 .*no data"):
        silent.bars(request, NOW)


def test_a_schedule_lists_sessions_with_their_hours(market: Exchange) -> None:
    con_id = the_stock(market).con_id
    found = market.schedule(
        con_id, days=2, end=None, use_rth=True, now=ny("14:00", SHORT_FRIDAY)
    )

    assert [s.day for s in found] == [date(2026, 11, 25), SHORT_FRIDAY]
    assert found[-1].close == ny("13:00", SHORT_FRIDAY)
    early = market.schedule(con_id, days=1, end=None, use_rth=True, now=ny("09:00"))
    assert [s.day for s in early] == [FRIDAY_BEFORE]


def test_a_history_begins_somewhere(market: Exchange) -> None:
    begins = market.head_timestamp(market.universe.by_symbol["AAPL"].con_id)

    assert begins < NOW - timedelta(days=365)


@pytest.mark.parametrize(("short", "long"), [("1W", "1 week"), ("1M", "1 month")])
def test_weeks_and_months_go_by_both_of_their_names(
    market: Exchange, short: str, long: str
) -> None:
    named = bars_of(market, duration="3 M", bar_size=short)
    assert named == bars_of(market, duration="3 M", bar_size=long)


def test_bars_of_both_sides_hold_the_bid_below_and_the_ask_above(
    market: Exchange,
) -> None:
    """Average bid, highest ask, lowest bid, average ask (historical_bars)."""
    shown = {
        what: bars_of(market, duration="1 D", bar_size="5 mins", what=what)
        for what in ("BID", "ASK", "BID_ASK")
    }
    for bid, ask, both in zip(*shown.values(), strict=True):
        assert (both.low, both.high) == (bid.low, ask.high)
        assert both.low <= both.open < both.close <= both.high
        assert (both.volume, both.wap, both.count) == (-1, -1, -1)
