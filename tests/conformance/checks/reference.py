"""What is known about a stock apart from its price, and the sessions it trades in."""

from typing import Any
from xml.etree import ElementTree as ET

from tests.conformance.clients import older_than
from tests.conformance.vocabulary import AAPL, SPY, stock
from tests.harness.client import ClientHarness, check


THREE_GAINS = ["TOP_PERC_GAIN", "TOP_OPEN_PERC_GAIN", "HOT_BY_VOLUME"]


@check("one stock has one contract: id, names, tick, exchanges, hours")
async def one_contract(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqContractDetails", 5, stock("AAPL"))

    await client.receives("contractDetailsEnd", reqId=5)
    (found,) = client.all("contractDetails", reqId=5)
    details = found["details"]
    assert details["contract"]["conId"] == AAPL
    assert details["contract"]["symbol"] == "AAPL"
    assert (
        details["contract"][
            "primaryExch" if "primaryExch" in details["contract"] else "primaryExchange"
        ]
        == "NASDAQ"
    )
    assert details["longName"]
    assert float(details["minTick"]) == 0.01
    assert "SMART" in details["validExchanges"]


@check("trading hours are wider than liquid hours, both of the days ahead")
async def hours(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqContractDetails", 5, stock(con_id=AAPL))

    details = (await client.receives("contractDetails", reqId=5))["details"]
    assert details["timeZoneId"] == "US/Eastern"
    assert details["tradingHours"].startswith("20260730:0400-20260730:2000;")
    assert details["liquidHours"].startswith("20260730:0930-20260730:1600;")
    assert "20260801:CLOSED" in details["liquidHours"].split(";")


@check("an ambiguous request has several contracts and one end")
async def several_contracts(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqContractDetails", 5, stock("AAPL", exchange="", currency=""))
    await client.receives("contractDetailsEnd", reqId=5)

    found = client.all("contractDetails", reqId=5)
    assert len({each["details"]["contract"]["conId"] for each in found}) == len(found)
    assert len(found) > 1


@check("no contract is an error 200 under the request's id")
async def no_contract(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqContractDetails", 5, stock("NOSUCHNAME"))

    await client.refused(200, reqId=5)
    await client.settled()
    assert not client.all("contractDetailsEnd")


@check("symbols are found by how they begin")
async def matching_symbols(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqMatchingSymbols", 5, "AA")

    found = (await client.receives("symbolSamples", reqId=5))["descriptions"]
    assert "AAPL" in [each["contract"]["symbol"] for each in found]
    assert len(found) <= 16


@check("scanner parameters are one valid XML that names the codes")
async def scanner_parameters(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqScannerParameters")

    told = (await client.receives("scannerParameters"))["xml"]
    root = ET.fromstring(told)  # noqa: S314  the gateway's own text
    codes = {each.text for each in root.iter("scanCode")}
    assert codes.issuperset(THREE_GAINS)


@check(
    "the schedule gives the sessions that were, with open and close",
    without=older_than(165, "schedules"),
)
async def schedule(harness: ClientHarness) -> None:
    client = await harness.client()
    words: tuple[Any, ...] = (
        "20260706-20:00:00",
        "5 D",
        "1 day",
        "SCHEDULE",
        1,
        1,
        False,
        [],
    )

    client.ask("reqHistoricalData", 5, stock("SPY", SPY), *words)

    told = await client.receives("historicalSchedule", reqId=5)
    days = [each.get("refDate") for each in told["sessions"]]
    assert days == ["20260629", "20260630", "20260701", "20260702", "20260706"]
    first = told["sessions"][0]
    assert first.get("startDateTime") == "20260629-09:30:00"
    assert first.get("endDateTime") == "20260629-16:00:00"
    assert told["zone"] == "US/Eastern"


@check("steps of half a cent stand in the details and in the market rule")
async def half_cents(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqContractDetails", 5, stock("F"))
    details = (await client.receives("contractDetails", reqId=5))["details"]
    rule = int(details["marketRuleIds"].split(",")[0])

    client.ask("reqMarketRule", rule)

    steps = (await client.receives("marketRule", rule=rule))["increments"]
    assert details["minTick"] == 0.005
    found = [s["increment"] if isinstance(s, dict) else s[1] for s in steps]
    assert found == [0.0001, 0.005]


@check(
    "market rules, family codes and user info are answered",
    without=older_than(167, "user info"),
)
async def odds_and_ends(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqContractDetails", 5, stock(con_id=AAPL))
    details = (await client.receives("contractDetails", reqId=5))["details"]
    rule = int(details["marketRuleIds"].split(",")[0])

    client.ask("reqMarketRule", rule)
    client.ask("reqFamilyCodes")
    client.ask("reqUserInfo", 6)

    assert (await client.receives("marketRule", rule=rule))["increments"]
    await client.receives("familyCodes")
    await client.receives("userInfo", reqId=6)
