"""The one place where proposals and orders change state: written, then told.

Nothing here awaits. On the event loop that makes every method one step: what it
reads, decides and writes cannot interleave with another's, so the loop is the lock.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final

from core.model.errors import Contradiction
from core.model.money import Money
from core.model.news import CardChanged, Ghost, InDoubt, News, Settled, TradingHalted
from core.model.order import (
    FINAL,
    Acked,
    CancelAsked,
    Charged,
    Filled,
    Held,
    Noted,
    Order,
    OrderEvent,
    OrderRef,
    OrderState,
    Sent,
    Side,
    WentSilent,
    order_ref,
)
from core.model.points import NOTE, W1, W2, W3, W4, W5, Reached, Write
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
from core.ports import Clock, Store
from core.rules.order_states import advance


HALTED: Final = "halted"
ORDER_ID_HIGH: Final = "order_id_high"


class Ledger:
    """Writes order state, the audit trail and the news of it in one transaction."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        wake: Callable[[], None],
        reached: Reached,
    ) -> None:
        """*wake* says that there is news; *reached* is told each write-ahead point's
        name as it is passed, so that a test can end the process right there."""
        self._store = store
        self._clock = clock
        self._wake = wake
        self._reached = reached
        self._charges: dict[str, Money] = {}
        self._left_sending: dict[OrderRef, asyncio.Event] = {}

    # proposals

    def offer(self, proposal: Proposal, *, key: str) -> None:
        """Put *proposal* on record before its card is shown; older offers end.

        *key* names the request that it answers: it is answered once.
        """
        with self._store.transaction():
            for older in self._store.offers():
                self._end_offer(older, to=ProposalState.SUPERSEDED, by="a newer card")
            self._store.add_proposal(proposal)
            self._store.remember(f"card {key}", proposal.id)
            self._audit(proposal.id, "offer", f"{proposal.state} {len(proposal.legs)}")
            self._store.tell(CardChanged(proposal_id=proposal.id))
        self._wake()

    def answered(self, key: str) -> bool:
        """Whether the request named *key* has its card already."""
        return self._store.recall(f"card {key}") is not None

    def complete(self, proposal: Proposal) -> None:
        """Add what arrived after the card was shown, while it is still undecided."""
        stands = self._store.proposal(proposal.id)
        if stands is None or stands.state not in {
            ProposalState.DRAFT,
            ProposalState.OFFERED,
        }:
            return
        with self._store.transaction():
            self._store.amend_proposal(replace(stands, ranking=proposal.ranking))
            self._store.tell(CardChanged(proposal_id=proposal.id))
        self._wake()

    def note(self, proposal: Proposal, note: str) -> None:
        """Head the card of an open offer with a sentence."""
        with self._store.transaction():
            self._store.amend_proposal(replace(proposal, note=note))
            self._store.tell(CardChanged(proposal_id=proposal.id))
        self._wake()

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
        with self._store.transaction():
            self._store.amend_proposal(asked)
            self._audit(proposal.id, "asked to queue", opens.isoformat())
            self._store.tell(CardChanged(proposal_id=proposal.id))
        self._wake()
        return asked

    def decide(self, tap: Tap, proposal: Proposal, legs: tuple[Leg, ...]) -> Decision:
        """W1. Approve *legs* of *proposal*, or decline it: one winner, whoever taps."""
        yes = tap.choice is not Choice.NO
        to = ProposalState.APPROVED if yes else ProposalState.DECLINED
        with self._writing(W1):
            won = self._store.move_proposal(
                proposal.id, to=to, by=tap.by, at=tap.at, shown=tap.shown
            )
            if won:
                for leg in legs:
                    self._store.add_order(_planned(proposal, leg))
                self._audit(proposal.id, f"{to}", f"by {tap.by}: {tap.choice.name}")
                self._store.tell(CardChanged(proposal_id=proposal.id))
            if tap.update is not None:
                self._store.finish(tap.update)
        self._wake()
        verdict = Verdict.APPROVED if yes else Verdict.DECLINED
        return Decision(
            verdict=verdict if won else Verdict.ALREADY,
            proposal=self._store.proposal(proposal.id),
        )

    def expire(self) -> None:
        """End the offers whose time is over."""
        now = self._clock.now()
        over = [offer for offer in self._store.offers() if now >= offer.expires_at]
        if over:
            with self._store.transaction():
                for offer in over:
                    self._end_offer(offer, to=ProposalState.EXPIRED, by="time")
            self._wake()

    def void_offers(self, *, by: str) -> None:
        """End every open offer: the journal they stand in cannot be trusted."""
        with self._store.transaction():
            for offer in self._store.offers():
                self._end_offer(offer, to=ProposalState.SUPERSEDED, by=by)
        self._wake()

    def _end_offer(self, offer: Proposal, *, to: ProposalState, by: str) -> None:
        now = self._clock.now()
        if self._store.move_proposal(offer.id, to=to, by=by, at=now, shown=None):
            self._audit(offer.id, f"{to}", by)
            self._store.tell(CardChanged(proposal_id=offer.id))

    # orders

    def send(self, order: Order, sent: Sent) -> Order:
        """W2. On disk as SENDING, under an order id that nobody gets again."""
        high = int(self._store.recall(ORDER_ID_HIGH) or 0)
        if sent.order_id <= high:
            raise Contradiction(f"order id {sent.order_id} was used before ({high})")
        after = advance(order, sent)
        self._left_sending[order.ref] = asyncio.Event()
        with self._writing(W2):
            self._store.remember(ORDER_ID_HIGH, str(sent.order_id))
            self._write(order, after, sent)
        return after

    def learn(self, event: OrderEvent) -> Order:
        """Take one event into its order. Repeats change nothing.

        Raises:
            LookupError: the journal has no such order.
        """
        before = self._store.order(event.ref)
        if before is None:
            raise LookupError(event.ref)
        after = self._with_charges(advance(before, event))
        if after == before:
            return before
        with self._writing(_POINTS.get(type(event), W5)):
            self._write(before, after, event)
        if after.state is not OrderState.SENDING and event.ref in self._left_sending:
            self._left_sending.pop(event.ref).set()
        self._wake()
        return after

    def charge(self, exec_id: str, commission: Money) -> None:
        """Take a commission report, whether or not its fill has come yet."""
        self._charges[exec_id] = commission
        order = self._store.order_by_exec(exec_id)
        if order is not None:
            self.learn(Charged(ref=order.ref, exec_id=exec_id, commission=commission))

    async def past_sending(self, ref: OrderRef, *, within: float) -> bool:
        """Whether the order left SENDING within *within* seconds."""
        left = self._left_sending.get(ref)
        if left is None:
            return True
        try:
            async with asyncio.timeout(within):
                await left.wait()
        except TimeoutError:
            return False
        return True

    def _with_charges(self, order: Order) -> Order:
        fills = tuple(
            replace(fill, commission=self._charges[fill.exec_id])
            if fill.commission is None and fill.exec_id in self._charges
            else fill
            for fill in order.fills
        )
        return replace(order, fills=fills)

    @contextmanager
    def _writing(self, points: Write) -> Iterator[None]:
        """One transaction, and word of it before, inside and after."""
        self._reached(points.before)
        with self._store.transaction():
            yield
            self._reached(points.inside)
        self._reached(points.after)

    def _write(self, before: Order, after: Order, event: OrderEvent) -> None:
        if not self._store.update_order(after, was=before.state):
            raise Contradiction(f"{before.ref} was not {before.state} on disk")
        self._audit(after.ref, type(event).__name__, f"{after.state} {event}")
        self._store.tell(CardChanged(proposal_id=after.proposal_id))
        if isinstance(event, WentSilent) and before.state is not after.state:
            self._store.tell(InDoubt(ref=after.ref, position_now=event.position_now))
        if after.state in FINAL and before.state not in FINAL:
            self._tell_if_settled(after)
        if before.state in _NEVER_LIVED and after.state is not before.state:
            self._raise_ghost(after.ref, f"IB lists it; here it was {before.state}")

    def meet_ghost(self, ref: str, text: str) -> None:
        """R17. IB lists an order with our prefix that this journal never wrote."""
        if self._store.recall(f"ghost {ref}") is None:
            with self._store.transaction():
                self._store.remember(f"ghost {ref}", text)
                self._raise_ghost(ref, text)
            self._wake()

    def _raise_ghost(self, ref: str, text: str) -> None:
        """R16, R17. Tell it, and send nothing until the owner has looked."""
        self._store.tell(Ghost(ref=ref, text=text))
        self._store.remember(HALTED, f"{ref}: {text}")
        self._audit(ref, "ghost", text)

    def _tell_if_settled(self, order: Order) -> None:
        others = self._store.orders_of(order.proposal_id)
        asks_again = any(o.state is OrderState.NEEDS_RECONFIRM for o in others)
        if all(o.state in FINAL for o in others) and not asks_again:
            self._store.tell(Settled(proposal_id=order.proposal_id))

    # halting, and what else must be told

    @property
    def halted(self) -> str | None:
        """Why nothing may be sent until /resume; None when it may."""
        return self._store.recall(HALTED) or None

    def halt(self, *, by: str, reason: str, tell: bool) -> None:
        """Persist that nothing may be sent; told once, and not again while it holds."""
        if self.halted is not None:
            return
        now = self._clock.now()
        with self._store.transaction():
            self._store.remember(HALTED, reason)
            self._audit("", "halt", f"by {by}: {reason}")
            if tell:
                self._store.tell(TradingHalted(at=now, reason=reason))
        self._wake()

    def resume(self, *, by: str) -> None:
        with self._store.transaction():
            self._store.remember(HALTED, "")
            self._audit("", "resume", f"by {by}")

    def announce(self, news: Iterable[News]) -> None:
        """Keep *news* to be told."""
        with self._store.transaction():
            for item in news:
                self._store.tell(item)
        self._wake()

    def _audit(self, ref: str, kind: str, payload: str) -> None:
        self._store.audit(at=self._clock.now(), ref=ref, kind=kind, payload=payload)


_POINTS: Final[dict[type, Write]] = {
    Acked: W3,
    Filled: W4,
    Charged: NOTE,
    Held: NOTE,
    Noted: NOTE,
    CancelAsked: NOTE,
}
_NEVER_LIVED: Final = frozenset(
    {
        OrderState.ABSENT,
        OrderState.LAPSED,
        OrderState.NEEDS_RECONFIRM,
        OrderState.CLOSED_BY_HUMAN,
    }
)


def _planned(proposal: Proposal, leg: Leg) -> Order:
    return Order(
        ref=order_ref(proposal.id, leg.number),
        proposal_id=proposal.id,
        leg=leg.number,
        instrument=leg.instrument,
        side=Side.BUY,
        shares=leg.shares,
        account=proposal.account,
        state=OrderState.PLANNED,
        estimate=leg.estimate,
    )
