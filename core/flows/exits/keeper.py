"""Keeps the exits of every holding as approved: places missing ones, ends those that
are too many, and cancels exits before a sale of their shares.

Which exits are needed follows at any moment from the journal and IB's listings, so a
start after a kill needs nothing else. An exit is written, judged and sent like any
order: how much is needed is in needs.py, the sending in planned.py."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.flows.exits.late import LateExits
from core.flows.exits.needs import ExitNeeds
from core.flows.exits.pauses import ExitPauses
from core.flows.exits.planned import PlannedExits
from core.flows.exits.plans import Plans
from core.flows.exits.pricing import ExitPricing
from core.flows.exits.timed import TimedExits
from core.flows.reconcile import Reconciler
from core.flows.standing import Standing
from core.ledger.exits import ExitBook
from core.ledger.halts import Halts
from core.ledger.orders import Ledger
from core.model.errors import BrokerError
from core.model.exits.protection import Protection
from core.model.market import ConId, Instrument, Side
from core.model.money import Shares
from core.model.order import WORKING, Order, OrderState
from core.model.order_events import CancelAsked, Lapsed
from core.model.portfolio import Inventory
from core.model.status import THE_BOT, MarketPhase
from core.ports.account import HoldingsReader
from core.ports.settings import InstructionReader
from core.rules.exits.coverage import NOTHING, Need
from core.rules.exits.orders import Lot
from core.rules.halts import is_old_copy, is_panicking
from core.rules.selling.holding import (
    is_ended_first,
    orders_in,
    without_others,
)


_log: Final = logging.getLogger(__name__)

_POLL_INTERVAL: Final = 0.02
"""Seconds between two checks whether IB has confirmed that exits have ended."""

_NOT_NEEDED: Final = "it was not needed any more"
_SOLD: Final = "all the shares that they were approved for are sold"
_SOLD_BY_OTHERS: Final = "orders at IB that are not mine may sell these shares"


@dataclass(slots=True, kw_only=True)
class ExitKeeper:
    """Looks after each stock that has an exit plan or an exit. The Trader runs it, so
    that at most one order is ever in doubt."""

    broker: HoldingsReader
    book: ExitBook
    plans: Plans
    needs: ExitNeeds
    pricing: ExitPricing
    timed: TimedExits
    planned: PlannedExits
    late: LateExits
    pauses: ExitPauses
    ledger: Ledger
    halts: Halts
    reconciler: Reconciler
    standing: Standing
    instructions: InstructionReader

    async def keep(self) -> None:
        """Bring every stock's exits up to date. Does nothing while the orders have not
        been compared, or while the journal may be an old copy, whose plans the owner
        has to confirm with /resume first."""
        if not self.reconciler.reconciled or self._is_old_copy():
            return
        for stock in tuple(self._stocks()):
            try:
                await self._see_to(stock)
            except BrokerError as problem:
                self.late.failed(stock, str(problem))
        await self.planned.send()

    async def make_way(self, orders: Sequence[Order]) -> None:
        """Cancel the exits that cover shares which *orders* sell, and wait until IB has
        confirmed that, or as long as for IB's first word on an order."""
        sales = [order for order in orders if order.side is Side.SELL]
        for order in sales:
            try:
                inventory = await self.broker.inventory()
            except BrokerError as problem:
                _log.warning("IB did not list what is held: %s", problem)
                return
            self._end(self.needs.listed(order.instrument, inventory).cancel)
        if sales:
            await self._ended({order.instrument.con_id for order in sales})

    async def _ended(self, stocks: set[ConId]) -> None:
        try:
            async with asyncio.timeout(self.instructions.read().timeouts.ack):
                while self._are_ending(stocks):  # noqa: ASYNC110  they end in many ways
                    await asyncio.sleep(_POLL_INTERVAL)
        except TimeoutError:
            _log.warning("not all exits are confirmed as cancelled")

    def _are_ending(self, stocks: set[ConId]) -> bool:
        return any(
            order.cancel_asked and order.instrument.con_id in stocks
            for order in self.plans.exits()
        )

    # one stock

    def _stocks(self) -> Iterator[Instrument]:
        """The stocks that are protected or have a working exit, in the account that may
        trade: this login's listings prove nothing about other accounts, nor about exits
        that were sent in another name."""
        account = self.plans.account()
        known = [p.instrument for p in self.book.all() if p.account == account]
        alive = orders_in(account, self.plans.exits())
        elsewhere = {o.instrument.con_id for o in alive if not self._is_ended_here(o)}
        stocks = (*known, *(order.instrument for order in alive))
        found = {each.con_id: each for each in stocks}
        yield from (each for n, each in found.items() if n not in elsewhere)

    def _is_ended_here(self, order: Order) -> bool:
        """Whether this session can end *order*, an exit."""
        return is_ended_first(order, self.broker.line().identity)

    async def _see_to(self, stock: Instrument) -> None:
        if self._may_be_split(stock):
            return
        protection = self.plans.update(stock)
        if protection is not None and self.plans.is_over(protection):
            await self._drop(protection)
            self.late.done(stock)
            return
        await self.timed.look(stock, self.plans.exits_of(stock))
        supposed = self.needs.supposed(stock)
        if not (self._is_something(supposed) or self._is_look_due(stock)):
            self._settle(stock)
            return
        if self.pauses.before_asking(stock.con_id, supposed):
            return
        inventory = await self.broker.inventory()
        needed = self.needs.listed(stock, inventory)
        if self._end(needed.cancel):
            needed = self.needs.listed(stock, inventory)
        protection = self.plans.approved(stock)  # IB was asked meanwhile
        if protection is not None and needed.places and not self._is_panicking():
            await self._place(protection, needed)
        if needed == NOTHING:
            self._settle(stock, inventory)
        else:
            self.pauses.answered(stock.con_id)

    def _settle(self, stock: Instrument, asked: Inventory | None = None) -> None:
        """Note that nothing can be done now; an exit may be late all the same."""
        late = self.timed.why_not(stock) or self._kept_back(stock, asked)
        if late := late or self.planned.why_unsent(stock):
            self.late.failed(stock, late)
        else:
            self.late.done(stock)

    def _kept_back(self, stock: Instrument, asked: Inventory | None) -> str:
        """Why shares lack exits; empty if none do but for what others may sell."""
        if asked is None:
            return ""
        alone = without_others(asked, self.plans.orders_of(stock))
        return _SOLD_BY_OTHERS if self.needs.listed(stock, alone).shares else ""

    def _may_be_split(self, stock: Instrument) -> bool:
        """Whether others have just ended exits while the market is closed, as IB does at
        a split: whether it is one shows once the account window is renewed."""
        is_closed = self.standing.market().phase is MarketPhase.CLOSED
        ended = is_closed and self.plans.has_ended(stock)
        return self.pauses.before_telling(stock.con_id, ended=ended)

    async def _drop(self, protection: Protection) -> None:
        """Drop *protection*, unless IB lists its shares on request: the account window
        can be empty for a while."""
        stock = protection.instrument
        if protection.entries and self.plans.begun(protection) is None:
            self.book.drop(protection)
            return
        inventory = await self.broker.inventory()
        held = inventory.shares.get(stock.con_id, Decimal(0))
        if self.plans.approved(stock) != protection:
            return  # IB was asked meanwhile
        if self.plans.is_sold(protection, held):
            self.book.drop(protection, unsold=self.plans.unsold(protection))
        elif others := self.plans.others_bought(protection, held):
            kinds = protection.open_kinds
            self.book.take_off(protection, kinds, why=_SOLD, notify=True, shares=others)

    def _is_something(self, supposed: Need) -> bool:
        return bool(supposed.cancel or (supposed.places and not self._is_panicking()))

    def _is_look_due(self, stock: Instrument) -> bool:
        """Whether to ask what others may sell of *stock* beside its exits: no event tells."""
        is_open = self.standing.market().phase is MarketPhase.OPEN
        works = any(order.state in WORKING for order in self.plans.exits_of(stock))
        return is_open and works and self.pauses.before_looking(stock.con_id)

    def _is_old_copy(self) -> bool:
        return is_old_copy(self.halts.all())

    def _is_panicking(self) -> bool:
        return is_panicking(self.halts.all())

    # what is done

    def _end(self, orders: Sequence[Order]) -> bool:
        """Ask IB to cancel *orders*; what has not left ends at once. Returns whether any
        had not."""
        unsent = [order for order in orders if order.state is OrderState.PLANNED]
        for order in unsent:
            self.ledger.learn(Lapsed(ref=order.ref, reason=_NOT_NEEDED))
        for order in filter(self._is_ended_here, orders):
            if order not in unsent:
                wanted = self.ledger.learn(CancelAsked(ref=order.ref, by=THE_BOT))
                self.reconciler.ask_cancel(wanted)
        return bool(unsent)

    async def _place(self, protection: Protection, needed: Need) -> None:
        """A group for shares without exits; else what the first group lacks, to be
        joined to it: IB takes off one what another of the group sells."""
        kinds = protection.open_kinds
        group = None if needed.shares else needed.incomplete[0]
        if group is not None:
            kinds = group.lacks(kinds)
        priced = await self.pricing.of(
            protection,
            self.plans.orders_of(protection.instrument),
            kinds=kinds,
            closing=self.timed.is_due(protection),
        )
        if self._is_another_by_now(protection):
            return
        if priced.left_out:
            off, why = priced.left_out, priced.problem
            protection = self.book.take_off(protection, off, why=why, notify=True)
        if priced.exits:
            lot = Lot(
                shares=Shares(needed.shares if group is None else group.rest),
                basis=priced.basis,
                group="" if group is None else group.name,
            )
            self.book.place(protection, priced.exits, lot)

    def _is_another_by_now(self, protection: Protection) -> bool:
        """Whether the owner has approved something else while IB was asked."""
        is_kept_back = self._is_panicking() or self._is_old_copy()
        return is_kept_back or self.plans.approved(protection.instrument) != protection
