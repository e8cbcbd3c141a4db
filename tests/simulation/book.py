"""The bot's orders at IB by stock, from the gateway's own book."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Final

from core.sandbox.market.universe import universe
from core.sandbox.server import GatewayServer
from core.sandbox.trading.events import Executed
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.tickets import OrderKey
from tests.harness.market import SEED
from tests.simulation.cards import named
from tests.simulation.wire import exit_kind


CLIENT: Final = 17
"""The bot's client id at the gateway."""


@dataclass(slots=True)
class Book:
    """The gateway's book; each reading takes only what has changed."""

    gateway: GatewayServer
    number: int = 0
    refs: Counter[str] = field(default_factory=Counter)
    by_ref: dict[str, BookOrder] = field(default_factory=dict)
    """The newest of each ref, as it is now."""

    hands: set[int] = field(default_factory=set)
    """The permIds of orders that another tool has placed."""

    resized: set[int] = field(default_factory=set)
    """The permIds of the bot's orders that somebody gave another size in the terminal."""

    by_hand_at: datetime | None = None
    """When that was last: what the bot had asked a moment before is not so any more."""

    bought: Counter[date] = field(default_factory=Counter)
    """Whole dollars, by the day (UTC) on which the order was placed."""

    taken_back: Counter[int] = field(default_factory=Counter)
    """Shares of trades that the exchange has taken back, by the order's permId."""

    splits: dict[str, tuple[datetime, float]] = field(default_factory=dict)
    """When (UTC) a stock was split, and into how many shares each, by its symbol."""

    _ours: dict[str, dict[OrderKey, BookOrder]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _ended: int = 0

    def changes(self) -> list[BookOrder]:
        """The bot's orders that are new or have changed."""
        ended = self.gateway.ended_after(self._ended)
        self._ended += len(ended)
        found = (*ended, *self.gateway.orders())
        return [order for order in found if self._is_news(order)]

    def _is_news(self, order: BookOrder) -> bool:
        if order.ticket.client_id != CLIENT:
            return False
        ours = self._ours[name_of(order)]
        before = ours.get(order.key)
        if before == order:
            return False
        if before is None:
            self.number += 1
            self.refs[order.ticket.order_ref] += 1
        self._count(before, order)
        ours[order.key] = self.by_ref[order.ticket.order_ref] = order
        return True

    def _count(self, before: BookOrder | None, after: BookOrder) -> None:
        if after.ticket.action != "BUY":
            return
        worth = _dollars(after) - (0 if before is None else _dollars(before))
        self.bought[after.placed_at.date()] += worth

    def ours(self, name: str) -> list[BookOrder]:
        """Every order of the bot for one stock and side, on any day, without the shares
        of trades that were taken back: the order's own count keeps them."""
        return [self._as_traded(order) for order in self._ours[name].values()]

    def alive(self) -> list[BookOrder]:
        """Every order of the bot that works at IB."""
        every = (order for name in self.names() for order in self.ours(name))
        return [order for order in every if not order.done]

    def _as_traded(self, order: BookOrder) -> BookOrder:
        if back := self.taken_back[order.perm_id]:
            return replace(order, filled=order.filled - back)
        return order

    def trade_taken_back(self) -> None:
        """The exchange has taken back the newest trade, of whichever order."""
        every = self.gateway.executions()
        perm_id = every[-1].order.perm_id if every else 0
        of_it = [done for done in every if done.order.perm_id == perm_id]
        shares = sum(done.execution.shares for done in of_it)
        self.taken_back[perm_id] = int(of_it[-1].order.filled - shares) if of_it else 0

    def split(self, symbol: str, ratio: float) -> None:
        """The stock was split now: each share is *ratio* shares."""
        self.splits[symbol] = self.gateway.clock.now(), ratio

    def split_at(self, symbol: str) -> datetime | None:
        """When (UTC) it was split; None if it was not."""
        return self.splits[symbol][0] if symbol in self.splits else None

    def has_bought(self, symbol: str) -> bool:
        """Whether an order of the bot's has bought some of it."""
        return any(order.filled for order in self.ours(symbol))

    def _ratio(self, done: Executed) -> float:
        """How many shares of now one share of that execution is."""
        at, ratio = self.splits.get(
            _symbols()[done.order.ticket.con_id], (done.at, 1.0)
        )
        return ratio if done.at < at else 1.0

    def has_had(self, ref: str) -> bool:
        """Whether an order with that ref is or was at IB."""
        every = (*self.gateway.orders(), *self.gateway.ended_after(0))
        return any(order.ticket.order_ref == ref for order in every)

    def ended_unsold(self, ref: str) -> bool:
        """Whether an order with that ref was at IB and has ended with a rest."""
        ended = (o for o in self.gateway.ended_after(0) if o.ticket.order_ref == ref)
        return any(order.remaining > 0 for order in ended)

    def names(self) -> list[str]:
        """The names of stock and side that the bot has ordered."""
        return [name for name, orders in self._ours.items() if orders]

    def is_short(self) -> bool:
        """Whether the account is short of any stock."""
        return any(p.quantity < 0 for p in self.gateway.gateway.exchange.positions())

    def held(self, con_id: int) -> float:
        """Shares of it in the account."""
        positions = self.gateway.gateway.exchange.positions()
        return sum(p.quantity for p in positions if p.con_id == con_id)

    def held_of(self, symbol: str) -> float:
        """Shares that the account has of the stock with that symbol."""
        return sum(self.held(number) for number, s in _symbols().items() if s == symbol)

    def held_symbols(self) -> set[str]:
        """The symbols of the stocks that the account has."""
        positions = self.gateway.gateway.exchange.positions()
        return {_symbols()[p.con_id] for p in positions if p.quantity}

    def number_of(self, symbol: str) -> int:
        """The contract number of the stock with that symbol."""
        return next(number for number, each in _symbols().items() if each == symbol)

    def being_sold(self, symbol: str) -> float:
        """Shares of it in sales that work at IB, whoever's, and that are no exits."""
        return sum(
            order.remaining
            for order in self.gateway.orders()
            if order.ticket.action == "SELL"
            and _symbols()[order.ticket.con_id] == symbol
            and not (order.ticket.client_id == CLIENT and exit_kind(order.ticket))
        )

    def paid(self, con_id: int) -> set[float]:
        """The prices of the bot's purchases of it, dollars a share of now."""
        return {
            done.execution.price / self._ratio(done)
            for done in self.gateway.executions()
            if done.order.ticket.client_id == CLIENT
            and done.order.ticket.con_id == con_id
            and done.order.ticket.action == "BUY"
        }

    def bought_at(self, con_id: int) -> datetime:
        """When (UTC) the bot bought of it last; the earliest datetime before the first."""
        times = (
            done.at
            for done in self.gateway.executions()
            if done.order.ticket.client_id == CLIENT
            and done.order.ticket.con_id == con_id
            and done.order.ticket.action == "BUY"
        )
        return max(times, default=datetime.min.replace(tzinfo=UTC))

    def last(self, con_id: int) -> float:
        """Its last price now, dollars a share."""
        exchange = self.gateway.gateway.exchange
        return exchange.quote(con_id, self.gateway.clock.now()).last

    def bought_of(self, con_id: int) -> float:
        """Shares of it that the bot has bought, as many as they are now."""
        return sum(
            done.execution.shares * self._ratio(done)
            for done in self.gateway.executions()
            if done.order.ticket.client_id == CLIENT
            and done.order.ticket.con_id == con_id
            and done.order.ticket.action == "BUY"
        )

    def sold_since(self, symbol: str, since: datetime) -> float:
        """Shares that the bot's orders sold from *since* (UTC) on."""
        return sum(
            done.execution.shares
            for done in self.gateway.executions()
            if done.at >= since
            and done.order.ticket.client_id == CLIENT
            and done.order.ticket.action == "SELL"
            and _symbols()[done.order.ticket.con_id] == symbol
        )

    def group_has_sold(self, group: str, *, by: datetime) -> bool:
        """Whether exits of that OCA group had sold something *by* then (UTC)."""
        return any(
            done.at <= by and done.order.ticket.oca_group == group
            for done in self.gateway.executions()
        )

    def sellable(self, con_id: int, *, group: str = "") -> float:
        """Shares held that no order at IB may still sell; orders of the OCA *group* are
        left out. Of a group only one order sells.
        """
        promised: dict[str, float] = {}
        for order in self.gateway.orders():
            ticket = order.ticket
            if (ticket.con_id, ticket.action) == (con_id, "SELL"):
                name = ticket.oca_group or f"{order.perm_id}"
                promised[name] = max(promised.get(name, 0.0), order.remaining)
        promised.pop(group, None)
        return self.held(con_id) - sum(promised.values())

    def traded_by_hand(self, before: set[int]) -> None:
        """Record the orders that another tool has placed: those at IB that are not in
        *before*.
        """
        self.by_hand_at = self.gateway.clock.now()
        placed = {order.perm_id for order in self.gateway.orders()}
        self.hands |= placed - before

    def cancelled_hands(self) -> list[BookOrder]:
        """Orders of another tool that were cancelled today, which the bot must not do."""
        if not self.hands:
            return []
        return [
            order
            for order in self.gateway.completed()
            if order.perm_id in self.hands and order.status is OrderStatus.CANCELLED
        ]


def alive_or_filled(order: BookOrder) -> bool:
    """Whether it is live, or partly filled at least."""
    return not order.done or order.filled > 0


def dollars(order: BookOrder) -> float:
    """Dollars of its fills."""
    return order.filled * order.avg_price


def _dollars(order: BookOrder) -> int:
    return int(dollars(order))


@cache
def _symbols() -> dict[int, str]:
    return {number: each.symbol for number, each in universe(SEED).by_con_id.items()}


def name_of(order: BookOrder) -> str:
    """The name of its stock and side; see ``named``. Exits have a side of their own."""
    side = "EXIT" if exit_kind(order.ticket) else order.ticket.action
    return named(_symbols()[order.ticket.con_id], side)
