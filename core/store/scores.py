"""The score of the picks, read beside the running bot."""

import asyncio
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from core.chance import repeatable
from core.model.order import OrderState
from core.model.proposal import ProposalId
from core.model.scoring.following import Followed
from core.model.scoring.recording import Recording
from core.model.scoring.score import Score
from core.model.scoring.trades import ListedHoldings, PastPick, Trades
from core.rules.scoring.outcomes import ScoredScan
from core.rules.scoring.past_picks import Disposed, disposed, past_picks
from core.rules.scoring.replay import Replayed, ReplayParameters, replay
from core.rules.scoring.round_trips import trades
from core.rules.scoring.score import score
from core.store.access import Access
from core.store.memory import SqlMemory
from core.store.orders import SqlOrders
from core.store.other_trades import SqlOtherTrades
from core.store.recordings import SqlRecordings
from core.store.schema import read_beside


class Scores:
    """Implements Scoring for the journal at *path*, over connections of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def score(self) -> Score | None:
        return await asyncio.to_thread(score_of, self._path)

    async def trades(self, held: ListedHoldings) -> Trades:
        return await asyncio.to_thread(trades_of, self._path, held)

    async def past_picks(
        self, held: ListedHoldings, *, symbol: str | None, skip: int, most: int
    ) -> tuple[PastPick, ...]:
        return await asyncio.to_thread(_picks, self._path, held, symbol, skip, most)


def score_of(path: Path) -> Score | None:
    """The score of all that the journal at *path* has recorded and followed; None
    without any. The same recordings give the same score.

    Raises:
        StoreError: there is no journal, or it cannot be read, or is not of this Openbell.
    """
    with read_beside(path) as access:
        choices = repeatable(SqlRecordings(access).number_followed())
        return score(_scored_scans(access), choices=choices)


def trades_of(path: Path, held: ListedHoldings) -> Trades:
    """All fills in *held*'s account in the journal at *path*, matched. Raises
    StoreError."""
    with read_beside(path) as access:
        found = _matched(access, held)
        return replace(
            found,
            values=SqlMemory(access).account_values(),
            spy=SqlRecordings(access).spy_at_first_cards(),
        )


def _matched(access: Access, held: ListedHoldings) -> Trades:
    orders = SqlOrders(access).in_states(tuple(OrderState))
    return trades(orders, (), held=held, others=SqlOtherTrades(access).all())


def _picks(
    path: Path, held: ListedHoldings, symbol: str | None, skip: int, most: int
) -> tuple[PastPick, ...]:
    """The newest first; no other card is read."""
    with read_beside(path) as access:
        became_of = disposed(_matched(access, held))
        found = SqlRecordings(access).picks(symbol, skip=skip, most=most)
        return tuple(
            pick
            for proposal_id, of_it in groupby(found, key=itemgetter(0))
            for pick in _chosen(_scored_scan(proposal_id, access), became_of, of_it)
        )


def _chosen(
    scored_scan: ScoredScan,
    became_of: Mapping[str, Disposed],
    places: Iterable[tuple[ProposalId, int]],
) -> Iterator[PastPick]:
    picks = tuple(past_picks(scored_scan, became_of))
    return (picks[place] for _, place in places)


@contextmanager
def scored_scans_of(path: Path) -> Iterator[Iterator[ScoredScan]]:
    """Every recording with what became of it, in the order of recording, while the
    block is open. Raises StoreError."""
    with read_beside(path) as access, closing(_scored_scans(access)) as scored_scans:
        yield scored_scans


def replay_of(
    path: Path, parameters: ReplayParameters, *, tried: int
) -> Replayed | None:
    """The recordings of the journal at *path* with other *parameters*; *tried* counts the
    sets that were tried. None without any. The same recordings give the same figures.

    Raises:
        StoreError: there is no journal, or it cannot be read.
    """
    with read_beside(path) as access:
        choices = repeatable(SqlRecordings(access).number_followed())
        return replay(_scored_scans(access), parameters, tried=tried, choices=choices)


def _scored_scans(access: Access) -> Generator[ScoredScan, None, None]:
    return _told(SqlRecordings(access).followed(), access)


def _told(
    recordings: Iterable[tuple[Recording, tuple[Followed, ...]]], access: Access
) -> Generator[ScoredScan, None, None]:
    orders = SqlOrders(access)
    for recording, became in recordings:
        yield ScoredScan(
            recording=recording,
            followed=became,
            orders=orders.of_proposal(recording.proposal_id),
        )


def _scored_scan(proposal_id: ProposalId, access: Access) -> ScoredScan:
    (found,) = _told([SqlRecordings(access).followed_of(proposal_id)], access)
    return found
