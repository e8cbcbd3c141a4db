"""Accounts, as ib_async sees them."""

import asyncio
from datetime import timedelta

import pytest

from core.sandbox.trading.holdings import AccountSpec
from tests.core.sandbox.gateway.requests.test_scans import codes_of
from tests.core.sandbox.talking import Talker, a_gateway, of_kind
from tests.harness.ib_client import AAPL, ACCOUNT, a_client, a_server, buy
from tests.harness.waiting import until


HOLDER = (AccountSpec(positions=(("AAPL", 20.0, 100.0),)),)


async def test_the_account_window_is_full_after_connecting() -> None:
    async with a_server(accounts=HOLDER) as server, a_client(server) as ib:
        tags = {value.tag for value in ib.accountValues()}
        (item,) = ib.portfolio()
        (held,) = ib.positions()

    assert {"NetLiquidation", "AvailableFunds", "BuyingPower", "TotalCashValue"} <= tags
    assert item.marketValue == pytest.approx(item.marketPrice * 20)
    assert (held.position, held.avgCost) == (20, 100)


async def test_the_summary_names_what_was_asked_for() -> None:
    async with a_server() as server, a_client(server) as ib:
        summary = await asyncio.wait_for(ib.accountSummaryAsync(), 2)

    assert {"NetLiquidation", "AvailableFunds"} <= {each.tag for each in summary}


def test_a_third_summary_is_322_until_one_is_cancelled() -> None:
    talker = Talker(a_gateway()).start()
    talker.ask(62, 1, 11, "All", "NetLiquidation")
    talker.ask(62, 1, 12, "All", "NetLiquidation")

    third = talker.ask(62, 1, 13, "All", "NetLiquidation")
    talker.ask(63, 1, 11)
    fourth = talker.ask(62, 1, 14, "All", "NetLiquidation")

    assert [(each[2], each[3]) for each in third] == [("13", "322")]
    assert of_kind(fourth, 64) == [("64", "1", "14")]


def test_a_second_summary_under_a_running_id_is_322() -> None:
    talker = Talker(a_gateway()).start()
    talker.ask(62, 1, 11, "All", "NetLiquidation")

    second = talker.ask(62, 1, 11, "All", "BuyingPower")
    talker.ask(63, 1, 11)
    again = talker.ask(62, 1, 11, "All", "BuyingPower")

    assert [(each[2], each[3]) for each in second] == [("11", "322")]
    assert of_kind(again, 64) == [("64", "1", "11")]


def test_the_window_is_refreshed_every_three_minutes() -> None:
    talker = Talker(a_gateway()).start()
    talker.ask(6, 2, 1, ACCOUNT)

    talker.gateway.now += timedelta(seconds=179)
    early = talker.wait(0)
    talker.gateway.now += timedelta(seconds=2)
    later = talker.wait(0)

    assert of_kind(early, 54) == []
    assert of_kind(later, 54) == [("54", "1", ACCOUNT)]


def test_an_unknown_account_is_refused() -> None:
    talker = Talker(a_gateway()).start()

    found = talker.ask(92, 5, "DU", "") + talker.ask(76, 1, 6, "DU", "", 0)

    assert [(each[2], each[3]) for each in found] == [("5", "321"), ("6", "321")]


def test_unsubscribing_is_told_with_2100() -> None:
    talker = Talker(a_gateway()).start()
    talker.ask(6, 2, 1, ACCOUNT)

    found = talker.ask(6, 2, 0, ACCOUNT)

    assert [each[3] for each in of_kind(found, 4)] == ["2100"]


async def test_profit_follows_the_account_and_one_holding() -> None:
    async with a_server(accounts=HOLDER) as server, a_client(server) as ib:
        whole = ib.reqPnL(ACCOUNT)
        single = ib.reqPnLSingle(ACCOUNT, "", AAPL.conId)

        await until(lambda: single.value > 0)
        await until(lambda: whole.unrealizedPnL == whole.unrealizedPnL)

    assert single.position == 20
    assert single.unrealizedPnL == pytest.approx(single.value - 2000, abs=0.01)


async def test_several_accounts_are_served_apart() -> None:
    both = (AccountSpec(), AccountSpec(account="DF1234567", cash=5.0))
    async with a_server(accounts=both) as server, a_client(server) as ib:
        accounts = ib.managedAccounts()
        received = codes_of(ib)

        trade = buy(ib)
        await until(trade.isDone)
        await until(ib.positions)

        owners = {held.account for held in ib.positions()}

    assert accounts == [ACCOUNT, "DF1234567"]
    assert owners == {ACCOUNT}
    assert received == []
