"""Cards and orders of the journal in memory."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from core.model.errors import Contradiction
from core.model.fills import Trade, stem_of
from core.model.market import ConId
from core.model.order import SETTLED, Order, OrderRef, OrderState
from core.model.proposal import (
    UNDECIDED,
    Proposal,
    ProposalId,
    ProposalState,
    Purpose,
    Shown,
    Token,
)
from tests.fakes.journal.tables import Role


class MemoryProposals(Role):
    """Implements Proposals."""

    def add(self, proposal: Proposal) -> None:
        cards = self._writing.cards
        taken = any(card.token == proposal.token for card in cards.values())
        if taken or proposal.id in cards:
            raise Contradiction("The card's id or token is another's.")
        cards[proposal.id] = proposal

    def amend(self, proposal: Proposal) -> None:
        stands = self._writing.cards.get(proposal.id)
        if stands is None or stands.state not in UNDECIDED:
            raise Contradiction(f"Card {proposal.id} cannot be amended.")
        self._writing.cards[proposal.id] = replace(
            proposal,
            state=stands.state,
            decided_by=stands.decided_by,
            decided_at=stands.decided_at,
        )

    def set_shown(self, proposal_id: ProposalId, shown: Shown) -> None:
        if (stands := self._writing.cards.get(proposal_id)) is not None:
            self._writing.cards[proposal_id] = replace(stands, shown=shown)

    def move(
        self,
        proposal_id: ProposalId,
        *,
        to: ProposalState,
        by: str,
        at: datetime,
        shown: Shown | None,
    ) -> bool:
        stands = self._writing.cards.get(proposal_id)
        if stands is None or stands.state is not ProposalState.OFFERED:
            return False
        if shown is not None and (stands.shown != shown or at >= stands.expires_at):
            return False
        self._writing.cards[proposal_id] = replace(
            stands, state=to, decided_by=by, decided_at=at
        )
        return True

    def by_id(self, proposal_id: ProposalId) -> Proposal | None:
        return self._reading.cards.get(proposal_id)

    def by_token(self, token: Token) -> Proposal | None:
        found = (card for card in self._reading.cards.values() if card.token == token)
        return next(found, None)

    def offers(self) -> tuple[Proposal, ...]:
        cards = self._reading.cards.values()
        open_ones = (card for card in cards if card.state is ProposalState.OFFERED)
        return tuple(sorted(open_ones, key=lambda card: (card.made_at, card.id)))

    def offer_ids(self, *, over_at: datetime | None = None) -> tuple[ProposalId, ...]:
        return tuple(
            card.id
            for card in self.offers()
            if over_at is None or card.expires_at <= over_at
        )

    def newest_in(self, shown: Shown) -> ProposalId | None:
        there = [c.id for c in self._reading.cards.values() if c.shown == shown]
        return there[-1] if there else None

    def latest(self, *, before: date | None) -> Proposal | None:
        fits = [
            card
            for card in self._reading.cards.values()
            if card.purpose is Purpose.PICKS
            and card.legs
            and (before is None or card.session_day < before)
        ]
        return max(fits, key=lambda card: card.made_at, default=None)

    def newest_scan(self) -> Proposal | None:
        cards = self._reading.cards.values()
        scans = (card for card in cards if card.purpose is Purpose.PICKS)
        return max(scans, key=lambda card: card.made_at, default=None)


def _what(order: Order) -> tuple[object, ...]:
    """What never changes of it."""
    stock = order.instrument.con_id
    return order.proposal_id, order.leg, stock, order.account, order.exit


class MemoryOrders(Role):
    """Implements Orders."""

    def add(self, order: Order) -> None:
        orders = self._writing.orders
        same = (o for o in orders.values() if o.proposal_id == order.proposal_id)
        con_id = order.instrument.con_id
        doubled = order.exit is None and any(
            o.instrument.con_id == con_id and o.exit is None for o in same
        )
        known = order.proposal_id in self._reading.cards
        if doubled or order.ref in orders or not known:
            raise Contradiction("One order for a stock of a known card.")
        self._keep(order)

    def update(self, order: Order, *, was: OrderState) -> bool:
        stands = self._writing.orders.get(order.ref)
        if stands is None or stands.state is not was or _what(stands) != _what(order):
            return False
        kept = {fill.stem: fill for fill in (*stands.fills, *order.fills)}
        first = {fill.stem: None for fill in (*order.fills, *stands.fills)}
        self._keep(replace(order, fills=tuple(kept[stem] for stem in first)))
        return True

    def _keep(self, order: Order) -> None:
        for other in self._reading.orders.values():
            if other.ref != order.ref:
                self._refuse_what_is_anothers(order, other)
        self._writing.orders[order.ref] = order

    @staticmethod
    def _refuse_what_is_anothers(order: Order, other: Order) -> None:
        ids = (order.client_id, order.order_id)
        if None not in ids and ids == (other.client_id, other.order_id):
            raise Contradiction("Another order has its order id.")
        if {fill.stem for fill in order.fills} & {fill.stem for fill in other.fills}:
            raise Contradiction("A fill belongs to another order already.")

    def by_ref(self, ref: OrderRef) -> Order | None:
        return self._reading.orders.get(ref)

    def by_order_id(self, *, client_id: int, order_id: int) -> Order | None:
        names = (client_id, order_id)
        return self._first(lambda order: (order.client_id, order.order_id) == names)

    def by_exec(self, exec_id: str) -> Order | None:
        stem = stem_of(exec_id)
        return self._first(lambda order: any(f.stem == stem for f in order.fills))

    def of_stock(self, con_id: ConId) -> tuple[Order, ...]:
        orders = self._reading.orders.values()
        return tuple(o for o in orders if o.instrument.con_id == con_id)

    def in_states(self, states: Iterable[OrderState]) -> tuple[Order, ...]:
        wanted = set(states)
        return self._those(lambda order: order.state in wanted)

    def of_proposal(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        found = self._of(proposal_id)
        return tuple(order for order in found if order.exit is None)

    def exits_of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        found = self._of(proposal_id)
        return tuple(order for order in found if order.exit is not None)

    def _of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        found = self._those(lambda order: order.proposal_id == proposal_id)
        return tuple(sorted(found, key=lambda order: order.leg))

    def sent_on(self, day: date) -> tuple[Order, ...]:
        return self._those(lambda order: order.sent_day == day)

    def counting_since(self, at: datetime) -> tuple[Order, ...]:
        return self._those(
            lambda order: (
                order.state not in SETTLED or any(f.at >= at for f in order.fills)
            )
        )

    def _those(self, fits: Callable[[Order], bool]) -> tuple[Order, ...]:
        return tuple(order for order in self._reading.orders.values() if fits(order))

    def _first(self, fits: Callable[[Order], bool]) -> Order | None:
        return next(iter(self._those(fits)), None)


class MemoryOtherTrades(Role):
    """Implements OtherTrades."""

    def by_exec(self, exec_id: str) -> Trade | None:
        stem = stem_of(exec_id)
        return self._reading.other_trades.get(stem)

    def put(self, trade: Trade) -> None:
        if trade.names is None:
            raise Contradiction(f"The execution {trade.fill.exec_id} names no order.")
        self._writing.other_trades[trade.fill.stem] = trade

    def all(self) -> tuple[Trade, ...]:
        kept = self._reading.other_trades.values()
        return tuple(sorted(kept, key=lambda each: (each.fill.at, each.fill.stem)))
