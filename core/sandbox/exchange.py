"""The simulated market behind the gateway: prices out, orders in, and books that add up."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from core.sandbox.hours import Hours, Session
from core.sandbox.orders import (
    AccountSpec,
    AccountValue,
    BarsRequest,
    BookOrder,
    Executed,
    ExchangeEvent,
    MarketBar,
    MarketQuote,
    OrderTicket,
    Pnl,
    PortfolioItem,
    Position,
    ScanRequest,
    Snapshot,
    WhatIf,
)
from core.sandbox.shapes import Shape
from core.sandbox.universe import Stock, Universe


Delay = Callable[[str], float]
"""Seconds to wait before a step: "ack", "fill", "partial", "commission" or "cancel"."""


class Exchange:
    """A market and its order books. Deterministic: no clock, no chance but the seed.

    ``now`` is always aware and never goes back between calls that change something.
    Things happen at their own time: ``place`` and ``cancel`` return what happens at
    once, the rest comes from ``advance``, each event with the time it happened at.
    """

    universe: Universe
    hours: Hours

    def __init__(
        self,
        *,
        seed: int,
        accounts: Sequence[AccountSpec] = (AccountSpec(),),
        delay: Delay = lambda _kind: 0.0,
        shapes: Mapping[str, Shape] | None = None,
    ) -> None:
        raise NotImplementedError

    def reshape(self, symbol: str, shape: Shape | None) -> None:
        """From now on bend that stock's tape; None lets it go again."""
        raise NotImplementedError

    # What can be looked at

    def quote(self, con_id: int, now: datetime) -> MarketQuote:
        """The top of the book.

        Raises:
            KeyError: no such stock.
        """
        raise NotImplementedError

    def scan(self, request: ScanRequest, now: datetime) -> list[Stock]:
        """The stocks that pass the filters, best first, at most 50.

        Raises:
            ScanRejected: unknown code, instrument, location or filter.
        """
        raise NotImplementedError

    def bars(self, request: BarsRequest, now: datetime) -> list[MarketBar]:
        """Bars, oldest first; D counts sessions that exist; today's may be forming.

        Raises:
            HistoryRejected: 200 unknown stock, 321 bad words, 162 nothing there.
        """
        raise NotImplementedError

    def head_timestamp(self, con_id: int) -> datetime:
        """Where the history of a stock begins."""
        raise NotImplementedError

    def schedule(
        self, *, days: int, end: datetime | None, use_rth: bool, now: datetime
    ) -> list[Session]:
        """The last ``days`` sessions that began by ``end``; without RTH, 04:00 to 20:00
        are ``pre_open`` and ``post_close``.
        """
        raise NotImplementedError

    # What can be done

    def next_order_id(self, client_id: int) -> int:
        """One above the highest id that client ever used; 1 for a new client."""
        raise NotImplementedError

    def place(self, ticket: OrderTicket, now: datetime) -> list[ExchangeEvent]:
        """A new order, or a change of the live one with the same client and id.

        A refusal comes back as a Notice (201 is followed by an Inactive order).
        """
        raise NotImplementedError

    def cancel(
        self, client_id: int, order_id: int, now: datetime
    ) -> list[ExchangeEvent]:
        """Cancel, or a Notice 10147 (unknown) or 10148 (not cancellable)."""
        raise NotImplementedError

    def global_cancel(self, now: datetime) -> list[ExchangeEvent]:
        """Cancel every live order of every client."""
        raise NotImplementedError

    def advance(self, now: datetime) -> list[ExchangeEvent]:
        """All that has happened by now and was not told yet, in order of time."""
        raise NotImplementedError

    def next_event_at(self) -> datetime | None:
        """When ``advance`` is next worth calling; None while nothing is pending."""
        raise NotImplementedError

    def what_if(self, ticket: OrderTicket, now: datetime) -> WhatIf:
        """Margin and commission of an order that is not placed.

        Raises:
            OrderRefused: the order itself would be refused.
        """
        raise NotImplementedError

    # What is on the books

    def accounts(self) -> tuple[str, ...]:
        raise NotImplementedError

    def open_orders(self) -> list[BookOrder]:
        """Every live order of every client, oldest first."""
        raise NotImplementedError

    def completed_orders(self, day: date) -> list[BookOrder]:
        """Filled, cancelled and rejected on that New York day, oldest first."""
        raise NotImplementedError

    def executions(self, since: datetime) -> list[Executed]:
        """Every fill from then on, oldest first."""
        raise NotImplementedError

    def positions(self, account: str = "") -> list[Position]:
        """Holdings that are not zero, of one account or of all."""
        raise NotImplementedError

    def account_values(self, account: str, now: datetime) -> list[AccountValue]:
        """Every row of the account window."""
        raise NotImplementedError

    def portfolio(self, account: str, now: datetime) -> list[PortfolioItem]:
        raise NotImplementedError

    def pnl(self, account: str, now: datetime, con_id: int = 0) -> Pnl:
        """Profit of the account, or of one holding in it."""
        raise NotImplementedError

    def snapshot(self) -> Snapshot:
        """All that must survive a restart: orders, cash, holdings, fills, ids."""
        raise NotImplementedError

    def restore(self, snapshot: Snapshot) -> None:
        """Continue from a snapshot instead of from the account specs."""
        raise NotImplementedError
