"""When an order may begin to trade: its hours, its time, its conditions.

Tested by tests/core/sandbox/trading/terms/test_terms.py.
"""

from datetime import datetime, timedelta
from typing import Final

from core.sandbox.market.hours import Hours, TradingPhase
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.terms.conditions import hold
from core.sandbox.trading.terms.market_seen import MarketSeen
from core.sandbox.trading.terms.times import starts
from core.sandbox.trading.trading_hours import TradingHours


A_SECOND: Final = timedelta(seconds=1)


def waits_until(
    order: BookOrder, seen: MarketSeen, trading_hours: TradingHours
) -> datetime | None:
    """When to look again at an order that must not trade yet; None if it may.

    The market is closed, its time has not come, or its conditions are not met.
    """
    begins = starts(order.ticket, order.placed_at)
    if seen.now < begins:
        return begins
    if not trading_hours.serves(order, seen.now):
        return trading_hours.opens(order, seen.now)
    if order.conditions_met or order.ticket.conditions_cancel:
        return None
    return (
        None
        if conditions_hold(order, seen, trading_hours.of(order))
        else seen.now + A_SECOND
    )


def conditions_hold(order: BookOrder, seen: MarketSeen, hours: Hours) -> bool:
    """Whether the order's conditions are true now; true if it has none.

    They are checked in regular hours only, unless the order says otherwise.
    """
    ticket = order.ticket
    if not ticket.conditions:
        return True
    regular = hours.state(seen.now) is TradingPhase.OPEN
    return (regular or ticket.conditions_ignore_rth) and hold(ticket.conditions, seen)
