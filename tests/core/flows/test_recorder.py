"""What a recording holds of a scan that was not as it should be, and its size."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from bot.prompt.score import _rows
from core.model.market import ConId, Lending, Quote, RankBy, Snapshot
from core.model.money import Price
from core.model.proposal import Choice, Proposal, ProposalState
from core.model.scoring.following import Followed, FollowedRow, Horizon
from core.model.scoring.recording import Recording
from core.rules.ranking import rank
from core.rules.scoring.outcomes import ScoredScan
from core.store.bodies import (
    followed_to_json,
    packed,
    proposal_to_json,
    recording_from_json,
    recording_to_json,
    unpacked,
)
from tests.builders import NOW, QRVX, a_bar, a_prior_bar, a_proposal, a_quote
from tests.contracts.store.test_recordings import A_RECORDING, at
from tests.harness.core import Harness


A_CARD = 20_000
"""Bytes in the journal: of fifty stocks of more than a thousand dollars, each with
another long name and other digits."""

LONG = "BRK PRA WS"
NOT_SUBSCRIBED = (
    "Requested market data is not subscribed. Check API status by selecting the Account "
    "menu then under Management choose Market Data Subscription Manager and/or "
    "availability of delayed data. FDMX NASDAQ.NMS/TOP/ALL"
)


def a_full_quote(chance: Random) -> Quote:
    """Every figure is there, with as many digits as IB sends."""
    prices = ("bid", "ask", "last", "open", "close", "high", "low")
    volume, average = (chance.randrange(10**8, 10**9) for _ in range(2))
    return replace(
        a_quote(
            at=NOW + timedelta(microseconds=chance.randrange(10**6)),
            **{each: a_price(chance, 2) for each in prices},
        ),
        volume=volume,
        average_volume=average,
        halted=False,
        vwap=a_price(chance, 4),
        ask_size=100 * chance.randrange(100, 1_000),
        lending=next(iter(Lending)),
    )


def a_price(chance: Random, digits: int) -> Price:
    return Price(Decimal(f"{chance.uniform(1_000, 10_000):.{digits}f}"))


def a_scan(*, quoted: bool) -> Recording:
    """Fifty rows with long names; the five have their two bars."""
    chance = Random(1)
    rows = tuple(
        Snapshot(
            rank=rank,
            instrument=replace(
                QRVX,
                con_id=ConId(chance.randrange(10**9, 2 * 10**9)),
                symbol=f"{''.join(chance.sample(LONG, len(LONG)))}{rank}",
            ),
            quote=a_full_quote(chance) if quoted else None,
            bars=(a_prior_bar(), a_bar()) if rank <= 5 else None,
            problem=None if quoted and rank > 5 else NOT_SUBSCRIBED,
        )
        for rank in range(1, 51)
    )
    picked = tuple(row.instrument.con_id for row in rows[:2])
    return replace(A_RECORDING, rows=rows, picked=picked, settings="50 rows of " * 20)


@pytest.mark.parametrize("quoted", [True, False], ids=["quoted", "refused"])
def test_a_card_takes_twenty_kilobytes_at_most_with_all_that_becomes_of_it(
    *, quoted: bool
) -> None:
    scan = a_scan(quoted=quoted)
    body = recording_to_json(scan)
    kept = [packed(body), packed(proposal_to_json(a_card_of(scan)))]
    kept += [packed(followed_to_json(a_following(scan, each))) for each in Horizon]

    assert sum(map(len, kept)) <= A_CARD
    assert recording_from_json(unpacked(kept[0])) == scan


def a_card_of(scan: Recording) -> Proposal:
    """The card that was recorded; it has all rows itself."""
    ranking = rank(
        scan.rows, rank_by=RankBy.SCANNER, session_day=scan.session_day, at=scan.at
    )
    return a_proposal(ranking=ranking)


def a_following(scan: Recording, horizon: Horizon) -> Followed:
    chance = Random(horizon)
    rows = tuple(
        FollowedRow(
            con_id=each.instrument.con_id,
            price=a_price(chance, 2),
            best=a_price(chance, 2),
            worst=a_price(chance, 2),
        )
        for each in scan.rows
    )
    return replace(at(horizon, scan), rows=rows)


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
