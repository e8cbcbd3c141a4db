"""From a tap on "Check with IB" to IB's what-if answer for the card's orders. Nothing
is placed.

IB asks clients to send only about one such question a minute, so it is sent only on a
tap. Its order id is on disk before it is sent and is never given to an order (I4).
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
from core.ports.account import Previewer, SummaryReader
from core.ports.market import SteadyClock
from core.ports.memory import OrderNumbering
from core.rules.common_guards import TO_BE_ASKED
from core.rules.limits.stock import why_no_share
from core.rules.selection import planned


WITHIN: Final = 5.0
"""Seconds to wait for the answer about one order; some accounts never get one."""

APART: Final = 60.0
"""Seconds between two taps that ask IB."""


class CheckedBroker(SummaryReader, Previewer, Protocol):
    """The roles of the broker that a check needs; it cannot place orders."""


@dataclass(slots=True, kw_only=True)
class Checker:
    """Asks IB what the orders of a card would do."""

    broker: CheckedBroker
    memory: OrderNumbering
    ledger: Ledger
    reconciler: Reconciler
    standing: Standing
    clock: SteadyClock
    _asked: float = float("-inf")

    async def check(self, proposal: Proposal) -> Check:
        """IB's answer for each leg, one after the other; or for how many seconds IB must
        not be asked yet, or why this gateway must not be asked at all. What goes wrong
        with a leg is in its answer: no BrokerError is raised."""
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
            return Checked(leg=leg, problem=self._why_no_share(leg, proposal))
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

    def _why_no_share(self, leg: Leg, proposal: Proposal) -> str:
        size, worth = proposal.size, proposal.net_liquidation
        if size is None:
            return "No share is bought."
        account = self.broker.account()
        return why_no_share(size, leg, worth=worth, account=account)

    def _unfit(self) -> str:
        """Why no order message may be sent to this gateway, not even a what-if: it is
        not proven to be of the kind that the mode says. Empty if it may."""
        readiness = self.standing.readiness()
        limits = self.standing.instructions.read().limits
        found = (text for ask in TO_BE_ASKED for _, text in ask(readiness, limits))
        return " ".join(found)

    def _numbered(self, leg: Leg, proposal: Proposal) -> Order:
        """The order of *leg*, with an order id that no other order will get."""
        order = planned(leg, proposal, journal=self.memory.journal_names()[0])
        order_id = next_order_id(self.memory, self.reconciler, self.broker)
        self.ledger.give_away(order_id, asked_of=order.ref)
        client_id = self.broker.line().client_id
        return replace(order, order_id=order_id, client_id=client_id)
