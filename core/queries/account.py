"""What the chat can read of the account. Nothing here writes or can place an order.

Tested by tests/bot/handlers/test_commands.py.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from core.flows.research.snapshots import quotes_of
from core.flows.trades import trades_today
from core.model.errors import BrokerAway, BrokerError
from core.model.evidence import LineState
from core.model.fills import Trade
from core.model.order import FINAL, Order, OrderState
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.scoring.trades import ListedHoldings
from core.ports.account import AccountReader
from core.ports.market import Calendar, Clock, QuoteSource
from core.ports.orders import CountedOrders
from core.ports.settings import InstructionReader
from core.rules.exits.exposure import time_bare
from core.rules.exits.splits import unadjusted_closes
from core.rules.new_york import day_of
from core.rules.reporting import marked
from core.rules.selling.fresh import listed_otherwise
from core.rules.selling.holding import orders_in


_log: Final = logging.getLogger(__name__)

UNFINISHED: Final = tuple(state for state in OrderState if state not in FINAL)


@dataclass(slots=True, kw_only=True)
class AccountQuery:
    """What the account holds, and its orders."""

    market: QuoteSource
    broker: AccountReader
    orders_of_ours: CountedOrders
    calendar: Calendar
    clock: Clock
    instructions: InstructionReader

    async def positions(self) -> tuple[Position, ...]:
        """The account's positions, at current prices as far as they arrive in time.

        Raises:
            BrokerAway: there is no connection, or IB has not listed everything yet.
        """
        stocks = [p.instrument for p in self._held() if p.is_dollar_stock]
        within = self.instructions.read().timeouts.quotes
        quotes = await quotes_of(self.market, stocks, within=within)
        trades = await self._trades_today() if stocks else ()
        orders, now = self.orders_of_ours.of_stock, self.clock.now()
        old = unadjusted_closes(quotes, self._held(), orders, now=now)
        return tuple(
            marked(
                position,
                quotes.get(number := position.instrument.con_id),
                trades,
                is_unadjusted=number in old,
            )
            for position in self._held()
        )

    async def listed_otherwise(self) -> Mapping[str, Decimal]:
        """By symbol, what IB lists as held if it is asked now, where the account window
        says another number. Empty if it does not answer in time."""
        within = self.instructions.read().timeouts.quotes
        try:
            async with asyncio.timeout(within):
                inventory = await self.broker.inventory()
        except (BrokerError, TimeoutError) as problem:
            _log.warning("IB did not list what is held: %r", problem)
            return {}
        return listed_otherwise(self.broker.positions() or (), inventory, self.orders())

    def shares_listed(self) -> ListedHoldings:
        """How many shares the account holds of each stock, as far as IB lists them, with
        IB's prices of its latest listing."""
        is_up = self.broker.line().state is LineState.UP
        listed = self.broker.positions() if is_up else None
        account = self.broker.account() if is_up else None
        return ListedHoldings(
            account=self.instructions.read().limits.account,
            at=self.clock.now(),
            shares=None
            if listed is None
            else {each.instrument.con_id: each.shares for each in listed},
            costs={
                each.instrument.con_id: each.average_cost
                for each in listed or ()
                if each.average_cost is not None and each.is_dollar_stock
            },
            prices={
                each.instrument.con_id: each.price
                for each in listed or ()
                if each.price is not None and each.is_dollar_stock
            },
            rates=account.rates if account else {},
        )

    def _held(self) -> tuple[Position, ...]:
        self._need_line()
        held = self.broker.positions()
        if held is None:
            raise BrokerAway("IB has not listed the holdings yet")
        return held

    async def _trades_today(self) -> tuple[Trade, ...] | None:
        return await trades_today(
            self.broker,
            self.orders_of_ours,
            account=self.instructions.read().limits.account,
            calendar=self.calendar,
            clock=self.clock,
            within=self.instructions.read().timeouts.quotes,
        )

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        """Every working order in the account, whoever placed it. Raises BrokerAway or
        BrokerSilent."""
        return await self.broker.open_orders()

    async def account(self) -> AccountSummary:
        """The account's figures. Raises BrokerAway without a connection or figures."""
        self._need_line()
        summary = self.broker.account()
        if summary is None:
            raise BrokerAway("the account's figures have not arrived yet")
        return summary

    def _need_line(self) -> None:
        line = self.broker.line()
        if line.state is not LineState.UP:
            raise BrokerAway(line.reason or line.state)

    def orders(self) -> tuple[Order, ...]:
        """Our orders that have not ended, and all sent today."""
        today = self.orders_of_ours.sent_on(day_of(self.clock.now()))
        unfinished = self.orders_of_ours.in_states(UNFINISHED)
        return tuple({o.ref: o for o in (*unfinished, *today)}.values())

    def longest_bare(self) -> timedelta | None:
        """The longest time that a purchase was without its stop, among the stops that
        work or were sent today; None if it is not known for any."""
        known = (time_bare(order, self._beside(order)) for order in self.orders())
        return max((each for each in known if each is not None), default=None)

    def _beside(self, order: Order) -> Sequence[Order]:
        """All orders of *order*'s stock and account."""
        of_it = self.orders_of_ours.of_stock(order.instrument.con_id)
        return orders_in(order.account, of_it)
