"""From a tap on "Check with IB" to what IB says of the card's orders: nothing is placed.

IB asks for no more than about one such question a minute, so it is asked on a tap, and
not oftener. The order id that a question carries is on disk before it leaves, as one
that no order ever gets (I4).
"""

from dataclasses import dataclass, replace
from typing import Final, Protocol

from core.flows.reconcile import Reconciler
from core.flows.send import next_order_id
from core.flows.standing import Standing
from core.ledger.orders import Ledger
from core.model.card import Check, Checked
from core.model.errors import BrokerError, BrokerSaidNo
from core.model.money import DOLLARS
from core.model.order import Order
from core.model.proposal import Leg, Proposal
from core.ports.account import AccountReader, Previewer
from core.ports.market import SteadyClock
from core.ports.memory import OtherMemory
from core.rules.common_guards import TO_BE_ASKED
from core.rules.figures.sizing import why_none
from core.rules.selection import planned


WITHIN: Final = 5.0
"""Seconds that IB has for the answer about one order; some accounts never get one."""

APART: Final = 60.0
"""Seconds between two taps that ask IB."""


class CheckedBroker(AccountReader, Previewer, Protocol):
    """Says what an order would do; it can place none."""


@dataclass(slots=True, kw_only=True)
class Checker:
    """Asks IB what the orders of a card would do."""

    broker: CheckedBroker
    memory: OtherMemory
    ledger: Ledger
    reconciler: Reconciler
    standing: Standing
    clock: SteadyClock
    _asked: float = float("-inf")

    async def check(self, proposal: Proposal) -> Check:
        """What IB says of each leg, one after the other; or how long it may not be asked
        yet, or why not at all."""
        if unfit := self._unfit():
            return Check(proposal=proposal, unfit=unfit)
        now = self.clock.boottime()
        if now - self._asked < APART:
            return Check(proposal=proposal, wait=APART - (now - self._asked))
        self._asked = now
        account = self.broker.account()
        base = account.base if account else None
        return Check(
            proposal=proposal,
            legs=tuple([await self._leg(leg, proposal) for leg in proposal.legs]),
            currency=base.currency if base else DOLLARS,
        )

    async def _leg(self, leg: Leg, proposal: Proposal) -> Checked:
        if not leg.shares:
            size, worth = proposal.size, proposal.net_liquidation
            why = why_none(size, leg, worth=worth) if size else "No share is bought."
            return Checked(leg=leg, problem=why)
        if unfit := self._unfit():  # another gateway may have taken the line meanwhile
            return Checked(leg=leg, problem=unfit)
        try:
            order = self._numbered(leg, proposal)
            return Checked(
                leg=leg, preview=await self.broker.preview(order, within=WITHIN)
            )
        except BrokerSaidNo as no:
            problem = f"{no.text} (TWS {no.code})"
            return Checked(leg=leg, problem=problem, is_refused=True)
        except BrokerError as problem:
            return Checked(leg=leg, problem=str(problem))

    def _unfit(self) -> str:
        """Why no order message may go to this gateway, not even one that only asks: it
        is not proven to be what the mode says. Empty when it may."""
        readiness = self.standing.read()
        limits = self.standing.instructions.read().limits
        found = (text for ask in TO_BE_ASKED for _, text in ask(readiness, limits))
        return " ".join(found)

    def _numbered(self, leg: Leg, proposal: Proposal) -> Order:
        """The order of *leg*, under an id that is given away with it."""
        order = planned(leg, proposal, journal=self.memory.journal_names()[0])
        order_id = next_order_id(self.memory, self.reconciler, self.broker)
        self.ledger.give_away(order_id, asked_of=order.ref)
        client_id = self.broker.line().client_id
        return replace(order, order_id=order_id, client_id=client_id)
