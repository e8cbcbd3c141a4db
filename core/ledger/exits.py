"""The one place where exit plans change and exit orders begin: written, then told.

Nothing here awaits; see core.ledger.orders.

Tested by tests/core/flows/exits/test_keeper.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final, Protocol

from core.ledger.unit_of_work import UnitOfWork
from core.model.exits.news import (
    ExitClosed,
    ExitsLate,
    HoldingGone,
    TimedExitMissed,
    Unprotected,
)
from core.model.exits.plan import NO_EXITS, ExitKind
from core.model.exits.protection import Protection
from core.model.market import ConId, Instrument, Session
from core.model.news import CardChanged
from core.model.order import Order
from core.model.points import EXITS
from core.ports.memory import OwnNames, ProtectionMemory
from core.ports.orders import CardOrders, OrderWriter
from core.rules.exits.orders import Lot, planned_exit
from core.rules.exits.prices import PricedExit


class ExitBookMemory(OwnNames, ProtectionMemory, Protocol):
    """The memory that the ExitBook needs."""


FIRST_EXIT: Final = 11
"""The exits of a card are numbered from here: its legs come before."""


class ExitBook:
    """Every exit plan in force, and its exit orders."""

    def __init__(
        self,
        unit: UnitOfWork,
        *,
        orders: OrderWriter,
        of_cards: CardOrders,
        memory: ExitBookMemory,
    ) -> None:
        self._unit, self._memory = unit, memory
        self._orders, self._of_cards = orders, of_cards

    def all(self) -> tuple[Protection, ...]:
        """One for each stock of an account."""
        return self._memory.protections()

    def of(self, con_id: ConId, *, account: str) -> Protection | None:
        """The protection in force for a stock in *account*; None if none is
        approved."""
        found = (p for p in self.all() if p.stands_for == (account, con_id))
        return next(found, None)

    def place(
        self, protection: Protection, exits: Sequence[PricedExit], lot: Lot
    ) -> tuple[Order, ...]:
        """Write that *exits*, one OCA group, are to be sent for *lot*: the Yes to them
        was given with the purchase."""
        card = protection.proposal_id
        before = max((o.leg for o in self._of_cards.exits_of(card)), default=0)
        first = max(FIRST_EXIT, before + 1)
        journal = self._memory.journal_names()[0]
        orders = tuple(
            planned_exit(protection, each, lot, leg=leg, first=first, journal=journal)
            for leg, each in enumerate(exits, start=first)
        )
        with self._unit.writing(EXITS):
            for order in orders:
                self._orders.add(order)
                what = f"{order.exit} {order.shares} {order.stop or order.limit or ''}"
                self._unit.audit(order.ref, "exit", what)
            self._unit.notify(CardChanged(proposal_id=card))
        return orders

    def end_on(self, protection: Protection, day: date) -> Protection:
        """Write before which session's close the rest is to be sold."""
        dated = replace(protection, close_day=day)
        with self._unit.writing():
            self._memory.set_protection(dated)
        return dated

    def put_off(
        self, protection: Protection, later: Session, *, shares: int
    ) -> Protection:
        """Write that the rest is to be sold before *later*'s close, since the one before was
        missed, and tell the owner that *shares* are still held."""
        missed, stock = protection.close_day, protection.instrument
        assert missed is not None
        with self._unit.writing():
            dated = self.end_on(protection, later.day)
            news = TimedExitMissed(
                con_id=stock.con_id,
                symbol=stock.symbol,
                shares=shares,
                missed=missed,
                closes=later.closes,
                account=protection.account,
            )
            self._unit.notify(news)
            what = f"{stock.symbol} before the close of {missed}"
            self._unit.audit(protection.proposal_id, "timed exit missed", what)
        return dated

    def take_off(
        self,
        protection: Protection,
        kinds: Iterable[ExitKind],
        *,
        why: str,
        notify: bool,
        shares: int | None = None,
    ) -> Protection:
        """Write that these exits are not placed any more; with *notify*, tell the owner
        that the *shares* held lack them."""
        off = tuple(dict.fromkeys((*protection.off, *kinds)))
        less = replace(protection, off=off)
        symbol = protection.instrument.symbol
        with self._unit.writing():
            self._memory.set_protection(less)
            self._unit.audit(protection.proposal_id, "exits off", f"{symbol} {why}")
            self._unit.notify(CardChanged(proposal_id=protection.proposal_id))
            if notify:
                news = Unprotected(
                    at=self._unit.now(),
                    con_id=protection.instrument.con_id,
                    symbol=symbol,
                    reason=why,
                    is_bare=not less.open_kinds,
                    shares=shares,
                    plan=protection.plan,
                )
                self._unit.notify(news)
        return less

    def notify_late(self, stock: Instrument, *, since: datetime, reason: str) -> None:
        """Tell that the exits of *stock* cannot be placed."""
        late = ExitsLate(
            at=since, con_id=stock.con_id, symbol=stock.symbol, reason=reason
        )
        self._unit.announce(late)

    def notify_closed(self, order: Order) -> None:
        """The owner said that *order* does not exist: if it is an exit, tell him that
        its shares lack it, and what can be placed instead."""
        if order.exit is None:
            return
        protection = self._of_order(order)
        plan = protection.plan if protection is not None else NO_EXITS
        self._unit.announce(ExitClosed(ref=order.ref, plan=plan))

    def give_up(self, orders: Iterable[Order], *, by: str) -> None:
        """The owner cancels the exits among *orders*: no exit of their stocks is placed
        again until he sets some."""
        for order in orders:
            protection = self._of_order(order) if order.exit is not None else None
            if protection is not None and (kinds := protection.open_kinds):
                self.take_off(protection, kinds, why=f"cancelled by {by}", notify=False)

    def _of_order(self, order: Order) -> Protection | None:
        return self.of(order.instrument.con_id, account=order.account)

    def drop(self, protection: Protection, *, unsold: int = 0) -> None:
        """Forget the protection of a stock of which nothing is held any more. Where no
        order of ours has sold so many of its shares, the owner is told."""
        with self._unit.writing():
            account, con_id = protection.stands_for
            self._memory.drop_protection(con_id, account=account)
            symbol = protection.instrument.symbol
            self._unit.audit(protection.proposal_id, "exits over", symbol)
            if unsold:
                gone = HoldingGone(
                    at=self._unit.now(), con_id=con_id, symbol=symbol, shares=unsold
                )
                self._unit.notify(gone)
