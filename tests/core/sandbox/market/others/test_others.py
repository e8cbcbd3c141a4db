"""What is no stock has prices that agree with what it hangs on, and hours of its own."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.sandbox.market.data import BarsRequest, HistoryRejected, MarketBar
from core.sandbox.market.hours import TradingPhase
from core.sandbox.market.others.catalogue import (
    by_number,
    expiries,
    future,
    futures,
    option,
    third_friday,
)
from core.sandbox.market.others.hours import WeekdayHours
from core.sandbox.market.others.pricing import greeks, implied_volatility
from core.sandbox.market.others.view import Wanted
from core.sandbox.market.universe import DEFAULT_SEED, Stock, universe
from core.sandbox.trading.exchange import Exchange
from tests.harness.exchange import MONDAY, an_exchange, ny


EURUSD = 12087792
SPX, SPY = 416904, 756733
NIGHT = WeekdayHours(time(17, 15), time(17), "America/New_York")
AAPL = universe(DEFAULT_SEED).by_symbol["AAPL"]
NOON = ny("12:00")


@pytest.fixture(scope="module")
def market() -> Exchange:
    return an_exchange()


def a_call(strike: int, right: str = "C") -> Stock:
    return option(AAPL, date(2026, 12, 18), strike, right).contract


def bars(
    market: Exchange, con_id: int, now: datetime, **wanted: Any
) -> list[MarketBar]:
    plain: dict[str, Any] = {
        "duration": "5 D",
        "bar_size": "1 day",
        "what": "MIDPOINT",
    } | wanted
    return list(market.bars(BarsRequest(con_id=con_id, **plain), now))


# hours


@pytest.mark.parametrize(
    ("moment", "state", "day"),
    [
        ("2026-11-22T17:14", TradingPhase.CLOSED, date(2026, 11, 20)),  # Sunday
        ("2026-11-22T17:15", TradingPhase.OPEN, date(2026, 11, 23)),
        ("2026-11-23T03:00", TradingPhase.OPEN, date(2026, 11, 23)),
        ("2026-11-23T17:00", TradingPhase.CLOSED, date(2026, 11, 23)),
        ("2026-11-23T17:15", TradingPhase.OPEN, date(2026, 11, 24)),
        ("2026-11-27T16:59", TradingPhase.OPEN, date(2026, 11, 27)),
        ("2026-11-28T12:00", TradingPhase.CLOSED, date(2026, 11, 27)),
    ],
)
def test_a_night_session_is_named_by_the_day_it_ends_on(
    moment: str, state: TradingPhase, day: date
) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("America/New_York"))

    assert NIGHT.state(now.astimezone(UTC)) is state
    assert NIGHT.current(now.astimezone(UTC)).day == day


def test_night_sessions_follow_each_other() -> None:
    found = NIGHT.last_sessions(12, MONDAY)

    assert [s.day.weekday() for s in found[-6:]] == [0, 1, 2, 3, 4, 0]
    assert all(a.close < b.open for a, b in pairwise(found))
    assert all(
        NIGHT.next(a.day) == b and NIGHT.previous(b.day) == a
        for a, b in pairwise(found)
    )


# which there are


def test_futures_are_the_next_five_quarters() -> None:
    found = [each.contract for each in futures(MONDAY)]

    assert [c.local_symbol for c in found] == ["ESZ6", "ESH7", "ESM7", "ESU7", "ESZ7"]
    assert found[0].expiry == "20261218"
    later = next(iter(futures(date(2026, 12, 19))))
    assert later.contract.local_symbol == "ESH7"


def test_every_future_and_option_is_found_again_by_its_number() -> None:
    every = [
        *futures(MONDAY),
        option(AAPL, third_friday(MONDAY), 270, "P"),
        future(2030, 6),
    ]

    assert [by_number(each.contract.con_id, AAPL) for each in every] == every
    assert by_number(8314, AAPL) is None
    assert by_number(999_999_999, AAPL) is None


def test_expiries_are_fridays_near_and_far() -> None:
    found = expiries(MONDAY)

    assert all(day.weekday() == 4 for day in found)
    assert found[0] == date(2026, 11, 27)
    assert found[-1] == date(2027, 5, 21)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(sec_type="IND", symbol="SPX", exchange="CBOE"), 1),
        (Wanted(sec_type="IND", symbol="SPX", exchange="NYSE"), 0),
        (Wanted(sec_type="CASH", symbol="EUR", currency="USD", exchange="IDEALPRO"), 1),
        (Wanted(sec_type="CASH", symbol="EUR", currency="GBP"), 0),
        (Wanted(sec_type="FUT", symbol="ES", exchange="CME"), 5),
        (Wanted(sec_type="FUT", symbol="ES", expiry="202612"), 1),
        (Wanted(sec_type="FUT", local_symbol="ESZ6"), 1),
        (Wanted(sec_type="FUT", symbol="NQ"), 0),
        (Wanted(sec_type="OPT", symbol="AAPL", expiry="20261218", strike=270.0), 2),
        (
            Wanted(
                sec_type="OPT",
                symbol="AAPL",
                expiry="20261218",
                strike=270.0,
                right="CALL",
            ),
            1,
        ),
        (Wanted(sec_type="OPT", symbol="AAPL", expiry="20261217"), 0),
        (Wanted(sec_type="OPT", symbol="MSFT"), 0),
        (Wanted(sec_type="BOND", symbol="AAPL"), 0),
    ],
)
def test_a_request_finds_all_that_it_can_mean(
    market: Exchange, wanted: Wanted, count: int
) -> None:
    assert len(market.find(wanted, NOON)) == count


# what they cost


def test_an_index_is_its_fund_times_ten_and_nobody_quotes_it(market: Exchange) -> None:
    index, fund = market.quote(SPX, NOON), market.quote(SPY, NOON)

    assert index.last == pytest.approx(10 * fund.last)
    assert (index.bid, index.ask, index.volume) == (-1, -1, 0)


def test_a_pair_is_quoted_on_its_step_and_never_traded(market: Exchange) -> None:
    quote = market.quote(EURUSD, ny("03:00"))

    assert 1.0 < quote.bid < quote.ask < 1.4
    for price in (quote.bid, quote.ask, quote.close):
        assert round(price / 0.00005, 4) == round(price / 0.00005)
    assert quote.last == -1
    with pytest.raises(HistoryRejected, match="no data"):
        bars(market, EURUSD, NOON, what="TRADES")


def test_a_future_moves_in_quarters_through_the_night(market: Exchange) -> None:
    con_id = future(2026, 12).contract.con_id
    quote = market.quote(con_id, ny("03:00"))

    assert quote.bid < quote.ask
    assert all(
        4 * price == int(4 * price) for price in (quote.bid, quote.ask, quote.last)
    )
    hours = bars(market, con_id, NOON, duration="1 D", bar_size="1 hour", what="TRADES")
    assert hours[0].time == ny("18:00", MONDAY - timedelta(days=1))
    assert len(hours) == 19


def test_weekends_have_no_bars_and_the_day_has_one(market: Exchange) -> None:
    found = bars(market, EURUSD, NOON, duration="1 W")

    assert [bar.day.weekday() for bar in found] == [1, 2, 3, 4, 0]


@pytest.mark.parametrize("right", ["C", "P"])
def test_an_option_is_worth_more_the_better_its_strike(
    market: Exchange, right: str
) -> None:
    quotes = [market.quote(a_call(s, right).con_id, NOON) for s in (200, 240, 280, 320)]

    lasts = [quote.last for quote in quotes]
    assert lasts == sorted(lasts, reverse=right == "C")
    assert all(quote.bid < quote.last < quote.ask for quote in quotes)
    assert all(quote.low <= quote.last <= quote.high for quote in quotes)


def test_an_options_bars_hang_on_its_stocks(market: Exchange) -> None:
    call = bars(market, a_call(270).con_id, NOON, what="TRADES")
    stock = bars(market, AAPL.con_id, NOON, what="TRADES")

    assert [b.day for b in call] == [b.day for b in stock]
    assert all(
        b.low <= min(b.open, b.close) <= max(b.open, b.close) <= b.high for b in call
    )
    for (a, b), (c, d) in zip(pairwise(call), pairwise(stock), strict=True):
        if abs(d.close / c.close - 1) > 0.01:
            assert (b.close > a.close) is (d.close > c.close)


# the formula


def test_call_and_put_keep_their_parity() -> None:
    call, put = (greeks(right, 250.0, 260.0, 0.5, 0.3) for right in "CP")

    assert call.price - put.price == pytest.approx(
        250 - 260 * 2.718281828 ** (-0.04 * 0.5)
    )
    assert call.delta - put.delta == pytest.approx(1.0)
    assert (call.gamma, call.vega) == (put.gamma, put.vega)


def test_a_textbook_price() -> None:
    """Hull, Options, Futures, and Other Derivatives: 42, 40, half a year, 10 %, 20 %."""
    call, put = (greeks(r, 42.0, 40.0, 0.5, 0.2, rate=0.1).price for r in "CP")

    assert (round(call, 2), round(put, 2)) == (4.76, 0.81)


@pytest.mark.parametrize("volatility", [0.05, 0.28, 1.7])
def test_the_volatility_of_a_price_gives_that_price(volatility: float) -> None:
    price = greeks("P", 250.0, 260.0, 0.3, volatility).price

    found = implied_volatility("P", 250.0, 260.0, 0.3, price)

    assert found == pytest.approx(volatility, abs=1e-5)


@pytest.mark.parametrize(("years", "price"), [(0.3, 300.0), (0.3, 1.0), (0.0, 10.0)])
def test_some_prices_have_no_volatility(years: float, price: float) -> None:
    assert implied_volatility("P", 250.0, 260.0, years, price) is None


def test_when_its_time_is_over_the_inner_value_is_left() -> None:
    assert greeks("C", 260.0, 250.0, 0.0, 0.3).price == 10.0
    assert greeks("P", 260.0, 250.0, -1.0, 0.3).price == 0.0
