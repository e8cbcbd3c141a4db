"""From a tap that chooses other exits to the same card with those exits.

As with a changed size, this is a new question: the card gets a new token, so that a Yes
to the old exits approves nothing. Tested by tests/core/flows/exits/test_cards.py.
"""

from dataclasses import dataclass, replace

from core.flows.amending.open_offers import OpenOffers
from core.flows.amending.price_steps import StepFinder
from core.ledger.cards import Cards
from core.model.exits.plan import ExitPlan
from core.model.proposal import ChooseExits, Decision, Leg, Proposal, Verdict
from core.ports.chat import NewToken
from core.ports.settings import InstructionReader
from core.rules.exits.prices import in_dollars
from core.rules.figures.sizing import can_be_resized, sized


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitChooser:
    """Changes the exits of an open offer. It can approve nothing."""

    offers: OpenOffers
    cards: Cards
    instructions: InstructionReader
    steps: StepFinder
    new_token: NewToken

    def choose(self, tap: ChooseExits) -> Decision:
        """Show the card with the chosen exits; they are on disk when this returns."""
        proposal = self.offers.of(tap, allowed=can_be_resized, at_its_place=True)
        if isinstance(proposal, Decision):
            return proposal
        legs = self._with_exits(proposal, tap.plan)
        if legs != proposal.legs:
            token = self.new_token()
            proposal = self.cards.choose_exits(proposal, legs=legs, token=token)
            self.steps.look_now()
        return Decision(verdict=Verdict.RESIZED, proposal=proposal)

    def _with_exits(self, proposal: Proposal, plan: ExitPlan) -> tuple[Leg, ...]:
        """The legs with other exits. A size by risk depends on the distance to the
        stop: another stop gives another number of shares, and no stop gives none."""
        legs = tuple(
            replace(leg, exits=in_dollars(plan, leg.atr)) for leg in proposal.legs
        )
        size = proposal.size or self.instructions.read().limits.default_size
        if size.risk is None:
            return legs
        return sized(legs, size, worth=proposal.net_liquidation)
