"""The scanner and bars at a simulated gateway, in its good and bad moods."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from core.broker.pacing import SCANS
from core.model.errors import (
    BrokerAway,
    BrokerBusy,
    BrokerSaidNo,
    BrokerSilent,
    ScanRefused,
    ScanTimedOut,
)
from core.model.market import ScanRequest
from core.sandbox.trouble.faults import Action, Trouble
from core.sandbox.trouble.scenarios import LIBRARY
from tests.builders import MONDAY
from tests.harness.connection import GAINERS, STOCKS, BothEnds, both_ends


def a_trouble(message: str, code: int, text: str) -> Trouble:
    return Trouble(message=message, action=Action.REFUSE, times=0, code=code, text=text)


@pytest.mark.parametrize("scenario", ["scan-empty", "scan-empty-without-batch"])
async def test_165_is_an_empty_answer_with_or_without_its_batch(scenario: str) -> None:
    async with both_ends(scenario=LIBRARY[scenario]) as ends:
        assert await ends.market.scan(GAINERS, within=2) == ()


async def test_165_beside_good_rows_is_only_a_count() -> None:
    async with both_ends(scenario=LIBRARY["scan-with-count"]) as ends:
        assert len(await ends.market.scan(GAINERS, within=2)) == 50


@pytest.mark.parametrize(
    ("scenario", "code", "words"),
    [
        ("scan-filter-disabled", 162, "switched off one of the scan's filters"),
        ("scan-slots-leaked", 322, "all scanner slots are in use"),
        ("scan-invalid", 321, "found the request invalid"),
        ("scan-wrong-location", 162, "may not scan that location"),
    ],
)
async def test_a_refused_scan_ends_at_once_and_says_why(
    scenario: str, code: int, words: str
) -> None:
    async with both_ends(scenario=LIBRARY[scenario]) as ends:
        with pytest.raises(ScanRefused, match=words) as refused:
            await ends.market.scan(GAINERS, within=30)

    assert refused.value.code == code


async def test_a_later_batch_changes_nothing_that_was_returned() -> None:
    async with both_ends(scenario=LIBRARY["scan-twice"]) as ends:
        rows = await ends.market.scan(GAINERS, within=2)
        again = await ends.market.scan(GAINERS, within=2)

    assert len(rows) == len(again) == 50


async def test_a_scan_that_times_out_gives_its_slot_back() -> None:
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(message="scannerData", action=Action.DROP, times=2 * SCANS)
        )
        for _ in range(2 * SCANS):
            with pytest.raises(ScanTimedOut):
                await ends.market.scan(GAINERS, within=0.03)

        assert len(await ends.market.scan(GAINERS, within=5)) == 50


def differently(number: int) -> ScanRequest:
    return replace(GAINERS, rows=30 + number)


async def test_more_scans_than_slots_wait_for_each_other() -> None:
    async with both_ends() as ends, asyncio.TaskGroup() as tasks:
        scans = [
            tasks.create_task(ends.market.scan(differently(number), within=5))
            for number in range(SCANS + 5)
        ]

    assert [len(each.result()) for each in scans] == [
        30 + number for number in range(SCANS + 5)
    ]


async def test_a_scan_whose_line_dies_says_that_the_line_is_gone() -> None:
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(message="reqScannerSubscription", action=Action.CUT)
        )

        with pytest.raises(BrokerAway):
            await ends.market.scan(GAINERS, within=5)


async def test_somebody_logged_in_elsewhere_ends_a_scan() -> None:
    async with both_ends() as ends:
        silent = Trouble(message="reqScannerSubscription", action=Action.DROP)
        ends.server.add_trouble(silent)
        note = Trouble(
            message="reqScannerSubscription",
            action=Action.NOTE,
            code=10197,
            text="No market data during competing live session",
            untied=True,
        )
        ends.server.add_trouble(note)

        with pytest.raises(ScanRefused, match="logged in elsewhere"):
            await ends.market.scan(GAINERS, within=5)


async def bars_of_the_first(ends: BothEnds) -> list[date]:
    [row, *_] = STOCKS
    return [bar.day for bar in await ends.market.daily_bars(row, within=5)]


async def test_a_month_of_days_ends_with_the_session_before_and_today() -> None:
    async with both_ends() as ends:
        days = await bars_of_the_first(ends)

    assert days[-2:] == [date(2026, 11, 20), MONDAY]
    assert days == sorted(set(days))
    assert len(days) > 14  # an average true range needs fifteen


async def test_no_bars_is_an_answer() -> None:
    async with both_ends() as ends:
        ends.server.add_trouble(
            a_trouble("reqHistoricalData", 162, "HMDS query returned no data: X")
        )

        assert await bars_of_the_first(ends) == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (162, "No market data permissions for NASDAQ STK"),
        (200, "No security definition has been found for the request"),
        (321, "Error validating request: invalid step"),
    ],
)
async def test_refused_bars_end_at_once_with_their_code(code: int, text: str) -> None:
    async with both_ends() as ends:
        ends.server.add_trouble(a_trouble("reqHistoricalData", code, text))

        with pytest.raises(BrokerSaidNo, match=text) as refused:
            await bars_of_the_first(ends)

    assert refused.value.code == code


async def test_bars_that_are_refused_for_the_moment_can_be_asked_for_again() -> None:
    pacing = "Historical data request pacing violation"
    async with both_ends() as ends:
        ends.server.add_trouble(a_trouble("reqHistoricalData", 162, pacing))

        with pytest.raises(BrokerBusy, match=pacing):
            await bars_of_the_first(ends)


async def test_bars_and_quotes_at_once_stay_within_the_rate(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    # 60 messages a second: this gateway shares our loop, and reads late what came
    # while it drew the bars; the budget itself is proven in test_pacing
    async with both_ends(lines=120, reject_over_rate=True) as ends:
        found = await ends.market.scan(GAINERS, within=2)
        rows = [row.instrument for row in found]
        async with ends.market.quotes(rows) as stream, asyncio.TaskGroup() as tasks:
            for row in rows[:20]:
                tasks.create_task(ends.market.daily_bars(row, within=5))
            await stream.settled([row.con_id for row in rows], within=5)
            by_then = len(stream.quotes())

    assert by_then == 50
    assert "code=2104" in caplog.text
    assert "code=100 " not in caplog.text


async def test_bars_that_time_out_give_their_slot_back() -> None:
    async with both_ends() as ends:
        [row, *_] = STOCKS
        ends.server.add_trouble(
            Trouble(message="historicalData", action=Action.DROP, times=2)
        )
        for _ in range(2):
            with pytest.raises(BrokerSilent):
                await ends.market.daily_bars(row, within=0.2)

        assert await ends.market.daily_bars(row, within=5)


async def test_bars_whose_line_dies_say_that_the_line_is_gone() -> None:
    async with both_ends() as ends:
        [row, *_] = STOCKS
        ends.server.add_trouble(Trouble(message="reqHistoricalData", action=Action.CUT))

        with pytest.raises(BrokerAway):
            await ends.market.daily_bars(row, within=5)
