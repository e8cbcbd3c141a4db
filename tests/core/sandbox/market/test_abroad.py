"""Stocks abroad trade in their exchange's hours, steps and currency."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.model.fees.abroad import commission_in
from core.sandbox.market.hours import TradingPhase
from core.sandbox.trading.exchange import Exchange
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trading.tickets import OrderTicket


RY, SAP, IBM, VOD = 890_000_001, 890_000_002, 890_000_003, 890_000_004
NOON_IN_LONDON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def exchange() -> Exchange:
    held = (("VOD@LSE", 1000.0, 0.8), ("SAP@IBIS", 10.0, 200.0))
    return Exchange(seed=7, accounts=(AccountSpec(positions=held),))


@pytest.mark.parametrize(
    ("con_id", "opens", "closes"),
    [(RY, (14, 30), (21, 0)), (SAP, (8, 0), (16, 30)), (VOD, (8, 0), (16, 30))],
)
def test_each_has_the_hours_of_its_exchange(
    exchange: Exchange, con_id: int, opens: tuple[int, int], closes: tuple[int, int]
) -> None:
    hours = exchange.hours_of(exchange.contract(con_id))
    day = hours.current(NOON_IN_LONDON.replace(hour=15))

    assert (day.open.hour, day.open.minute) == opens
    assert (day.close.hour, day.close.minute) == closes
    assert hours.state(NOON_IN_LONDON.replace(hour=3)) is TradingPhase.CLOSED
    assert hours.next_open(day.close).weekday() == 1


def test_london_quotes_pence_and_is_accounted_for_in_pounds(
    exchange: Exchange,
) -> None:
    before = exchange.quote(VOD, NOON_IN_LONDON)
    assert 40 < before.bid < before.ask < 200
    ticket = OrderTicket(
        client_id=1, order_id=1, con_id=VOD, action="SELL", quantity=1000, tif="GTC"
    )
    exchange.place(ticket, NOON_IN_LONDON)
    [done] = exchange.executions(NOON_IN_LONDON)

    assert done.execution.price == pytest.approx(before.bid / 100)
    [sap] = exchange.portfolio("DU1234567", NOON_IN_LONDON)[1:]
    assert sap.market_value == pytest.approx(10 * sap.market_price)


def test_its_symbol_alone_is_ambiguous(exchange: Exchange) -> None:
    found = exchange.universe.find(symbol="IBM")

    assert [(s.currency, s.primary_exchange) for s in found] == [
        ("USD", "NYSE"),
        ("EUR", "IBIS"),
    ]
    assert [s.con_id for s in exchange.universe.find(symbol="IBM", currency="EUR")] == [
        IBM
    ]


@pytest.mark.parametrize(
    ("currency", "shares", "amount", "fee"),
    [
        ("CAD", 50, "10512", "1"),
        ("CAD", 1000, "100", "0.5"),
        ("EUR", 100, "25691", "12.8455"),
        ("GBP", 1000, "889", "3"),
        ("CHF", 1, "1", None),
    ],
)
def test_fees_are_those_of_the_country(
    currency: str, shares: int, amount: str, fee: str | None
) -> None:
    charged = commission_in(currency, shares, Decimal(amount))

    assert charged == (None if fee is None else Decimal(fee))
