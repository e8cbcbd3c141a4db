"""Indices, a currency pair, a future and options, as ib_async's first scripts ask for them."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from ib_async import (
    IB,
    Contract,
    Forex,
    Future,
    Index,
    LimitOrder,
    MarketOrder,
    Option,
    OrderState,
    Stock,
)

from tests.core.sandbox.gateway.requests.test_scans import codes_of
from tests.harness.ib_client import AAPL, a_client, a_server
from tests.harness.waiting import until


KNOWN: list[tuple[Contract, dict[str, Any]]] = [
    (Index("SPX", "CBOE"), {"conId": 416904, "localSymbol": "SPX"}),
    (Forex("EURUSD"), {"conId": 12087792, "localSymbol": "EUR.USD"}),
    (Future("ES", "202609", "CME"), {"localSymbol": "ESU6", "multiplier": "50"}),
    (
        Option("AAPL", "20260918", 270, "C", "SMART"),
        {"localSymbol": "AAPL  260918C00270000", "multiplier": "100"},
    ),
]


async def qualified(ib: IB, contract: Contract) -> Contract:
    (found,) = await ib.qualifyContractsAsync(contract)
    assert isinstance(found, Contract)
    return found


@pytest.mark.parametrize(("asked", "known"), KNOWN, ids=lambda each: str(each)[:20])
async def test_each_is_qualified_quoted_and_has_a_past(
    asked: Contract, known: dict[str, Any]
) -> None:
    what = "MIDPOINT" if asked.secType == "CASH" else "TRADES"
    async with a_server() as server, a_client(server) as ib:
        contract = await qualified(ib, asked)
        (details,) = await ib.reqContractDetailsAsync(contract)
        steps = await ib.reqMarketRuleAsync(int(details.marketRuleIds.split(",")[0]))
        ticker = ib.reqMktData(contract)
        await until(lambda: ticker.close > 0 and (ticker.last > 0 or ticker.bid > 0))
        days = await ib.reqHistoricalDataAsync(contract, "", "5 D", "1 day", what, True)
        minutes = await ib.reqHistoricalDataAsync(
            contract, "", "3600 S", "5 mins", what, False
        )
        head = await ib.reqHeadTimeStampAsync(contract, what, True, 1)

    assert {name: getattr(contract, name) for name in known} == known
    assert steps
    assert steps[-1].increment == details.minTick
    assert len(days) == 5
    assert len(minutes) >= 12
    assert minutes[-1].close == pytest.approx(days[-1].close, abs=0.02)
    assert head is not None
    assert len(details.liquidHours.split(";")) == 7


async def test_their_sessions_are_their_own() -> None:
    async with a_server() as server, a_client(server) as ib:
        pair, future, index = [
            (await ib.reqContractDetailsAsync(each))[0]
            for each in (
                Forex("EURUSD"),
                Future("ES", "202609", "CME"),
                Index("SPX", "CBOE"),
            )
        ]
        schedule = await ib.reqHistoricalScheduleAsync(
            await qualified(ib, Forex("EURUSD")), 2
        )

    assert pair.tradingHours.startswith("20260729:1715-20260730:1700;")
    assert future.tradingHours.startswith("20260729:1800-20260730:1700;")
    assert index.liquidHours.startswith("20260730:0930-20260730:1600;")
    assert [each.startDateTime for each in schedule.sessions] == [
        "20260728-17:15:00",
        "20260729-17:15:00",
    ]


async def test_a_pair_is_quoted_while_the_stocks_sleep() -> None:
    night = datetime(2026, 7, 30, 3, 0, tzinfo=UTC)  # 23:00 in New York
    async with a_server(clock=night) as server, a_client(server) as ib:
        pair = ib.reqMktData(await qualified(ib, Forex("EURUSD")))
        apple = ib.reqMktData(AAPL)
        await until(lambda: pair.bid > 0 and apple.close > 0)

        assert not apple.bid > 0
        assert pair.marketDataType == 1


async def test_an_option_chain_and_what_its_options_hang_on() -> None:
    async with a_server() as server, a_client(server) as ib:
        (chain,) = await ib.reqSecDefOptParamsAsync("AAPL", "", "STK", AAPL.conId)
        nothing = await ib.reqSecDefOptParamsAsync("MSFT", "", "STK", 272093)
        asked = Option("AAPL", chain.expirations[3], chain.strikes[20], "P", "SMART")
        ticker = ib.reqMktData(await qualified(ib, asked))
        await until(lambda: ticker.modelGreeks is not None and ticker.bid > 0)
        greeks = ticker.modelGreeks

    assert nothing == []
    assert chain.multiplier == "100"
    assert greeks is not None
    assert greeks.delta is not None
    assert -1 < greeks.delta < 0
    assert greeks.undPrice == pytest.approx(
        server.gateway.exchange.quote(AAPL.conId, server.clock.now()).last, rel=0.01
    )


async def test_a_price_and_its_volatility_are_worked_out_from_each_other() -> None:
    async with a_server() as server, a_client(server) as ib:
        option = await qualified(ib, KNOWN[3][0])
        priced = await ib.calculateOptionPriceAsync(option, 0.35, 250.0)
        assert priced is not None
        assert priced.optPrice is not None
        back = await ib.calculateImpliedVolatilityAsync(option, priced.optPrice, 250.0)

    assert priced.undPrice == 250.0
    assert back is not None
    assert back.impliedVol == pytest.approx(0.35, abs=1e-4)


async def test_what_cannot_be_worked_out_is_refused() -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)
        option = await qualified(ib, KNOWN[3][0])
        client: Any = ib.client
        client.calculateImpliedVolatility(90, option, 900.0, 250.0, [])
        client.calculateOptionPrice(91, option, 0.0, 250.0, [])
        client.calculateOptionPrice(92, AAPL, 0.3, 250.0, [])
        await until(lambda: len(received) > 2)

    assert received == [(90, 321), (91, 321), (92, 200)]


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_a_preview_says_what_it_would_take(number: int) -> None:
    async with a_server() as server, a_client(server) as ib:
        contract = await qualified(ib, KNOWN[number][0])
        order = MarketOrder("BUY", 20_000 if number == 1 else 1)
        state = await asyncio.wait_for(ib.whatIfOrderAsync(contract, order), 2)

    assert isinstance(state, OrderState)
    assert float(state.initMarginChange) > 0
    assert state.commission > 0


@pytest.mark.parametrize("number", [0, 1, 2, 3])
async def test_an_order_for_one_is_refused_and_nothing_trades(number: int) -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)
        contract = await qualified(ib, KNOWN[number][0])
        trade = ib.placeOrder(contract, LimitOrder("BUY", 1, 1.0, tif="DAY"))
        await until(lambda: received)

        assert received == [(trade.order.orderId, 201)]
        assert server.orders() == []


@pytest.mark.parametrize(
    "unknown",
    [
        Forex("GBPJPY"),
        Index("DAX", "EUREX"),
        Future("CL", "202609", "NYMEX"),
        Option("AAPL", "20260919", 270, "C", "SMART"),
        Option("MSFT", "20260918", 400, "C", "SMART"),
        Stock("EUR", "SMART", "USD"),
    ],
    ids=lambda each: each.symbol,
)
async def test_everything_else_is_200(unknown: Contract) -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)

        found = await ib.reqContractDetailsAsync(unknown)

    assert found == []
    assert [code for _, code in received] == [200]


async def test_a_future_without_its_month_is_five() -> None:
    async with a_server() as server, a_client(server) as ib:
        found = await ib.reqContractDetailsAsync(Future("ES", exchange="CME"))

    assert len({each.contractMonth for each in found}) == 5
