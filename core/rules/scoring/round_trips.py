"""Fills into round trips: first in, first out, account by account and stock by stock.

What IB listed when an order was sent is kept with it. So a short from before, a split,
and shares that were sold by hand or by another tool show at the next order, and at the
latest in what is held now. An execution by hand that was heard of is matched like ours,
at its price.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import starmap
from typing import Final

from core.model.fills import Fill, Trade
from core.model.market import ConId, Instrument, Side
from core.model.money import DOLLARS, Money, Price
from core.model.order import Order
from core.model.scoring.trades import ListedHoldings, OpenLot, RoundTrip, Trades
from core.rules.scoring.lots import Holding, LotPart


@dataclass(frozen=True, slots=True)
class _Sending:
    """An order that was sent, and what IB listed of its stock then."""

    order: Order
    at: datetime
    held: Decimal


@dataclass(frozen=True, slots=True)
class _Filled:
    """A fill of ours, or, if its part is from elsewhere, an execution of another's."""

    side: Side
    part: LotPart

    @property
    def at(self) -> datetime:
        return self.part.at


_Event = _Sending | _Filled

_Sold = tuple[Instrument, LotPart, LotPart]
"""A stock, what was bought of it, and the part of a sale that sold that."""

SKEW: Final = timedelta(minutes=1)
"""How far IB's clock may be from ours. A listing from so shortly before an execution by
hand may include that execution."""


def trades(
    orders: Iterable[Order],
    values: Sequence[tuple[date, Money]],
    spy: Sequence[tuple[date, Price]] = (),
    *,
    held: ListedHoldings | None = None,
    others: Iterable[Trade] = (),
) -> Trades:
    """*orders* of one journal, matched by the time of their fills, with the executions of
    *others* that IB has listed: those of the account that *held* is of, all without it.
    What it holds now shows what was sold elsewhere since the last order."""
    ours = [each for each in orders if held is None or each.account == held.account]
    every = [each for each in ours if each.instrument.currency == DOLLARS]
    by_hand = _by_holding(every, others)
    sold: list[_Sold] = []
    holdings: list[tuple[Instrument, Holding]] = []
    for key, of_it in _by_stock(every).items():
        instrument, holding = of_it[-1].instrument, Holding()
        events = _in_turn(of_it, by_hand.get(key, ()))
        sold.extend((instrument, *each) for each in _played(events, holding))
        if held is not None and held.shares is not None:
            now = held.shares.get(instrument.con_id, Decimal(0))
            cost = held.costs.get(instrument.con_id)
            holding.listed(now, held.at, None, cost=cost)
        holdings.append((instrument, holding))
    prices = held.prices if held else {}
    lots = [
        _lot(stock, part, prices.get(stock.con_id))
        for stock, holding in holdings
        for part in holding.lots
    ]
    gone = [
        _lot(stock, part, None) for stock, holding in holdings for part in holding.gone
    ]
    fills = [each for order in ours for each in order.fills if each.shares]
    charged = [
        *(each.dollars_charged or Decimal(0) for each in fills),
        *(sale.fee for _, _, sale in sold if sale.elsewhere),
    ]
    return Trades(
        trips=tuple(sorted(starmap(_trip, sold), key=lambda trip: trip.sold_at)),
        lots=tuple(sorted(lots, key=lambda lot: lot.bought_at)),
        unmatched=_by_symbol((stock, each.unmatched) for stock, each in holdings),
        gone=tuple(gone),
        elsewhere=_by_symbol((stock, each.elsewhere) for stock, each in holdings),
        covered=_by_symbol((stock, each.covered) for stock, each in holdings),
        fees=Money(sum(charged, Decimal(0))),
        untold_fees=sum(each.commission is None and not each.by_word for each in fills),
        other_fees=_in_other_currencies(fills),
        abroad=_sold_abroad(ours),
        rates=held.rates if held else {},
        values=tuple(values),
        spy=tuple(spy),
    )


_Key = tuple[str, ConId]
"""One stock of one account."""


def _by_stock(orders: Iterable[Order]) -> Mapping[_Key, Sequence[Order]]:
    """Each stock of each account with its orders; the last has its newest symbol."""
    found: dict[_Key, list[Order]] = {}
    for order in orders:
        found.setdefault((order.account, order.instrument.con_id), []).append(order)
    return found


