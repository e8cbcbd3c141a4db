"""The one place where proposals change state: written, then shown.

Nothing here awaits. On the event loop that makes every method one step: what it
reads, decides and writes cannot interleave with another's, so the loop is the lock.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from core.ledger.unit_of_work import UnitOfWork
from core.model.news import CardChanged
from core.model.points import W1
from core.model.proposal import (
    Choice,
    Decision,
    Leg,
    Proposal,
    ProposalState,
    Tap,
    Token,
    Verdict,
)
from core.rules.selection import planned


_UNDECIDED: Final = frozenset({ProposalState.DRAFT, ProposalState.OFFERED})


class Cards:
    """Every offer, and the one answer that each can have."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._store = unit.store

    def offer(self, proposal: Proposal, *, key: str) -> None:
        """Put *proposal* on record before its card is shown; older offers end.

        *key* names the request that it answers: it is answered once.
        """
        with self._unit.writing():
            for older in self._store.offers():
                self._end(older, to=ProposalState.SUPERSEDED, by="a newer card")
            self._store.add_proposal(proposal)
            self._store.remember(_answer_to(key), proposal.id)
            legs = len(proposal.legs)
            self._unit.audit(proposal.id, "offer", f"{proposal.state} {legs}")
            self._unit.tell(CardChanged(proposal_id=proposal.id))

    def answered(self, key: str) -> bool:
        """Whether the request named *key* has its card already."""
        return self._store.recall(_answer_to(key)) is not None

    def complete(self, proposal: Proposal) -> None:
        """Add what arrived after the card was shown, while it is still undecided."""
        stands = self._store.proposal(proposal.id)
        if stands is not None and stands.state in _UNDECIDED:
            self._amend(replace(stands, ranking=proposal.ranking))

    def note(self, proposal: Proposal, note: str) -> None:
        """Head the card of an open offer with a sentence."""
        self._amend(replace(proposal, note=note))

    def ask_to_queue(
        self,
        proposal: Proposal,
        *,
        legs: tuple[Leg, ...],
        opens: datetime,
        token: Token,
    ) -> Proposal:
        """Turn an offer into the question whether to wait for an open."""
        asked = replace(proposal, legs=legs, queue_for=opens, token=token)
        with self._unit.writing():
            self._amend(asked)
            self._unit.audit(proposal.id, "asked to queue", opens.isoformat())
        return asked

    def _amend(self, proposal: Proposal) -> None:
        with self._unit.writing():
            self._store.amend_proposal(proposal)
            self._unit.tell(CardChanged(proposal_id=proposal.id))

    def decide(self, tap: Tap, proposal: Proposal, legs: tuple[Leg, ...]) -> Decision:
        """W1. Approve *legs* of *proposal*, or decline it: one winner, whoever taps."""
        yes = tap.choice is not Choice.NO
        to = ProposalState.APPROVED if yes else ProposalState.DECLINED
        with self._unit.writing(W1):
            won = self._store.move_proposal(
                proposal.id, to=to, by=tap.by, at=tap.at, shown=tap.shown
            )
            if won:
                for leg in legs:
                    self._store.add_order(planned(leg, proposal))
                said = f"by {tap.by}: {tap.choice.name}"
                self._unit.audit(proposal.id, f"{to}", said)
                self._unit.tell(CardChanged(proposal_id=proposal.id))
            if tap.update is not None:
                self._store.finish(tap.update)
        verdict = Verdict.APPROVED if yes else Verdict.DECLINED
        return Decision(
            verdict=verdict if won else Verdict.ALREADY,
            proposal=self._store.proposal(proposal.id),
        )

    def expire(self) -> None:
        """End the offers whose time is over."""
        now = self._unit.now()
        over = [offer for offer in self._store.offers() if now >= offer.expires_at]
        if over:
            with self._unit.writing():
                for offer in over:
                    self._end(offer, to=ProposalState.EXPIRED, by="time")

    def void(self, *, by: str) -> None:
        """End every open offer: the journal they stand in cannot be trusted."""
        with self._unit.writing():
            for offer in self._store.offers():
                self._end(offer, to=ProposalState.SUPERSEDED, by=by)

    def _end(self, offer: Proposal, *, to: ProposalState, by: str) -> None:
        won = self._store.move_proposal(
            offer.id, to=to, by=by, at=self._unit.now(), shown=None
        )
        assert won, "an open offer can always be ended"
        self._unit.audit(offer.id, f"{to}", by)
        self._unit.tell(CardChanged(proposal_id=offer.id))


def _answer_to(key: str) -> str:
    return f"card {key}"
