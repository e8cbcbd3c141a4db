"""Bars of the past, as ib_async sees them."""

from datetime import date, datetime, timedelta

import pytest
from ib_async import IB, BarDataList, Stock

from tests.core.sandbox.gateway.requests.test_scans import codes_of
from tests.core.sandbox.talking import (
    AAPL as AAPL_ID,
    Talker,
    a_gateway,
    contract,
    of_kind,
)
from tests.harness.ib_client import AAPL, MORNING, SPY, a_client, a_server
from tests.harness.waiting import until


TWO_DAYS = ("", "1 day", "2 D", 1, "TRADES", 1, 0, "")


async def two_days(ib: IB, *, end: datetime | str = "") -> BarDataList:
    return await ib.reqHistoricalDataAsync(
        AAPL, end, "2 D", "1 day", "TRADES", useRTH=True, timeout=2
    )


async def test_two_days_are_yesterday_and_today_while_the_market_is_open() -> None:
    async with a_server() as server, a_client(server) as ib:
        bars = await two_days(ib)

        quote = server.gateway.exchange.quote(AAPL.conId, MORNING)

    assert [bar.date for bar in bars] == [date(2026, 7, 29), date(2026, 7, 30)]
    assert bars[1].open == pytest.approx(quote.open, abs=0.02)


async def test_before_the_open_there_is_no_bar_for_today() -> None:
    early = MORNING.replace(hour=12)
    async with a_server(clock=early) as server, a_client(server) as ib:
        bars = await two_days(ib)

    assert [bar.date for bar in bars] == [date(2026, 7, 28), date(2026, 7, 29)]


async def test_days_are_sessions_so_a_weekend_does_not_count() -> None:
    sunday = datetime.fromisoformat("2026-07-26T12:00:00-04:00")
    async with a_server(clock=sunday) as server, a_client(server) as ib:
        bars = await two_days(ib)

    assert [bar.date for bar in bars] == [date(2026, 7, 23), date(2026, 7, 24)]


async def test_an_end_in_the_past_is_honoured() -> None:
    async with a_server() as server, a_client(server) as ib:
        bars = await two_days(ib, end=MORNING - timedelta(days=7))

    assert bars[-1].date == date(2026, 7, 23)


async def test_intraday_bars_carry_new_yorks_time() -> None:
    async with a_server() as server, a_client(server) as ib:
        bars = await ib.reqHistoricalDataAsync(
            AAPL, "", "1 D", "5 mins", "TRADES", useRTH=True, timeout=2
        )

    first = bars[0].date
    assert isinstance(first, datetime)
    assert (first.hour, first.minute) == (9, 30)
    assert len(bars) == 16


@pytest.mark.parametrize(
    ("duration", "bar_size", "code"),
    [("2 D", "1 D", 321), ("2 X", "1 day", 321), ("2 D", "1 day", None)],
)
async def test_bad_words_are_321(
    duration: str, bar_size: str, code: int | None
) -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)

        bars = await ib.reqHistoricalDataAsync(
            AAPL, "", duration, bar_size, "TRADES", useRTH=True, timeout=0.5
        )

    assert [c for _, c in received if c == 321] == ([code] if code else [])
    assert bool(bars) is (code is None)


def test_a_bad_end_is_321() -> None:
    talker = Talker(a_gateway()).start()

    found = talker.ask(
        *(20, 4, *contract(AAPL_ID), 0, "tomorrow", "1 day", "2 D", 1, "TRADES"),
        *(1, 0, ""),
    )

    assert [(each[2], each[3]) for each in found] == [("4", "321")]


async def test_an_unknown_stock_has_no_history() -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)
        nowhere = Stock("NOSUCH", "SMART", "USD", conId=999_999_999)

        bars = await ib.reqHistoricalDataAsync(
            nowhere, "", "2 D", "1 day", "TRADES", useRTH=True, timeout=2
        )

    assert list(bars) == []
    assert received[0][1] == 200


def test_a_running_query_is_cancelled_with_162_and_no_query_with_366() -> None:
    talker = Talker(a_gateway()).start()
    talker.gateway.flap(2105)
    talker.ask(20, 4, *contract(AAPL_ID), 0, *TWO_DAYS)

    first, second = talker.ask(25, 1, 4), talker.ask(25, 1, 4)
    talker.gateway.flap(2106)
    late = talker.wait(1)

    assert [each[3] for each in of_kind(first, 4)] == ["162"]
    assert [each[3] for each in of_kind(second, 4)] == ["366"]
    assert of_kind(late, 17) == []


def test_bars_come_when_the_history_farm_is_back() -> None:
    talker = Talker(a_gateway()).start()
    talker.gateway.flap(2105)
    during = talker.ask(20, 4, *contract(AAPL_ID), 0, *TWO_DAYS)

    talker.gateway.flap(2106)
    after = talker.wait(0.1)

    assert of_kind(during, 17) == []
    assert [each[4] for each in of_kind(after, 17)] == ["2"]


async def test_updates_keep_coming_when_asked_for() -> None:
    updates = list[bool]()
    async with a_server() as server, a_client(server) as ib:
        bars = await ib.reqHistoricalDataAsync(
            AAPL, "", "1 D", "1 min", "TRADES", useRTH=True, keepUpToDate=True
        )
        bars.updateEvent += lambda _bars, fresh: updates.append(fresh)

        server.set_clock(server.clock.now() + timedelta(seconds=65))
        await until(lambda: updates)

        ib.cancelHistoricalData(bars)
    assert updates[0] is True


async def test_the_schedule_knows_sessions() -> None:
    async with a_server() as server, a_client(server) as ib:
        schedule = await ib.reqHistoricalScheduleAsync(SPY, 3)

    assert [each.refDate for each in schedule.sessions] == [
        "20260728",
        "20260729",
        "20260730",
    ]
    assert schedule.sessions[0].startDateTime == "20260728-09:30:00"
    assert schedule.timeZone == "US/Eastern"


async def test_the_head_is_long_ago() -> None:
    async with a_server() as server, a_client(server) as ib:
        head = await ib.reqHeadTimeStampAsync(AAPL, "TRADES", useRTH=True, formatDate=1)

    assert isinstance(head, datetime)
    assert head.year < 2026


def test_the_fifty_first_open_query_is_paced() -> None:
    talker = Talker(a_gateway()).start()
    talker.gateway.flap(2105)
    for req_id in range(50):
        talker.ask(20, req_id, *contract(AAPL_ID), 0, *TWO_DAYS)
        talker.gateway.now += timedelta(seconds=0.03)

    found = talker.ask(20, 50, *contract(AAPL_ID), 0, *TWO_DAYS)

    assert [(each[2], each[3]) for each in of_kind(found, 4)] == [("50", "162")]
    assert "pacing" in of_kind(found, 4)[0][4]
