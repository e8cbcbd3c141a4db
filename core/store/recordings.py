"""Recorded scans, and what became of their rows. Nothing here is changed or forgotten;
a recording outlives its card."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import Final

from sqlalchemy import Integer, bindparam, func, insert, literal_column, select

from core.model.proposal import ProposalId
from core.model.scoring.following import Followed, Horizon, Unfinished
from core.model.scoring.recording import Recording
from core.store.access import Role
from core.store.bodies import (
    followed_from_json,
    followed_to_json,
    recording_from_json,
    recording_to_json,
)
from core.store.tables import followed, recording


_ADD: Final = insert(recording)
_FOLLOW: Final = insert(followed)
_MADE: Final = literal_column("recording.rowid", Integer)  # SQLite counts upwards
_FOLLOWED: Final = literal_column("followed.rowid", Integer)
_BY_ID: Final = select(recording.c.body).where(
    recording.c.proposal_id == bindparam("this")
)
_UNFINISHED: Final = (
    select(
        *(recording.c.proposal_id, recording.c.session_date, recording.c.at),
        func.group_concat(followed.c.horizon, "\n").label("done"),
    )
    .outerjoin(followed, followed.c.proposal_id == recording.c.proposal_id)
    .where(recording.c.session_date >= bindparam("since"))
    .group_by(recording.c.proposal_id)
    .having(func.count(followed.c.horizon) < len(Horizon))
    .order_by(_MADE)
)
_BOTH: Final = select(
    recording.c.body.label("recorded"), followed.c.body.label("became")
).join(followed, followed.c.proposal_id == recording.c.proposal_id)
_ALL: Final = _BOTH.order_by(_MADE, _FOLLOWED)
_NEWEST_FIRST: Final = _BOTH.order_by(_MADE.desc(), _FOLLOWED)


class SqlRecordings(Role):
    """Implements Recordings."""

    def add(self, new: Recording) -> str:
        body = recording_to_json(new)
        self._writing.execute(
            _ADD,
            {
                "proposal_id": new.proposal_id,
                "session_date": new.session_day,
                "at": new.at,
                "body": body,
            },
        )
        return sha256(body.encode()).hexdigest()

    def by_id(self, proposal_id: ProposalId) -> Recording | None:
        body = self._reading.execute(_BY_ID, {"this": proposal_id}).scalar()
        return None if body is None else recording_from_json(body)

    def unfinished(self, *, since: date) -> tuple[Unfinished, ...]:
        rows = self._reading.execute(_UNFINISHED, {"since": since})
        return tuple(
            Unfinished(
                proposal_id=row.proposal_id,
                session_day=row.session_date,
                at=row.at,
                done=_horizons(row.done),
            )
            for row in rows
        )

    def follow(self, new: Followed) -> None:
        body = followed_to_json(new)
        self._writing.execute(
            _FOLLOW,
            {"proposal_id": new.proposal_id, "horizon": new.horizon, "body": body},
        )

    def followed(
        self, *, newest_first: bool = False
    ) -> Iterator[tuple[Recording, tuple[Followed, ...]]]:
        rows = self._reading.execute(_NEWEST_FIRST if newest_first else _ALL)
        for recorded, of_it in groupby(rows, key=lambda row: row.recorded):
            became = tuple(followed_from_json(row.became) for row in of_it)
            yield recording_from_json(recorded), became


def _horizons(done: str | None) -> tuple[Horizon, ...]:
    return tuple(Horizon(each) for each in done.split("\n")) if done else ()
