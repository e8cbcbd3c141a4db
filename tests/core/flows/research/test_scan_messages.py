"""What a scan costs at the gateway: facts ride on requests that are sent anyway."""

from collections import Counter
from dataclasses import replace

import pytest

from core.broker import market_data, quotes
from core.flows.research.bar_book import BarBook
from core.flows.research.scan import ScanPlan, scan
from core.model.instructions import Timeouts
from core.model.market import RankBy
from core.model.ranking import Ranking
from core.rules.ranking import KEEP
from core.sandbox.gateway.gateway import Gateway
from core.sandbox.gateway.session import ClientSession
from core.sandbox.protocol.message_names import REQUESTS
from core.sandbox.protocol.wire import Fields
from core.sandbox.trouble.faults import Passed
from tests.builders import MONDAY
from tests.fakes.clock import HandClock
from tests.harness.connection import GAINERS, both_ends


PLAN = ScanPlan(
    requests=(GAINERS,),
    rank_by=RankBy.SCANNER,
    session_day=MONDAY,
    timeouts=Timeouts(),
)


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many requests of each name the gateway has received."""
    counted: Counter[str] = Counter()
    pass_on = Gateway.alter_request

    def count(gateway: Gateway, session: ClientSession, message: Fields) -> Passed:
        counted[REQUESTS[int(message[0])]] += 1
        return pass_on(gateway, session, message)

    monkeypatch.setattr(Gateway, "alter_request", count)
    return counted


async def _scanned(received: Counter[str]) -> tuple[Ranking, Counter[str]]:
    async with both_ends() as ends:
        received.clear()
        ranking = await scan(
            ends.market,
            PLAN,
            book=BarBook(),
            clock=HandClock(ends.connection.clock.now()),
            on_progress=lambda _: None,
            on_ranked=lambda _: None,
        )
        return ranking, Counter(received)


async def test_the_facts_of_a_card_cost_no_message(
    received: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, with_facts = await _scanned(received)
    monkeypatch.setattr(quotes, "GENERIC_TICKS", "")
    two_days = replace(market_data._DAILY, duration="2 D")
    monkeypatch.setattr(market_data, "_DAILY", two_days)
    plain, without = await _scanned(received)

    five, bare = told.candidates, plain.candidates
    assert all(each.month and each.month.atr for each in five)
    assert any(each.quote and each.quote.vwap for each in five)
    assert all(not (each.month and each.month.atr) for each in bare)
    assert all(not (each.quote and each.quote.vwap) for each in bare)
    assert with_facts == without
    assert with_facts["reqHistoricalData"] == KEEP
    assert with_facts["reqMktData"] == len(told.rows)
