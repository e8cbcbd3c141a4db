"""Recorded scans, and how their rows did. Nothing here is changed, and a
recording outlives its card; the retention deletes it (retention.py)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from typing import Final

from core.model.errors import StoreError
from core.model.market import ConId
from core.model.money import Price
from core.model.proposal import ProposalId
from core.model.scoring.following import Followed, Horizon, Unfinished
from core.model.scoring.recording import Recording
from core.store.access import Access, Role, Row
from core.store.bodies import (
    followed_from_json,
    followed_to_json,
    packed,
    recording_from_json,
    recording_to_json,
    unpacked,
)
from core.store.copies.exported import RecordingFiles
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
BECAME_OF: Final = """
SELECT body FROM followed WHERE proposal_id = ? ORDER BY rowid
"""
_NAME: Final = """
INSERT INTO pick_name (proposal_id, place, con_id, symbol) VALUES (?, ?, ?, ?)
"""
_LATER_NAME: Final = """
INSERT OR IGNORE INTO pick_name (proposal_id, place, con_id, symbol)
SELECT DISTINCT proposal_id, place, con_id, ? FROM pick_name
WHERE proposal_id = ? AND con_id = ?
"""
_PICKS: Final = """
SELECT DISTINCT proposal_id, place, recording.rowid AS number
FROM recording JOIN pick_name USING (proposal_id)
WHERE EXISTS (SELECT 1 FROM followed WHERE followed.proposal_id = recording.proposal_id)
ORDER BY number DESC, place LIMIT :most OFFSET :skip
"""
_PICKS_NAMED: Final = """
SELECT proposal_id, place
FROM pick_name JOIN recording USING (proposal_id)
WHERE symbol = :symbol
AND EXISTS (SELECT 1 FROM followed WHERE followed.proposal_id = recording.proposal_id)
ORDER BY recording.rowid DESC, place LIMIT :most OFFSET :skip
"""
_NUMBER: Final = "SELECT count(DISTINCT proposal_id) FROM followed"
_SPY: Final = """
SELECT session_date, followed.body AS became, min(at)
FROM recording JOIN followed USING (proposal_id)
WHERE horizon = ? GROUP BY session_date ORDER BY session_date
"""  # beside a lone min() SQLite takes the other columns from the row that has it

_BODIES: Final = "SELECT proposal_id, body FROM recording"
_BECAME: Final = "SELECT proposal_id, horizon, body FROM followed"

_DIGITS: Final = 64
"""Hexadecimal, of a SHA-256; early versions kept none for what was followed."""


class SqlRecordings(Role):
    """Implements Recordings. What reads a body raises StoreError if it was altered."""

    def add(self, new: Recording) -> str:
        body = recording_to_json(new)
        made = (from_day(new.session_day), from_moment(new.at))
        self._access.change(_ADD, (new.proposal_id, *made, packed(body)))
        for name in _names(new):
            self._access.change(_NAME, name)
        return _digest(body)

    def by_id(self, proposal_id: ProposalId) -> Recording | None:
        body = self._access.value(_BY_ID, (proposal_id,))
        return None if body is None else recording_from_json(unpacked(body))

    def unfinished(self, *, since: date) -> tuple[Unfinished, ...]:
        asked = (from_day(since), len(Horizon))
        return tuple(_unfinished(row) for row in self._access.rows(_UNFINISHED, asked))

    def follow(self, new: Followed) -> str:
        body = followed_to_json(new)
        self._access.change(_FOLLOW, (new.proposal_id, new.horizon, packed(body)))
        for row in new.rows:
            if row.renamed:
                later = (row.renamed, new.proposal_id, row.con_id)
                self._access.change(_LATER_NAME, later)
        return _digest(body)

    def number_followed(self) -> int:
        """How many recordings have been followed to a horizon at least."""
        return int(self._access.value(_NUMBER) or 0)

    def spy_at_first_cards(self) -> tuple[tuple[date, Price], ...]:
        """SPY's bid (dollars) at the first card of each session (New York's day) whose
        close is followed."""
        rows = self._access.each(_SPY, (Horizon.CLOSE,))
        bids = ((row["session_date"], _spy_from(row["became"])) for row in rows)
        return tuple(
            (date.fromisoformat(day), Price(Decimal(bid))) for day, bid in bids if bid
        )

    def followed(self) -> Iterator[tuple[Recording, tuple[Followed, ...]]]:
        for recorded, of_it in groupby(
            self._access.each(_ALL), key=lambda row: row["recorded"]
        ):
            yield _read(recorded, [row["became"] for row in of_it])

    def followed_of(
        self, proposal_id: ProposalId
    ) -> tuple[Recording, tuple[Followed, ...]]:
        """The recording of a card, with all followed horizons; there is one."""
        recorded = self._access.value(_BY_ID, (proposal_id,))
        became = self._access.rows(BECAME_OF, (proposal_id,))
        return _read(recorded, [row["body"] for row in became])

    def picks(
        self, symbol: str | None, *, skip: int, most: int
    ) -> tuple[tuple[ProposalId, int], ...]:
        """At most *most* picks with a followed horizon after the first *skip*, the
        newest first: the card, and the place among its picks. With a *symbol*, those of
        the stocks that had it then or later."""
        asked = {"symbol": symbol, "skip": skip, "most": most}
        rows = self._access.rows(_PICKS_NAMED if symbol else _PICKS, asked)
        return tuple((ProposalId(row["proposal_id"]), row["place"]) for row in rows)


def _names(new: Recording) -> Iterator[tuple[ProposalId, int, ConId, str]]:
    symbols = {row.instrument.con_id: row.instrument.symbol for row in new.rows}
    for place, con_id in enumerate(new.picked):
        if con_id in symbols:
            yield new.proposal_id, place, con_id, symbols[con_id]


def _read(
    recorded: bytes | str, became: Iterable[bytes | str]
) -> tuple[Recording, tuple[Followed, ...]]:
    horizons = (followed_from_json(unpacked(each)) for each in became)
    return recording_from_json(unpacked(recorded)), tuple(horizons)


def _spy_from(became: bytes) -> str | None:
    """In dollars."""
    bid: str | None = json.loads(unpacked(became)).get("spy_from")
    return bid


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
    the lines of the trail have them; of those that the retention has ``exported``, by
    card."""

    recorded: dict[str, str] = field(default_factory=dict)
    followed: dict[tuple[str, str], str] = field(default_factory=dict)
    exported: dict[str, frozenset[str]] = field(default_factory=dict)

    def noted(self, lines: Iterator[TrailLine]) -> Iterator[TrailLine]:
        """The same *lines*; what they seal is noted as they pass."""
        for line in lines:
            what, _, digest = line.payload.rpartition(" ")
            if line.kind == "recorded":
                self.recorded[line.ref] = digest
            elif line.kind == "followed" and len(digest) == _DIGITS:
                self.followed[line.ref, what] = digest
            elif line.kind == "exported":
                self._let_go(line.ref)
            yield line

    def _let_go(self, ref: str) -> None:
        """Expect the recording in a file: the audit line of its export has been read."""
        sealed = (
            self.recorded.pop(ref, None),
            *(self.followed.pop((ref, each), None) for each in Horizon),
        )
        self.exported[ref] = frozenset(each for each in sealed if each)

    def broken(self, access: Access, files: RecordingFiles) -> Iterator[str]:
        """Every recording that is missing or differs from its seal, in words. Reads all of
        them: a second for each year."""
        yield from self._broken_files(files)
        if self.recorded:
            for card, body in access.each(_BODIES):
                if _differs(body, self.recorded.pop(card, None)):
                    yield f"The recorded scan {card} was changed after it was sealed."
            yield from (f"The recorded scan {card} is gone." for card in self.recorded)
        if self.followed:
            for card, horizon, body in access.each(_BECAME):
                if _differs(body, self.followed.pop((card, horizon), None)):
                    yield f"What became of scan {card} ({horizon}) was changed later."
            for card, horizon in self.followed:
                yield f"What became of scan {card} ({horizon}) is gone."

    def _broken_files(self, files: RecordingFiles) -> Iterator[str]:
        for card, sealed in self.exported.items():
            if not files.has(ProposalId(card)):
                yield f"The exported scan {card} is gone: {files.of(ProposalId(card))}."
            elif not sealed <= files.digests(ProposalId(card)):
                yield (
                    f"The exported scan {card} is not as it was sealed: "
                    f"{files.of(ProposalId(card))}."
                )


def _differs(body: bytes | str, sealed: str | None) -> bool:
    """Whether *body* is not the text whose SHA-256 was *sealed*. False without a seal."""
    try:
        return sealed not in {None, _digest(unpacked(body))}
    except StoreError:
        return sealed is not None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
