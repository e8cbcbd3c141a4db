"""Gateway to client, about orders: openOrder, orderStatus, executions, completed orders.

Values of fields nobody set are those seen in captures of the real gateway, the text
``None`` as delta-neutral order type among them, which brings more fields with it.

Tested by tests/core/sandbox/gateway/requests/test_orders.py.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Final

from core.sandbox.market.hours import NEW_YORK
from core.sandbox.market.universe import Stock
from core.sandbox.protocol.replies import UNSET, fields
from core.sandbox.protocol.wire import Fields
from core.sandbox.trading.events import Commission, Executed
from core.sandbox.trading.holdings import Position
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderTicket, Side, WhatIf


UNSET_INT: Final = "2147483647"
NO_MARGINS: Final = (UNSET,) * 9
NO_COST: Final = ("", "", "", "")
NO_LEGS: Final = ("", "0", "0", "0")  # description, legs, leg prices, routing
NO_SCALE: Final = (UNSET_INT, UNSET_INT, "")
NO_BOX: Final = ("", "", "", "", "")
NO_PEG: Final = ("", "", "", "", "")
GTC_ENDS: Final = time(16)  # on the last day of the next quarter, as captured
NO_VOLATILITY: Final = ("", "0", "None", "")
PREVIEWED: Final = "PreSubmitted"


def contract11(
    stock: Stock, *, right: str = "", exchange: str = "SMART", strike: str = "0"
) -> Fields:
    """Return the eleven fields of a contract in order and position messages."""
    shown = fields(stock.strike)[0] if stock.strike else strike
    about = (stock.con_id, stock.symbol, stock.sec_type, stock.expiry, shown)
    local = stock.local_symbol or stock.symbol
    names = (stock.currency, local, stock.trading_class)
    return fields(*about, stock.right or right, stock.multiplier, exchange, *names)


def new_york_time(moment: datetime) -> str:
    """Write a moment as executions have it: New York time followed by the IANA zone."""
    return moment.astimezone(NEW_YORK).strftime("%Y%m%d %H:%M:%S US/Eastern")


def order_status(order: BookOrder) -> Fields:
    """3: the order's status, and how many of its shares are filled."""
    return fields(
        3,
        order.key.order_id,
        order.status.value,
        order.filled,
        order.remaining,
        order.avg_price,
        order.perm_id,
        order.ticket.parent_id,
        order.last_price,
        order.key.client_id,
        order.why_held,
        order.market_cap_price,
    )


def open_order(order: BookOrder, stock: Stock, preview: WhatIf | None = None) -> Fields:
    """5: an order as the gateway holds it; with *preview*, what it would cost."""
    ticket, raw = order.ticket, order.ticket.raw
    status = PREVIEWED if preview else order.status.value
    return _joined(
        fields(5, ticket.order_id),
        contract11(stock, right="?"),
        _terms(order),
        fields(raw.get("openClose", ""), 0, ticket.order_ref, ticket.client_id),
        fields(order.perm_id),
        _timing(order),
        (
            "",
            "",
            "",
            "",
            "",
        ),  # shares allocation, advisor's group, method, share; model
        (*_good_till(order), "0"),  # auction strategy
        NO_BOX,
        (raw.get("displaySize") or UNSET_INT, *_flag(raw, "blockOrder"), "0"),
        (*_flag(raw, "allOrNone"), _least(raw), str(ticket.oca_type or 3)),
        ("0", "0", "", str(ticket.parent_id), raw.get("triggerMethod") or "0"),
        (*NO_VOLATILITY, "0", "", "", "", "?", "0", "0", ""),
        ("0", "0", *_trail(order), "", "", *NO_LEGS, *NO_SCALE),
        ("", "0", "", "IB", "0", "0"),  # hedge, routing, clearing, held, neutral
        _algo(ticket),
        ("0", "1" if preview else "0", status),  # solicited, preview
        _margins(preview),
        _cost(order, preview),
        ("0", "0"),  # randomize size and price
        _conditions(ticket),
        ("None", UNSET, _stop(order), _offset(ticket), UNSET, UNSET, UNSET, "0"),
        ("", "", "", "0", "1", "0", "0", "0"),  # tier, cash, hedge at any price
        ("", "", "0", *NO_PEG),  # duration, ATS, parent
    )


def completed_order(order: BookOrder, stock: Stock) -> Fields:
    """101: a filled, cancelled or rejected order; it has no order id and no client id."""
    ticket, raw = order.ticket, order.ticket.raw
    completed = new_york_time(order.completed_at or order.placed_at)
    return _joined(
        fields(101),
        contract11(stock, right="?"),
        _terms(order),
        fields(raw.get("openClose", ""), 0, ticket.order_ref, order.perm_id),
        _timing(order),
        ("", "", "", ""),  # advisor's group, method, share; model
        _good_till(order),
        NO_BOX,
        (
            raw.get("displaySize") or UNSET_INT,
            "0",
            *_flag(raw, "allOrNone"),
            _least(raw),
        ),
        (str(ticket.oca_type or 3),),
        (raw.get("triggerMethod") or "0", *NO_VOLATILITY, "0", "0", "0", ""),
        ("0", "0", *_trail(order), *NO_LEGS, *NO_SCALE),
        ("", "", "IB", "0", "0"),  # hedge, clearing, held, neutral
        _algo(ticket),
        ("0", order.status.value, "0", "0"),  # solicited, randomize size and price
        _conditions(ticket),
        (_stop(order), _offset(ticket), "0", "1", "0", _ends_by_itself(order)),
        fields(order.filled, 0, 0, "Not an insider or substantial shareholder"),
        ("0", "0", "9223372036854775807"),  # the parent's permId when there is none
        (completed, order.completed_status),
        NO_PEG,
    )


