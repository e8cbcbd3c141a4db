"""A set of quotes has one deadline, and a silent row costs no more than that."""

import asyncio

import pytest

from core.broker import quotes
from core.flows.research.bar_book import BarBook
from core.flows.research.scan import ScanPlan, scan
from core.model.instructions import Timeouts
from core.model.market import RankBy
from core.sandbox.trouble.faults import Action, Trouble
from tests.builders import MONDAY
from tests.harness.connection import GAINERS, STOCKS, BothEnds, both_ends


SCAN, CANCEL_SCAN, BARS, QUOTE = 22, 23, 20, 1
SHOWN = 0
"""Stands between the messages for the card."""


def drop_quote_requests(ends: BothEnds, *, nth: int = 1, times: int = 1) -> None:
    """Some requests for quotes are never answered."""
    silence = Trouble(message="reqMktData", action=Action.DROP, nth=nth, times=times)
    ends.server.add_trouble(silence)


async def seconds_until_settled(stream: quotes.Stream, *, within: float) -> float:
    loop = asyncio.get_running_loop()
    began = loop.time()
    await stream.settled(list(stream.lines), within=within)
    return loop.time() - began


async def test_a_silent_row_costs_the_deadline_once() -> None:
    async with both_ends() as ends:
        drop_quote_requests(ends)
        async with ends.market.quotes(STOCKS) as stream:
            first = await seconds_until_settled(stream, within=0.4)
            second = await seconds_until_settled(stream, within=0.4)
            quoted = len(stream.quotes())

    assert first >= 0.39
    assert second < 0.3
    assert quoted == len(STOCKS) - 1


async def test_a_row_that_nobody_waits_for_gives_its_line_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quotes, "LINES", 2)
    monkeypatch.setattr(quotes, "KEPT", 0)
    async with both_ends() as ends:
        drop_quote_requests(ends, times=2)
        async with ends.market.quotes(STOCKS) as stream:
            await stream.settled([row.con_id for row in STOCKS], within=0.4)
            quoted = stream.quotes().keys()

    assert quoted == {row.con_id for row in STOCKS[2:]}


async def test_rows_that_wait_for_a_line_do_not_outlive_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quotes, "LINES", 2)
    async with both_ends() as ends:
        drop_quote_requests(ends, times=2)
        async with ends.market.quotes(STOCKS) as stream, asyncio.timeout(5):
            ends.connection.drop("we hang up")
            await stream.settled([row.con_id for row in STOCKS], within=60)
            quoted = dict(stream.quotes())

    assert quoted == {}


async def test_a_scans_next_burst_is_its_own_cancel_then_bars_then_quotes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[int] = []
    async with both_ends() as ends:
        line = ends.connection.session().client.conn
        send = line.sendMsg

        def note(message: bytes) -> None:
            sent.append(int(message[4:].split(b"\0")[0]))
            send(message)

        monkeypatch.setattr(line, "sendMsg", note)
        await scan(
            ends.market,
            ScanPlan(
                requests=(GAINERS,),
                rank_by=RankBy.SCANNER,
                session_day=MONDAY,
                timeouts=Timeouts(),
            ),
            book=BarBook(),
            clock=ends.connection.clock,
            on_progress=lambda _: None,
            on_ranked=lambda _: sent.append(SHOWN),
        )

    after = sent[sent.index(SCAN) + 1 :]
    assert after[:11] == [CANCEL_SCAN, *[BARS] * 5, *[QUOTE] * 5]
    assert QUOTE in after[after.index(SHOWN) :]
