"""A quote is what the real gateway would show at that moment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.sandbox.market.data import MarketQuote, ScanRequest
from core.sandbox.market.shapes import Shape
from core.sandbox.market.universe import universe
from core.sandbox.trading.exchange import Exchange
from tests.harness.exchange import (
    MONDAY,
    NOW,
    THANKSGIVING,
    TUESDAY,
    an_exchange,
    ny,
    shaped,
    the_stock,
)


QUARTER = timedelta(seconds=0.25)


@pytest.fixture(scope="module")
def market() -> Exchange:
    return an_exchange()


def quoted(exchange: Exchange, symbol: str = "QKTZ", clock: str = "") -> MarketQuote:
    now = ny(clock) if clock else NOW
    return exchange.quote(the_stock(exchange, symbol).con_id, now)


@pytest.mark.parametrize("symbol", ["AAPL", "QKTZ"])
def test_nothing_moves_while_the_market_is_closed(
    market: Exchange, symbol: str
) -> None:
    con_id = the_stock(market, symbol).con_id
    night = [market.quote(con_id, ny("20:00") + timedelta(hours=h)) for h in range(8)]
    after = [
        market.quote(con_id, ny("20:00:07") + timedelta(minutes=m)) for m in (0, 9)
    ]

    assert len({*night, *after}) == 1


def test_a_shaped_stock_is_quoted_to_the_cent(market: Exchange) -> None:
    assert quoted(market) == replace(
        quoted(market),
        bid=10.99,
        bid_size=500,
        ask=11.01,
        ask_size=500,
        last=11.0,
        open=10.0,
        high=11.0,
        low=10.0,
        close=9.5,
        halted=0,
    )


def test_every_open_market_has_two_sides_around_its_last(market: Exchange) -> None:
    for stock in market.universe.stocks:
        quote = market.quote(stock.con_id, NOW)

        assert 0 < quote.bid < quote.ask or quote.halted, stock.symbol
        assert quote.halted or quote.bid <= quote.last <= quote.ask, stock.symbol
        assert quote.halted or min(quote.bid_size, quote.ask_size) > 0
        assert quote.low <= quote.high


def test_the_same_moment_gives_the_same_quote(market: Exchange) -> None:
    other = an_exchange()

    assert quoted(other, "AAPL") == quoted(market, "AAPL")
    assert an_exchange(seed=8).quote(265598, NOW) != quoted(market, "AAPL")


def test_a_quote_does_not_depend_on_who_asked_before_within_its_second() -> None:
    """First prints fall between whole seconds; here a jump does, too."""
    jumping = universe(6).stocks[0]
    jumps = Shape(jump_at=ny("10:00:00") + 2 * QUARTER, jump_to=50.0)
    forwards, backwards = (
        an_exchange(seed=6, shapes={jumping.symbol: jumps}) for _ in range(2)
    )
    small = [each.con_id for each in forwards.universe.stocks[-60:]]
    asked = [(ny("09:30") + n * QUARTER, each) for n in range(40) for each in small]
    paused = a_paused_one(forwards)
    asked += [(ny("10:00") + n * QUARTER, jumping.con_id) for n in range(8)]
    asked += [(NOW - n * QUARTER, paused) for n in range(2400)][::-1]

    seen = {each: forwards.quote(each[1], each[0]) for each in asked}
    again = {each: backwards.quote(each[1], each[0]) for each in asked[::-1]}

    assert seen == again
    assert {seen[each].halted for each in asked if each[1] == paused} == {0, 2}


def a_paused_one(market: Exchange) -> int:
    return market.scan(ScanRequest(code="HALTED"), NOW)[0].con_id


def test_before_the_open_the_open_is_fridays(market: Exchange) -> None:
    early = quoted(market, clock="09:00")

    assert (early.open, early.close) == (9.0, 9.5)
    assert early.high >= early.low > 0


def test_the_open_is_todays_after_the_first_print(market: Exchange) -> None:
    assert quoted(market, clock="09:30").open == 10.0


def test_a_stock_without_a_print_keeps_fridays_open() -> None:
    silent = shaped(open=None, last=None, no_bar_today=True)

    assert quoted(silent).open == 9.0


def test_the_close_is_the_previous_one_all_day(market: Exchange) -> None:
    assert {quoted(market, clock=c).close for c in ("04:30", "12:00", "19:00")} == {9.5}
    tomorrow = market.quote(the_stock(market).con_id, ny("04:30", TUESDAY))
    assert tomorrow.close == 11.0


def test_nobody_bids_while_closed(market: Exchange) -> None:
    night = market.quote(265598, ny("12:00", THANKSGIVING))

    assert (night.bid, night.bid_size, night.ask, night.ask_size) == (-1, 0, -1, 0)
    assert night.last > 0


def test_a_halted_stock_has_a_last_but_no_sides() -> None:
    halted = quoted(shaped(halted=2))

    assert (halted.halted, halted.bid, halted.ask, halted.last) == (2, -1, -1, 11.0)


def test_a_stock_can_be_without_any_quote() -> None:
    nothing = quoted(shaped(no_quote=True))

    assert (nothing.last, nothing.close, nothing.volume) == (-1, -1, 0)
    assert nothing.last_time is None


def test_book_wishes_hold_without_a_day() -> None:
    market = an_exchange(shapes={"AAPL": Shape(spread=0.5, ask_size=7)})

    quote = quoted(market, "AAPL")

    assert quote.ask - quote.bid == pytest.approx(0.5)
    assert quote.ask_size == 7


def test_volatility_pauses_happen_and_end() -> None:
    market = an_exchange(seed=6, shapes={})

    paused = market.scan(ScanRequest(code="HALTED"), NOW)

    assert paused
    for stock in paused:
        later = NOW + timedelta(minutes=5)
        assert market.quote(stock.con_id, NOW).halted == 2
        assert market.quote(stock.con_id, later).halted == 0


def test_cheap_stocks_are_quoted_in_hundredths_of_a_cent() -> None:
    market = an_exchange(shapes={"QKTZ": Shape(on=MONDAY, open=0.5, last=0.5123)})

    quote = quoted(market)

    assert quote.last == 0.5123
    assert quote.ask - quote.bid < 0.01


def test_an_unknown_stock_is_a_key_error(market: Exchange) -> None:
    with pytest.raises(KeyError):
        market.quote(1, NOW)
