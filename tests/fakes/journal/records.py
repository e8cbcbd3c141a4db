"""Recordings, audit trail and retention of the journal in memory."""

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256

from core.model.audit import JournalSize
from core.model.errors import Contradiction
from core.model.order import SETTLED
from core.model.proposal import (
    Proposal,
    ProposalId,
    ProposalState,
    Purpose,
)
from core.model.scoring.following import Followed, Horizon, Unfinished
from core.model.scoring.recording import Recording
from tests.fakes.journal.tables import Role


class MemoryRecordings(Role):
    """Implements Recordings."""

    def add(self, new: Recording) -> str:
        known = self._writing.recordings
        if new.proposal_id in known:
            raise Contradiction("One recording for each card.")
        known[new.proposal_id] = new
        return sha256(repr(new).encode()).hexdigest()

    def by_id(self, proposal_id: ProposalId) -> Recording | None:
        return self._reading.recordings.get(proposal_id)

    def unfinished(self, *, since: date) -> tuple[Unfinished, ...]:
        found = (
            Unfinished(
                proposal_id=each.proposal_id,
                session_day=each.session_day,
                at=each.at,
                done=tuple(
                    horizon
                    for card, horizon in self._reading.followed
                    if card == each.proposal_id
                ),
            )
            for each in self._reading.recordings.values()
            if each.session_day >= since
        )
        return tuple(each for each in found if len(each.done) < len(Horizon))

    def follow(self, new: Followed) -> str:
        known, key = self._writing.followed, (new.proposal_id, new.horizon)
        if key in known or new.proposal_id not in self._reading.recordings:
            raise Contradiction("A horizon of a recording is followed once.")
        known[key] = new
        return sha256(repr(new).encode()).hexdigest()

    def followed(self) -> Iterator[tuple[Recording, tuple[Followed, ...]]]:
        for card, recording in self._reading.recordings.items():
            kept = self._reading.followed.items()
            became = tuple(each for (of, _), each in kept if of == card)
            if became:
                yield recording, became


class MemoryRetention(Role):
    """Implements Retention."""

    def forget_updates(self, *, before: datetime, most: int) -> int:
        kept = self._writing.updates
        old = sorted(
            number
            for number, (at, _) in kept.items()
            if at < before and number in self._reading.handled
        )
        for number in old[:most]:
            del kept[number]
        return len(old[:most])

    def forget_cards(self, *, before: datetime, most: int) -> int:
        old = [
            card for card in self._reading.cards.values() if self._is_over(card, before)
        ]
        old.sort(key=lambda card: card.made_at)
        for card in old[:most]:
            self._forget(card.id)
        return len(old[:most])

    @staticmethod
    def _may_protect(card: Proposal) -> bool:
        approved = card.state is ProposalState.APPROVED
        return approved and card.purpose is Purpose.EXITS

    def _is_over(self, card: Proposal, before: datetime) -> bool:
        tables = self._reading
        orders = [o for o in tables.orders.values() if o.proposal_id == card.id]
        unsent = any(
            each.told < each.edition and card.id in key
            for key, each in tables.news.items()
        )
        return (
            card.made_at < before
            and card.state is not ProposalState.OFFERED
            and not self._may_protect(card)
            and all(o.state in SETTLED and not o.fills for o in orders)
            and not unsent
        )

    def _forget(self, card: ProposalId) -> None:
        tables = self._writing
        del tables.cards[card]
        for ref in [o.ref for o in tables.orders.values() if o.proposal_id == card]:
            del tables.orders[ref]
        for kind in ("card", "settled", "asked-again"):
            self._forget_news(f"{kind}:{card}")
        for place in list(tables.places):
            if tables.memory.get(repr(("card", place))) == card:
                del tables.places[place]
        for name in [n for n, v in tables.memory.items() if v == card]:
            del tables.memory[name]

    def _forget_news(self, key: str) -> None:
        tables = self._writing
        tables.news.pop(key, None)
        for place in [p for p in tables.places if p.rpartition("/")[2] == key]:
            del tables.places[place]
        for copy in [c for c in tables.copies if c[0] == key]:
            del tables.copies[copy]

    def export_recording(self, *, before: date) -> ProposalId | None:
        old = [
            each
            for each in self._reading.recordings.values()
            if each.session_day < before
        ]
        if not old:
            return None
        card = min(old, key=lambda each: each.session_day).proposal_id
        self._ground.exported.add(card)
        return card

    def forget_recording(self, proposal_id: ProposalId) -> None:
        if proposal_id not in self._ground.exported:
            raise Contradiction("A recording stays until a file has it.")
        tables = self._writing
        tables.recordings.pop(proposal_id, None)
        for key in [key for key in tables.followed if key[0] == proposal_id]:
            del tables.followed[key]

    def size(self) -> JournalSize:
        return JournalSize(bytes=len(repr(self._reading)), since=None)


class MemoryTrail(Role):
    """Implements Trail."""

    def append(self, *, at: datetime, ref: str, kind: str, payload: str) -> None:
        self._writing.trail.append((at, ref, kind, payload))
