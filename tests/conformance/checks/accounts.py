"""Money and holdings: windows, summaries, positions, profit, several accounts."""

import asyncio
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from core.sandbox.trading.holdings import AccountSpec
from tests.conformance.checks.placing import STEADY_MARKET, filled, place, status
from tests.conformance.clients import opened
from tests.conformance.vocabulary import AAPL, ACCOUNT, MSFT, order
from tests.harness.client import USUAL, ClientHarness, check, second_gateway
from tests.harness.waiting import until


OTHER = "DU7654321"
TWO_ACCOUNTS = (AccountSpec(), AccountSpec(account=OTHER, cash=5000, kind="CASH"))
LIVE_ACCOUNT = (AccountSpec(account="U1234567"),)
HOLDER = (AccountSpec(positions=(("AAPL", 100, 90.0), ("MSFT", 20, 300.0))),)
TAGS = "NetLiquidation,AvailableFunds,BuyingPower,TotalCashValue,AccountType"


@check("the account window shows values, holdings, a time and an end", accounts=HOLDER)
async def window(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqAccountUpdates", True, ACCOUNT)

    await client.receives("accountDownloadEnd", account=ACCOUNT)
    values = {each["tag"]: each["value"] for each in client.all("updateAccountValue")}
    assert float(values["NetLiquidation"]) > float(values["AvailableFunds"]) > 0
    held = {each["contract"]["conId"]: each for each in client.all("updatePortfolio")}
    assert set(held) == {AAPL, MSFT}
    apple = held[AAPL]
    assert apple["quantity"] == 100
    assert apple["cost"] == 90
    assert abs(apple["value"] - 100 * apple["price"]) < 0.01
    assert client.all("updateAccountTime")


@check("account values are told again every three minutes", speed=200.0)
async def refreshes(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqAccountUpdates", True, ACCOUNT)
    await client.receives("updateAccountTime")
    here = client.mark()
    begun = harness.server.clock.now()

    await client.receives("updateAccountTime", since=here)

    assert 100 < (harness.server.clock.now() - begun).total_seconds() < 400


@check("a fill shows in the window and in the positions", shapes=STEADY_MARKET)
async def after_a_fill(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqAccountUpdates", True, ACCOUNT)
    client.ask("reqPositions")
    await client.receives("positionEnd")

    await filled(client, order("BUY", 10))

    held = await client.receives("position", quantity=10)
    assert held["contract"]["conId"] == AAPL
    assert held["cost"] > 100
    await client.receives("updatePortfolio", quantity=10)


@check("the books add up: cash, holdings and commission", shapes=STEADY_MARKET)
async def adds_up(harness: ClientHarness) -> None:
    client = await harness.client()
    await filled(client, order("BUY", 10))
    await filled(client, order("SELL", 4))
    await until(lambda: len(client.all("commissionReport")) == 2)
    reports = [each["report"] for each in client.all("commissionReport")]
    paid = sum(each["commission"] for each in reports)

    client.ask("reqAccountSummary", 5, "All", "TotalCashValue")

    told = await client.receives("accountSummary", reqId=5, tag="TotalCashValue")
    assert abs(float(told["value"]) - (100000 - 1000.1 + 399.96 - paid)) < 0.02


@check("positions come with their end, even when there are none")
async def no_positions(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqPositions")

    await client.receives("positionEnd")
    assert not client.all("position")


@check("a summary has the asked tags of every account", accounts=TWO_ACCOUNTS)
async def summary(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqAccountSummary", 5, "All", TAGS)

    await client.receives("accountSummaryEnd", reqId=5)
    told = {(each["account"], each["tag"]) for each in client.all("accountSummary")}
    assert told == {(name, t) for name in (ACCOUNT, OTHER) for t in TAGS.split(",")}


@check("the third summary is refused with 322")
async def third_summary(harness: ClientHarness) -> None:
    client = await harness.client()
    for number in (5, 6):
        client.ask("reqAccountSummary", number, "All", TAGS)
        await client.receives("accountSummaryEnd", reqId=number)

    client.ask("reqAccountSummary", 7, "All", TAGS)

    await client.refused(322, reqId=7)


@check(
    "several accounts are named, and hold apart",
    accounts=TWO_ACCOUNTS,
    shapes=STEADY_MARKET,
)
async def several(harness: ClientHarness) -> None:
    client = await harness.client()
    assert client.all("managedAccounts")[0]["accounts"] == f"{ACCOUNT},{OTHER}"

    await filled(client, order("BUY", 10, account=OTHER))

    client.ask("reqPositionsMulti", 5, OTHER, "")
    client.ask("reqPositionsMulti", 6, ACCOUNT, "")
    await client.receives("positionMulti", reqId=5, account=OTHER, quantity=10)
    await client.receives("positionMultiEnd", reqId=6)
    assert not client.all("positionMulti", reqId=6)


@check(
    "values of one of several accounts come under a request id", accounts=TWO_ACCOUNTS
)
async def updates_multi(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqAccountUpdatesMulti", 5, OTHER, "", False)

    await client.receives("accountUpdateMultiEnd", reqId=5)
    told = client.all("accountUpdateMulti", reqId=5)
    assert {each["account"] for each in told} == {OTHER}
    assert "CashBalance" in {each["tag"] for each in told}


@check("a live login has ids without the D", accounts=LIVE_ACCOUNT)
async def live_ids(harness: ClientHarness) -> None:
    client = await harness.client()

    assert client.all("managedAccounts")[0]["accounts"] == "U1234567"


@check("profit of the account and of one holding", accounts=HOLDER)
async def profit(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqPnL", 5, ACCOUNT, "")
    client.ask("reqPnLSingle", 6, ACCOUNT, "", AAPL)

    whole = await client.receives("pnl", reqId=5)
    one = await client.receives("pnlSingle", reqId=6)
    assert one["quantity"] == 100
    assert one["unrealized"] > 0
    assert abs(one["value"] - (9000 + one["unrealized"])) < 0.05
    assert whole["unrealized"] != one["unrealized"]


@check("what is followed no longer is told no longer", speed=50.0, accounts=HOLDER)
async def followed_no_longer(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqPnL", 5, ACCOUNT, "")
    client.ask("reqAccountSummary", 6, "All", TAGS)
    await client.receives("pnl", reqId=5)
    await client.receives("accountSummaryEnd", reqId=6)

    client.ask("cancelPnL", 5)
    client.ask("cancelAccountSummary", 6)
    client.ask("reqAccountUpdates", False, ACCOUNT)
    await client.settled()
    here = client.mark()
    await asyncio.sleep(0.3)

    assert not client.all("pnl", since=here)
    assert not client.all("accountSummary", since=here)


@check(
    "orders, holdings and ids survive a restart of the process", shapes=STEADY_MARKET
)
async def survives(harness: ClientHarness) -> None:
    with TemporaryDirectory() as folder:
        config = replace(
            USUAL, state=Path(folder) / "gateway.json", shapes=STEADY_MARKET
        )
        async with second_gateway(config) as (_, tap):
            client = harness.line()
            await opened(client, tap.port, 1)
            await filled(client, order("BUY", 10))
            live = await place(client, order("BUY", 5, "LMT", lmtPrice=80, tif="GTC"))
            await status(client, live, "Submitted")

        async with second_gateway(config) as (_, tap):
            again = harness.line()
            await opened(again, tap.port, 1)
            again.ask("reqPositions")
            again.ask("reqOpenOrders")

            await again.receives("position", quantity=10)
            await again.receives("openOrder", orderId=live)
            assert again.all("nextValidId")[0]["orderId"] == live + 1
