"""The one place where proposals change state: written, then shown.

Nothing here awaits. On the event loop that makes every method one step: what it
reads, decides and writes cannot interleave with another's, so the loop is the lock.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from core.ledger.unit_of_work import UnitOfWork
from core.model.exits.protection import Protection
from core.model.market import Side
from core.model.money import Size
from core.model.news import CardChanged
from core.model.order import Order, OrderState
from core.model.points import CARD, W1
from core.model.proposal import (
    UNDECIDED,
    Decision,
    Leg,
    Proposal,
    ProposalId,
    ProposalState,
    Purpose,
    Tap,
    Token,
    Verdict,
)
from core.model.scoring.recording import Recording
from core.ports.journal import HandledUpdates, NewRecordings
from core.ports.memory import CardMemory, ProtectionMemory, SeenOrders
from core.ports.orders import WrittenOrders
from core.ports.proposals import WrittenProposals
from core.rules.exits.approval import of_holding, of_purchase
from core.rules.exits.covered import is_sold_out
from core.rules.proposal_states import STEPS, ProposalEvent, answer_of
from core.rules.selection import planned
from core.rules.selling.holding import orders_in


class DecisionMemory(CardMemory, ProtectionMemory, SeenOrders, Protocol):
    """The memory that an answer to a card changes."""


class Cards:
    """All offers, each with at most one answer."""

    def __init__(
        self,
        unit: UnitOfWork,
        *,
        proposals: WrittenProposals,
        orders: WrittenOrders,
        memory: DecisionMemory,
        inbox: HandledUpdates,
        recordings: NewRecordings,
    ) -> None:
        """*inbox* holds the tap that a decision marks as done."""
        self._unit = unit
        self._proposals, self._orders = proposals, orders
        self._memory, self._inbox = memory, inbox
        self._recordings = recordings

    def offer(self, proposal: Proposal, *, key: str) -> None:
        """Record *proposal* before its card is shown, and end the older offers that it
        replaces: a purchase replaces purchases, a sale replaces sales. The question of
        a /panic stays until the next /panic.

        *key* identifies the request that it answers; each request is answered once.
        """
        with self._unit.writing(CARD):
            for older in self._proposals.offers():
                if _is_replaced(older.purpose, by=proposal.purpose):
                    self._end(older.id, ProposalEvent.REPLACED, by="a newer card")
            self._proposals.add(proposal)
            self._memory.add_answer(key, proposal.id)
            legs = len(proposal.legs)
            self._unit.audit(proposal.id, "offer", f"{proposal.state} {legs}")
            self._unit.notify(CardChanged(proposal_id=proposal.id))

    def answered(self, key: str) -> bool:
        """Whether the request named *key* has its card already."""
        return self._memory.answer_to(key) is not None

    def complete(self, proposal: Proposal) -> None:
        """Put the *proposal*'s ranking, with what arrived after the card was shown, onto
        the card on disk, unless that is decided."""
        stands = self._proposals.by_id(proposal.id)
        if stands is not None and stands.state in UNDECIDED:
            self._amend(replace(stands, ranking=proposal.ranking))

    def record(self, recording: Recording) -> None:
        """Keep a card's whole scan, sealed by the trail, before its outcome is
        known."""
        with self._unit.writing():
            digest = self._recordings.add(recording)
            sealed = f"{recording.series} {digest}"
            self._unit.audit(recording.proposal_id, "recorded", sealed)

    def note(self, proposal: Proposal, note: str) -> None:
        """Put a sentence at the top of an open offer's card."""
        self._amend(replace(proposal, note=note))

    def ask_once_more(self, proposal: Proposal, *, note: str, token: Token) -> Proposal:
        """Ask an offer's question again, with *note*; its old buttons stop working."""
        asked = replace(proposal, note=note, token=token)
        with self._unit.writing():
            self._amend(asked)
            self._unit.audit(proposal.id, "asked once more", note)
        return asked

    def resize(
        self, proposal: Proposal, *, legs: tuple[Leg, ...], size: Size, token: Token
    ) -> Proposal:
        """Ask an open offer's question again for another size; a Yes to the old size no
        longer counts."""
        asked = replace(proposal, legs=legs, size=size, token=token)
        shares = ", ".join(f"{leg.shares} {leg.instrument.symbol}" for leg in legs)
        with self._unit.writing():
            self._amend(asked)
            self._unit.audit(proposal.id, "resized", shares)
        return asked

    def price(
        self, proposal: Proposal, *, legs: tuple[Leg, ...], token: Token
    ) -> Proposal:
        """Give an open offer its *legs* with IB's price steps, and limits on them; with
        a new *token* if that changes what a Yes sends."""
        priced = replace(proposal, legs=legs, token=token)
        bound = [leg for leg in legs if leg.limit is not None]
        limits = ", ".join(f"{leg.instrument.symbol} {leg.limit}" for leg in bound)
        with self._unit.writing():
            self._amend(priced)
            self._unit.audit(proposal.id, "priced", limits or "price steps")
        return priced

    def choose_terms(
        self, proposal: Proposal, *, legs: tuple[Leg, ...], token: Token
    ) -> Proposal:
        """Put the question of an open offer for orders that are priced otherwise: a Yes
        to the older one acts no more."""
        asked = replace(proposal, legs=legs, token=token)
        with self._unit.writing():
            self._amend(asked)
            kinds = ", ".join(
                f"{leg.instrument.symbol} {leg.order_type}" for leg in legs
            )
            self._unit.audit(proposal.id, "terms chosen", kinds)
        return asked

    def leave_out(
        self, proposal: Proposal, *, legs: tuple[Leg, ...], token: Token
    ) -> Proposal:
        """Put the question of an open offer for those of its *legs* that are not left
        out: a Yes to the older one acts no more."""
        asked = replace(proposal, legs=legs, token=token)
        left = ", ".join(leg.instrument.symbol for leg in legs if leg.left_out)
        with self._unit.writing():
            self._amend(asked)
            self._unit.audit(proposal.id, "left out", left or "nothing")
        return asked

    def choose_exits(
        self, proposal: Proposal, *, legs: tuple[Leg, ...], token: Token
    ) -> Proposal:
        """Ask an open offer's question again with other exits; a Yes to the old exits
        no longer counts."""
        asked = replace(proposal, legs=legs, token=token)
        plans = ", ".join(f"{leg.instrument.symbol} {leg.exits}" for leg in legs)
        with self._unit.writing():
            self._amend(asked)
            self._unit.audit(proposal.id, "exits chosen", plans)
        return asked

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
            self._proposals.amend(proposal)
            self._unit.notify(CardChanged(proposal_id=proposal.id))

    def decide(self, tap: Tap, proposal: Proposal, legs: tuple[Leg, ...]) -> Decision:
        """W1. Approve *legs* of *proposal*, or decline it: one winner, whoever taps.
        Synced with W2, or before it is answered: no order waits for the disk twice."""
        to = STEPS[proposal.state, answer_of(tap.choice)]
        with self._unit.writing(W1, synced=False):
            won = self._proposals.move(
                proposal.id, to=to, by=tap.by, at=tap.at, shown=tap.shown
            )
            if won:
                self._plan(legs, proposal, at=tap.at)
                said = f"by {tap.by}: {tap.choice.name}"
                self._unit.audit(proposal.id, f"{to}", said)
                self._unit.notify(CardChanged(proposal_id=proposal.id))
            if tap.update is not None:
                self._inbox.finish(tap.update)
        if not won:
            decided = self._proposals.by_id(proposal.id)
            return Decision(verdict=Verdict.ALREADY, proposal=decided)
        return Decision(
            verdict=Verdict.APPROVED if legs else Verdict.DECLINED,
            proposal=replace(proposal, state=to, decided_by=tap.by, decided_at=tap.at),
        )

    def _plan(self, legs: tuple[Leg, ...], proposal: Proposal, *, at: datetime) -> None:
        """The orders that were approved, and with them their exits."""
        journal = self._memory.journal_names()[0]
        for leg in legs:
            if proposal.purpose is Purpose.EXITS:
                self._replace_closed(leg, proposal.account)
                ours = self._orders_of(leg, proposal.account)
                self._protect(leg, proposal, of_holding(leg, proposal, ours, at=at))
                continue
            order = planned(leg, proposal, journal=journal)
            self._orders.add(order)
            if leg.side is Side.BUY:
                before = self._protection(leg, proposal)
                ours = self._orders_of(leg, proposal.account) if before else ()
                after = of_purchase(
                    leg, proposal, order.ref, at=at, before=before, orders=ours
                )
                if after != before:
                    self._protect(leg, proposal, after)

    def _replace_closed(self, leg: Leg, account: str) -> None:
        """Exits of the stock that the owner has closed do not limit the exits that he
        approves afterwards."""
        for order in self._orders_of(leg, account):
            is_closed = order.exit and order.state is OrderState.CLOSED_BY_HUMAN
            if (
                is_closed
                and not order.replaced
                and not self._memory.was_seen(order.ref)
            ):
                self._orders.update(replace(order, replaced=True), was=order.state)
                self._unit.audit(order.ref, "replaced", f"by {leg.exits}")

    def _orders_of(self, leg: Leg, account: str) -> Sequence[Order]:
        return orders_in(account, self._orders.of_stock(leg.instrument.con_id))

    def _protection(self, leg: Leg, proposal: Proposal) -> Protection | None:
        """The one in force, unless we have sold all that it is for: the account window,
        which ends it, may lag behind that."""
        stands_for = proposal.account, leg.instrument.con_id
        found = self._memory.protections()
        before = next((p for p in found if p.stands_for == stands_for), None)
        if before and is_sold_out(before, self._orders_of(leg, proposal.account)):
            return None
        return before

    def _protect(
        self, leg: Leg, proposal: Proposal, protection: Protection | None
    ) -> None:
        con_id, account = leg.instrument.con_id, proposal.account
        if protection is not None:
            self._memory.set_protection(protection)
        else:
            self._memory.drop_protection(con_id, account=account)

    def expire(self) -> None:
        """End the offers whose time is over."""
        over = self._proposals.offer_ids(over_at=self._unit.now())
        if over:
            with self._unit.writing():
                for offer in over:
                    self._end(offer, ProposalEvent.TIME_OVER, by="time")

    def void(self, *, by: str) -> None:
        """End every open offer, because the journal cannot be trusted."""
        with self._unit.writing():
            for offer in self._proposals.offer_ids():
                self._end(offer, ProposalEvent.REPLACED, by=by)

    def shorten(self, life: timedelta) -> None:
        """Limit every open offer to *life* from its start, and redraw its card."""
        with self._unit.writing():
            for offer in self._proposals.offers():
                end = offer.made_at + life
                if end < offer.expires_at:
                    self._amend(replace(offer, expires_at=end))
                    self._unit.audit(offer.id, "shortened", end.isoformat())

    def redraw(self) -> None:
        """Redraw open offers, whose reasons against a Yes may have changed."""
        with self._unit.writing():
            for offer in self._proposals.offer_ids():
                self._unit.notify(CardChanged(proposal_id=offer))

    def _end(self, offer: ProposalId, event: ProposalEvent, *, by: str) -> None:
        to = STEPS[ProposalState.OFFERED, event]
        won = self._proposals.move(offer, to=to, by=by, at=self._unit.now(), shown=None)
        assert won, "an open offer can always be ended"
        self._unit.audit(offer, f"{to}", by)
        self._unit.notify(CardChanged(proposal_id=offer))


def _is_replaced(older: Purpose, *, by: Purpose) -> bool:
    alone = {Purpose.SELL_ALL, Purpose.EXITS}
    if older in alone or by in alone:
        return older is by or (by is Purpose.SELL_ALL and older is Purpose.SELL)
    return older.side is by.side
