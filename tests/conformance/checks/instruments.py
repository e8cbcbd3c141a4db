"""Contracts that are no stocks: an index, a currency pair, a future, options."""

from tests.conformance.checks.placing import new_id
from tests.conformance.clients import ClientName, Conversation
from tests.conformance.vocabulary import AAPL, Described, order
from tests.harness.client import ClientHarness, check


def contract(kind: str, symbol: str, exchange: str, **more: object) -> Described:
    """Describe a contract in dollars."""
    where = {"secType": kind, "symbol": symbol, "exchange": exchange}
    return {"a": "Contract", "currency": "USD", **where, **more}


INDEX = contract("IND", "SPX", "CBOE")
PAIR = contract("CASH", "EUR", "IDEALPRO")
FUTURE = contract("FUT", "ES", "CME", localSymbol="ESU6")
OLDER_CALL = {ClientName.OFFICIAL: "Its call has terms that came with later versions."}
OPTION = contract("OPT", "AAPL", "SMART", localSymbol="AAPL  260918C00270000")


async def details_of(client: Conversation, wish: Described, req_id: int) -> Described:
    """The one contract's details."""
    client.ask("reqContractDetails", req_id, wish)
    found = await client.receives("contractDetails", reqId=req_id)
    await client.receives("contractDetailsEnd", reqId=req_id)
    return dict(found["details"])


@check("an index, a pair, a future and an option have details of their own")
async def details(harness: ClientHarness) -> None:
    client = await harness.client()

    found = [
        await details_of(client, wish, 5 + at)
        for at, wish in enumerate((INDEX, PAIR, FUTURE, OPTION))
    ]

    steps = [each["minTick"] for each in found]
    assert steps == [0.01, 0.00005, 0.25, 0.01]
    assert found[3]["underConId"] == AAPL
    assert "1715-" in found[1]["tradingHours"]
    assert "1800-" in found[2]["tradingHours"]


@check("a pair is quoted, and has bars of its middle and none of its trades")
async def pair(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqMktData", 5, PAIR, "", False, False, [])
    for number, what in ((6, "MIDPOINT"), (7, "TRADES")):
        wish = (number, PAIR, "", "5 D", "1 day", what, 1, 1, False)
        client.ask("reqHistoricalData", *wish, [])

    bid = await client.receives("tickPrice", reqId=5, kind=1)
    assert 1.0 < float(bid["price"]) < 1.4
    await client.receives("historicalDataEnd", reqId=6)
    assert len(client.all("historicalData", reqId=6)) == 5
    await client.refused(162, reqId=7)


@check("what-if answers for a future; its order is refused with 201")
async def future(harness: ClientHarness) -> None:
    client = await harness.client()
    preview, real = new_id(client), new_id(client) + 1

    client.ask("placeOrder", preview, FUTURE, order("BUY", 1, whatIf=True))
    shown = await client.receives("openOrder", orderId=preview)
    client.ask("placeOrder", real, FUTURE, order("BUY", 1))

    assert float(shown["state"]["initMarginChange"]) > 0
    await client.refused(201, reqId=real)


@check("the options on a stock: expiries, strikes, and what one hangs on")
async def options(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqSecDefOptParams", 5, "AAPL", "", "STK", AAPL)
    client.ask("reqMktData", 6, OPTION, "", False, False, [])

    await client.receives("securityDefinitionOptionParameter", reqId=5)
    await client.receives("securityDefinitionOptionParameterEnd", reqId=5)
    await client.receives("tickOptionComputation", reqId=6, kind=13)
    assert float((await client.receives("tickPrice", reqId=6, kind=1))["price"]) > 0


@check("an option that is not held cannot be exercised: 322", without=OLDER_CALL)
async def exercise(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("exerciseOptions", 5, OPTION, 1, 1, "", 0)

    refused = await client.refused(322, reqId=5)
    assert "No unlapsed position exists in this option" in str(refused["text"])


@check("what is not listed here is 200, whatever it is")
async def unknown(harness: ClientHarness) -> None:
    client = await harness.client()

    for number, wish in enumerate(
        (
            contract("CASH", "GBP", "IDEALPRO"),
            contract("FUT", "CL", "NYMEX"),
            contract("OPT", "MSFT", "SMART"),
            contract("BOND", "AAPL", "SMART"),
        ),
        start=5,
    ):
        client.ask("reqContractDetails", number, wish)
        await client.refused(200, reqId=number)
