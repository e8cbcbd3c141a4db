"""When an order may trade, and the notice to one that has to wait.

Tested by tests/core/sandbox/trading/test_order_engine.py.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from core.sandbox.market.abroad import hours_at
from core.sandbox.market.hours import NEW_YORK, Hours, TradingPhase
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock
from core.sandbox.trading.matching import AT_CLOSE, LIMITS, out_of_reach
from core.sandbox.trading.order_state import BookOrder


_LOOK_AGAIN: Final = timedelta(seconds=1)
_LOOK_LATER: Final = timedelta(seconds=60)
_A_MOMENT: Final = timedelta(microseconds=1)  # past what rounding cut off


class TradingHours:
    """The exchange's trading hours for one order; all times UTC."""

    def __init__(
        self, *, tape: Tape, hours: Hours, stocks: Callable[[int], Stock]
    ) -> None:
        self._tape, self._hours, self._stock = tape, hours, stocks

    def of(self, order: BookOrder) -> Hours:
        """The hours of the exchange that lists the order's stock."""
        stock = self._stock(order.ticket.con_id)
        return hours_at(stock.primary_exchange, self._hours)

    def may_trade(self, order: BookOrder, at: datetime) -> bool:
        """Whether it is open for the order: market orders in regular hours only, limit
        orders also before and after them if they say so.
        """
        state = self.of(order).state(at)
        if state is TradingPhase.OPEN:
            return True
        return _outside_rth(order) and state is not TradingPhase.CLOSED

    def opens(self, order: BookOrder, at: datetime) -> datetime:
        """When an order that may not trade now may next."""
        if not _outside_rth(order):
            return self.of(order).next_open(at)
        return self.of(order).next(self.of(order).current(at).day).pre_open

    def serves(self, order: BookOrder, at: datetime) -> bool:
        """Whether the order does not wait: it may trade now, or is for an auction."""
        return self.may_trade(order, at) or self.auction(order, at) is not None

    def auction(self, order: BookOrder, at: datetime) -> datetime | None:
        """When the auction that the order is for takes place; None if it is for none."""
        hours = self.of(order)
        today = hours.current(at)
        if order.ticket.tif == "OPG":
            return today.open if at < today.open else hours.next(today.day).open
        if order.ticket.order_type in AT_CLOSE:
            return today.close if at < today.close else hours.next(today.day).close
        return None

    def unopened(self, order: BookOrder, at: datetime) -> datetime | None:
        """When to look again at a stock without a first trade today; None if it has
        traded.
        """
        today = self._tape.today(self._stock(order.ticket.con_id), at)
        if today.traded(at) or self.of(order).state(at) is not TradingPhase.OPEN:
            return None
        if today.first_print is None:
            return at + _LOOK_LATER
        return today.session.open + timedelta(seconds=today.first_print) + _A_MOMENT

    def next_look(self, order: BookOrder, at: datetime) -> datetime:
        """When to try an unfilled order again: in the next second, or in the next
        minute if no price of this one can fill or trigger it.
        """
        today = self._tape.today(self._stock(order.ticket.con_id), at)
        minute = int((at - today.session.open).total_seconds()) // 60
        regular = 0 <= minute < today.minutes
        if regular and out_of_reach(order, today.path.minute(minute)):
            return today.session.open + timedelta(minutes=minute + 1)
        return at + _LOOK_AGAIN

    def held(self, order: BookOrder, at: datetime) -> str:
        """The text of 399 for an order that waits for the exchange to open."""
        ticket, stock = order.ticket, self._stock(order.ticket.con_id)
        opens = self.opens(order, at).astimezone(NEW_YORK)
        return (
            f"Order Message:\n{ticket.action} {ticket.quantity:g} {stock.symbol} "
            f"{stock.primary_exchange}.{stock.market_name}\nWarning: your order will "
            f"not be placed at the exchange until {opens:%Y-%m-%d %H:%M:%S} US/Eastern"
        )


def _outside_rth(order: BookOrder) -> bool:
    return order.ticket.outside_rth and order.ticket.order_type in LIMITS
