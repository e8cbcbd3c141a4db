"""One order in the book of the IB in memory, and how its listings show it."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.model.evidence import (
    ChargeMessage,
    CodeMessage,
    CompletedOrder,
    FillMessage,
    Meaning,
)
from core.model.identity import Names
from core.model.market import OrderType
from core.model.order import Order
from core.model.portfolio import OpenOrder
from tests.builders import money


@dataclass(slots=True)
class Booked:
    """One order in this IB's book."""

    order: Order
    perm_id: int
    status: str = "PreSubmitted"
    fills: list[FillMessage] = field(default_factory=list)
    is_past: bool = False
    resized: int | None = None
    taken_off: int = 0
    names_size: bool = True
    _past_fills: int = 0

    @property
    def filled(self) -> int:
        """The shares that it counts as filled, whatever its executions name."""
        fills = (each.fill for each in self.fills)
        return sum(min(f.shares, f.cumulative or f.shares) for f in fills)

    @property
    def size(self) -> int:
        """What it is for, without what others of its OCA group have filled."""
        return (self.resized or self.order.shares) - self.taken_off

    @property
    def rests(self) -> bool:
        """Whether it waits for a price: a stop, or a sale with a limit."""
        return self.order.order_type is not OrderType.MARKET

    @property
    def works(self) -> bool:
        return self.status not in {"Filled", "Cancelled"}

    def names(self) -> Names:
        return Names(
            ref=self.order.ref,
            client_id=self.order.client_id or 0,
            order_id=self.order.order_id or 0,
            perm_id=self.perm_id,
        )

    def end_the_day(self) -> None:
        """Midnight: what has ended and what was executed is listed no more."""
        self._past_fills, self.is_past = len(self.fills), not self.works

    def fills_today(self) -> list[FillMessage]:
        return self.fills[self._past_fills :]

    def open(self) -> OpenOrder:
        """As it stands among the open orders."""
        names, order = self.names(), self.order
        return OpenOrder(
            instrument=order.instrument,
            ref=names.ref,
            order_id=names.order_id,
            client_id=names.client_id,
            perm_id=names.perm_id,
            side=order.side.value,
            order_type=order.order_type.value,
            tif=order.tif,
            shares=Decimal(self.size),
            filled=Decimal(self.filled),
            status=self.status,
            account=order.account,
            limit=order.limit,
            stop=order.stop,
            distance=order.distance,
        )

    def completed(self) -> CompletedOrder:
        """As it stands among the completed ones, which carry no ids."""
        return CompletedOrder(
            names=replace(self.names(), client_id=0, order_id=0),
            status=self.status,
            filled=self.filled,
            reason=self.status,
            shares=Decimal(self.size) if self.names_size else None,
        )


def charge_of(received: FillMessage) -> ChargeMessage:
    """Every execution costs a dollar."""
    return ChargeMessage(exec_id=received.fill.exec_id, commission=money("1.00"))


def refusal_of(order_id: int) -> CodeMessage:
    """IB will not have it."""
    text = "Order rejected - reason:not today"
    return CodeMessage(order_id=order_id, code=201, text=text, meaning=Meaning.DEAD)
