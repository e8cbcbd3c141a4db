"""What a recording holds of a scan that was not as it should be, and its size."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.prompt.score import _rows
from core.model.market import ConId, Lending, Quote, Snapshot
from core.model.money import Price
from core.model.proposal import Choice, ProposalState
from core.model.scoring.following import FollowedRow, Horizon
from core.model.scoring.recording import Recording
from core.rules.scoring.outcomes import ScoredScan
from core.store.bodies import recording_from_json, recording_to_json
from tests.builders import NOW, QRVX, a_bar, a_prior_bar, a_quote
from tests.contracts.store.test_recordings import A_RECORDING, at
from tests.harness.core import Harness


A_CARD = 21_500
"""Bytes: of fifty stocks of more than a thousand dollars, with long names. An ordinary
scan takes less."""

LONG = "BRK PRA WSA"
NOT_SUBSCRIBED = (
    "Requested market data is not subscribed. Check API status by selecting the Account "
    "menu then under Management choose Market Data Subscription Manager and/or "
    "availability of delayed data. FDMX NASDAQ.NMS/TOP/ALL"
)


def a_full_quote() -> Quote:
    """Every figure is there, with as many digits as IB sends."""
    dollars = Price(Decimal("1234.56"))
    prices = ("bid", "ask", "last", "open", "close", "high", "low")
    return replace(
        a_quote(
            at=NOW + timedelta(microseconds=123_456), **dict.fromkeys(prices, dollars)
        ),
        volume=123_456_789,
        average_volume=123_456_789,
        halted=False,
        vwap=Price(Decimal("1234.5678")),
        ask_size=12_300,
        lending=next(iter(Lending)),
    )


def a_scan(*, quoted: bool) -> Recording:
    """Fifty rows with long names; the five have their two bars."""
    rows = tuple(
        Snapshot(
            rank=rank,
            instrument=replace(QRVX, con_id=ConId(2_000_000_000 + rank), symbol=LONG),
            quote=a_full_quote() if quoted else None,
            bars=(a_prior_bar(), a_bar()) if rank <= 5 else None,
            problem=None if quoted and rank > 5 else NOT_SUBSCRIBED,
        )
        for rank in range(1, 51)
    )
    picked = tuple(row.instrument.con_id for row in rows[:2])
    return replace(A_RECORDING, rows=rows, picked=picked, settings="50 rows of " * 20)


@pytest.mark.parametrize("quoted", [True, False], ids=["quoted", "refused"])
def test_a_card_takes_about_twenty_kilobytes_at_most(*, quoted: bool) -> None:
    body = recording_to_json(a_scan(quoted=quoted))
    assert len(body.encode()) <= A_CARD
    assert recording_from_json(body) == a_scan(quoted=quoted)


def bare(con_id: int, symbol: str, rank: int) -> Snapshot:
    stock = replace(QRVX, con_id=ConId(con_id), symbol=symbol)
    return Snapshot(rank=rank, instrument=stock, quote=None, unfit="listed twice")


def test_rows_without_a_contract_number_stay_apart() -> None:
    """Two of them have the same number, none; the CSV named the second twice."""
    rows = (A_RECORDING.rows[0], bare(0, "ONE", 2), bare(0, "TWO", 3))
    recording = replace(A_RECORDING, rows=rows)
    first, *_ = at(Horizon.CLOSE).rows
    problem = FollowedRow(con_id=ConId(0), problem="no price when it was recorded")
    became = replace(at(Horizon.CLOSE), rows=(first, problem, problem))
    listed = list(_rows(ScoredScan(recording=recording, followed=(became,), orders=())))

    assert recording_from_json(recording_to_json(recording)) == recording
    assert [row[3:5] for row in listed] == [(1, "QRVX"), (2, "ONE"), (3, "TWO")]


async def test_a_no_is_told_from_a_card_that_nobody_answered(harness: Harness) -> None:
    """In the trail, which outlives the cards."""
    async with harness.trading():
        declined = await harness.scan("a")
        harness.tap(declined, Choice.NO)
        left = await harness.scan("b")
        harness.clock.forward(hours=1)
        harness.engine.look()
        later = harness.journal.proposals.by_id(left.id)

    assert later is not None
    assert later.state is ProposalState.EXPIRED
    told = [
        (line.ref, line.kind, line.payload) for line in harness.journal.trail.lines()
    ]
    said = {(ref, kind): payload for ref, kind, payload in told}
    assert "NO" in said[declined.id, "declined"]
    assert (left.id, "expired") in said
    for card in (declined, left):
        assert (card.id, "recorded") in said
    assert harness.journal.verify() == ()
