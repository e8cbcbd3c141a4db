"""A scan shows its card as soon as the five stand, and never waits for more."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from core.flows.research.bar_book import BarBook
from core.flows.research.scan import ScanPlan, scan
from core.model.errors import BrokerAway, BrokerSaidNo, ScanRefused
from core.model.instructions import Timeouts
from core.model.market import ConId, Instrument, RankBy, ScannedRow
from core.model.ranking import Ranking
from core.model.status import ScanProgress
from core.rules.ranking import KEEP
from tests.builders import MONDAY, NOW, a_bar, a_prior_bar, a_quote, price
from tests.fakes.clock import HandClock
from tests.fakes.market import FakeMarket
from tests.harness.connection import GAINERS
from tests.harness.waiting import until


ROWS = tuple(
    Instrument(con_id=ConId(700_000 + n), symbol=f"ROW{n}") for n in range(1, 9)
)
BRIEF = Timeouts(scan=0.2, quotes=0.2, bars=0.2)


def a_market(**named: Any) -> FakeMarket:
    market = FakeMarket(
        rows=ROWS,
        known={row.con_id: a_quote() for row in ROWS},
        bars={row.con_id: (a_prior_bar(), a_bar()) for row in ROWS},
    )
    for name, value in named.items():
        setattr(market, name, value)
    return market


class ScanHarness:
    """One scan of a market, and what was told meanwhile."""

    def __init__(self, market: FakeMarket, **plan: Any) -> None:
        self.market = market
        self.book = BarBook()
        self.shown: list[Ranking] = []
        self.progress: list[ScanProgress] = []
        usual = ScanPlan(
            requests=(GAINERS,),
            rank_by=RankBy.SCANNER,
            session_day=MONDAY,
            timeouts=BRIEF,
        )
        self.plan = replace(usual, **plan)

    async def told(self) -> Ranking:
        return await scan(
            self.market,
            self.plan,
            book=self.book,
            clock=HandClock(NOW),
            on_progress=self.progress.append,
            on_ranked=self.shown.append,
        )


def symbols(ranking: Ranking) -> list[str]:
    return [each.instrument.symbol for each in ranking.candidates]


async def test_the_scanners_first_five_are_the_card() -> None:
    harness = ScanHarness(a_market())

    ranking = await harness.told()

    assert symbols(ranking) == [row.symbol for row in ROWS[:KEEP]]
    assert all(each.since_prior_open for each in ranking.candidates)


async def test_the_card_does_not_wait_for_the_other_rows() -> None:
    market = a_market()
    late = ROWS[-1]
    del market.known[late.con_id]
    harness = ScanHarness(market, timeouts=replace(BRIEF, quotes=30))

    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(harness.told())
        await until(lambda: harness.shown)
        market.tell(late, a_quote())

    assert harness.shown[0].rows[-1].quote is None
    assert telling.result().rows[-1].quote == a_quote()


async def test_by_the_open_the_largest_rise_leads_wherever_it_stood() -> None:
    market = a_market()
    market.known[ROWS[6].con_id] = a_quote(last=price("8.40"))
    harness = ScanHarness(market, rank_by=RankBy.OPEN)

    ranking = await harness.told()

    assert symbols(ranking)[0] == ROWS[6].symbol
    assert ranking.candidates[0].prior == a_prior_bar()


async def test_who_overtakes_late_gets_its_bars_too() -> None:
    market = a_market()
    late = ROWS[7]
    del market.known[late.con_id]
    patient = replace(BRIEF, quotes=30)
    harness = ScanHarness(market, rank_by=RankBy.OPEN, timeouts=patient)

    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(harness.told())
        await until(lambda: any(p.bars == KEEP for p in harness.progress))
        market.tell(late, a_quote(last=price("9.00")))

    first = telling.result().candidates[0]
    assert (first.instrument, first.today) == (late, a_bar())


async def test_bars_of_a_session_are_asked_for_once() -> None:
    market = a_market()
    harness = ScanHarness(market)
    before = await harness.told()
    market.bars_fail = {row.con_id: BrokerSaidNo(162, "pacing") for row in ROWS}

    again = await harness.told()

    assert [each.since_open for each in again.candidates] == [
        each.since_open for each in before.candidates
    ]


async def test_recalled_bars_go_on_with_the_quote() -> None:
    market = a_market()
    harness = ScanHarness(market)
    await harness.told()
    market.known[ROWS[0].con_id] = a_quote(last=price("6.00"), high=price("6.00"))

    again = await harness.told()

    today = again.candidates[0].today
    assert today == a_bar(close=price("6.00"), high=price("6.00"))


async def test_no_price_of_later_goes_into_the_bar_of_a_session_that_is_over() -> None:
    """What is traded after the close and before the next open would be its high and its
    close, and the quote's close, which is the session's own, would look like a split."""
    market = a_market()
    harness = ScanHarness(market, is_over=True)
    await harness.told()
    dear = a_quote(last=price("6.00"), high=price("6.00"), volume=9_000_000)
    market.known[ROWS[0].con_id] = dear

    again = await harness.told()

    assert again.candidates[0].today == a_bar()


async def test_a_session_that_is_over_is_asked_for_its_whole_bars() -> None:
    market = a_market()
    harness = ScanHarness(market)
    await harness.told()
    whole = a_bar(close=price("4.40"))
    market.bars = {row.con_id: (a_prior_bar(), whole) for row in ROWS}
    harness.plan = replace(harness.plan, is_over=True)

    later = await harness.told()

    assert later.candidates[0].today == whole


async def test_bars_without_todays_are_asked_for_again() -> None:
    market = a_market(bars={row.con_id: (a_prior_bar(),) for row in ROWS})
    harness = ScanHarness(market)
    early = await harness.told()
    market.bars = {row.con_id: (a_prior_bar(), a_bar()) for row in ROWS}

    later = await harness.told()

    assert early.candidates[0].flaw == "no bar of the session yet"
    assert later.candidates[0].flaw is None


async def test_a_stock_without_bars_is_named_and_the_others_stand() -> None:
    refused = BrokerSaidNo(162, "no permissions")
    harness = ScanHarness(a_market(bars_fail={ROWS[1].con_id: refused}))

    ranking = await harness.told()

    flaws = [each.flaw for each in ranking.candidates]
    assert flaws == [None, str(refused), None, None, None]


@pytest.mark.parametrize("rank_by", RankBy)
async def test_a_line_that_is_lost_on_the_way_says_so_itself(rank_by: RankBy) -> None:
    gone = BrokerAway("the gateway closed the connection")
    harness = ScanHarness(a_market(bars_fail={ROWS[0].con_id: gone}), rank_by=rank_by)

    with pytest.raises(BrokerAway) as lost:
        await harness.told()

    assert lost.value is gone
    assert harness.shown == []


async def test_no_rows_are_an_answer() -> None:
    harness = ScanHarness(a_market(rows=()))

    ranking = await harness.told()

    assert (ranking.rows, ranking.candidates) == ((), ())


async def test_several_scanners_are_asked_at_once_and_merged() -> None:
    losers = replace(GAINERS, code="TOP_PERC_LOSE", location="STK.NYSE")
    harness = ScanHarness(a_market(), requests=(GAINERS, losers))

    ranking = await harness.told()

    assert harness.market.scans == [GAINERS, losers]
    assert [row.instrument for row in ranking.rows] == list(ROWS)
    assert harness.progress[0].code == "TOP_PERC_GAIN,TOP_PERC_LOSE"
    assert harness.progress[0].location == "STK.US.MAJOR,STK.NYSE"


async def test_one_scanner_that_refuses_fails_the_scan_with_its_reason() -> None:
    refused = ScanRefused(322, "only 10", "all slots are in use")
    harness = ScanHarness(a_market(scan_fails=refused), requests=(GAINERS, GAINERS))

    with pytest.raises(ScanRefused, match="all slots are in use"):
        await harness.told()


async def test_progress_counts_what_is_there() -> None:
    harness = ScanHarness(a_market(unquoted={ROWS[0].con_id: "not subscribed"}))
    del harness.market.known[ROWS[0].con_id]

    await harness.told()

    first, found = harness.progress[:2]
    assert (first.rows, first.quotes, first.bars) == (None, None, None)
    assert found.rows == len(ROWS)


@pytest.mark.attack(27)
async def test_what_is_no_stock_is_neither_asked_for_nor_picked_and_is_named() -> None:
    in_euros, unit, doubled = (
        replace(ROWS[0], currency="EUR"),
        replace(ROWS[1], symbol="ROWAU"),
        replace(ROWS[2], symbol="OTHER"),
    )
    warrant = ScannedRow(instrument=ROWS[3], local_symbol="ROW WS")
    nameless = replace(ROWS[0], con_id=ConId(0), symbol="ZERO")
    market = a_market(
        rows=(in_euros, unit, doubled, ROWS[2], warrant, nameless, *ROWS[4:])
    )
    harness = ScanHarness(market)

    ranking = await harness.told()

    assert symbols(ranking) == [row.symbol for row in ROWS[4:]]
    assert [row.unfit for row in ranking.rows] == [
        "priced in EUR",
        "a unit",
        "listed twice",
        "listed twice",
        "a warrant",
        "without a contract number",
        *(None for _ in ROWS[4:]),
    ]
    assert all(row.quote is None for row in ranking.rows if row.unfit)
    assert harness.progress[-1].rows == len(ranking.rows)


@pytest.mark.attack(27)
@pytest.mark.parametrize("rank_by", list(RankBy))
async def test_a_scan_of_nothing_but_warrants_has_no_five(rank_by: RankBy) -> None:
    warrants = tuple(replace(row, symbol=f"ROW{row.con_id} WS") for row in ROWS)

    ranking = await ScanHarness(a_market(rows=warrants), rank_by=rank_by).told()

    assert ranking.candidates == ()
    assert {row.unfit for row in ranking.rows} == {"a warrant"}