def _by_holding(
    orders: Iterable[Order], others: Iterable[Trade]
) -> Mapping[_Key, Sequence[_Filled]]:
    """The executions of *others*, but for those that turned out to be of *orders*, and
    those that were taken back."""
    ours = {fill.stem for order in orders for fill in order.fills}
    found: dict[_Key, list[_Filled]] = {}
    for trade in others:
        if trade.shares and trade.fill.stem not in ours:
            event = _Filled(trade.side, _part_elsewhere(trade))
            found.setdefault((trade.account, trade.con_id), []).append(event)
    return found


def _in_turn(orders: Sequence[Order], by_hand: Sequence[_Filled]) -> Sequence[_Event]:
    """Everything that happened in one stock, the oldest first. A listing from just
    before an execution by hand is left out, except the first one, with which everything
    begins."""
    ours = sorted((e for order in orders for e in _events(order)), key=_in_time)
    sure = (e for n, e in enumerate(ours) if n == 0 or not _is_unsure(e, by_hand))
    return sorted((*sure, *by_hand), key=_in_time)


def _is_unsure(event: _Event, by_hand: Sequence[_Filled]) -> bool:
    if isinstance(event, _Filled):
        return False
    return any(event.at <= each.at < event.at + SKEW for each in by_hand)


def _played(
    events: Iterable[_Event], holding: Holding
) -> Iterator[tuple[LotPart, LotPart]]:
    """Apply *events* to *holding*. Yields what was bought, with the part of a sale that
    sold it."""
    for event in events:
        match event:
            case _Sending(order=order, at=at, held=listed):
                holding.listed(listed, at, order.average_price or order.about)
            case _Filled(side=Side.BUY, part=LotPart(elsewhere=True) as part):
                holding.buy_elsewhere(part)
            case _Filled(part=LotPart(elsewhere=True) as part):
                yield from holding.sell_elsewhere(part)
            case _Filled(side=Side.BUY, part=part):
                holding.buy(part)
            case _Filled(part=part):
                yield from holding.sell(part)


def _events(order: Order) -> Iterator[_Event]:
    """IB tells a fill's time to the second and by its own clock, so it may seem to come
    before its order was sent."""
    if order.sent_at is not None and order.position_before is not None:
        at = min((order.sent_at, *(fill.at for fill in order.fills)))
        yield _Sending(order, at, order.position_before)
    for fill in order.fills:
        if fill.shares:  # of no shares: taken back
            yield _Filled(order.side, _part(order, fill))


def _in_time(event: _Event) -> tuple[datetime, int]:
    """The key to sort by: the oldest first; at the same moment a sending, then a
    purchase."""
    if isinstance(event, _Sending):
        return event.at, 0
    return event.at, 1 if event.side is Side.BUY else 2


def _trip(instrument: Instrument, bought: LotPart, sold: LotPart) -> RoundTrip:
    return RoundTrip(
        instrument=instrument,
        purchase=bought.ref,
        sale=sold.ref,
        shares=bought.shares,
        bought_at=bought.at,
        sold_at=sold.at,
        paid=Money(bought.dollars),
        got=Money(sold.dollars),
        fees=Money(bought.fee + sold.fee),
        elsewhere=sold.elsewhere,
        fee_told=sold.fee_told,
    )


def _part(order: Order, fill: Fill) -> LotPart:
    return LotPart(
        ref=order.ref,
        shares=Decimal(fill.shares),
        at=fill.at,
        dollars=fill.shares * fill.price,
        fee=fill.dollars_charged or Decimal(0),
    )


def _part_elsewhere(trade: Trade) -> LotPart:
    fill, names = trade.fill, trade.names
    perm_id = names.perm_id if names else 0
    return LotPart(
        ref=f"permId {perm_id}" if perm_id else fill.stem,
        shares=trade.shares,
        at=fill.at,
        dollars=trade.shares * fill.price,
        fee=fill.dollars_charged or Decimal(0),
        elsewhere=True,
        fee_told=fill.dollars_charged is not None,
    )


def _lot(instrument: Instrument, part: LotPart, price: Price | None) -> OpenLot:
    return OpenLot(
        instrument=instrument,
        purchase=part.ref,
        shares=part.shares,
        bought_at=part.at,
        paid=Money(part.dollars),
        price=price,
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


def _sold_abroad(orders: Iterable[Order]) -> tuple[tuple[str, Decimal], ...]:
    """By currency, what was sold of stocks that are not priced in dollars."""
    found: dict[str, Decimal] = {}
    for order in orders:
        currency = order.instrument.currency
        if currency != DOLLARS and order.side is Side.SELL and order.filled:
            got = sum((fill.shares * fill.price for fill in order.fills), Decimal(0))
            found[currency] = found.get(currency, Decimal(0)) + got
    return tuple(found.items())
