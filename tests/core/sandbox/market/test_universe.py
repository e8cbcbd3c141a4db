"""The invented stocks are plausible, unique, and found the way a client asks."""

from typing import Any

import pytest

from core.sandbox.market.names import TAKEN
from core.sandbox.market.universe import SMALL_CAPS, Stock, Universe, universe


@pytest.fixture(scope="module")
def listed() -> Universe:
    return universe(7)


def test_the_same_seed_lists_the_same_stocks(listed: Universe) -> None:
    universe.cache_clear()

    assert universe(7) is not listed
    assert universe(7).stocks == listed.stocks
    assert universe(8).stocks != listed.stocks


def test_no_two_stocks_share_a_symbol_a_name_or_a_con_id(listed: Universe) -> None:
    count = len(listed.stocks)

    assert count > SMALL_CAPS
    assert len(listed.by_symbol) == count
    assert len(listed.by_con_id) == count + len(listed.abroad)
    assert len({stock.name for stock in listed.stocks}) == count


def test_invented_tickers_look_right_and_are_nobody_elses(listed: Universe) -> None:
    invented = [s for s in listed.stocks if not s.large_cap]

    assert all(s.symbol.isalpha() and s.symbol.isupper() for s in invented)
    assert all(3 <= len(s.symbol) <= 5 for s in invented)
    assert not {s.symbol for s in invented} & set(TAKEN)


def test_most_invented_companies_are_small(listed: Universe) -> None:
    caps = [s.market_cap_millions for s in listed.stocks if not s.large_cap]

    assert sum(cap < 1000 for cap in caps) > 300
    assert any(cap > 1000 for cap in caps), "or the filter would have nothing to do"


@pytest.mark.parametrize(
    ("symbol", "con_id"),
    [("AAPL", 265598), ("SPY", 756733), ("GOOGL", 208813719), ("JPM", 1520593)],
)
def test_real_giants_have_their_real_con_ids(
    listed: Universe, symbol: str, con_id: int
) -> None:
    assert listed.by_symbol[symbol].con_id == con_id


@pytest.mark.parametrize(
    "asked",
    [
        {"con_id": 265598},
        {"symbol": "AAPL", "sec_type": "STK", "currency": "USD"},
        {"symbol": "AAPL", "exchange": "SMART"},
        {"symbol": "AAPL", "exchange": "NASDAQ", "trading_class": "NMS"},
    ],
)
def test_a_contract_is_found_by_what_it_says(
    listed: Universe, asked: dict[str, Any]
) -> None:
    assert [stock.symbol for stock in listed.find(**asked)] == ["AAPL"]


@pytest.mark.parametrize(
    "asked",
    [
        {"symbol": "AAPL", "exchange": "LSE"},
        {"symbol": "AAPL", "currency": "EUR"},
        {"symbol": "AAPL", "sec_type": "OPT"},
        {"con_id": 265598, "symbol": "MSFT"},
        {"symbol": "NOSUCH"},
        {},
    ],
)
def test_a_contract_that_contradicts_itself_is_not_found(
    listed: Universe, asked: dict[str, Any]
) -> None:
    assert listed.find(**asked) == ()


def test_a_pattern_finds_symbols_before_names(listed: Universe) -> None:
    found = listed.matching("am")

    assert "AMD" in [s.symbol for s in found]
    assert "AMZN" in [s.symbol for s in found]
    by_symbol = [s.symbol.startswith("AM") for s in found]
    assert by_symbol == sorted(by_symbol, reverse=True)


def test_an_empty_pattern_finds_nothing_and_a_short_one_not_too_much(
    listed: Universe,
) -> None:
    assert listed.matching("  ") == ()
    assert len(listed.matching("B")) == 16


def test_the_cap_is_price_times_shares() -> None:
    stock: Stock = universe(1).by_symbol["F"]

    assert stock.market_cap_millions == pytest.approx(stock.price * 3910)
