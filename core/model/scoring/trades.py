"""The profit of trades, and the outcome of single picks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.model.market import ConId, Instrument
from core.model.money import Money, Price, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedHoldings:
    """What IB lists of each stock in ``account`` at a moment (UTC); ``shares`` is None
    while that is not known. ``costs`` are the average costs of a share and ``prices``
    IB's marks, in dollars, as far as IB tells them; ``rates`` is what one unit of each
    other currency is in dollars."""

    account: str
    at: datetime
    shares: Mapping[ConId, Decimal] | None = None
    costs: Mapping[ConId, Price] = field(default_factory=dict)
    prices: Mapping[ConId, Price] = field(default_factory=dict)
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """Shares that were bought by Openbell and sold, matched first in, first out.
    ``purchase`` is the order that bought them. ``sale`` tells the order that sold them
    from others: our ref, or what IB calls an order from ``elsewhere``, by hand or
    another tool's. ``paid``, ``got`` and ``fees`` are dollars for these shares; times
    are UTC. A fee that is unknown or not in dollars counts as 0; ``fee_told`` is False
    if that of a sale from elsewhere is."""

    instrument: Instrument
    purchase: str
    sale: str
    shares: Decimal
    bought_at: datetime
    sold_at: datetime
    paid: Money
    got: Money
    fees: Money
    elsewhere: bool = False
    fee_told: bool = True

    @property
    def profit(self) -> Money:
        """Profit in dollars after fees."""
        return Money(self.got - self.paid - self.fees)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLot:
    """Shares that were bought here, by the order ``purchase``, and not sold, as far as
    this journal knows. ``price`` is IB's mark now, None while it is not known."""

    instrument: Instrument
    purchase: str
    shares: Decimal
    bought_at: datetime
    paid: Money
    price: Price | None = None

    @property
    def profit(self) -> Money | None:
        """In dollars at IB's mark, before fees; None without one."""
        if self.price is None:
            return None
        return Money(self.shares * self.price - self.paid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trades:
    """All our fills, matched, also with the sales from elsewhere that IB has listed. By
    symbol: ``unmatched`` counts shares sold here that were not bought here, so that
    their cost is unknown; ``elsewhere`` shares bought here that were sold by hand or by
    another tool, at a price that is unknown; ``covered`` shares bought here that ended
    a short. ``gone`` are the purchases of ``elsewhere``. ``fees`` are those that IB has
    told, in dollars, also of the sales from elsewhere; it has not told those of
    ``untold_fees`` fills of ours, and ``other_fees`` are in other currencies.
    ``abroad`` is what sales of stocks in other currencies brought, before fees; they
    are in no other figure. ``rates`` as in ListedHoldings. ``values`` is the account's value in
    the report of each session, oldest first; ``spy`` is SPY's bid at the first card of
    each session that has one."""

    trips: tuple[RoundTrip, ...]
    lots: tuple[OpenLot, ...]
    unmatched: tuple[tuple[str, Decimal], ...]
    fees: Money
    values: tuple[tuple[date, Money], ...]
    spy: tuple[tuple[date, Price], ...] = ()
    elsewhere: tuple[tuple[str, Decimal], ...] = ()
    gone: tuple[OpenLot, ...] = ()
    covered: tuple[tuple[str, Decimal], ...] = ()
    untold_fees: int = 0
    other_fees: tuple[tuple[str, Decimal], ...] = ()
    abroad: tuple[tuple[str, Decimal], ...] = ()
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPick:
    """One pick of an earlier card. ``shown`` is the ask on the card, or the last price.
    ``gain`` (at the close, after costs), ``best`` and ``worst`` are in percent of the
    price paid or shown. ``problem`` says why there is no gain. ``renamed`` is the
    stock's newest symbol, if it has changed. ``trips`` are what was sold of the shares
    bought, whoever sold them, ``open`` counts those that are still held, and ``gone``
    those that were sold elsewhere at a price that is not known."""

    day: date
    symbol: str
    shown: Decimal | None
    bought: Shares
    gain: float | None
    best: float | None
    worst: float | None
    problem: str | None
    renamed: str | None = None
    trips: tuple[RoundTrip, ...] = ()
    open: Decimal = Decimal(0)
    gone: Decimal = Decimal(0)
