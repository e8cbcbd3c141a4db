"""From /exits to the protection of each holding, and to a card that changes exits.

Tested by tests/core/flows/exits/test_cards.py.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Final, Protocol

from core.flows.named.propose import Proposer
from core.flows.named.ranges import ranges_of
from core.flows.named.sales import Sales
from core.flows.research.snapshots import quotes_of
from core.flows.standing import Standing
from core.model.errors import BrokerError
from core.model.exits.overview import ProtectedHolding
from core.model.exits.plan import ExitPlan
from core.model.market import ConId, Instrument
from core.model.money import Steps
from core.model.order import FINAL, Order, OrderState
from core.model.portfolio import Position
from core.model.proposal import Leg, Purpose
from core.model.status import MarketPhase
from core.ports.market import BarSource, Clock, PriceRules, QuoteSource
from core.ports.memory import ProtectionReader
from core.ports.orders import OrderLists
from core.ports.settings import InstructionReader
from core.rules.exits.exposure import time_bare
from core.rules.exits.overview import holdings
from core.rules.exits.prices import (
    below_nothing,
    in_dollars,
    nearer_than_a_step,
    need_steps,
    needs_ranges,
)
from core.rules.limits.stock import too_far, too_near
from core.rules.new_york import day_of
from core.rules.selling.holding import orders_in
from core.rules.selling.legs import sale_leg


_log: Final = logging.getLogger(__name__)

_NO_CLOSE: Final = (
    "{symbol} trades on {exchange}, whose close I do not know: it can have any exit but a"
    " timed one."
)
_IN_DOLLARS: Final = "I keep exits only of stocks in dollars. It can be sold."

_SHOWN: Final = (frozenset(OrderState) - FINAL) | {OrderState.CLOSED_BY_HUMAN}


class ExitCardData(QuoteSource, BarSource, PriceRules, Protocol):
    """What a question about exits is worked out by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitCards:
    """Shows exits and asks about changes; the ExitKeeper carries out what a Yes
    sets."""

    market: ExitCardData
    orders: OrderLists
    memory: ProtectionReader
    sales: Sales
    proposer: Proposer
    instructions: InstructionReader
    clock: Clock
    standing: Standing

    async def holdings(self) -> tuple[ProtectedHolding, ...]:
        """Every holding in dollars with its exits, what was bought just now among them.

        Raises:
            BrokerAway, BrokerSilent: the holdings are unknown.
        """
        account = self.instructions.read().limits.account
        orders = [o for o in self.orders.in_states(_SHOWN) if o.account == account]
        protections = [p for p in self.memory.protections() if p.account == account]
        found = holdings(
            await self.sales.held_now(),
            protections,
            orders,
            identity=self.standing.identity(),
            now=self.clock.now(),
            is_open=self.standing.market().phase is MarketPhase.OPEN,
        )
        return tuple(replace(each, bare_for=self._bare_for(each)) for each in found)

    async def abroad(self) -> tuple[Position, ...]:
        """The stocks held in other currencies, for which no exit can be set here.

        Raises:
            BrokerAway, BrokerSilent: the holdings are unknown.
        """
        held = await self.sales.held_now()
        stocks = (p for p in held if p.is_stock and p.shares > 0)
        return tuple(p for p in stocks if not p.is_dollar_stock)

    def _bare_for(self, held: ProtectedHolding) -> timedelta | None:
        of_it = self._orders_of(held.instrument)
        known = (time_bare(order, of_it) for order in held.exits)
        return max((each for each in known if each is not None), default=None)

    def _orders_of(self, stock: Instrument) -> Sequence[Order]:
        account = self.instructions.read().limits.account
        return orders_in(account, self.orders.of_stock(stock.con_id))

    async def offer(
        self, holding: ConId | str, plan: ExitPlan, *, key: str
    ) -> str | None:
        """Ask on a card whether to set *plan* for everything held of a stock. Returns
        why there is no card, None if there is.

        Raises:
            BrokerAway, BrokerSilent, BrokerSaidNo: IB could not be asked.
            NotifierAway: the chat could not be reached.
        """
        if self.proposer.answered(key):
            return None
        held = await self.sales.held_now()
        found = [p for p in held if _is_meant(p, holding)]
        if len(found) == 1 and not found[0].is_dollar_stock:
            stock = found[0].instrument
            return f"{stock.symbol} trades in {stock.currency}: {_IN_DOLLARS}"
        if len(found) != 1:
            return (
                f"IB lists no holding in dollars that is {holding}. What was bought may"
                " be listed only after three minutes."
            )
        leg = await self._leg(found[0], plan)
        if isinstance(leg, str):
            return leg
        await self.proposer.propose(Purpose.EXITS, [leg], key=key)
        return None

    async def _leg(self, position: Position, plan: ExitPlan) -> Leg | str:
        stock, symbol = position.instrument, position.instrument.symbol
        orders = self._orders_of(stock)  # before anything else is asked
        if position.whole_shares < 1:
            return f"You hold no whole share of {symbol}."
        ranges = await self._ranges(position) if needs_ranges(plan) else None
        if needs_ranges(plan := in_dollars(plan, ranges)):
            return f"The average true range of {symbol} is not known."
        within = self.instructions.read().timeouts.quotes
        quotes = await quotes_of(self.market, [stock], within=within)
        leg = sale_leg(
            position,
            position.whole_shares,
            number=1,
            quote=quotes.get(stock.con_id),
            orders=orders,
        )
        if leg is None:
            return f"No price is known of {symbol}."
        if problem := await self._why_no_distance(leg, plan):
            return problem
        if plan.sessions is not None and leg.has_own_hours:
            return _NO_CLOSE.format(symbol=symbol, exchange=position.listed_on)
        return replace(leg, exits=plan, atr=ranges)

    async def _why_no_distance(self, leg: Leg, plan: ExitPlan) -> str:
        """Why an exit of *plan* has no price; empty if all have one."""
        symbol, price = leg.instrument.symbol, leg.reference
        if below_nothing(plan, price):
            return too_far(symbol, price)
        steps = await self._steps(leg.instrument) if need_steps(plan) else ()
        is_near = nearer_than_a_step(plan, price, steps)
        return too_near(symbol, price, steps) if is_near else ""

    async def _steps(self, stock: Instrument) -> Steps:
        """IB's price steps; none if IB does not name them."""
        within = self.instructions.read().timeouts.quotes
        try:
            return await self.market.price_steps(stock, within=within)
        except BrokerError as problem:
            _log.warning("no price step of %s: %s", stock.symbol, problem)
            return ()

    async def _ranges(self, position: Position) -> Decimal | None:
        within = self.instructions.read().timeouts.bars
        today = day_of(self.clock.now())
        stock = position.instrument
        return await ranges_of(self.market, stock, today=today, within=within)


def _is_meant(position: Position, holding: ConId | str) -> bool:
    if isinstance(holding, str):
        return position.instrument.is_named(holding)
    return position.instrument.con_id == holding
