"""Quotes, as ib_async sees them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import isnan

import pytest
from ib_async import Stock

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.market.permission import DataPermission
from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import Action, Trouble
from core.sandbox.trouble.scenarios import LIBRARY
from tests.core.sandbox.gateway.requests.test_scans import codes_of
from tests.core.sandbox.talking import (
    AAPL as AAPL_ID,
    SPY as SPY_ID,
    Talker,
    a_gateway,
    contract,
    of_kind,
)
from tests.harness.ib_client import AAPL, INSTANT, SPY, a_client, a_server
from tests.harness.waiting import until


async def test_a_line_streams_the_fields_the_product_ranks_by() -> None:
    async with a_server() as server, a_client(server) as ib:
        ticker = ib.reqMktData(AAPL)
        await until(lambda: ticker.last > 0 and ticker.halted == 0)

        quote = server.gateway.exchange.quote(AAPL.conId, server.clock.now())

    assert ticker.open == quote.open
    assert ticker.close == quote.close
    assert 0 < ticker.bid < ticker.ask
    assert ticker.low <= ticker.last <= ticker.high
    assert ticker.volume > 0
    assert ticker.marketDataType == 1


def test_ticks_are_aggregated_to_four_a_second() -> None:
    talker = Talker(a_gateway()).start()
    talker.ask(1, 11, 5, *contract(SPY_ID), 0, "", 0, 0, "")

    batches = sum(bool(of_kind(talker.wait(0.05), 1)) for _ in range(100))

    assert 1 <= batches <= 21


def test_a_line_says_nothing_twice() -> None:
    talker = Talker(a_gateway()).start()
    talker.ask(1, 11, 5, *contract(SPY_ID), 0, "", 0, 0, "")

    found = talker.wait(3.0)

    lasts = [each[4] for each in of_kind(found, 1) if each[3] == "4"]
    assert all(a != b for a, b in pairwise(lasts))


async def test_a_snapshot_ends_after_eleven_seconds() -> None:
    async with (
        a_server() as server,
        a_client(server) as ib,
        asyncio.TaskGroup() as asked,
    ):
        asking = asked.create_task(ib.reqTickersAsync(AAPL))
        await until(lambda: ib.tickers() and ib.tickers()[0].last > 0)
        early = asking.done()

        server.set_clock(server.clock.now() + timedelta(seconds=11.1))
        (ticker,) = await asyncio.wait_for(asking, 2)

    assert not early
    assert ticker.last > 0


def test_the_line_after_the_hundredth_is_101_until_one_is_given_back() -> None:
    talker = Talker(a_gateway()).start()
    talker.ask(1, 11, 1, *contract(AAPL_ID), 0, "", 1, 0, "")
    for req_id in range(2, 101):
        talker.ask(1, 11, req_id, *contract(SPY_ID), 0, "", 0, 0, "")
        talker.gateway.now += timedelta(seconds=0.03)

    refused = talker.ask(1, 11, 101, *contract(SPY_ID), 0, "", 0, 0, "")
    ended = talker.wait(11.0)
    taken = talker.ask(1, 11, 102, *contract(SPY_ID), 0, "", 0, 0, "")

    assert [each[3] for each in of_kind(refused, 4)] == ["101"]
    assert of_kind(ended, 57) == [("57", "1", "1")]
    assert of_kind(taken, 4) == []


async def test_a_cancelled_line_falls_silent() -> None:
    async with a_server() as server, a_client(server) as ib:
        ticker = ib.reqMktData(SPY)
        await until(lambda: ticker.last > 0)

        ib.cancelMktData(SPY)
        await ib.reqCurrentTimeAsync()
        before = ticker.time
        server.set_clock(server.clock.now() + timedelta(minutes=5))
        await ib.reqCurrentTimeAsync()

    assert ticker.time == before


async def test_an_unknown_stock_is_200() -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)

        ib.reqMktData(Stock("NOSUCH", "SMART", "USD", conId=999_999_999))
        await until(lambda: received)

    assert received[0][1] == 200


@pytest.mark.parametrize(
    ("permission", "wanted", "code"),
    [
        (DataPermission.NONE, 1, 354),
        (DataPermission.NONE, 3, 10168),
        (DataPermission.DELAYED, 1, 10089),
        (DataPermission.DELAYED, 3, 10167),
        (DataPermission.COMPETING, 1, 10197),
    ],
)
async def test_permission_decides_the_code(
    permission: DataPermission, wanted: int, code: int
) -> None:
    async with a_server(permission=permission) as server, a_client(server) as ib:
        received = codes_of(ib)
        ib.reqMarketDataType(wanted)

        ib.reqMktData(AAPL)
        await until(lambda: received)

    assert received[0][1] == code


async def test_a_competing_session_ends_the_lines_that_run() -> None:
    async with a_server() as server, a_client(server) as ib:
        received, ticker = codes_of(ib), ib.reqMktData(SPY)
        await until(lambda: ticker.last > 0)

        server.reload(LIBRARY["competing-session"])
        await until(lambda: received)
        await ib.reqCurrentTimeAsync()
        before = ticker.time
        server.set_clock(server.clock.now() + timedelta(minutes=5))
        await ib.reqCurrentTimeAsync()

    assert [code for _, code, *_ in received] == [10197]
    assert ticker.time == before


def test_delayed_ticks_have_their_own_numbers() -> None:
    gateway = a_gateway(replace(INSTANT, permission=DataPermission.DELAYED))
    talker = Talker(gateway).start()
    talker.ask(59, 1, 3)

    found = talker.ask(1, 11, 5, *contract(AAPL_ID), 0, "", 0, 0, "")

    prices = {each[3] for each in of_kind(found, 1)}
    assert of_kind(found, 58) == [("58", "1", "5", "3")]
    assert prices == {"66", "67", "68", "72", "73", "75", "76"}


async def test_a_note_about_delayed_data_can_come_untied() -> None:
    async with (
        a_server(scenario=LIBRARY["delayed-note-untied"]) as server,
        a_client(server) as ib,
    ):
        received = codes_of(ib)
        ib.reqMarketDataType(3)

        ib.reqMktData(AAPL)
        await until(lambda: received)

    assert received[0] == (-1, 10167)


async def test_a_silent_stock_never_ticks() -> None:
    async with (
        a_server(scenario=LIBRARY["silent-quotes"]) as server,
        a_client(server) as ib,
    ):
        ticker = ib.reqMktData(AAPL)
        await ib.reqCurrentTimeAsync()
        server.set_clock(server.clock.now() + timedelta(seconds=5))
        await ib.reqCurrentTimeAsync()

    assert isnan(ticker.last)
    assert isnan(ticker.bid)


async def test_a_halt_is_shown() -> None:
    async with (
        a_server(scenario=LIBRARY["all-halted"]) as server,
        a_client(server) as ib,
    ):
        ticker = ib.reqMktData(AAPL)

        await until(lambda: ticker.halted == 1)


@pytest.mark.parametrize(("start", "code"), [((97,), 10189)])
def test_depth_and_single_ticks_need_a_subscription(
    start: tuple[int, ...], code: int
) -> None:
    config = GatewayConfig(profile=Profile.INSTANT, permission=DataPermission.DELAYED)
    talker = Talker(a_gateway(config)).start()

    found = talker.ask(*start, 8, *contract(AAPL_ID), "AllLast", 0, 0)

    assert [(each[2], each[3]) for each in found] == [("8", str(code))]


async def test_generic_ticks_come_with_the_quote() -> None:
    async with a_server() as server, a_client(server) as ib:
        ticker = ib.reqMktData(AAPL, "165,233,236,293,318,375,456,100")
        await until(
            lambda: ticker.vwap > 0 and ticker.dividends and ticker.tradeCount > 0
        )
        await until(lambda: ticker.shortableShares > 0)
        known = server.gateway.exchange.facts(AAPL.conId, server.clock.now())

    assert ticker.avVolume == known.average_volume
    assert abs(ticker.vwap - known.vwap) < 0.05
    assert ticker.low <= ticker.vwap <= ticker.high
    assert ticker.rtTime is not None
    assert ticker.shortable > 2.5
    assert ticker.lastRthTrade > 0
    assert ticker.dividends is not None
    assert ticker.dividends.nextAmount == 0.41


def test_what_was_not_asked_for_does_not_come() -> None:
    talker = Talker(a_gateway()).start()
    talker.ask(1, 11, 5, *contract(AAPL_ID), 0, "236", 0, 0, "")

    talker.wait(3.0)

    kinds = {
        m[3] for number in (1, 2, 45, 46) for m in of_kind(talker.received, number)
    }
    assert kinds >= {"46", "89"}
    assert not kinds & {"21", "48", "54", "57", "59", "77"}


def test_a_stock_of_which_nothing_is_known_has_no_generic_ticks() -> None:
    gateway = a_gateway()
    gateway.set_override("AAPL", Shape(no_quote=True))
    talker = Talker(gateway).start()
    talker.ask(1, 11, 5, *contract(AAPL_ID), 0, "165,233,236,456", 0, 0, "")

    talker.wait(3.0)

    assert not any(of_kind(talker.received, number) for number in (1, 2, 45, 46))


def test_trades_are_told_once_each() -> None:
    talker = Talker(a_gateway()).start()
    talker.ask(1, 11, 5, *contract(AAPL_ID), 0, "165,233", 0, 0, "")

    talker.wait(5.0)

    trades = [m[4] for m in of_kind(talker.received, 46) if m[3] == "48"]
    averages = [m for m in of_kind(talker.received, 2) if m[3] == "21"]
    assert len(trades) > 1
    assert len(trades) == len(set(trades))
    assert len(averages) == 1


@pytest.mark.parametrize(
    ("numbers", "snapshot", "words"),
    [
        ("233,999", 0, "Incorrect generic tick list of 233,999.  Legal ones for (STK)"),
        ("RTVolume", 0, "Incorrect generic tick list of RTVolume."),
        ("233", 1, "Snapshot market data subscription is not applicable to generic"),
    ],
)
def test_a_tick_list_that_is_none_is_refused(
    numbers: str, snapshot: int, words: str
) -> None:
    talker = Talker(a_gateway()).start()

    talker.ask(1, 11, 5, *contract(AAPL_ID), 0, numbers, snapshot, 0, "")

    talker.wait(1.0)
    (refused,) = [m for m in of_kind(talker.received, 4) if m[2] == "5"]
    assert refused[3] == "321"
    assert words in refused[4]
    assert not of_kind(talker.received, 1)


def test_a_cut_at_the_first_tick_leaves_the_others_unsaid() -> None:
    cut = Trouble(message="tickPrice", action=Action.CUT)
    gateway = a_gateway()
    gateway.add_trouble(cut)
    talker = Talker(gateway).start()

    found = talker.ask(1, 11, 5, *contract(SPY_ID), 0, "", 0, 0, "")
    found += talker.wait(1.0)

    assert len(of_kind(found, 1)) == 1
    assert not of_kind(found, 45)
