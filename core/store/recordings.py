"""Recorded scans, and how their rows did. Nothing here is changed or deleted; a
recording outlives its card."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from typing import Final

from core.model.money import Price
from core.model.proposal import ProposalId
from core.model.scoring.following import Followed, Horizon, Unfinished
from core.model.scoring.recording import Recording
from core.store.access import Access, Role, Row
from core.store.bodies import (
    followed_from_json,
    followed_to_json,
    recording_from_json,
    recording_to_json,
)
from core.store.tables import from_day, from_moment
from core.store.trail import TrailLine


_ADD: Final = """
INSERT INTO recording (proposal_id, session_date, at, body) VALUES (?, ?, ?, ?)
"""
_FOLLOW: Final = "INSERT INTO followed (proposal_id, horizon, body) VALUES (?, ?, ?)"
_BY_ID: Final = "SELECT body FROM recording WHERE proposal_id = ?"
_UNFINISHED: Final = """
SELECT proposal_id, session_date, at, (
    SELECT group_concat(horizon, char(10)) FROM followed
    WHERE followed.proposal_id = recording.proposal_id
) AS done
FROM recording
WHERE session_date >= ? AND (
    SELECT count(*) FROM followed WHERE followed.proposal_id = recording.proposal_id
) < ?
ORDER BY +rowid
"""  # SQLite counts rows upwards; the + has it look by day, and not through all rows
_ALL: Final = """
SELECT recording.body AS recorded, followed.body AS became
FROM recording JOIN followed USING (proposal_id)
ORDER BY recording.rowid, followed.rowid
"""
_NEWEST_FIRST: Final = """
SELECT recording.body AS recorded, followed.body AS became
FROM recording JOIN followed USING (proposal_id)
ORDER BY recording.rowid DESC, followed.rowid
"""
_OF_SYMBOL: Final = """
SELECT recording.body AS recorded, followed.body AS became
FROM recording CROSS JOIN followed USING (proposal_id)
WHERE instr(recording.body, :symbol) OR EXISTS (
    SELECT 1 FROM followed AS other
    WHERE other.proposal_id = recording.proposal_id AND instr(other.body, :renamed)
)
ORDER BY recording.rowid DESC, followed.rowid
"""  # a CROSS JOIN has SQLite look into each recording once
_NUMBER: Final = "SELECT count(DISTINCT proposal_id) FROM followed"
_SPY: Final = """
SELECT session_date, json_extract(followed.body, '$.spy_from') AS bid, min(at)
FROM recording JOIN followed USING (proposal_id)
WHERE horizon = ? GROUP BY session_date ORDER BY session_date
"""  # beside a lone min() SQLite takes the other columns from the row that has it

_BODIES: Final = "SELECT proposal_id, body FROM recording"
_BECAME: Final = "SELECT proposal_id, horizon, body FROM followed"

_DIGITS: Final = 64
"""Hexadecimal, of a SHA-256; early versions kept none for what was followed."""


class SqlRecordings(Role):
    """Implements Recordings."""

    def add(self, new: Recording) -> str:
        body = recording_to_json(new)
        made = (from_day(new.session_day), from_moment(new.at))
        self._access.change(_ADD, (new.proposal_id, *made, body))
        return _digest(body)

    def by_id(self, proposal_id: ProposalId) -> Recording | None:
        body = self._access.value(_BY_ID, (proposal_id,))
        return None if body is None else recording_from_json(body)

    def unfinished(self, *, since: date) -> tuple[Unfinished, ...]:
        asked = (from_day(since), len(Horizon))
        return tuple(_unfinished(row) for row in self._access.rows(_UNFINISHED, asked))

    def follow(self, new: Followed) -> str:
        body = followed_to_json(new)
        self._access.change(_FOLLOW, (new.proposal_id, new.horizon, body))
        return _digest(body)

    def number_followed(self) -> int:
        """How many recordings have been followed to a horizon at least."""
        return int(self._access.value(_NUMBER) or 0)

    def spy_at_first_cards(self) -> tuple[tuple[date, Price], ...]:
        """SPY's bid (dollars) at the first card of each session (New York's day) whose
        close is followed."""
        return tuple(
            (date.fromisoformat(row["session_date"]), Price(Decimal(row["bid"])))
            for row in self._access.rows(_SPY, (Horizon.CLOSE,))
            if row["bid"] is not None
        )

    def followed(
        self, *, newest_first: bool = False
    ) -> Iterator[tuple[Recording, tuple[Followed, ...]]]:
        rows = self._access.each(_NEWEST_FIRST if newest_first else _ALL)
        return _scored_scans(rows)

    def followed_with(
        self, symbol: str
    ) -> Iterator[tuple[Recording, tuple[Followed, ...]]]:
        """The same, the newest first, of the scans with a row that had *symbol* then or
        later."""
        name = json.dumps(symbol, ensure_ascii=False)
        named = {"symbol": f'"symbol":{name}', "renamed": f'"renamed":{name}'}
        return _scored_scans(self._access.each(_OF_SYMBOL, named))


def _scored_scans(
    rows: Iterator[Row],
) -> Iterator[tuple[Recording, tuple[Followed, ...]]]:
    for recorded, of_it in groupby(rows, key=lambda row: row["recorded"]):
        became = tuple(followed_from_json(row["became"]) for row in of_it)
        yield recording_from_json(recorded), became


def _unfinished(row: Row) -> Unfinished:
    return Unfinished(
        proposal_id=ProposalId(row["proposal_id"]),
        session_day=date.fromisoformat(row["session_date"]),
        at=datetime.fromisoformat(row["at"]),
        done=_horizons(row["done"]),
    )


def _horizons(done: str | None) -> tuple[Horizon, ...]:
    return tuple(Horizon(each) for each in done.split("\n")) if done else ()


@dataclass(slots=True)
class Seals:
    """The SHA-256 of each recorded scan, and of what became of it at each horizon, as
    the lines of the trail have them."""

    recorded: dict[str, str] = field(default_factory=dict)
    followed: dict[tuple[str, str], str] = field(default_factory=dict)

    def noted(self, lines: Iterator[TrailLine]) -> Iterator[TrailLine]:
        """The same *lines*; what they seal is noted as they pass."""
        for line in lines:
            what, _, digest = line.payload.rpartition(" ")
            if line.kind == "recorded":
                self.recorded[line.ref] = digest
            elif line.kind == "followed" and len(digest) == _DIGITS:
                self.followed[line.ref, what] = digest
            yield line

    def broken(self, access: Access) -> Iterator[str]:
        """What is not there any more as it was sealed, in words. Reads every recording:
        a second for each year of them."""
        if self.recorded:
            for card, body in access.each(_BODIES):
                if self.recorded.pop(card, _digest(body)) != _digest(body):
                    yield f"The recorded scan {card} was changed after it was sealed."
            yield from (f"The recorded scan {card} is gone." for card in self.recorded)
        if self.followed:
            for card, horizon, body in access.each(_BECAME):
                if self.followed.pop((card, horizon), _digest(body)) != _digest(body):
                    yield f"What became of scan {card} ({horizon}) was changed later."
            for card, horizon in self.followed:
                yield f"What became of scan {card} ({horizon}) is gone."


def _digest(body: str) -> str:
    return sha256(body.encode()).hexdigest()
