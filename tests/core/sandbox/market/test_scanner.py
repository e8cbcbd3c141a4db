"""Scans filter what they say they filter and rank by what their code says."""

import pytest

from core.sandbox.market.data import ScanRejected, ScanRequest
from core.sandbox.trading.exchange import Exchange
from tests.harness.exchange import (
    NOW,
    PRODUCT_FILTERS,
    THANKSGIVING,
    an_exchange,
    ny,
    shaped,
)


@pytest.fixture(scope="module")
def market() -> Exchange:
    return an_exchange(shapes={})


def changes(market: Exchange, code: str, **filters: str) -> list[float]:
    """Since the previous close, per cent, of each row."""
    rows = market.scan(ScanRequest(code=code, filters=filters), NOW)
    quotes = [market.quote(row.con_id, NOW) for row in rows]
    return [100 * (q.last / q.close - 1) for q in quotes]


def test_the_demo_morning_fills_the_scan(market: Exchange) -> None:
    request = ScanRequest(code="TOP_PERC_GAIN", filters=PRODUCT_FILTERS)

    rows = market.scan(request, NOW)
    five = [market.quote(row.con_id, NOW) for row in rows[:5]]

    assert len(rows) == len(set(rows)) == 50
    assert all(2 < quote.last < 40 for quote in five)
    assert sum(quote.last > quote.open for quote in five) >= 4
    dollars = max(five, key=lambda q: q.last - q.open)
    percent = max(five, key=lambda q: q.last / q.open)
    assert dollars is not percent, "or the morning's card has only one pick"
    assert not any(quote.halted for quote in five)


def test_gainers_come_best_first(market: Exchange) -> None:
    found = changes(market, "TOP_PERC_GAIN")

    assert found == sorted(found, reverse=True)
    assert found[0] > 10


def test_losers_come_worst_first(market: Exchange) -> None:
    found = changes(market, "TOP_PERC_LOSE")

    assert found == sorted(found)
    assert found[0] < -5


def test_gainers_since_the_open_are_other_stocks(market: Exchange) -> None:
    since_close = market.scan(ScanRequest(code="TOP_PERC_GAIN"), NOW)
    since_open = market.scan(ScanRequest(code="TOP_OPEN_PERC_GAIN"), NOW)
    quotes = [market.quote(row.con_id, NOW) for row in since_open]
    moves = [q.last / q.open for q in quotes]

    assert moves == sorted(moves, reverse=True)
    assert since_close[:5] != since_open[:5]


def test_every_filter_of_the_product_holds_for_every_row(market: Exchange) -> None:
    rows = market.scan(ScanRequest(code="TOP_PERC_GAIN", filters=PRODUCT_FILTERS), NOW)

    for row in rows:
        quote = market.quote(row.con_id, NOW)
        assert quote.volume >= 10_000
        assert quote.last >= 1
        assert quote.last * row.shares_millions <= 1000


def test_each_filter_takes_something_away(market: Exchange) -> None:
    everything = set(market.scan(ScanRequest(code="MOST_ACTIVE"), NOW))

    for tag, text in {**PRODUCT_FILTERS, "priceBelow": "50"}.items():
        request = ScanRequest(code="TOP_PERC_LOSE", filters={tag: text})
        assert market.scan(request, NOW)
    small = ScanRequest(code="MOST_ACTIVE", filters={"marketCapBelow1e6": "1000"})
    assert set(market.scan(small, NOW)) != everything


def test_the_most_active_are_the_giants(market: Exchange) -> None:
    rows = market.scan(ScanRequest(code="MOST_ACTIVE", rows=3), NOW)

    assert len(rows) == 3
    assert all(row.large_cap for row in rows)


def test_funds_can_be_left_out_or_asked_for(market: Exchange) -> None:
    def types(wish: str) -> set[str]:
        request = ScanRequest(code="MOST_ACTIVE", filters={"stkTypes": wish})
        return {row.stock_type for row in market.scan(request, NOW)}

    assert types("inc:ETF") == {"ETF"}
    assert types("exc:ETF") == {"COMMON"}
    assert types("") == {"COMMON", "ETF"}


def test_a_location_is_an_exchange(market: Exchange) -> None:
    request = ScanRequest(code="TOP_PERC_GAIN", location="STK.NYSE")

    assert {r.primary_exchange for r in market.scan(request, NOW)} == {"NYSE"}
    minor = ScanRequest(code="TOP_PERC_GAIN", location="STK.US.MINOR")
    assert market.scan(minor, NOW) == []


def test_nothing_has_moved_since_an_open_that_has_not_been(market: Exchange) -> None:
    request = ScanRequest(code="TOP_OPEN_PERC_GAIN")

    assert market.scan(request, ny("09:00")) == []
    assert market.scan(ScanRequest(code="TOP_PERC_GAIN"), ny("09:00"))


def test_a_holiday_shows_the_last_session(market: Exchange) -> None:
    request = ScanRequest(code="TOP_OPEN_PERC_GAIN")

    assert market.scan(request, ny("11:00", THANKSGIVING))


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (ScanRequest(code="NO_SUCH_CODE"), 321),
        (ScanRequest(code="TOP_PERC_GAIN", instrument="BOND"), 321),
        (ScanRequest(code="TOP_PERC_GAIN", location="STK.EU"), 162),
        (ScanRequest(code="TOP_PERC_GAIN", filters={"noSuch": "1"}), 321),
        (ScanRequest(code="TOP_PERC_GAIN", filters={"priceAbove": "x"}), 321),
    ],
)
def test_words_that_are_not_the_scanners_are_rejected(
    market: Exchange, request_: ScanRequest, code: int
) -> None:
    with pytest.raises(ScanRejected) as rejected:
        market.scan(request_, NOW)

    assert rejected.value.code == code
    assert rejected.value.text


def test_a_halted_stock_is_found_among_the_halted() -> None:
    market = shaped(halted=1)

    found = market.scan(ScanRequest(code="HALTED"), NOW)

    assert "QKTZ" in [row.symbol for row in found]
