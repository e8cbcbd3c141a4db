"""What every MarketData promises."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from core.model.errors import BrokerAway, BrokerSilent, ScanRefused, ScanTimedOut
from core.model.market import Freshness
from tests.builders import MONDAY
from tests.contracts.ib.worlds import World
from tests.harness.connection import GAINERS


async def test_a_scan_returns_each_instrument_once(world: World) -> None:
    rows = await world.market.scan(GAINERS, within=2)

    assert len({row.instrument.con_id for row in rows}) == len(rows) > 1
    assert {row.kind for row in rows} == {"STK"}


async def test_an_empty_scan_is_an_answer(world: World) -> None:
    world.empty_scans()

    assert await world.market.scan(GAINERS, within=2) == ()


async def test_a_refused_scan_says_the_code_and_its_meaning(world: World) -> None:
    world.refuse_scans()

    with pytest.raises(ScanRefused, match="slots are in use") as refused:
        await world.market.scan(GAINERS, within=2)

    assert refused.value.code == 322


async def test_a_scan_without_an_answer_times_out(world: World) -> None:
    world.go_silent()

    with pytest.raises(ScanTimedOut):
        await world.market.scan(GAINERS, within=0.05)


async def test_nobody_scans_without_a_line(world: World) -> None:
    world.lose_ib()
    await world.broker.next_event()
    if world.broker.line().reason is None:
        await world.broker.next_event()

    with pytest.raises(BrokerAway):
        await world.market.scan(GAINERS, within=1)


async def test_quotes_fill_while_their_block_is_open(world: World) -> None:
    rows = world.stocks[:2]

    async with world.market.quotes(rows) as stream:
        await stream.settled([row.con_id for row in rows], within=2)
        quotes = stream.quotes()

    assert quotes.keys() == {row.con_id for row in rows}
    for quote in quotes.values():
        assert quote.freshness is Freshness.LIVE
        assert None not in {quote.last, quote.open, quote.close}


async def test_a_stock_that_is_not_quoted_is_named_and_not_waited_for(
    world: World,
) -> None:
    rows = world.stocks[:2]
    world.unquote(rows[0])

    async with world.market.quotes(rows) as stream:
        await stream.settled([row.con_id for row in rows], within=30)
        dead, quotes = stream.dead(), stream.quotes()

    assert dead == {rows[0].con_id: "not subscribed to market data"}
    assert quotes.keys() == {rows[1].con_id}


async def test_a_quote_that_does_not_come_costs_the_deadline_only(
    world: World,
) -> None:
    rows = world.stocks[:2]
    world.go_quiet(rows[0])

    async with world.market.quotes(rows) as stream:
        await stream.settled([row.con_id for row in rows], within=0.2)
        quotes = stream.quotes()

    assert quotes.keys() == {rows[1].con_id}


async def test_a_last_price_that_does_not_come_costs_the_deadline_only(
    world: World,
) -> None:
    """Both sides alone say nothing of a change, and IB tells the last behind them."""
    [row, *_] = world.stocks
    world.hide_last_prices()
    loop = asyncio.get_running_loop()
    began = loop.time()

    async with world.market.quotes([row]) as stream:
        await stream.settled([row.con_id], within=0.5)
        [quote] = stream.quotes().values()

    assert 0.5 <= loop.time() - began < 0.6
    assert quote.last is None
    assert None not in {quote.bid, quote.ask}


@pytest.mark.attack(4)
async def test_a_price_carries_its_moment_and_a_new_request_gets_one_of_now(
    world: World,
) -> None:
    [row, *_] = world.stocks

    async with world.market.quotes([row]) as running:
        await running.settled([row.con_id], within=2)
        world.stand_still()
        async with world.market.quotes([row]) as anew:
            await anew.settled([row.con_id], within=2)
            before, now = running.quotes()[row.con_id], anew.quotes()[row.con_id]

    assert now.at - before.at >= timedelta(seconds=10)


async def test_daily_bars_come_oldest_first_by_session(world: World) -> None:
    [row, *_] = world.stocks

    bars = await world.market.daily_bars(row, within=2)

    assert [bar.day for bar in bars] == sorted(bar.day for bar in bars)
    assert bars[-1].day == MONDAY
    assert all(0 < bar.low <= bar.high for bar in bars)


async def test_bars_without_an_answer_are_silence(world: World) -> None:
    [row, *_] = world.stocks
    world.go_silent()

    with pytest.raises(BrokerSilent):
        await world.market.daily_bars(row, within=0.05)


async def test_intraday_closes_carry_their_moments_in_utc(world: World) -> None:
    [row, *_] = world.stocks

    closes = await world.market.intraday_bars(row, within=2)

    assert closes
    assert all(
        at.utcoffset() is not None and not at.utcoffset() for at, _price in closes
    )
    assert all(close > 0 for _at, close in closes)


async def test_past_bars_of_the_bid_are_five_minutes_each_oldest_first(
    world: World,
) -> None:
    [row, *_] = world.stocks

    bars = await world.past.bid_bars(row, sessions=2, within=2)

    starts = [bar.at for bar in bars]
    assert starts == sorted(starts)
    assert len(starts) > 2
    assert {at.minute % 5 for at in starts} == {0}
    assert all(not at.utcoffset() for at in starts)
    assert all(0 < bar.low <= bar.close <= bar.high for bar in bars)


async def test_a_stock_is_called_by_what_ib_calls_its_number_now(world: World) -> None:
    [row, *_] = world.stocks
    assert await world.past.symbol_now(row, within=2) == row.symbol

    world.rename(row, "NEWX")

    assert await world.past.symbol_now(row, within=2) == "NEWX"
    assert await world.past.bid_bars(row, sessions=1, within=2)


async def test_a_symbol_without_an_answer_is_silence(world: World) -> None:
    [row, *_] = world.stocks
    world.go_silent()

    with pytest.raises(BrokerSilent):
        await world.past.symbol_now(row, within=0.05)


async def test_past_bars_without_an_answer_are_silence(world: World) -> None:
    [row, *_] = world.stocks
    world.go_silent()

    with pytest.raises(BrokerSilent):
        await world.past.bid_bars(row, sessions=2, within=0.05)


async def test_a_stock_is_found_by_its_symbol(world: World) -> None:
    stock = world.stocks[0]

    found = await world.market.matching(stock.symbol, within=2)

    exact = [each for each in found if each.instrument.symbol == stock.symbol]
    assert [each.instrument for each in exact] == [stock]
    assert exact[0].listed_on
    assert exact[0].company
    assert await world.market.matching("ZZZZZZ", within=2) == ()


async def test_a_search_without_an_answer_or_a_line_says_so(world: World) -> None:
    world.go_silent()
    with pytest.raises(BrokerSilent):
        await world.market.matching("Q", within=0.05)


async def test_a_stock_is_priced_in_the_steps_of_ibs_rule(world: World) -> None:
    [row, *_] = world.stocks

    unnamed = world.market.company(row)
    steps = await world.market.price_steps(row, within=2)

    assert (unnamed, bool(world.market.company(row))) == ("", True)
    above, by = [each.above for each in steps], [each.step for each in steps]
    assert above[0] == 0
    assert above == sorted(set(above))
    assert 0 < by[0] <= by[-1] <= Decimal("0.01")  # half a cent is one of IB's


async def test_a_price_step_without_an_answer_is_silence(world: World) -> None:
    [row, *_] = world.stocks
    world.go_silent()

    with pytest.raises(BrokerSilent, match="price step"):
        await world.market.price_steps(row, within=0.05)


async def test_nobody_is_told_a_price_step_without_a_line(world: World) -> None:
    world.lose_ib()
    await world.broker.next_event()
    if world.broker.line().reason is None:
        await world.broker.next_event()

    with pytest.raises(BrokerAway):
        await world.market.price_steps(world.stocks[0], within=1)


@pytest.mark.parametrize("minutes", [1, 5])
async def test_candles_hold_their_prices_and_are_oldest_first(
    world: World, minutes: int
) -> None:
    [row, *_] = world.stocks

    candles = await world.market.candles(row, minutes=minutes, within=2)

    starts = [candle.at for candle in candles]
    assert starts == sorted(starts)
    assert starts
    assert all(not at.utcoffset() and at.minute % minutes == 0 for at in starts)
    for each in candles:
        assert 0 < each.low <= min(each.open, each.close)
        assert max(each.open, each.close) <= each.high


async def test_headlines_are_the_stocks_own_newest_first(world: World) -> None:
    rows = await world.market.scan(GAINERS, within=2)
    found = await world.market.headlines(rows[0].instrument, within=5)

    assert found
    assert [each.at for each in found] == sorted((h.at for h in found), reverse=True)
    assert all(each.text and each.provider for each in found)


async def test_nobody_reads_headlines_without_an_answer(world: World) -> None:
    world.go_silent()

    with pytest.raises(BrokerSilent):
        await world.market.headlines(world.stocks[0], within=0.05)
