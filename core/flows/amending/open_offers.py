"""The open offer that a tap would change, if it may.

Tested by tests/core/flows/amending/test_resize.py and test_choose_terms.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.ledger.cards import Cards
from core.model.proposal import (
    ChooseExits,
    ChooseTerms,
    Decision,
    LeaveOut,
    Proposal,
    Resize,
    Verdict,
)
from core.ports.proposals import ProposalReader
from core.rules.proposal_states import VERDICTS


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOffers:
    """Finds what a tap means; changes nothing but what is over."""

    proposals: ProposalReader
    cards: Cards

    def of(
        self,
        tap: Resize | ChooseExits | ChooseTerms | LeaveOut,
        *,
        allowed: Callable[[Proposal], bool],
        at_its_place: bool = False,
    ) -> Proposal | Decision:
        """The offer of *tap*, if it is open and *allowed* to change so; else the answer
        to the tap. With *at_its_place* a button under an older question counts for the
        offer that its message shows now."""
        self.cards.expire()
        proposal = self.proposals.by_token(tap.token)
        if proposal is None and at_its_place:
            there = (one for one in self.proposals.offers() if one.shown == tap.shown)
            proposal = next(there, None)
        if proposal is None or proposal.shown != tap.shown:
            return Decision(verdict=Verdict.UNKNOWN, proposal=None)
        if proposal.state in VERDICTS:
            return Decision(verdict=VERDICTS[proposal.state], proposal=proposal)
        if not allowed(proposal):
            return Decision(verdict=Verdict.UNKNOWN, proposal=None)
        return proposal
