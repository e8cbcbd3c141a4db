"""From a tap that chooses a size to the same card with orders of that size.

A changed size is a new question: the card gets a new token, so that a Yes to the old
size approves nothing. Choosing a size spends nothing, so the tap counts for the offer
now shown in that message, even if the button was drawn with an earlier size."""

from dataclasses import dataclass, replace

from core.flows.amending.open_offers import OpenOffers
from core.flows.amending.price_steps import StepFinder
from core.ledger.cards import Cards
from core.model.proposal import (
    ChooseTerms,
    Decision,
    LeaveOut,
    Leg,
    Proposal,
    Purpose,
    Resize,
    Verdict,
)
from core.ports.chat import NewToken
from core.ports.settings import InstructionReader
from core.rules.figures.sizing import can_be_repriced, can_be_resized, sized
from core.rules.figures.terms import at_open, chosen, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Resizer:
    """Changes the size of an open offer's orders, or leaves some out. It can approve
    nothing."""

    offers: OpenOffers
    cards: Cards
    instructions: InstructionReader
    steps: StepFinder
    new_token: NewToken

    def resize(self, tap: Resize) -> Decision:
        """Show the card with orders of that size; they are on disk when this
        returns."""
        proposal = self.offers.of(tap, allowed=can_be_resized, at_its_place=True)
        if isinstance(proposal, Decision):
            return proposal
        return self._resized(proposal, tap)

    def choose_terms(self, tap: ChooseTerms) -> Decision:
        """Show the card with its purchases priced so, on disk when this returns. A limit
        that waits for IB's price step has no Yes until that has come."""
        proposal = self.offers.of(tap, allowed=can_be_repriced)
        if isinstance(proposal, Decision):
            return proposal
        asked = self.cards.choose_terms(
            replace(proposal, terms=tap.terms),
            legs=self._priced(proposal, tap),
            token=self.new_token(),
        )
        self.steps.look_now()
        return Decision(verdict=Verdict.RESIZED, proposal=asked)

    def _priced(self, proposal: Proposal, tap: ChooseTerms) -> tuple[Leg, ...]:
        limits = chosen(self.instructions.read().limits, tap.terms)
        size = proposal.size or limits.default_size
        priced = [now(leg, limits) for leg in proposal.legs]
        if proposal.queue_for is not None:
            priced = [at_open(leg, limits) for leg in priced]
        return sized(priced, size, worth=proposal.net_liquidation)

    def leave_out(self, tap: LeaveOut) -> Decision:
        """Show what /panic asks without one of its stocks, or with it again, on disk when
        this returns. A button under an older question of the card changes nothing: it
        would put back what it says that it leaves out."""
        proposal = self.offers.of(tap, allowed=_asks_to_sell_all)
        if isinstance(proposal, Decision):
            return proposal
        legs = tuple(
            replace(leg, left_out=not leg.left_out) if leg.number == tap.number else leg
            for leg in proposal.legs
        )
        asked = self.cards.leave_out(proposal, legs=legs, token=self.new_token())
        return Decision(verdict=Verdict.RESIZED, proposal=asked)

    def _resized(self, proposal: Proposal, tap: Resize) -> Decision:
        legs = sized(proposal.legs, tap.size, worth=proposal.net_liquidation)
        if legs != proposal.legs or tap.size != proposal.size:
            proposal = self.cards.resize(
                proposal, legs=legs, size=tap.size, token=self.new_token()
            )
        return Decision(verdict=Verdict.RESIZED, proposal=proposal)


def _asks_to_sell_all(proposal: Proposal) -> bool:
    return proposal.purpose is Purpose.SELL_ALL and proposal.queue_for is None
