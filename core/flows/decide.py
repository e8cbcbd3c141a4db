"""From a tap to a decision: judged against the current card, and written to disk."""

import asyncio
from dataclasses import dataclass
from typing import Final

from core.flows.outage import Outage
from core.flows.standing import Standing
from core.ledger.cards import Cards
from core.model.exits.plan import NO_EXITS
from core.model.proposal import (
    Choice,
    Decision,
    Leg,
    Proposal,
    Purpose,
    Tap,
    Verdict,
)
from core.model.status import Readiness
from core.ports.account import Prober
from core.ports.chat import NewToken
from core.ports.orders import OrderLists
from core.ports.proposals import ProposalReader
from core.rules.exits.approval import sold_since
from core.rules.figures.sizing import sized
from core.rules.figures.terms import at_open, chosen
from core.rules.proposal_states import VERDICTS
from core.rules.selling.holding import orders_in
from core.rules.sending import LATE_TAP, late_yes
from core.rules.sessions import open_to_queue_for


_NOTHING: Final = "Nothing was {done}."

_AGAIN: Final = "Nothing was {done}. When that is over, tap Yes again."

_ASKED_ANEW: Final = "The card has asked anew since you tapped: look at it again."

_NO_SHARE: Final = "This size buys no whole share."

_ALL_LEFT_OUT: Final = "Every stock on the card is left out."


def _act(proposal: Proposal) -> str:
    """What a Yes would do, as a verb."""
    if proposal.purpose is not Purpose.EXITS:
        return proposal.purpose.side.lower()
    return "take them off" if proposal.legs[0].exits == NO_EXITS else "set them"


_ONCE_MORE: Final = (
    "Nothing was {done}. Tap again to {act} at the price of that moment."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Handles taps on cards. *orders_due* is set when one has planned orders."""

    proposals: ProposalReader
    orders: OrderLists
    cards: Cards
    standing: Standing
    outage: Outage
    broker: Prober
    new_token: NewToken
    orders_due: asyncio.Event

    def decide(self, tap: Tap) -> Decision:
        """Judge a tap. Whatever it approves is on disk when this returns."""
        self.cards.expire()
        proposal = self._meant(tap)
        if proposal is None or proposal.shown != tap.shown:
            return Decision(verdict=Verdict.UNKNOWN, proposal=None)
        if proposal.state in VERDICTS:
            return Decision(verdict=VERDICTS[proposal.state], proposal=proposal)
        if tap.choice is Choice.NO:
            return self.cards.decide(tap, proposal, ())
        if proposal.token != tap.token:
            return Decision(
                verdict=Verdict.NOT_NOW, proposal=proposal, reasons=(_ASKED_ANEW,)
            )
        legs = _chosen(proposal, tap.choice)
        if proposal.purpose is Purpose.EXITS and (sold := self._sold(legs, proposal)):
            return self._asked_of_nothing(proposal, sold)
        return self._approve(tap, proposal, legs)

    def _meant(self, tap: Tap) -> Proposal | None:
        """The card that the button belongs to; or, if its question has been replaced
        since, the current question in that message, on which a No still counts."""
        if proposal := self.proposals.by_token(tap.token):
            return proposal
        offers = (one for one in self.proposals.offers() if one.shown == tap.shown)
        here = next(offers, None)
        was_asked_anew = here and (here.note or here.queue_for or here.size)
        return here if was_asked_anew or tap.choice is Choice.NO else None

    def _approve(self, tap: Tap, proposal: Proposal, legs: tuple[Leg, ...]) -> Decision:
        if not legs and proposal.wanted == proposal.legs:
            return Decision(verdict=Verdict.UNKNOWN, proposal=proposal)
        legs = tuple(leg for leg in legs if leg.shares > 0)
        if not legs:
            why = _NO_SHARE if proposal.wanted else _ALL_LEFT_OUT
            return self._not_now(proposal, self.standing.readiness(), (why,))
        if tap.waited > LATE_TAP:
            return self._once_more(tap, proposal)
        readiness = self.standing.readiness()
        if reasons := self.standing.blocks_of(readiness, proposal):
            return self._not_now(proposal, readiness, reasons)
        opens = open_to_queue_for(readiness.market, readiness.at)
        waits_at_ib = proposal.purpose is Purpose.EXITS or proposal.has_own_hours
        if opens is not None and not waits_at_ib and proposal.queue_for != opens:
            waiting = tuple(self._at_open(leg, proposal) for leg in legs)
            asked = self.cards.ask_to_queue(
                proposal, legs=waiting, opens=opens, token=self.new_token()
            )
            return Decision(verdict=Verdict.ASK_QUEUE, proposal=asked)
        self.broker.begin_probe()  # its answer comes while the decision is written
        decision = self.cards.decide(tap, proposal, legs)
        self.orders_due.set()
        return decision

    def _sold(self, legs: tuple[Leg, ...], proposal: Proposal) -> tuple[str, ...]:
        known = (
            orders_in(proposal.account, self.orders.of_stock(leg.instrument.con_id))
            for leg in legs
        )
        return tuple(filter(None, map(sold_since, legs, known)))

    def _asked_of_nothing(self, proposal: Proposal, sold: tuple[str, ...]) -> Decision:
        nothing = _NOTHING.format(done=proposal.purpose.done)
        self.cards.note(proposal, " ".join((*sold, nothing)))
        return Decision(verdict=Verdict.NOT_NOW, proposal=proposal, reasons=sold)

    def _at_open(self, leg: Leg, proposal: Proposal) -> Leg:
        """*leg* as an order that waits for an open: with the cap on the gap, and with
        the number of shares that its size gives at that price."""
        limits = chosen(self.standing.instructions.read().limits, proposal.terms)
        waits = at_open(leg, limits)
        if waits == leg:
            return leg
        size = proposal.size or limits.default_size
        (fitted,) = sized([waits], size, worth=proposal.net_liquidation)
        return fitted

    def _once_more(self, tap: Tap, proposal: Proposal) -> Decision:
        """Handle a Yes to old prices: the card asks again, with new buttons."""
        late = late_yes(tap.waited)
        done = proposal.purpose.done
        once_more = _ONCE_MORE.format(done=done, act=_act(proposal))
        asked = self.cards.ask_once_more(
            proposal, note=f"{late} {once_more}", token=self.new_token()
        )
        return Decision(verdict=Verdict.NOT_NOW, proposal=asked, reasons=(late,))

    def _not_now(
        self, proposal: Proposal, readiness: Readiness, reasons: tuple[str, ...]
    ) -> Decision:
        """Say the reasons on the card. If it waits for the comparison of orders, the
        owner is told when that is done."""
        if not readiness.reconciled:
            self.outage.promise()
        again = _AGAIN.format(done=proposal.purpose.done)
        self.cards.note(proposal, " ".join(("Not sent.", *reasons, again)))
        return Decision(verdict=Verdict.NOT_NOW, proposal=proposal, reasons=reasons)


def _chosen(proposal: Proposal, choice: Choice) -> tuple[Leg, ...]:
    if choice is Choice.YES:
        return proposal.wanted
    number = int(choice.value)
    return tuple(leg for leg in proposal.legs if leg.number == number)
