"""What open orders may still buy and sell."""

from collections import Counter
from collections.abc import Iterable, Iterator

from core.model.market import Instrument, Side
from core.model.order import Order
from core.rules.exits.coverage import groups_of


def left_in_words(orders: Iterable[Order]) -> str:
    """ "BUY 100 FDMX, SELL 50 QRVX": the shares that open *orders* may still execute,
    once per side and stock. The exits of one OCA group sell the same shares, and are
    counted once."""
    left: Counter[tuple[Side, Instrument]] = Counter()
    for side, stock, shares in _parts(tuple(orders)):
        left[side, stock] += shares
    return ", ".join(f"{s} {n:,} {stock.symbol}" for (s, stock), n in left.items())


def _parts(orders: tuple[Order, ...]) -> Iterator[tuple[Side, Instrument, int]]:
    for order in orders:
        if order.exit is None:
            yield order.side, order.instrument, order.shares - order.filled
    for group in groups_of(orders):
        yield group.orders[0].side, group.orders[0].instrument, group.rest
