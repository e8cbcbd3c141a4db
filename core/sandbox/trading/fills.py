"""An order after one fill, and the execution that reports it.

Tested by tests/core/sandbox/trading/test_exchange.py.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from core.sandbox.market import rng
from core.sandbox.market.abroad import magnifier_of
from core.sandbox.trading.fees import charge
from core.sandbox.trading.matching import LIMITS, Match
from core.sandbox.trading.order_state import BookOrder, Execution, OrderStatus


VENUES: Final = ("NASDAQ", "ARCA", "BATS", "IEX", "EDGEA")


def filled(order: BookOrder, found: Match, at: datetime) -> BookOrder:
    """The order after the fill, whose price is in the currency that the stock trades in
    here; its commission is computed for all its fills together.
    """
    shares = order.filled + found.shares
    value = order.filled * order.avg_price + found.shares * found.price
    done = shares >= order.ticket.quantity
    pending = order.status is OrderStatus.PENDING_CANCEL
    working = order.status if pending else OrderStatus.SUBMITTED
    return replace(
        order,
        status=OrderStatus.FILLED if done else working,
        filled=shares,
        avg_price=round(value / shares, 8),
        last_price=found.price,
        commission=charge(
            order.ticket.side, shares, value, at, con_id=order.ticket.con_id
        ),
        completed_at=at if done else None,
        completed_status=f"Filled Size: {shares:g}" if done else "",
    )


def market_to_limit(order: BookOrder) -> BookOrder:
    """An MTL order after its first fill: the rest is a limit at the price of the fill."""
    if order.ticket.order_type != "MTL" or order.done:
        return order
    ticket = replace(
        order.ticket,
        order_type="LMT",
        limit_price=order.last_price * magnifier_of(order.ticket.con_id),
    )
    return replace(order, ticket=ticket)


def execution_of(
    order: BookOrder, found: Match, exec_id: str, at: datetime
) -> Execution:
    """The execution of an order as it is after the fill."""
    ticket = order.ticket
    drawn = rng.uniform(order.perm_id, int(order.filled))
    return Execution(
        exec_id=exec_id,
        time=at,
        account=ticket.account,
        exchange=VENUES[int(len(VENUES) * drawn)],
        side=ticket.side,
        shares=found.shares,
        price=found.price,
        cumulative=order.filled,
        average=order.avg_price,
        liquidity=1 if ticket.order_type in LIMITS else 2,
    )


def corrected(
    was: Execution, *, shares: float | None, price: float | None
) -> Execution:
    """The next correction of an execution, None leaving what it was: the last two digits
    of its id count them."""
    stem, _, count = was.exec_id.rpartition(".")
    return replace(
        was,
        exec_id=f"{stem}.{int(count) + 1:02}",
        shares=was.shares if shares is None else shares,
        price=was.price if price is None else price,
    )
