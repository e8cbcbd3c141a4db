"""Whether an account can pay for an order, and the preview of an order.

Tested by tests/core/sandbox/trading/test_exchange.py.
"""

from collections.abc import Iterable
from datetime import datetime
from types import MappingProxyType
from typing import Final

from core.sandbox.market.abroad import currency_of, dollars_of
from core.sandbox.market.universe import Stock
from core.sandbox.trading.accounts import Account, Figures, MarkOf
from core.sandbox.trading.fees import charge
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderRefused, OrderTicket, WhatIf


OF_OTHERS: Final = MappingProxyType(  # margins of the value, fee of one, least fee
    {
        "CASH": (0.03, 0.03, 0.00002, 2.0),  # the fee is of the value
        "FUT": (0.07, 0.06, 2.25, 0.0),
        "OPT": (1.0, 1.0, 0.65, 1.0),
    },
)


def preview(
    ticket: OrderTicket,
    account: Account,
    working: Iterable[BookOrder],
    mark: MarkOf,
    at: datetime,
) -> WhatIf:
    """The account before and after the order (dollars), as if all its other live orders
    were filled, and the fee at the moment *at* (UTC), in the stock's currency. *mark* gives
    prices in that currency, too.
    """
    others = _wanted(account, working)
    after = dict(others)
    con_id, shares = ticket.con_id, ticket.sign * ticket.quantity
    after[con_id] = after.get(con_id, 0.0) + shares
    value = ticket.quantity * mark(con_id)
    fee = charge(ticket.side, ticket.quantity, value, at, con_id=con_id)
    now = account.figures(mark, extra=others)
    then = account.figures(mark, extra=after)
    equity = now.net_liquidation
    return WhatIf(
        init_margin=_step(now.initial_margin, then.initial_margin),
        maint_margin=_step(now.maintenance_margin, then.maintenance_margin),
        equity_with_loan=_step(equity, equity - fee * dollars_of(con_id)),
        commission=fee,
        currency=currency_of(con_id),
    )


def preview_of_other(
    ticket: OrderTicket, contract: Stock, price: float, figures: Figures
) -> WhatIf:
    """The preview of an order for a contract other than a stock: rates and fees are
    assumptions.

    Raises:
        OrderRefused: 201, an index cannot be traded.
    """
    if contract.sec_type == "IND":
        text = "Order rejected - reason:The contract is not available for trading."
        raise OrderRefused(201, text)
    initial, maintenance, fee, least = OF_OTHERS[contract.sec_type]
    value = ticket.quantity * price * float(contract.multiplier or 1)
    cost = fee * (value if contract.sec_type == "CASH" else ticket.quantity)
    commission_ = round(max(cost, least), 6)
    before, kept = figures.initial_margin, figures.maintenance_margin
    equity = figures.net_liquidation
    return WhatIf(
        init_margin=_step(before, before + initial * value),
        maint_margin=_step(kept, kept + maintenance * value),
        equity_with_loan=_step(equity, equity - commission_),
        commission=commission_,
    )


def require_funds(
    ticket: OrderTicket,
    account: Account,
    working: Iterable[BookOrder],
    mark: MarkOf,
    at: datetime,
) -> None:
    """Let an order through that the account can pay for; one that lowers its margin
    always passes.

    Raises:
        OrderRefused: 201, with IB's words for it.
    """
    held = account.quantity(ticket.con_id)
    if account.cash_account and held + ticket.sign * ticket.quantity < 0:
        raise OrderRefused(
            201, "Order rejected - reason:A cash account cannot sell short."
        )
    seen = preview(ticket, account, working, mark, at)
    equity, margin = seen.equity_with_loan[2], seen.init_margin[2]
    if seen.init_margin[1] > 0 and equity < margin:
        raise OrderRefused(
            201,
            "Order rejected - reason:YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN "
            "THE DESIRED POSITION YOUR EQUITY WITH LOAN VALUE "
            f"[{equity:,.2f} USD] MUST EXCEED THE INITIAL MARGIN [{margin:,.2f} USD]",
        )


def _wanted(account: Account, working: Iterable[BookOrder]) -> dict[int, float]:
    """Signed shares by conId that live orders still have to trade, without attached
    orders.
    """
    wanted: dict[int, float] = {}
    for order in working:
        ticket = order.ticket
        if ticket.account == account.name and not ticket.parent_id:
            already = wanted.get(ticket.con_id, 0.0)
            wanted[ticket.con_id] = already + ticket.sign * order.remaining
    return wanted


def _step(before: float, after: float) -> tuple[float, float, float]:
    return round(before, 2), round(after - before, 2), round(after, 2)
