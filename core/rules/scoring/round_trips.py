"""Fills into round trips: first in, first out, account by account and stock by stock.

What IB listed when an order was sent is kept with it. So a short from before, a split,
and shares that were sold by hand or by another tool show at the next order, and at the
latest in what is held now.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.model.fills import Fill
from core.model.market import ConId, Instrument, Side
from core.model.money import DOLLARS, Money, Price
from core.model.order import Order
from core.model.scoring.trades import Held, OpenLot, RoundTrip, Trades
from core.rules.scoring.lots import Holding, Part


@dataclass(frozen=True, slots=True)
class _Sending:
    """An order that was sent, and what IB listed of its stock then."""

    order: Order
    at: datetime
    held: Decimal


@dataclass(frozen=True, slots=True)
class _Filled:
    side: Side
    part: Part

    @property
    def at(self) -> datetime:
        return self.part.at


def trades(
    orders: Iterable[Order],
    values: Sequence[tuple[date, Money]],
    spy: Sequence[tuple[date, Price]] = (),
    *,
    held: Held | None = None,
) -> Trades:
    """*orders* of one journal, matched by the time of their fills: those of the account
    that *held* is of, all without it. What it holds now shows what was sold elsewhere
    since the last order."""
    every = [each for each in orders if held is None or each.account == held.account]
    trips: list[RoundTrip] = []
    holdings: list[tuple[Instrument, Holding]] = []
    for instrument, of_it in _by_stock(every):
        holding = Holding()
        trips.extend(_played(instrument, of_it, holding, held))
        holdings.append((instrument, holding))
    lots = [_lot(stock, part) for stock, holding in holdings for part in holding.lots]
    fills = [each for order in every for each in order.fills if each.shares]
    charged = [each.dollars_charged or Decimal(0) for each in fills]
    return Trades(
        trips=tuple(sorted(trips, key=lambda trip: trip.sold_at)),
        lots=tuple(sorted(lots, key=lambda lot: lot.bought_at)),
        unmatched=_by_symbol((stock, each.unmatched) for stock, each in holdings),
        elsewhere=_by_symbol((stock, each.elsewhere) for stock, each in holdings),
        covered=_by_symbol((stock, each.covered) for stock, each in holdings),
        fees=Money(sum(charged, Decimal(0))),
        untold_fees=sum(each.commission is None and not each.by_word for each in fills),
        other_fees=_in_other_currencies(fills),
        values=tuple(values),
        spy=tuple(spy),
    )


def _by_stock(orders: Iterable[Order]) -> Iterator[tuple[Instrument, list[Order]]]:
    """Each stock of each account with its orders, under its newest symbol."""
    found: dict[tuple[str, ConId], list[Order]] = {}
    for order in orders:
        found.setdefault((order.account, order.instrument.con_id), []).append(order)
    for of_it in found.values():
        yield of_it[-1].instrument, of_it


def _played(
    instrument: Instrument, orders: Sequence[Order], holding: Holding, held: Held | None
) -> Iterator[RoundTrip]:
    """All that came to pass in *holding*, in time."""
    for event in sorted((e for o in orders for e in _events(o)), key=_in_time):
        match event:
            case _Sending(order=order, at=at, held=listed):
                price = order.average_price or order.about
                holding.listed(listed, at, price)
            case _Filled(side=Side.BUY, part=part):
                holding.buy(part)
            case _Filled(part=part):
                sold = holding.sell(part)
                yield from (_trip(instrument, *each) for each in sold)
    if held is not None and held.shares is not None:
        now = held.shares.get(instrument.con_id, Decimal(0))
        holding.listed(now, held.at, None)


def _events(order: Order) -> Iterator[_Sending | _Filled]:
    if order.sent_at is not None and order.position_before is not None:
        yield _Sending(order, order.sent_at, order.position_before)
    for fill in order.fills:
        if fill.shares:  # of no shares: taken back
            yield _Filled(order.side, _part(order, fill))


def _in_time(event: _Sending | _Filled) -> tuple[datetime, int]:
    """The oldest first; at one moment a sending, then a buy."""
    if isinstance(event, _Sending):
        return event.at, 0
    return event.at, 1 if event.side is Side.BUY else 2


def _trip(instrument: Instrument, bought: Part, sold: Part) -> RoundTrip:
    return RoundTrip(
        instrument=instrument,
        sale=sold.ref,
        shares=bought.shares,
        bought_at=bought.at,
        sold_at=sold.at,
        paid=Money(bought.dollars),
        got=Money(sold.dollars),
        fees=Money(bought.fee + sold.fee),
    )


def _part(order: Order, fill: Fill) -> Part:
    return Part(
        ref=order.ref,
        shares=Decimal(fill.shares),
        at=fill.at,
        dollars=fill.shares * fill.price,
        fee=fill.dollars_charged or Decimal(0),
    )


def _lot(instrument: Instrument, part: Part) -> OpenLot:
    return OpenLot(
        instrument=instrument,
        shares=part.shares,
        bought_at=part.at,
        paid=Money(part.dollars),
    )


def _by_symbol(
    counts: Iterable[tuple[Instrument, Decimal]],
) -> tuple[tuple[str, Decimal], ...]:
    found: dict[str, Decimal] = {}
    for stock, count in counts:
        if count:
            found[stock.symbol] = found.get(stock.symbol, Decimal(0)) + count
    return tuple(found.items())


def _in_other_currencies(fills: Iterable[Fill]) -> tuple[tuple[str, Decimal], ...]:
    found: dict[str, Decimal] = {}
    for fill in fills:
        if fill.commission is not None and fill.currency != DOLLARS:
            before = found.get(fill.currency, Decimal(0))
            found[fill.currency] = before + fill.commission
    return tuple(found.items())