def exec_details(done: Executed, stock: Stock, req_id: int) -> Fields:
    """11: one fill; *req_id* is -1 when nobody asked for it."""
    order, execution = done.order, done.execution
    return _joined(
        fields(11, req_id, order.key.order_id),
        contract11(stock, exchange=execution.exchange, strike="0.0"),
        (execution.exec_id, new_york_time(execution.time)),
        (execution.account, execution.exchange),
        ("BOT" if execution.side is Side.BUY else "SLD",),
        fields(execution.shares, execution.price, order.perm_id, order.key.client_id),
        fields(0, execution.cumulative, execution.average, order.ticket.order_ref),
        ("", "", "", str(execution.liquidity), "0"),
    )


def commission(report: Commission) -> Fields:
    """59: the commission report of one execution."""
    realized = UNSET if report.realized_pnl is None else report.realized_pnl
    return fields(
        59,
        1,
        report.exec_id,
        report.amount,
        report.currency,
        realized,
        UNSET,
        "",
    )


def position(held: Position, stock: Stock) -> Fields:
    """61: one holding of an account."""
    where = contract11(stock, exchange=stock.primary_exchange)
    return _joined(
        fields(61, 3, held.account), where, fields(held.quantity, held.avg_cost)
    )


def _joined(*parts: Fields) -> Fields:
    return tuple(chain.from_iterable(parts))


def _terms(order: BookOrder) -> Fields:
    ticket = order.ticket
    return fields(
        ticket.action,
        ticket.quantity,
        ticket.order_type,
        str(float(ticket.limit_price or 0)),
        str(float(ticket.aux_price or 0)),
        ticket.tif,
        ticket.oca_group,
        ticket.account,
    )


def _timing(order: BookOrder) -> Fields:
    ticket, raw = order.ticket, order.ticket.raw
    hidden, discretionary = raw.get("hidden") or "0", raw.get("discretionaryAmt") or "0"
    after = raw.get("goodAfterTime", "")
    return (*fields(ticket.outside_rth), hidden, discretionary, after)


def _good_till(order: BookOrder) -> Fields:
    raw = order.ticket.raw
    return (raw.get("goodTillDate", ""), "", "", "", "0", "", "-1")


def _flag(raw: Mapping[str, str], name: str) -> Fields:
    return fields(raw.get(name, "") not in {"", "0", "false"})


def _least(raw: Mapping[str, str]) -> str:
    least = raw.get("minQty", "")
    return "" if least in {"0", UNSET_INT} else least


def _ends_by_itself(order: BookOrder) -> str:
    """When IB cancels a GTC order: at the end of the quarter after the one it was
    placed in.
    """
    if order.ticket.tif != "GTC":
        return ""
    placed = order.placed_at.astimezone(NEW_YORK)
    quarters = placed.year * 4 + (placed.month - 1) // 3 + 2  # the one after the next
    year, quarter = divmod(quarters, 4)
    last = date(year, 3 * quarter + 1, 1) - timedelta(days=1)
    return new_york_time(datetime.combine(last, GTC_ENDS, NEW_YORK))


def _algo(ticket: OrderTicket) -> Fields:
    if not ticket.algo:
        return ("",)
    pairs = chain.from_iterable(ticket.algo_params.items())
    return (ticket.algo, str(len(ticket.algo_params)), *pairs)


def _conditions(ticket: OrderTicket) -> Fields:
    if not ticket.conditions:
        return ("0",)
    told = chain.from_iterable((str(c.kind), *c.echo) for c in ticket.conditions)
    ends = fields(ticket.conditions_ignore_rth, ticket.conditions_cancel)
    return (str(len(ticket.conditions)), *told, *ends)


def _offset(ticket: OrderTicket) -> str:
    return UNSET if ticket.limit_offset is None else fields(ticket.limit_offset)[0]


def _stop(order: BookOrder) -> str:
    return UNSET if order.stop_price is None else fields(order.stop_price)[0]


def _trail(order: BookOrder) -> Fields:
    percent = order.ticket.trail_percent
    return (
        "" if order.stop_price is None else _stop(order),
        *fields(percent),
    )


def _margins(preview: WhatIf | None) -> Fields:
    if preview is None:
        return NO_MARGINS
    rows = (preview.init_margin, preview.maint_margin, preview.equity_with_loan)
    return fields(*(row[moment] for moment in range(3) for row in rows))


def _cost(order: BookOrder, preview: WhatIf | None) -> Fields:
    if preview is None:
        return (*NO_COST, order.warning)
    cost = preview.commission
    return (*fields(cost, "", "", preview.currency), preview.warning)
