"""What the gateway knows of one stock: what is held, and every order of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from core.ledger.exits import FIRST_EXIT
from core.sandbox.trading.events import Executed
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import Side


STOPS: Final = frozenset({"STP", "TRAIL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``held`` shares at this moment; ``orders`` and ``executions`` are all there ever were,
    the oldest first."""

    held: int
    orders: Sequence[BookOrder]
    executions: Sequence[Executed]

    @property
    def entries(self) -> list[BookOrder]:
        return [o for o in self.orders if o.ticket.side is Side.BUY]

    @property
    def exits(self) -> list[BookOrder]:
        return [o for o in self.orders if is_exit(o)]

    @property
    def sales(self) -> list[BookOrder]:
        """What the owner sells, not by an exit."""
        return [
            o for o in self.orders if o.ticket.side is not Side.BUY and not is_exit(o)
        ]

    @property
    def lowest(self) -> float:
        """The fewest shares that were ever held."""
        moves = (
            e.execution.shares * (1 if e.execution.side is Side.BUY else -1)
            for e in self.executions
        )
        return min(accumulate(moves, initial=0.0))

    @property
    def naked(self) -> int:
        """Shares held that no stop at IB would sell."""
        return max(0, self.held - self.alive(*STOPS))

    @property
    def too_much(self) -> int:
        """Shares that what lives at IB could sell beyond what is held: of the exits of a
        holding one of each kind sells, and each sale beside them."""
        kinds = {o.ticket.order_type for o in self.exits if not o.done}
        most = max((self.alive(kind) for kind in kinds), default=0)
        sales = sum(o.remaining for o in self.sales if not o.done)
        return max(0, int(most + sales) - self.held)

    def alive(self, *kinds: str) -> int:
        """Shares that the exits of these order types may still sell."""
        living = (o for o in self.exits if not o.done and o.ticket.order_type in kinds)
        return int(sum(o.remaining for o in living))


def is_exit(order: BookOrder) -> bool:
    """By the leg that its ref names."""
    leg = order.ticket.order_ref.rpartition("-")[2]
    return leg.isdigit() and int(leg) >= FIRST_EXIT
