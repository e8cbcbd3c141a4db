"""What few scripts ask for: each request is served, or refused on its own id."""

from tests.conformance.clients import ClientName
from tests.conformance.vocabulary import AAPL, stock
from tests.harness.client import ClientHarness, check


APPLE = stock(con_id=AAPL)
BEFORE = "20260730-14:00:00"
ITS_OWN_WAY = {ClientName.STOQEY: "Its call takes the period in two parts."}
DROPPED = {ClientName.OFFICIAL: "It has dropped fundamental data."}


@check("trades, quotes and middles come tick by tick")
async def tick_by_tick(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqTickByTickData", 5, APPLE, "AllLast", 0, False)
    client.ask("reqTickByTickData", 6, APPLE, "BidAsk", 0, False)
    client.ask("reqTickByTickData", 7, APPLE, "MidPoint", 0, False)

    trade = await client.receives("tickByTickAllLast", reqId=5)
    quote = await client.receives("tickByTickBidAsk", reqId=6)
    middle = await client.receives("tickByTickMidPoint", reqId=7)
    assert trade["size"] > 0
    assert quote["bid"] < quote["ask"]
    assert quote["bid"] * 0.99 < middle["middle"] < quote["ask"] * 1.01


@check("ticks of the past are as many as asked")
async def past_ticks(harness: ClientHarness) -> None:
    client = await harness.client()

    for number, what in ((5, "TRADES"), (6, "BID_ASK"), (7, "MIDPOINT")):
        words: list[object] = ["", BEFORE, 20, what, 1, False, []]
        client.ask("reqHistoricalTicks", number, APPLE, *words)

    for number, name in ((5, "Last"), (6, "BidAsk"), (7, "")):
        told = await client.receives(f"historicalTicks{name}", reqId=number)
        assert len(told["ticks"]) == 20


@check("five-second bars come, and begin at whole five seconds", speed=10.0)
async def live_bars(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqRealTimeBars", 5, APPLE, 5, "TRADES", False, [])

    first = await client.receives("realtimeBar", reqId=5)
    then = await client.receives(
        "realtimeBar", reqId=5, time=lambda moment: moment > first["time"]
    )
    assert (then["time"] - first["time"]) % 5 == 0  # a stalled machine may miss one
    assert then["low"] <= then["close"] <= then["high"]


@check("a book has rows on both sides")
async def book(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqMktDepth", 5, APPLE, 5, False, [])

    await client.receives("updateMktDepth", reqId=5, side=0, position=4)
    await client.receives("updateMktDepth", reqId=5, side=1, position=4)


@check("the news of a stock ends, and its stories can be read")
async def news(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqNewsProviders")
    await client.receives("newsProviders")
    client.ask("reqHistoricalNews", 5, AAPL, "SIM", "", "", 10, [])
    await client.receives("historicalNewsEnd", reqId=5)
    client.ask("reqNewsArticle", 6, "SIM", "SIM$1.20260730", [])
    await client.receives("newsArticle", reqId=6)


@check("a histogram counts the shares of each price", without=ITS_OWN_WAY)
async def histogram(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqHistogramData", 5, APPLE, True, "1 days")

    assert (await client.receives("histogramData", reqId=5))["items"]


@check("tiers, components, depth exchanges and option chains are answered")
async def small_answers(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqSoftDollarTiers", 6)
    client.ask("reqSmartComponents", 7, "9c0001")
    client.ask("reqMktDepthExchanges")
    client.ask("reqSecDefOptParams", 8, "AAPL", "", "STK", AAPL)

    await client.receives("softDollarTiers", reqId=6)
    await client.receives("smartComponents", reqId=7)
    await client.receives("mktDepthExchanges")
    await client.receives("securityDefinitionOptionParameterEnd", reqId=8)


@check("fundamental data is refused with 430", without=DROPPED)
async def fundamentals(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqFundamentalData", 5, APPLE, "ReportSnapshot", [])

    await client.refused(430, reqId=5)


@check("what is not served is refused on its own id")
async def refused(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("calculateImpliedVolatility", 6, APPLE, 1.0, 200.0, [])
    client.ask("calculateOptionPrice", 7, APPLE, 1.0, 200.0, [])

    await client.refused(200, reqId=6)
    await client.refused(200, reqId=7)
