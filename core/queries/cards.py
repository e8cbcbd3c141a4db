"""A card as it stands now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from core.model.card import Card
from core.model.market import ConId
from core.model.order import IN_DOUBT, WORKING
from core.model.portfolio import Position
from core.model.proposal import Proposal, ProposalId, ProposalState
from core.model.status import MarketState
from core.ports.account import PositionReader, SupplyReader
from core.ports.market import Calendar, Clock
from core.ports.memory import HaltReader, ProtectionReader, ScoreReader
from core.ports.orders import CardAndCountedOrders
from core.ports.proposals import ProposalReader
from core.ports.settings import InstructionReader
from core.rules.circumstances import Circumstances
from core.rules.figures.sizing import can_be_resized, sizes_for
from core.rules.figures.terms import in_force
from core.rules.halts import exits_wait, in_words
from core.rules.new_york import day_of, start_of
from core.rules.outlook import outlook
from core.rules.sessions import (
    coming_close,
    market_state,
    open_to_queue_for,
)


class MemoryOfCards(HaltReader, ProtectionReader, Protocol):
    """The halts and exit plans that a card tells of."""


class CardBroker(SupplyReader, PositionReader, Protocol):
    """The roles of the broker by which a card is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardQuery:
    """Cards in their current state."""

    proposals: ProposalReader
    orders: CardAndCountedOrders
    memory: MemoryOfCards
    scores: ScoreReader
    broker: CardBroker
    calendar: Calendar
    clock: Clock
    instructions: InstructionReader

    def card(self, proposal_id: ProposalId) -> Card | None:
        """The card with its orders, and the next open or close if that matters."""
        proposal = self.proposals.by_id(proposal_id)
        if proposal is None:
            return None
        now = self.clock.now()
        market = market_state(self.calendar.sessions(), now)
        card = Card(
            proposal=proposal,
            orders=self.orders.of_proposal(proposal_id),
            exits=self.orders.exits_of(proposal_id),
            exits_wait=exits_wait(self.memory.halts()),
            opens=None if proposal.has_own_hours else open_to_queue_for(market, now),
            closes=None if proposal.has_own_hours else coming_close(market, now),
        )
        if proposal.state is not ProposalState.OFFERED:
            return card
        limits, is_open = self.instructions.read().limits, can_be_resized(proposal)
        held = self._held(proposal)
        covered = self._covered(held, proposal.account)
        card = replace(card, score=self.scores.score(), held=held, covered=covered)
        card = replace(
            card,
            sizes=sizes_for(proposal, limits.default_size),
            terms=proposal.terms or in_force(limits) if is_open else None,
            buying_stops=bool(limits.no_buy_after or limits.max_loss),
        )
        would = outlook(self._circumstances(proposal, market))
        return replace(card, refused=would.refused, fitting=would.fitting)

    def _held(self, proposal: Proposal) -> tuple[Position, ...]:
        wanted = {leg.instrument.con_id for leg in proposal.legs}
        held = self.broker.positions() or ()
        return tuple(
            each
            for each in held
            if each.instrument.con_id in wanted and each.shares != 0
        )

    def _covered(self, held: Iterable[Position], account: str) -> frozenset[ConId]:
        """The stocks of *held* whose exits are for all that is held of them."""
        plans = {p.stands_for: p for p in self.memory.protections()}
        of_held = {
            each.instrument.con_id: plans.get((account, each.instrument.con_id))
            for each in held
            if each.shares > 0
        }
        return frozenset(
            con_id
            for con_id, plan in of_held.items()
            if plan is not None and plan.open_kinds and not plan.entries
        )

    def _circumstances(self, proposal: Proposal, market: MarketState) -> Circumstances:
        """The circumstances without quotes, and as if the orders had been compared:
        temporary reasons are reported at the tap."""
        now, supply = self.clock.now(), self.broker.supply()
        return Circumstances(
            now=now,
            line=self.broker.line(),
            supply=supply,
            reconciled=True,
            halted=in_words(self.memory.halts()),
            market=market,
            quotes={},
            account=supply.account,
            in_doubt=self.orders.in_states(tuple(IN_DOUBT)),
            working=self.orders.in_states(tuple(WORKING)),
            counting=self.orders.counting_since(start_of(day_of(now))),
            held=self.broker.positions() or (),
            limits=self.instructions.limits_of(proposal.made_at),
            exits_end=True,
            proposal=proposal,
        )
