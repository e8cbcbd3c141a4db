"""Contracts, as ib_async sees them."""

import pytest
from ib_async import Contract, LimitOrder, Stock

from tests.core.sandbox.gateway.requests.test_scans import codes_of
from tests.core.sandbox.talking import Talker, a_gateway, of_kind
from tests.harness.ib_client import AAPL, SPY, a_client, a_server
from tests.harness.waiting import until


async def test_one_contract_has_one_set_of_details() -> None:
    async with a_server() as server, a_client(server) as ib:
        (details,) = await ib.reqContractDetailsAsync(Stock("AAPL", "SMART", "USD"))

    assert details.contract is not None
    assert details.contract.conId == AAPL.conId
    assert details.contract.primaryExchange == "NASDAQ"
    assert details.minTick == 0.01
    assert details.timeZoneId == "US/Eastern"


async def test_hours_name_sessions_and_closed_days() -> None:
    async with a_server() as server, a_client(server) as ib:
        (details,) = await ib.reqContractDetailsAsync(SPY)

    assert "20260730:0930-20260730:1600" in details.liquidHours
    assert "20260801:CLOSED" in details.liquidHours
    assert "20260730:0400-20260730:2000" in details.tradingHours


async def test_a_symbol_without_currency_can_mean_two_stocks() -> None:
    async with a_server() as server, a_client(server) as ib:
        found = await ib.reqContractDetailsAsync(Stock("AAPL", "SMART"))

        currencies = {d.contract.currency for d in found if d.contract is not None}

    assert currencies == {"USD", "MXN"}


@pytest.mark.parametrize(
    "nobody",
    [
        Stock("NOSUCH", "SMART", "USD"),
        Stock("AAPL", "LSE", "USD"),
        Contract(symbol="AAPL", secType="WAR", exchange="SMART"),
        Contract(secType="STK"),
        Contract(conId=1),
    ],
)
async def test_no_such_contract_is_200(nobody: Contract) -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)

        found = await ib.reqContractDetailsAsync(nobody)

    assert found == []
    assert received[0][1] == 200


async def test_matching_symbols_begin_with_the_pattern() -> None:
    async with a_server() as server, a_client(server) as ib:
        found = await ib.reqMatchingSymbolsAsync("MSF")

    assert [each.contract.symbol for each in found or [] if each.contract] == ["MSFT"]


def test_a_market_rule_is_a_cent_or_half_of_one_and_less_below_a_dollar() -> None:
    talker = Talker(a_gateway()).start()

    asked = (talker.ask(91, rule) for rule in (26, 5000, 5001, 27))
    cents, small, halves, unknown = asked

    assert cents == [("93", "26", "1", "0", "0.01")]  # as captured of a gateway
    assert small == [("93", "5000", "2", "0", "0.0001", "1", "0.01")]
    assert halves == [("93", "5001", "2", "0", "0.0001", "1", "0.005")]
    assert of_kind(unknown, 4)


async def test_some_stocks_have_steps_of_half_a_cent() -> None:
    async with a_server() as server, a_client(server) as ib:
        ford, apple = [
            (await ib.reqContractDetailsAsync(Stock(symbol, "SMART", "USD")))[0]
            for symbol in ("F", "AAPL")
        ]
        assert ford.contract is not None
        received = codes_of(ib)
        steps = await ib.reqMarketRuleAsync(int(ford.marketRuleIds.split(",")[0]))
        ticker = ib.reqMktData(ford.contract)
        await until(lambda: ticker.bid > 0)
        half, quarter = (
            ib.placeOrder(ford.contract, LimitOrder("BUY", 1, price, tif="DAY"))
            for price in (5.005, 5.0025)
        )
        await until(lambda: received)
        await until(lambda: half.orderStatus.status == "Submitted")

    assert (ford.minTick, apple.minTick) == (0.005, 0.01)
    assert [(each.lowEdge, each.increment) for each in steps or []] == [
        (0.0, 0.0001),
        (1.0, 0.005),
    ]
    assert round(ticker.ask / 0.005, 6) == round(ticker.ask / 0.005)
    assert received == [(quarter.order.orderId, 110)]
