"""From the owner's Yes to the orders that may leave: judged one at a time, just before."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final, Protocol, TypedDict

from core.flows.chosen.once import CHAT_WAIT
from core.flows.exits.keeper import ExitKeeper
from core.flows.gateway_ready import not_ready, slept
from core.flows.offer import Offers
from core.flows.reconcile import Reconciler
from core.flows.send import Sender
from core.flows.standing import Standing
from core.ledger.orders import Ledger
from core.ledger.unit_of_work import UnitOfWork, now_on
from core.model.errors import BrokerAway, BrokerSilent, NotifierAway
from core.model.evidence import Line
from core.model.market import ConId, Quote, Side
from core.model.order import IN_DOUBT, Order, OrderState
from core.model.order_events import Lapsed, PriceMoved
from core.model.portfolio import NOTHING_LISTED, Inventory, Position
from core.model.proposal import Proposal, Purpose, Shown
from core.ports.account import HoldingsReader, Prober, SummaryReader
from core.ports.chat import Notifier
from core.ports.market import QuoteSource, SteadyClock
from core.ports.orders import CardAndCountedOrders
from core.ports.proposals import ProposalReader
from core.ports.settings import InstructionReader
from core.rules.guards import Circumstances, Refusal, RefusalKind, refusals
from core.rules.new_york import day_of, start_of
from core.rules.order_guards import withdrawn
from core.rules.selling.holding import held_before
from core.rules.sending import FRESH, Judgement, deadline


_log: Final = logging.getLogger(__name__)

_ASK_AGAIN: Final = frozenset(
    {
        RefusalKind.PRICE_MOVED,
        RefusalKind.MARKET_CLOSED,
        RefusalKind.MARKET_OPENED,
    }
)


class JudgedBroker(SummaryReader, HoldingsReader, Prober, Protocol):
    """Says whether an order could leave; it can place none."""


@dataclass(frozen=True, slots=True)
class _Quoted:
    """The stocks' quotes, and why IB quotes one of them not at all."""

    quotes: Mapping[ConId, Quote] = field(default_factory=dict)
    unquoted: Mapping[ConId, str] = field(default_factory=dict)


class _Books(TypedDict):
    """Fields of Circumstances that the journal and IB's listing fill."""

    working: Sequence[Order]
    counting: Sequence[Order]
    held: Sequence[Position]


