"""What trades have brought, and what became of single picks."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.model.market import Instrument
from core.model.money import Money, Price, Shares
from core.model.order import OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """Shares that were bought and sold again here, by FIFO: what was bought first is
    sold first. ``sale`` is the order that sold them. ``paid``, ``got`` and ``fees`` are
    dollars for these shares; times are UTC. A fee that IB has not told, or not in
    dollars, counts as nothing."""

    instrument: Instrument
    sale: OrderRef
    shares: Shares
    bought_at: datetime
    sold_at: datetime
    paid: Money
    got: Money
    fees: Money

    @property
    def profit(self) -> Money:
        """Dollars after fees."""
        return Money(self.got - self.paid - self.fees)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLot:
    """Shares that were bought here and, as far as this journal knows, not sold."""

    instrument: Instrument
    shares: Shares
    bought_at: datetime
    paid: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Trades:
    """All fills of ours, matched. ``unmatched`` counts the shares sold here that were not
    bought here, by symbol: their cost is not known. ``values`` is what the account was
    worth in the report of each session, the oldest first; ``spy`` is SPY's bid at the
    first card of each session that has one."""

    trips: tuple[RoundTrip, ...]
    lots: tuple[OpenLot, ...]
    unmatched: tuple[tuple[str, Shares], ...]
    fees: Money
    values: tuple[tuple[date, Money], ...]
    spy: tuple[tuple[date, Price], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPick:
    """One pick of an earlier card. ``shown`` is the ask that it showed, or the last
    price; ``gain``, ``best`` and ``worst`` are percent of the price paid or shown, the
    first one at the close and after costs. ``problem`` says why there is no gain,
    ``renamed`` what the stock has been called since, if that is something else."""

    day: date
    symbol: str
    shown: Decimal | None
    bought: Shares
    gain: float | None
    best: float | None
    worst: float | None
    problem: str | None
    renamed: str | None = None
