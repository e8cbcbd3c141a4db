"""A session's candles, and the average price of all its trades so far."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from core.model.chart import Candle
from core.model.fills import Trade
from core.model.market import Side
from core.rules.figures.candles import (
    first_before,
    minutes_at,
    of_session,
    trades_in,
    vwap,
)
from tests.builders import FDMX, OPENS, QRVX, a_fill, a_session, price


MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def a_candle(
    after: timedelta = timedelta(),
    *,
    close: str = "10",
    volume: int | None = 100,
    average: str | None = None,
) -> Candle:
    at = price(close)
    return Candle(
        at=OPENS + after,
        open=at,
        high=at,
        low=at,
        close=at,
        volume=None if volume is None else Decimal(volume),
        average=price(average) if average else None,
    )


def test_the_first_half_hour_is_seen_minute_by_minute() -> None:
    session = a_session()

    assert minutes_at(session, session.opens + 29 * MINUTE) == 1
    assert minutes_at(session, session.opens + 30 * MINUTE) == 5
    assert minutes_at(session, session.closes + DAY) == 5


def test_the_average_weighs_each_price_by_its_shares() -> None:
    candles = (a_candle(close="10"), a_candle(MINUTE, close="13", volume=200))

    assert list(vwap(candles)) == [price("10"), price("12")]


def test_ib_s_own_average_of_a_candle_comes_before_its_middle() -> None:
    assert list(vwap((a_candle(close="10", average="9.5"),))) == [price("9.5")]


def test_before_the_first_share_there_is_no_average() -> None:
    candles = (a_candle(volume=0), a_candle(MINUTE, volume=None), a_candle(2 * MINUTE))

    assert list(vwap(candles)) == [None, None, price("10")]


@given(
    st.lists(
        st.tuples(st.integers(1, 1_000), st.integers(0, 10**6)), min_size=1, max_size=9
    )
)
def test_the_average_lies_between_the_lowest_and_the_highest(
    drawn: list[tuple[int, int]],
) -> None:
    candles = [a_candle(close=str(close), volume=size) for close, size in drawn]
    seen = [candle.close for candle in candles if candle.volume]

    for average in vwap(candles):
        if average is not None:
            assert min(seen) <= average <= max(seen)


def test_only_the_session_s_own_candles_are_drawn_and_in_order() -> None:
    today, later = a_candle(), a_candle(MINUTE)
    eve, eve_later = a_candle(-DAY, close="8"), a_candle(MINUTE - DAY, close="9")
    known = (later, eve_later, today, eve)

    assert of_session(known, a_session()) == (today, later)
    assert first_before(known, a_session()) == eve
    assert first_before((today,), a_session()) is None


@pytest.mark.parametrize(("after", "seen"), [(MINUTE, 1), (-DAY, 0), (DAY, 0)])
def test_only_what_was_traded_in_the_session_is_marked(
    after: timedelta, seen: int
) -> None:
    fill = replace(a_fill(), at=OPENS + after)
    trade = Trade(con_id=QRVX.con_id, side=Side.BUY, shares=Decimal(100), fill=fill)
    other = replace(trade, con_id=FDMX.con_id)

    found = trades_in((trade, other), a_session(), QRVX.con_id)

    assert found == (trade,) * seen
