"""Cards: each offer, with at most one answer (W1)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from core.model.errors import Contradiction
from core.model.proposal import (
    Proposal,
    ProposalId,
    ProposalState,
    Shown,
    Token,
)
from core.store.access import Access, Parameters, Role, Row
from core.store.bodies import packed, proposal_from_body, proposal_to_json
from core.store.tables import from_day, from_moment, to_moment


_ADD: Final = """
INSERT INTO proposal (
    id, token, session_date, state, made_at, expires_at, owner_id, chat_id, message_id,
    legs, purpose, decided_by, decided_at, body
) VALUES (
    :id, :token, :session_date, :state, :made_at, :expires_at, :owner_id, :chat_id,
    :message_id, :legs, :purpose, :decided_by, :decided_at, :body
)
"""
_REPLACE: Final = """
UPDATE proposal SET
    token = :token, session_date = :session_date, made_at = :made_at,
    expires_at = :expires_at, owner_id = :owner_id, chat_id = :chat_id,
    message_id = :message_id, legs = :legs, purpose = :purpose, body = :body
WHERE id = :id
"""
_AMEND: Final = f"{_REPLACE} AND state IN ('draft', 'offered')"
_MOVE: Final = """
UPDATE proposal SET state = :to, decided_by = :by, decided_at = :at
WHERE id = :id AND state = 'offered'
"""
_THERE: Final = """
AND owner_id = :owner AND chat_id = :chat AND message_id = :message
AND expires_at > :at
"""
_MOVE_THERE: Final = f"{_MOVE}{_THERE}"
_BY_ID: Final = "SELECT * FROM proposal WHERE id = ?"
_BY_TOKEN: Final = "SELECT * FROM proposal WHERE token = ?"  # noqa: S105  no secret
_OFFERS: Final = "SELECT * FROM proposal WHERE state = 'offered' ORDER BY made_at, id"
_OFFER_IDS: Final = """
SELECT id FROM proposal WHERE state = 'offered' AND expires_at <= ?
ORDER BY made_at, id
"""
_NEWEST_IN: Final = """
SELECT id FROM proposal WHERE message_id = ? AND chat_id = ? AND owner_id = ?
ORDER BY rowid DESC LIMIT 1
"""  # SQLite counts rows upwards
_LATEST: Final = """
SELECT * FROM proposal WHERE legs > 0 AND purpose = 'picks'
ORDER BY made_at DESC LIMIT 1
"""
_NEWEST_SCAN: Final = """
SELECT * FROM proposal WHERE purpose = 'picks' ORDER BY made_at DESC LIMIT 1
"""
_LATEST_BEFORE: Final = """
SELECT * FROM proposal WHERE legs > 0 AND purpose = 'picks' AND session_date < ?
ORDER BY made_at DESC LIMIT 1
"""


_MOST_KNOWN: Final = 8
"""How many cards are cached; few are open at a time."""


class SqlProposals(Role):
    """Implements Proposals; what reads a card raises StoreError if its body was altered.
    The cards that were read last are cached, since no other process writes here."""

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self._known: dict[ProposalId, Proposal] = {}
        access.followed_by(self)

    def committed(self) -> None:
        """What is known is on disk."""

    def rolled_back(self) -> None:
        self._known.clear()

    def add(self, proposal: Proposal) -> None:
        decided = {
            "state": proposal.state,
            "decided_by": proposal.decided_by,
            "decided_at": from_moment(proposal.decided_at),
        }
        self._access.change(_ADD, {**decided, **_body(proposal)})

    def amend(self, proposal: Proposal) -> None:
        self._known.pop(proposal.id, None)
        if self._access.change(_AMEND, _body(proposal)) != 1:
            raise Contradiction(
                f"Card {proposal.id} cannot be amended: it is not open."
            )

    def set_shown(self, proposal_id: ProposalId, shown: Shown) -> None:
        if (proposal := self.by_id(proposal_id)) is not None:
            self._known.pop(proposal_id)
            self._access.change(_REPLACE, _body(replace(proposal, shown=shown)))

    def move(
        self,
        proposal_id: ProposalId,
        *,
        to: ProposalState,
        by: str,
        at: datetime,
        shown: Shown | None,
    ) -> bool:
        known = self._known.pop(proposal_id, None)
        change: dict[str, Any] = {"id": proposal_id, "to": to, "by": by}
        change["at"], statement = from_moment(at), _MOVE
        if shown is not None:
            place = {"owner": shown.owner, "chat": shown.chat, "message": shown.message}
            statement, change = _MOVE_THERE, {**change, **place}
        has_moved = self._access.change(statement, change) == 1
        if has_moved and known is not None:
            moved = replace(known, state=to, decided_by=by, decided_at=at)
            self._known[proposal_id] = moved
        return has_moved

    def by_id(self, proposal_id: ProposalId) -> Proposal | None:
        return self._known.get(proposal_id) or self._one(_BY_ID, (proposal_id,))

    def by_token(self, token: Token) -> Proposal | None:
        known = (each for each in self._known.values() if each.token == token)
        return next(known, None) or self._one(_BY_TOKEN, (token,))

    def offers(self) -> tuple[Proposal, ...]:
        return tuple(_proposal(row) for row in self._access.rows(_OFFERS))

    def newest_in(self, shown: Shown) -> ProposalId | None:
        place = (shown.message, shown.chat, shown.owner)
        found: str | None = self._access.value(_NEWEST_IN, place)
        return None if found is None else ProposalId(found)

    def offer_ids(self, *, over_at: datetime | None = None) -> tuple[ProposalId, ...]:
        until = datetime.max.replace(tzinfo=UTC) if over_at is None else over_at
        found = self._access.rows(_OFFER_IDS, (from_moment(until),))
        return tuple(ProposalId(row["id"]) for row in found)

    def latest(self, *, before: date | None) -> Proposal | None:
        if before is None:
            return self._one(_LATEST)
        return self._one(_LATEST_BEFORE, (from_day(before),))

    def newest_scan(self) -> Proposal | None:
        return self._one(_NEWEST_SCAN)

    def _one(self, query: str, asked: Parameters = ()) -> Proposal | None:
        row = self._access.row(query, asked)
        if row is None:
            return None
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        found = _proposal(row)
        self._known[found.id] = found
        return found


def _body(proposal: Proposal) -> dict[str, Any]:
    """All columns except the state; values used in a WHERE have their own."""
    return {
        "id": proposal.id,
        "token": proposal.token,
        "session_date": from_day(proposal.session_day),
        "made_at": from_moment(proposal.made_at),
        "expires_at": from_moment(proposal.expires_at),
        "owner_id": proposal.shown.owner,
        "chat_id": proposal.shown.chat,
        "message_id": proposal.shown.message,
        "legs": len(proposal.legs),
        "purpose": proposal.purpose,
        "body": packed(proposal_to_json(proposal)),
    }


def _proposal(row: Row) -> Proposal:
    return replace(
        proposal_from_body(row["body"]),
        state=ProposalState(row["state"]),
        decided_by=row["decided_by"],
        decided_at=to_moment(row["decided_at"]),
    )