@dataclass(slots=True, kw_only=True)
class Trader:
    """The only one who has orders sent: legs leave one after another, so that at most
    one order is ever in doubt. *orders_due* is set when there may be planned orders."""

    market: QuoteSource
    broker: JudgedBroker
    notifier: Notifier
    proposals: ProposalReader
    orders: CardAndCountedOrders
    instructions: InstructionReader
    unit: UnitOfWork
    ledger: Ledger
    standing: Standing
    reconciler: Reconciler
    offers: Offers
    sender: Sender
    exits: ExitKeeper
    clock: SteadyClock
    orders_due: asyncio.Event

    async def run(self) -> None:
        """Send what has been approved, exits of what was bought first; never ends."""
        while True:
            await self.orders_due.wait()
            self.orders_due.clear()
            await self.exits.keep()
            planned = self.orders.in_states([OrderState.PLANNED])
            planned = tuple(order for order in planned if order.exit is None)
            for proposal_id in dict.fromkeys(o.proposal_id for o in planned):
                proposal = self.proposals.by_id(proposal_id)
                assert proposal is not None
                await self._trade(proposal)

    async def _trade(self, proposal: Proposal) -> None:
        """Every planned leg of *proposal*: sent, or ended with all its reasons. While
        the orders are being compared they wait, as long as the offer's time lasts."""
        while planned := self._still_wanted(self._planned(proposal)):
            now, line = self.clock.now(), self.broker.line()
            if now >= deadline(proposal):
                self._lapse(
                    planned, "The offer's time was over before it could be sent."
                )
                return
            if not self._compared_with(line, now):
                return
            await self.exits.make_way(planned)
            asleep = slept(self.clock)
            quoted = await self._quoted(planned)
            inventory = await self._inventory_for(planned)
            if slept(self.clock) - asleep > FRESH.total_seconds():
                self.reconciler.forget()  # what came may be of before the sleep
                return
            judgement = self._judgement_of_now(proposal, line)
            refused, known = await self._refusals(proposal, planned, quoted, inventory)
            shown = await self._place_to_ask(proposal, refused)
            if self._planned(proposal) != planned:
                continue  # cancelled meanwhile: the rest is judged again
            if shown is not None:
                anew = replace(proposal, shown=shown)
                self._ask_again(anew, planned, refused, quoted.quotes)
                return
            clear = self._refuse(planned, refused)
            if clear:
                against = partial(self._against, known)
                await self.sender.send(
                    clear[0],
                    replace(judgement, against=against),
                    held=_held_before(clear[0], known),
                )
                await self.exits.keep()

    def _compared_with(self, line: Line, now: datetime) -> bool:
        """Whether the orders have been compared over *line* today; else they will be."""
        if self.reconciler.is_of_another_day(now):
            self.reconciler.forget()
        return self.reconciler.holds_for(line)

    def _judgement_of_now(self, proposal: Proposal, line: Line) -> Judgement:
        """What is judged from here on is as old as the quotes that have just come, or
        for a sale as what IB has just listed, and holds for the session with the
        gateway in which they were asked for."""
        return Judgement(
            of=now_on(self.clock),
            line=line,
            deadline=deadline(proposal),
            despite_halt=proposal.purpose is Purpose.SELL_ALL,
        )

    def _planned(self, proposal: Proposal) -> tuple[Order, ...]:
        planned = self.orders.in_states([OrderState.PLANNED])
        legs = (order for order in planned if order.exit is None)
        return tuple(order for order in legs if order.proposal_id == proposal.id)

    def _still_wanted(self, planned: Sequence[Order]) -> tuple[Order, ...]:
        """The *planned* orders whose cancel is not wanted. The others end, whether or
        not there is a line."""
        for order in planned:
            if order.cancel_asked:
                self._lapse([order], withdrawn(order))
        return tuple(order for order in planned if not order.cancel_asked)

    async def _quoted(self, orders: Sequence[Order]) -> _Quoted:
        """The stocks' quotes of this moment: from lines that have just been updated, such
        as those that run since the card was shown, or from new ones."""
        wanted = [order.instrument for order in orders]
        numbers = {each.con_id for each in wanted}
        within = self.instructions.read().timeouts.quotes
        try:
            async with self.market.quotes(wanted) as stream:
                if not numbers <= stream.quotes().keys():
                    await stream.settled(numbers, within=within)
                return _Quoted(dict(stream.quotes()), dict(stream.dead()))
        except BrokerAway:
            return _Quoted()

    async def _refusals(
        self,
        proposal: Proposal,
        orders: Sequence[Order],
        quoted: _Quoted,
        inventory: Inventory | None,
    ) -> tuple[tuple[Refusal, ...], Circumstances]:
        """What all guards refuse, and the circumstances that they were given, read after
        the gateway has just answered and nothing waits in front of an order: what is
        queued is lost with the line."""
        within = self.instructions.read().timeouts.probe
        problem = await not_ready(self.broker, within=within)
        known = self._circumstances(proposal, quoted, inventory)
        found = refusals(orders, known)
        if problem is not None:
            found = (Refusal(kind=RefusalKind.LINE, ref=None, text=problem), *found)
        return found, known

    async def _inventory_for(self, orders: Sequence[Order]) -> Inventory | None:
        """What is held and works at IB now, where one of *orders* sells: another's sale
        of the same shares, by hand too, must be known of. Where IB does not say, nothing
        can be sold."""
        if all(order.side is Side.BUY for order in orders):
            return None
        try:
            return await self.broker.inventory()
        except (BrokerAway, BrokerSilent) as problem:
            _log.warning("IB did not list what is held: %s", problem)
            return NOTHING_LISTED

    def _circumstances(
        self, proposal: Proposal, quoted: _Quoted, inventory: Inventory | None
    ) -> Circumstances:
        now = self.standing.read()
        return Circumstances(
            now=now.at,
            line=now.line,
            supply=now.supply,
            reconciled=now.reconciled,
            halted=now.halted,
            market=now.market,
            quotes=quoted.quotes,
            unquoted=quoted.unquoted,
            account=now.supply.account,
            in_doubt=now.in_doubt,
            limits=self.instructions.limits_of(proposal.made_at),
            proposal=proposal,
            inventory=inventory,
            **self._books(now.at),
        )

    def _books(self, now: datetime) -> _Books:
        """Our own orders and what IB lists, as they are at this moment."""
        at_ib = (OrderState.ACKED, OrderState.PARTIAL)
        return _Books(
            working=self.orders.in_states(at_ib),
            counting=self.orders.counting_since(start_of(day_of(now))),
            held=self.broker.positions() or (),
        )

    def _against(self, known: Circumstances, order: Order) -> str | None:
        """What the guards say of *order* by the limits, account and books of this moment:
        asked inside the transaction that writes it as being sent, so that no fill, loss
        or listing since it was judged is passed over."""
        now = replace(
            known,
            limits=self.instructions.limits_of(known.proposal.made_at),
            account=self.broker.account(),
            in_doubt=self.orders.in_states(tuple(IN_DOUBT)),
            **self._books(known.now),
        )
        if now == known:
            return None  # by all of this it was judged, with what leaves beside it
        found = refusals([order], now)
        return found[0].text if found else None

    def _ask_again(
        self,
        proposal: Proposal,
        orders: Sequence[Order],
        refused: Sequence[Refusal],
        quotes: Mapping[ConId, Quote],
    ) -> None:
        """These orders end, and a new card asks for them where *proposal* is shown."""
        reason = " ".join(refusal.text for refusal in refused)
        numbers = {order.leg for order in orders}
        legs = [leg for leg in proposal.legs if leg.number in numbers]
        with self.unit.writing():
            for order in orders:
                self.ledger.learn(PriceMoved(ref=order.ref, reason=reason))
            self.offers.ask_again(proposal, legs, quotes, reason)

    async def _place_to_ask(
        self, proposal: Proposal, refused: Sequence[Refusal]
    ) -> Shown | None:
        """Where a new card asks again: in the card's own place; but one of whose orders
        some were sent stays, for it is their record. None where more than the price or
        the market has changed, and while the chat is out of reach."""
        if not refused or any(refusal.kind not in _ASK_AGAIN for refusal in refused):
            return None
        orders = self.orders.of_proposal(proposal.id)
        if all(order.sent_at is None for order in orders):
            return proposal.shown
        try:
            return await self.notifier.place(f"again:{proposal.id}", within=CHAT_WAIT)
        except NotifierAway as away:
            _log.warning("no new card for %s: %s", proposal.id, away)
            return None

    def _refuse(
        self, orders: Sequence[Order], refused: Sequence[Refusal]
    ) -> tuple[Order, ...]:
        """End what was refused, with every reason; the rest is clear to go."""
        clear = []
        for order in orders:
            why = [r.text for r in refused if r.ref in {None, order.ref}]
            if why:
                self._lapse([order], " ".join(why))
            else:
                clear.append(order)
        return tuple(clear)

    def _lapse(self, orders: Sequence[Order], reason: str) -> None:
        for order in orders:
            self.ledger.learn(Lapsed(ref=order.ref, reason=reason))


def _held_before(order: Order, known: Circumstances) -> Decimal | None:
    """What is held before a sale, by what IB listed for it and not by the account window;
    None of a purchase."""
    if known.inventory is None:
        return None
    return held_before(order, known.inventory, known.counting, known.now)
