"""Cards: what was offered, and the one answer that each can have (W1)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, select, update

from core.model.errors import Contradiction
from core.model.proposal import Proposal, ProposalId, ProposalState, Shown, Token
from core.store.bodies import proposal_from_json, proposal_to_json
from core.store.tables import proposal as table


_OPEN: Final = (ProposalState.DRAFT, ProposalState.OFFERED)


def add(on: Connection, proposal: Proposal) -> None:
    on.execute(
        insert(table).values(
            id=proposal.id,
            state=proposal.state,
            decided_by=proposal.decided_by,
            decided_at=proposal.decided_at,
            **_body(proposal),
        )
    )


def amend(on: Connection, proposal: Proposal) -> None:
    changed = on.execute(
        update(table)
        .where(table.c.id == proposal.id, table.c.state.in_(_OPEN))
        .values(**_body(proposal))
    )
    if changed.rowcount != 1:
        raise Contradiction(f"Card {proposal.id} cannot be amended: it is not open.")


def move(
    on: Connection,
    proposal_id: ProposalId,
    *,
    to: ProposalState,
    by: str,
    at: datetime,
    shown: Shown | None,
) -> bool:
    changed = on.execute(
        update(table)
        .where(table.c.id == proposal_id, table.c.state == ProposalState.OFFERED)
        .where(*_stands(shown, at))
        .values(state=to, decided_by=by, decided_at=at)
    )
    return changed.rowcount == 1


def _stands(shown: Shown | None, at: datetime) -> tuple[ColumnElement[bool], ...]:
    if shown is None:
        return ()
    return (
        table.c.owner_id == shown.owner,
        table.c.chat_id == shown.chat,
        table.c.message_id == shown.message,
        table.c.expires_at > at,
    )


def by_id(on: Connection, proposal_id: ProposalId) -> Proposal | None:
    return _one(on, select(table).where(table.c.id == proposal_id))


def by_token(on: Connection, token: Token) -> Proposal | None:
    return _one(on, select(table).where(table.c.token == token))


def offers(on: Connection) -> tuple[Proposal, ...]:
    rows = on.execute(
        select(table)
        .where(table.c.state == ProposalState.OFFERED)
        .order_by(table.c.made_at, table.c.id)
    )
    return tuple(_proposal(row) for row in rows)


def latest(on: Connection, *, before: date | None) -> Proposal | None:
    newest = select(table).where(table.c.legs > 0).order_by(table.c.made_at.desc())
    if before is not None:
        newest = newest.where(table.c.session_date < before)
    return _one(on, newest.limit(1))


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
        "body": proposal_to_json(proposal),
    }


def _one(on: Connection, query: Select[Any]) -> Proposal | None:
    row = on.execute(query).one_or_none()
    return None if row is None else _proposal(row)


def _proposal(row: Row[Any]) -> Proposal:
    return replace(
        proposal_from_json(row.body),
        state=ProposalState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
