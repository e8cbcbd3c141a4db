"""The same market gives the same card, in whatever order its messages arrive.

The story runs on the real edge at a simulated gateway, whose messages are delayed,
repeated and swapped; the five's prices stand still, so every difference is ours.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given, settings, strategies as st

from core.flows.research.bar_book import BarBook
from core.flows.research.scan import ScanPlan, scan
from core.model.instructions import Timeouts
from core.model.market import RankBy
from core.model.ranking import Ranking
from core.sandbox.trouble.faults import QUIET_DAY, Action, Scenario, Trouble
from tests.builders import MONDAY, NOW
from tests.harness.connection import GAINERS, both_ends
from tests.harness.market import SEED
from tests.harness.product import A_GOOD_MORNING
from tests.simulation.in_tests import simulated_run


REPLIES: Final = (
    *("scannerData", "tickPrice", "tickSize", "tickGeneric", "marketDataType"),
    "historicalData",
)
REQUESTS: Final = ("reqMktData", "reqHistoricalData", "reqScannerSubscription")
FEW_GAINERS: Final = replace(GAINERS, rows=8)
"""Few enough to be asked for in one breath."""

HARMLESS: Final = (2104, 2106, 2107, 2158, 10090, 366, 300)
"""Codes that change nothing; with request id -1 they are nobody's."""

Seen = list[tuple[str, Decimal | None, Decimal | None, str | None]]


@st.composite
def troubles(draw: st.DrawFn) -> Trouble:
    """A reply that comes late, twice or in another's place; or a word out of turn."""
    nth = draw(st.integers(1, 30))
    if draw(st.booleans()):
        return Trouble(
            message=draw(st.sampled_from(REPLIES)),
            action=draw(st.sampled_from([Action.DELAY, Action.REPEAT, Action.SWAP])),
            nth=nth,
            times=draw(st.integers(1, 20)),
            seconds=draw(st.sampled_from([0.0, 0.01, 0.05])),
        )
    return Trouble(
        message=draw(st.sampled_from(REQUESTS)),
        action=Action.NOTE,
        nth=nth,
        code=draw(st.sampled_from(HARMLESS)),
        text="Something that may be said at any time",
        untied=draw(st.booleans()),
        seconds=draw(st.sampled_from([0.0, 0.02])),
    )


async def a_scan(
    scenario: Scenario, rank_by: RankBy, *, clock: datetime = NOW
) -> Ranking:
    """What one scan under *scenario* ends with."""
    async with both_ends(
        scenario=scenario, seed=SEED, shapes=A_GOOD_MORNING, clock=clock
    ) as ends:
        return await scan(
            ends.market,
            ScanPlan(
                requests=(FEW_GAINERS,),
                rank_by=rank_by,
                session_day=MONDAY,
                timeouts=Timeouts(scan=20, quotes=20, bars=20),
            ),
            book=BarBook(),
            clock=ends.connection.clock,
            on_progress=lambda _: None,
            on_ranked=lambda _: None,
        )


def seen(ranking: Ranking) -> Seen:
    """What the card says of the five."""
    return [
        (
            each.instrument.symbol,
            each.since_open.percent if each.since_open else None,
            each.since_prior_open.percent if each.since_prior_open else None,
            each.flaw,
        )
        for each in ranking.candidates
    ]


@pytest.fixture(scope="module")
def quiet() -> dict[RankBy, Seen]:
    """The card of a day on which nothing goes wrong."""
    return {
        rank_by: seen(simulated_run(a_scan(QUIET_DAY, rank_by))) for rank_by in RankBy
    }


@pytest.mark.parametrize("rank_by", RankBy)
@settings(max_examples=25, deadline=None)
@given(wrong=st.lists(troubles(), min_size=1, max_size=6))
def test_the_card_is_the_same_in_any_order_of_arrival(
    quiet: dict[RankBy, Seen], rank_by: RankBy, wrong: list[Trouble]
) -> None:
    scenario = Scenario(name="disorder", seen="any day", troubles=tuple(wrong))

    assert seen(simulated_run(a_scan(scenario, rank_by))) == quiet[rank_by]


@pytest.mark.parametrize("rank_by", RankBy)
async def test_a_last_price_that_comes_behind_both_sides_is_waited_for(
    quiet: dict[RankBy, Seen], rank_by: RankBy
) -> None:
    """Of the first stock the gateway tells bid and ask, and 10 ms later the last."""
    late = Trouble(message="tickPrice", action=Action.DELAY, nth=3, seconds=0.01)
    scenario = Scenario(name="late last", seen="any day", troubles=(late,))

    assert seen(await a_scan(scenario, rank_by)) == quiet[rank_by]


@pytest.mark.parametrize("rank_by", RankBy)
async def test_yesterdays_open_never_counts_as_todays(rank_by: RankBy) -> None:
    before_the_open = datetime.fromisoformat("2026-11-23T09:20:00-05:00")

    ranking = await a_scan(QUIET_DAY, rank_by, clock=before_the_open)

    assert all(row.quote and row.quote.open for row in ranking.rows[:5])
    assert [each.since_open for each in ranking.candidates] == [None] * 5
    assert {each.flaw for each in ranking.candidates} == {"no bar of the session yet"}
