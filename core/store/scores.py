"""The score of the picks, read beside the running bot."""

import asyncio
from pathlib import Path

from sqlalchemy import Connection

from core.chance import repeatable
from core.model.scoring.score import Score
from core.rules.scoring.outcomes import Story
from core.rules.scoring.score import score
from core.store.access import Access
from core.store.inspection import looked_into
from core.store.orders import SqlOrders
from core.store.recordings import SqlRecordings


class Scores:
    """Implements Scoring for the journal at *path*, over connections of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def score(self) -> Score | None:
        return await asyncio.to_thread(score_of, self._path)


def score_of(path: Path) -> Score | None:
    """The score of all that the journal at *path* has recorded and followed; None
    without any. The same recordings give the same score.

    Raises:
        StoreError: there is no journal, or it cannot be read.
    """
    stories = stories_of(path)
    return score(stories, choices=repeatable(len(stories)))


def stories_of(path: Path) -> tuple[Story, ...]:
    """Every recording with what became of it, in the order of recording. Raises
    StoreError."""
    with looked_into(path) as connection:
        return _stories(connection)


def _stories(connection: Connection) -> tuple[Story, ...]:
    access = Access(connection)
    recordings, orders = SqlRecordings(access), SqlOrders(access)
    return tuple(
        Story(
            recording=recording,
            followed=became,
            orders=orders.of_proposal(recording.proposal_id),
        )
        for recording, became in recordings.followed()
    )
