"""Fills into round trips: first in, first out, stock by stock."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from core.model.fills import Fill
from core.model.market import ConId, Instrument, Side
from core.model.money import Money, Price, Shares
from core.model.order import Order, OrderRef
from core.model.scoring.trades import OpenLot, RoundTrip, Trades


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Some shares of one fill of an order: dollars of them, and of their fee."""

    ref: OrderRef
    shares: int
    at: datetime
    dollars: Decimal
    fee: Decimal

    def of(self, shares: int) -> "_Part":
        """So many of its shares, with their part of the money."""
        portion = Decimal(shares) / self.shares
        return replace(
            self,
            shares=shares,
            dollars=self.dollars * portion,
            fee=self.fee * portion,
        )


def trades(
    orders: Iterable[Order],
    values: Sequence[tuple[date, Money]],
    spy: Sequence[tuple[date, Price]] = (),
) -> Trades:
    """*orders* of one journal, matched by the time of their fills."""
    trips: list[RoundTrip] = []
    lots: list[OpenLot] = []
    unmatched: dict[str, int] = {}
    fees = Decimal(0)
    for instrument, fills in _by_stock(orders):
        fees += sum((part.fee for _, part in fills), Decimal(0))
        waiting: deque[_Part] = deque()
        for side, part in fills:
            if side is Side.BUY:
                waiting.append(part)
                continue
            left = part.shares - sum(each.shares for each in waiting)
            trips.extend(_matched(instrument, waiting, part))
            if left > 0:
                symbol = instrument.symbol
                unmatched[symbol] = unmatched.get(symbol, 0) + left
        lots.extend(_lot(instrument, part) for part in waiting)
    return Trades(
        trips=tuple(sorted(trips, key=lambda trip: trip.sold_at)),
        lots=tuple(sorted(lots, key=lambda lot: lot.bought_at)),
        unmatched=tuple((symbol, Shares(n)) for symbol, n in unmatched.items()),
        fees=Money(fees),
        values=tuple(values),
        spy=tuple(spy),
    )


def _by_stock(
    orders: Iterable[Order],
) -> Iterator[tuple[Instrument, list[tuple[Side, _Part]]]]:
    """Each stock with its fills, the oldest first; at one moment a buy goes first."""
    fills: dict[ConId, list[tuple[Side, _Part]]] = {}
    named: dict[ConId, Instrument] = {}
    for order in orders:
        con_id = order.instrument.con_id
        named[con_id] = order.instrument
        fills.setdefault(con_id, []).extend(
            (order.side, _part(order.ref, each)) for each in order.fills
        )
    for con_id, of_it in fills.items():
        in_time = sorted(of_it, key=lambda one: (one[1].at, one[0] is Side.SELL))
        yield named[con_id], in_time


def _matched(
    instrument: Instrument, waiting: deque[_Part], sale: _Part
) -> Iterator[RoundTrip]:
    """Take *sale*'s shares out of what is *waiting*, the oldest first."""
    left = sale.shares
    while left and waiting:
        lot = waiting.popleft()
        taken = min(left, lot.shares)
        bought, sold = lot.of(taken), sale.of(taken)
        yield RoundTrip(
            instrument=instrument,
            sale=sale.ref,
            shares=Shares(taken),
            bought_at=lot.at,
            sold_at=sale.at,
            paid=Money(bought.dollars),
            got=Money(sold.dollars),
            fees=Money(bought.fee + sold.fee),
        )
        if taken < lot.shares:
            waiting.appendleft(lot.of(lot.shares - taken))
        left -= taken


def _part(ref: OrderRef, fill: Fill) -> _Part:
    return _Part(
        ref=ref,
        shares=fill.shares,
        at=fill.at,
        dollars=fill.shares * fill.price,
        fee=fill.dollars_charged or Decimal(0),
    )


def _lot(instrument: Instrument, part: _Part) -> OpenLot:
    return OpenLot(
        instrument=instrument,
        shares=Shares(part.shares),
        bought_at=part.at,
        paid=Money(part.dollars),
    )
