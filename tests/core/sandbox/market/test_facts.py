"""What generic ticks tell agrees with the tape."""

from datetime import date, timedelta

import pytest

from core.sandbox.market.facts import EASY
from core.sandbox.trading.exchange import Exchange
from tests.harness.exchange import NOW, an_exchange, bars_of, ny, shaped, the_stock


@pytest.fixture(scope="module")
def market() -> Exchange:
    return an_exchange()


@pytest.mark.parametrize("clock", ["09:31", "09:59:30", "13:00", "16:00", "19:00"])
def test_the_average_price_is_that_of_the_minutes(market: Exchange, clock: str) -> None:
    stock, now = the_stock(market, "AAPL"), ny(clock)

    vwap = market.facts(stock.con_id, now).vwap

    minutes = bars_of(
        market, now, con_id=stock.con_id, duration="1 D", bar_size="1 min"
    )
    worth = sum(bar.wap * bar.volume for bar in minutes)
    assert vwap == pytest.approx(worth / sum(bar.volume for bar in minutes), rel=1e-4)


def test_the_average_of_a_price_that_stands_still_is_that_price() -> None:
    still = shaped(open=11.0)

    assert still.facts(the_stock(still).con_id, NOW).vwap == 11.0


def test_it_does_not_matter_in_which_order_moments_are_asked_for() -> None:
    one, other = an_exchange(), an_exchange()
    con_id = the_stock(one, "AAPL").con_id
    moments = [NOW + timedelta(minutes=m) for m in (0, 7, 3, 90, 20)]

    asked = [one.facts(con_id, now).vwap for now in moments]

    assert asked[::-1] == [other.facts(con_id, now).vwap for now in moments[::-1]]


def test_before_the_first_print_there_is_no_average(market: Exchange) -> None:
    known = market.facts(the_stock(market, "AAPL").con_id, ny("08:00"))

    assert known.vwap == 0
    assert known.trades == 0
    assert (
        known.last_regular
        == bars_of(market, con_id=the_stock(market, "AAPL").con_id, use_rth=True)[
            0
        ].close
    )


def test_some_small_stocks_can_be_borrowed_and_some_cannot(market: Exchange) -> None:
    known = [market.facts(s.con_id, NOW) for s in market.universe.stocks]

    assert {each.shortable for each in known} == {1.0, 2.0, 3.0}
    assert all((k.shortable_shares > 0) is (k.shortable == EASY) for k in known)


def test_the_next_dividend_lies_ahead(market: Exchange) -> None:
    paid = market.facts(the_stock(market, "AAPL").con_id, NOW).dividends

    assert paid is not None
    assert paid[2] == date(2026, 12, 15)
    assert market.facts(the_stock(market).con_id, NOW).dividends is None
