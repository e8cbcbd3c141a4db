"""Cards: what was offered, and the one answer that each can have (W1)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    Integer,
    Row,
    Select,
    bindparam,
    insert,
    literal_column,
    select,
    update,
)

from core.model.errors import Contradiction
from core.model.proposal import (
    UNDECIDED,
    Proposal,
    ProposalId,
    ProposalState,
    Purpose,
    Shown,
    Token,
)
from core.store.access import Role
from core.store.bodies import proposal_from_json, proposal_to_json
from core.store.tables import proposal as table


_ADD: Final = insert(table)
_AMEND: Final = update(table).where(
    table.c.id == bindparam("this"), table.c.state.in_(UNDECIDED)
)
_STAND: Final = update(table).where(table.c.id == bindparam("this"))
_MOVE: Final = update(table).where(
    table.c.id == bindparam("this"), table.c.state == ProposalState.OFFERED
)
_MOVE_THERE: Final = _MOVE.where(
    table.c.owner_id == bindparam("owner"),
    table.c.chat_id == bindparam("chat"),
    table.c.message_id == bindparam("message"),
    table.c.expires_at > bindparam("at"),
)
_BY_ID: Final = select(table).where(table.c.id == bindparam("this"))
_BY_TOKEN: Final = select(table).where(table.c.token == bindparam("token"))
_OFFERS: Final = (
    select(table)
    .where(table.c.state == ProposalState.OFFERED)
    .order_by(table.c.made_at, table.c.id)
)
_MADE: Final = literal_column("proposal.rowid", Integer)  # SQLite counts upwards
_OFFER_IDS: Final = (
    select(table.c.id)
    .where(
        table.c.state == ProposalState.OFFERED, table.c.expires_at <= bindparam("at")
    )
    .order_by(table.c.made_at, table.c.id)
)
_NEWEST_IN: Final = (
    select(table.c.id)
    .where(
        table.c.owner_id == bindparam("owner"),
        table.c.chat_id == bindparam("chat"),
        table.c.message_id == bindparam("message"),
    )
    .order_by(_MADE.desc())
    .limit(1)
)
_LATEST: Final = (
    select(table)
    .where(table.c.legs > 0, table.c.purpose == Purpose.PICKS)
    .order_by(table.c.made_at.desc())
    .limit(1)
)
_LATEST_BEFORE: Final = _LATEST.where(table.c.session_date < bindparam("day"))


class SqlProposals(Role):
    """Implements Proposals."""

    def add(self, proposal: Proposal) -> None:
        decided = {
            "id": proposal.id,
            "state": proposal.state,
            "decided_by": proposal.decided_by,
            "decided_at": proposal.decided_at,
        }
        self._writing.execute(_ADD, {**decided, **_body(proposal)})

    def amend(self, proposal: Proposal) -> None:
        if (
            self._writing.execute(
                _AMEND, {"this": proposal.id, **_body(proposal)}
            ).rowcount
            != 1
        ):
            raise Contradiction(
                f"Card {proposal.id} cannot be amended: it is not open."
            )

    def stand(self, proposal_id: ProposalId, shown: Shown) -> None:
        if (proposal := self.by_id(proposal_id)) is not None:
            moved = _body(replace(proposal, shown=shown))
            self._writing.execute(_STAND, {"this": proposal_id, **moved})

    def move(
        self,
        proposal_id: ProposalId,
        *,
        to: ProposalState,
        by: str,
        at: datetime,
        shown: Shown | None,
    ) -> bool:
        change = {"this": proposal_id, "state": to, "decided_by": by, "decided_at": at}
        if shown is None:
            return self._writing.execute(_MOVE, change).rowcount == 1
        there = {**change, **_place(shown), "at": at}
        return self._writing.execute(_MOVE_THERE, there).rowcount == 1

    def by_id(self, proposal_id: ProposalId) -> Proposal | None:
        return self._one(_BY_ID, this=proposal_id)

    def by_token(self, token: Token) -> Proposal | None:
        return self._one(_BY_TOKEN, token=token)

    def offers(self) -> tuple[Proposal, ...]:
        return tuple(_proposal(row) for row in self._reading.execute(_OFFERS))

    def newest_in(self, shown: Shown) -> ProposalId | None:
        return self._reading.execute(_NEWEST_IN, _place(shown)).scalar()

    def offer_ids(self, *, over_at: datetime | None = None) -> tuple[ProposalId, ...]:
        until = datetime.max.replace(tzinfo=UTC) if over_at is None else over_at
        return tuple(self._reading.execute(_OFFER_IDS, {"at": until}).scalars())

    def latest(self, *, before: date | None) -> Proposal | None:
        if before is None:
            return self._one(_LATEST)
        return self._one(_LATEST_BEFORE, day=before)

    def _one(self, query: Select[Any], **asked: Any) -> Proposal | None:
        row = self._reading.execute(query, asked).one_or_none()
        return None if row is None else _proposal(row)


def _place(shown: Shown) -> dict[str, int]:
    return {"owner": shown.owner, "chat": shown.chat, "message": shown.message}


def _body(proposal: Proposal) -> dict[str, Any]:
    """All but the state, and what is asked for in a WHERE as a column of its own."""
    return {
        "token": proposal.token,
        "session_date": proposal.session_day,
        "made_at": proposal.made_at,
        "expires_at": proposal.expires_at,
        "owner_id": proposal.shown.owner,
        "chat_id": proposal.shown.chat,
        "message_id": proposal.shown.message,
        "legs": len(proposal.legs),
        "purpose": proposal.purpose,
        "body": proposal_to_json(proposal),
    }


def _proposal(row: Row[Any]) -> Proposal:
    return replace(
        proposal_from_json(row.body),
        state=ProposalState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
