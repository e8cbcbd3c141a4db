"""Deletes old rows, and reports the size of the journal. Never deleted are the audit
trail (the database refuses it) and orders with a fill. A recorded scan does not go with
its card, because the score must not depend on what was bought, and leaves no sooner
than a file has it."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Final

from core.model.audit import JournalSize
from core.model.errors import Contradiction
from core.model.order import SETTLED
from core.model.proposal import ProposalId
from core.store.access import Access, Role
from core.store.bodies import unpacked
from core.store.copies.exported import RecordingFiles
from core.store.memory import ANSWER, beyond
from core.store.recordings import BECAME_OF
from core.store.tables import from_day, from_moment
from core.store.trail import moment_of


_FORGET_UPDATES: Final = """
DELETE FROM inbox WHERE update_id IN (
    SELECT update_id FROM inbox WHERE received_at < ? AND state != 'new'
    ORDER BY received_at LIMIT ?
)
"""
_CARD_NEWS: Final = ("card:", "settled:", "asked-again:")
"""The prefixes of the keys of a card's news; its id follows."""

_OLD_CARDS: Final = """
SELECT id FROM proposal
WHERE made_at < :before
AND state != 'offered'
AND NOT (purpose = 'exits' AND state = 'approved')
AND NOT EXISTS (
    SELECT 1 FROM intent WHERE proposal_id = proposal.id
    AND (
        state NOT IN (SELECT value FROM json_each(:settled))
        OR EXISTS (SELECT 1 FROM exec WHERE exec.ref = intent.ref)
    )
)
AND NOT EXISTS (
    SELECT 1 FROM outbox WHERE told < edition AND instr(key, proposal.id) > 0
)
ORDER BY made_at LIMIT :most
"""
_SETTLED: Final = json.dumps(sorted(SETTLED))
_ANSWERS: Final = """
SELECT k FROM meta WHERE k >= ? AND k < ? AND v IN (SELECT value FROM json_each(?))
"""
_FIRST_LINE: Final = "SELECT ts FROM event ORDER BY seq LIMIT 1"

_FORGET_ORDERS: Final = """
DELETE FROM intent WHERE proposal_id IN (SELECT value FROM json_each(?))
"""
_FORGET_NEWS: Final = """
DELETE FROM outbox WHERE key IN (SELECT value FROM json_each(?))
"""
_FORGET_COPIES: Final = """
DELETE FROM copy WHERE key IN (SELECT value FROM json_each(?))
"""
_FORGET_PLACES: Final = """
DELETE FROM placeholder
WHERE substr(key, instr(key, '/') + 1) IN (SELECT value FROM json_each(?))
"""
_FORGET_ANSWERS: Final = "DELETE FROM meta WHERE k IN (SELECT value FROM json_each(?))"
_FORGET_CARDS: Final = """
DELETE FROM proposal WHERE id IN (SELECT value FROM json_each(?))
"""

_OLD_RECORDING: Final = """
SELECT proposal_id, body FROM recording
WHERE session_date < ? ORDER BY session_date LIMIT 1
"""
_FORGET_NAMES: Final = "DELETE FROM pick_name WHERE proposal_id = ?"
_FORGET_BECAME: Final = "DELETE FROM followed WHERE proposal_id = ?"
_FORGET_RECORDING: Final = "DELETE FROM recording WHERE proposal_id = ?"


class SqlRetention(Role):
    """Implements Retention, for the journal at *path*."""

    def __init__(self, access: Access, path: Path) -> None:
        super().__init__(access)
        self._files = RecordingFiles(path)

    def forget_updates(self, *, before: datetime, most: int) -> int:
        return self._access.change(_FORGET_UPDATES, (from_moment(before), most))

    def forget_cards(self, *, before: datetime, most: int) -> int:
        which = {"before": from_moment(before), "most": most, "settled": _SETTLED}
        cards = [row["id"] for row in self._access.rows(_OLD_CARDS, which)]
        if cards:
            self._forget(cards)
            self._access.forget()
        return len(cards)

    def _forget(self, cards: list[str]) -> None:
        """Delete cards with everything that refers to them."""
        named = (ANSWER, beyond(ANSWER), json.dumps(cards))
        answers = [row["k"] for row in self._access.rows(_ANSWERS, named)]
        places = [answer.removeprefix(ANSWER) for answer in answers]
        news = [f"{kind}{card}" for card in cards for kind in _CARD_NEWS]
        self._delete(_FORGET_ORDERS, cards)
        self._delete(_FORGET_NEWS, news)
        self._delete(_FORGET_COPIES, news)
        self._delete(_FORGET_PLACES, [*places, *news])
        self._delete(_FORGET_ANSWERS, answers)
        self._delete(_FORGET_CARDS, cards)

    def _delete(self, rows: str, names: Iterable[str]) -> None:
        self._access.change(rows, (json.dumps(list(names)),))

    def export_recording(self, *, before: date) -> ProposalId | None:
        old = self._access.row(_OLD_RECORDING, (from_day(before),))
        if old is None:
            return None
        card, body = ProposalId(old["proposal_id"]), old["body"]
        became = self._access.rows(BECAME_OF, (card,))
        texts = [unpacked(each) for each in (body, *(row["body"] for row in became))]
        self._files.write(card, texts)
        return card

    def forget_recording(self, proposal_id: ProposalId) -> None:
        if not self._files.has(proposal_id):
            raise Contradiction("A recording stays until a file has it.")
        self._access.change(_FORGET_NAMES, (proposal_id,))
        self._access.change(_FORGET_BECAME, (proposal_id,))
        self._access.change(_FORGET_RECORDING, (proposal_id,))

    def size(self) -> JournalSize:
        pages = self._pragma("page_count") - self._pragma("freelist_count")
        first = self._access.value(_FIRST_LINE)
        return JournalSize(
            bytes=pages * self._pragma("page_size"), since=moment_of(first)
        )

    def _pragma(self, name: str) -> int:
        return int(self._access.value(f"PRAGMA {name}"))
