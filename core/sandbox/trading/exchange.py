"""The simulated exchange behind the gateway: prices, orders and accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from core.sandbox.market.abroad import magnifier_of
from core.sandbox.market.shapes import Shape
from core.sandbox.market.view import MarketView
from core.sandbox.trading import snapshots, statement
from core.sandbox.trading.accounts import Account, Pnl
from core.sandbox.trading.events import ExchangeEvent, Executed
from core.sandbox.trading.holdings import (
    AccountSpec,
    AccountValue,
    PortfolioItem,
    Position,
)
from core.sandbox.trading.order_engine import OrderEngine
from core.sandbox.trading.order_entry import OrderEntry
from core.sandbox.trading.order_life import Delay
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderKey, OrderTicket, WhatIf


class Exchange(MarketView):
    """A market and its order books. Deterministic: no clock, no randomness but the
    seed.

    ``now`` is always aware and never goes back between calls that change something.
    Events happen at their own time: ``place`` and ``cancel`` return those that happen
    at once, the rest comes from ``advance``, each event with the time it happened at.
    ``delay`` gives the seconds to wait before a step: "ack", "fill", "partial",
    "commission" or "cancel".
    """

    def __init__(
        self,
        *,
        seed: int,
        accounts: Sequence[AccountSpec] = (AccountSpec(),),
        delay: Delay = lambda _kind: 0.0,
        shapes: Mapping[str, Shape] | None = None,
    ) -> None:
        super().__init__(seed=seed, shapes=shapes or {})
        self._engine = OrderEngine(
            tape=self._tape,
            quotes=self._quotes,
            hours=self.hours,
            stocks=self.universe.by_con_id.__getitem__,
            delay=delay,
        )
        self._entry = OrderEntry(
            universe=self.universe,
            hours=self.hours,
            tape=self._tape,
            quotes=self._quotes,
            engine=self._engine,
        )
        self._splits: dict[int, float] = {}
        for spec in accounts:
            self.open_account(spec)

    def reshape(self, symbol: str, shape: Shape | None) -> None:
        """Set the shape of that stock from now on; None removes it."""
        self._tape.reshape(symbol, shape)
        stock = self.universe.by_symbol.get(symbol)
        if stock is not None:
            self._engine.look_again(stock.con_id)

    def rename(self, symbol: str, to: str) -> None:
        """From now on that stock has another symbol, under the same contract number.

        Raises:
            ValueError: there is no such stock, or another has that name.
        """
        self.universe.rename(symbol, to)
        self._tape.rename(symbol, to)

    # What can be done

    def next_order_id(self, client_id: int) -> int:
        """One above the highest order id that the client ever used; 1 for a new client."""
        return self._engine.book.highest.get(client_id, 0) + 1

    def roll_back_ids(self, client_id: int, next_id: int) -> None:
        """Forget that the client used ids from *next_id* on, as a gateway restart can."""
        self._engine.book.highest[client_id] = next_id - 1

    def place(self, ticket: OrderTicket, now: datetime) -> list[ExchangeEvent]:
        """Place a new order, or change the live one with the same client and order id.

        A refusal comes back as a Notice (201 is followed by an Inactive order).
        """
        before = self._engine.advance(now)
        self._entry.place(ticket, now)
        return [*before, *self._engine.advance(now)]

    def place_by_hand(self, ticket: OrderTicket, now: datetime) -> list[ExchangeEvent]:
        """Place an order typed into the terminal: client 0's, under a negative id."""
        before = self._engine.advance(now)
        ticket = replace(ticket, client_id=0, order_id=self._engine.book.hand_id())
        self._entry.place(ticket, now, by_hand=True)
        return [*before, *self._engine.advance(now)]

    def cancel(
        self, client_id: int, order_id: int, now: datetime
    ) -> list[ExchangeEvent]:
        """Ask to cancel an order; a Notice 10147 (unknown) or 10148 (not cancellable)
        if it cannot be.
        """
        before = self._engine.advance(now)
        self._entry.cancel(OrderKey(client_id, order_id), now)
        return [*before, *self._engine.advance(now)]

    def global_cancel(self, now: datetime) -> list[ExchangeEvent]:
        """Cancel every live order of every client."""
        before = self._engine.advance(now)
        for order in self._engine.book.live():
            self._engine.ask_to_cancel(order, now)
        return [*before, *self._engine.advance(now)]

    def correct(
        self, now: datetime, *, shares: float | None = None, price: float | None = None
    ) -> list[ExchangeEvent]:
        """The newest execution was of other *shares* (0: a bust) or at another *price*;
        None leaves it. It is told again under its own id with higher last digits, and
        the account is as if it had been so from the first but for its fee. The order,
        and the execution's counts of it, stay as they are."""
        before = self._engine.advance(now)
        self._engine.correct(now, shares=shares, price=price)
        return [*before, *self._engine.advance(now)]

    def turn_down(self, now: datetime) -> list[ExchangeEvent]:
        """Reject the newest live order although it had been accepted: a 201, and the
        order is Inactive from then on.
        """
        before = self._engine.advance(now)
        self._engine.turn_down(now)
        return [*before, *self._engine.advance(now)]

    def split(
        self, ratio: float, now: datetime, *, symbol: str = ""
    ) -> list[ExchangeEvent]:
        """Turn each share of that stock, or where none is named of the one traded last,
        into *ratio* shares; nothing if there is none. Prices and bars of every day are
        those after the split from now on, and the stock's orders are cancelled, as IB
        does (its page on good-till-cancelled orders).
        """
        before = self._engine.advance(now)
        con_id = self._named_or_traded_last(symbol)
        if con_id is not None:
            self._split_market(con_id, ratio)
            self._engine.split(con_id, ratio, now)
        return [*before, *self._engine.advance(now)]

    def move(self, account: str, symbol: str, shares: float) -> None:
        """Signed *shares* come to the account or leave it without a trade; its orders
        stay as they are.

        Raises:
            KeyError: no such account, or no such stock.
        """
        con_id = self.universe.by_symbol[symbol].con_id
        self._engine.accounts[account].move(con_id, shares)

    def _named_or_traded_last(self, symbol: str) -> int | None:
        if symbol:
            stock = self.universe.by_symbol.get(symbol)
            return None if stock is None else stock.con_id
        traded = self._engine.book.executions
        return traded[-1].order.ticket.con_id if traded else None

    def _split_market(self, con_id: int, ratio: float) -> None:
        self._splits[con_id] = self._splits.get(con_id, 1.0) * ratio
        self.universe.split(con_id, ratio)
        self._tape.split(self.universe.by_con_id[con_id], ratio)

    def advance(self, now: datetime) -> list[ExchangeEvent]:
        """The events until *now* that no call has returned yet, in order of time."""
        return self._engine.advance(now)

    def next_event_at(self) -> datetime | None:
        """When ``advance`` next has something to do; None while nothing is pending."""
        return self._engine.timers.next_at()

    def what_if(self, ticket: OrderTicket, now: datetime) -> WhatIf:
        """Margin and commission of an order that is not placed.

        Raises:
            OrderRefused: the order itself would be refused.
        """
        try:
            contract = self.contract(ticket.con_id)
        except KeyError:
            return self._entry.preview(ticket, now)
        if contract.sec_type == "STK":
            return self._entry.preview(ticket, now)
        seen = self.quote(contract.con_id, now)
        price = seen.last if seen.last > 0 else (seen.bid + seen.ask) / 2
        return self._entry.preview_of_other(ticket, contract, price, now)

    # What is on the books

    def accounts(self) -> tuple[str, ...]:
        """The account numbers, as they were opened."""
        return tuple(self._engine.accounts)

    def open_account(self, spec: AccountSpec) -> None:
        """Add an account to the login; connected clients are not told."""
        stocks, abroad = self.universe.stocks, self.universe.abroad
        con_ids = {f"{s.symbol}@{s.primary_exchange}": s.con_id for s in abroad}
        con_ids |= {s.symbol: s.con_id for s in stocks}
        self._engine.accounts[spec.account] = Account.opened(spec, con_ids)

    def close_account(self, account: str) -> None:
        """Remove an account from the login."""
        self._engine.accounts.pop(account, None)

    def open_orders(self) -> list[BookOrder]:
        """Every live order of every client, oldest first."""
        return self._engine.book.live()

    def completed_orders(self, day: date) -> list[BookOrder]:
        """Filled, cancelled and rejected on that New York day, oldest first."""
        return self._engine.book.completed_on(day)

    def ended_after(self, number: int) -> list[BookOrder]:
        """Orders that have ended on any day, oldest first, without the first *number*."""
        return self._engine.book.ended_after(number)

    def executions(self, since: datetime) -> list[Executed]:
        """Every fill since *since* (UTC), oldest first."""
        return [done for done in self._engine.book.executions if done.at >= since]

    def positions(self, account: str = "") -> list[Position]:
        """Holdings that are not zero, of one account or of all."""
        return [
            position
            for name, books in self._engine.accounts.items()
            if account in {"", name}
            for position in books.positions()
        ]

    def account_values(self, account: str, now: datetime) -> list[AccountValue]:
        """Every row of the account window.

        Raises:
            KeyError: no such account.
        """
        books = self._books(account, now)
        return statement.rows(books, books.figures(self._entry.marks(now)))

    def portfolio(self, account: str, now: datetime) -> list[PortfolioItem]:
        """Every holding of the account at its last price, which is in the unit that its
        exchange quotes, as IB has it; one that was closed today is listed with no shares
        (ib_async's wrapper then removes it).

        Raises:
            KeyError: no such account.
        """
        books, mark = self._books(account, now), self._entry.marks(now)
        return [
            PortfolioItem(
                position=position,
                market_price=(price := mark(position.con_id))
                * magnifier_of(position.con_id),
                market_value=position.quantity * price,
                unrealized_pnl=position.quantity * (price - position.avg_cost),
                realized_pnl=books.holdings[position.con_id].realized_today,
            )
            for position in books.positions(with_closed=True)
        ]

    def pnl(self, account: str, now: datetime, con_id: int = 0) -> Pnl:
        """Profit of the account in its base currency, or of one holding in it in the
        currency that the stock trades in.

        Raises:
            KeyError: no such account.
        """
        books = self._books(account, now)
        mark, before = self._entry.marks(now), self._entry.previous_closes(now)
        return books.pnl(mark, before, con_id=con_id)

    def snapshot(self) -> snapshots.SavedState:
        """Everything that must survive a restart: orders, cash, holdings, fills, ids."""
        engine = self._engine
        splits = {str(con_id): ratio for con_id, ratio in self._splits.items()}
        plain = snapshots.written(engine.book, engine.timers, engine.accounts)
        return {**plain, "splits": splits}

    def restore(self, snapshot: snapshots.SavedState) -> None:
        """Continue from a snapshot instead of from the account specs.

        Raises:
            KeyError, TypeError, ValueError: it is no snapshot of ours.
        """
        engine = self._engine
        engine.book, engine.timers, engine.accounts = snapshots.read(snapshot)
        for con_id, ratio in snapshot.get("splits", {}).items():
            self._split_market(int(con_id), ratio)

    def _books(self, account: str, now: datetime) -> Account:
        books = self._engine.accounts[account]
        books.begin(self.hours.current(now).day)
        return books
