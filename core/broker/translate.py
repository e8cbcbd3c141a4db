"""Pure conversions between IB's objects and our values."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from ib_async import (
    CommissionReport,
    Contract,
    ContractDescription,
    Execution,
    Order as IbOrder,
    OrderState as IbOrderState,
    ScannerSubscription,
    TagValue,
)
from ib_async.util import UNSET_INTEGER

from core.broker.texts import plain
from core.model.evidence import (
    ChargeMessage,
    CompletedOrder,
    FillMessage,
    HeldPosition,
    StatusMessage,
)
from core.model.fills import Fill
from core.model.identity import Names, Terms
from core.model.market import (
    ConId,
    FoundStock,
    Freshness,
    Instrument,
    ScannedRow,
    ScanRequest,
    Side,
    TrailingDistance,
)
from core.model.money import Price, Shares
from core.model.portfolio import OpenOrder


FRESHNESS: Final = MappingProxyType(
    {
        1: Freshness.LIVE,
        2: Freshness.FROZEN,
        3: Freshness.DELAYED,
        4: Freshness.DELAYED_FROZEN,
    }
)
"""The values of message 58
(interactivebrokers.github.io/tws-api/market_data_type.html)."""

_SIDES: Final = MappingProxyType(
    {"BOT": Side.BUY, "BUY": Side.BUY, "SLD": Side.SELL, "SELL": Side.SELL}
)

_LARGEST: Final = 1e15
"""A larger number is IB's way of saying that there is none."""

_UNSET_LONG: Final = 2**63 - 1


def known(value: float) -> Decimal | None:
    """*value* through its shortest decimal text; None if it is IB's "unset"."""
    return Decimal(repr(value)) if -_LARGEST < value < _LARGEST else None


def price(value: float) -> Price | None:
    """A price above zero, or None: IB sends 0 and -1 for "there is none"."""
    return Price(Decimal(repr(value))) if 0 < value < _LARGEST else None


def decimal_in(text: str) -> Decimal | None:
    """The number in one of the account's texts; None when it is none."""
    try:
        return known(float(text))
    except ValueError:
        return None


def size(value: float | Decimal) -> int | None:
    """*value* cut off to whole shares; None if unset or below zero: IB sends -1 for
    "there is none"."""
    number = float(value)
    return int(number) if 0 <= number < _LARGEST else None


def told(value: float) -> float | None:
    """*value*, a level or a state that IB counts from zero; None if it is none: below
    zero, unset or not a number."""
    return value if 0 <= value < _LARGEST else None


def shares_in(value: float | Decimal) -> Decimal:
    """Shares including fractions, whole numbers without a point; 0 if unset."""
    exact = known(float(value)) or Decimal(0)
    return Decimal(int(exact)) if exact == int(exact) else exact


def total(filled: float | Decimal, remaining: float | Decimal) -> Decimal | None:
    """The size of an order from its orderStatus; None if nothing remains, because IB
    also sends that for cancelled orders, and before it has counted a fill."""
    left = shares_in(remaining)
    return shares_in(filled) + left if left else None


def utc(moment: date) -> datetime:
    """*moment* in UTC: a time without a zone counts as UTC, a date as its midnight."""
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


# to IB


def contract_of(instrument: Instrument) -> Contract:
    """The contract that names *instrument*; its conId is what counts."""
    return Contract(
        secType="STK",
        conId=instrument.con_id,
        symbol=instrument.symbol,
        exchange=instrument.exchange,
        currency=instrument.currency,
    )


def scan_of(request: ScanRequest) -> ScannerSubscription:
    """The subscription of a scan, without its filters."""
    return ScannerSubscription(
        numberOfRows=request.rows,
        instrument=request.instrument,
        locationCode=request.location,
        scanCode=request.code,
    )


def filters_of(request: ScanRequest) -> list[TagValue]:
    """A scan's filters, in order."""
    return [TagValue(tag, value) for tag, value in request.filters]


# from IB


def instrument_of(contract: Contract) -> Instrument:
    """The stock of a contract; orders for it are routed by SMART."""
    return Instrument(
        con_id=ConId(contract.conId),
        symbol=contract.symbol,
        exchange="SMART",
        currency=contract.currency or "USD",
    )


def scanned_row_of(contract: Contract) -> ScannedRow:
    """A row of the scanner, with everything that shows whether it is a stock in
    dollars."""
    instrument = instrument_of(contract)
    return ScannedRow(
        instrument=replace(instrument, currency=contract.currency),
        kind=contract.secType,
        local_symbol=contract.localSymbol,
    )


def found_stock_of(found: ContractDescription) -> FoundStock | None:
    """A row of a search; None where it is no stock."""
    contract = found.contract
    if contract is None or contract.secType != "STK" or not contract.conId:
        return None
    return FoundStock(
        instrument=instrument_of(contract),
        listed_on=contract.primaryExchange,
        company=contract.description,
    )


def names_of(order: IbOrder) -> Names:
    """The names of an order in an openOrder or a completedOrder."""
    return Names(
        ref=order.orderRef or "",
        client_id=_number(order.clientId),
        order_id=_number(order.orderId),
        perm_id=perm_id_in(order.permId),
    )


def perm_id_in(value: int) -> int:
    """A permId; 0 if it is IB's "unset", as an integer or a long one, or below zero."""
    return value if 0 < value < _UNSET_LONG and value != UNSET_INTEGER else 0


def _number(value: int) -> int:
    return 0 if value == UNSET_INTEGER else value


def _limit_of(order: IbOrder) -> Price | None:
    return price(float(order.lmtPrice or 0))


def _stop_of(order: IbOrder) -> Price | None:
    """auxPrice, which for a trailing stop is its distance (IB: Order.auxPrice)."""
    is_stop = order.orderType in {"STP", "STP LMT"}
    return price(float(order.auxPrice or 0)) if is_stop else None


def _distance_of(order: IbOrder) -> TrailingDistance | None:
    """Its percentage, or where it has none its auxPrice in the stock's currency."""
    if order.orderType not in {"TRAIL", "TRAIL LIMIT"}:
        return None
    percent = price(float(order.trailingPercent or 0))
    amount = price(float(order.auxPrice or 0))
    if percent is None and amount is None:
        return None
    return TrailingDistance(percent=percent, amount=None if percent else amount)


def open_order_message(
    contract: Contract, order: IbOrder, state: IbOrderState
) -> StatusMessage:
    """The content of an openOrder: the status, the terms that IB holds, and IB's
    warning."""
    shares = shares_in(order.totalQuantity)
    return StatusMessage(
        names=names_of(order),
        status=state.status,
        terms=Terms(con_id=ConId(contract.conId), side=order.action, shares=shares),
        shares=shares or None,
        tif=order.tif,
        order_type=order.orderType,
        limit=_limit_of(order),
        stop=_stop_of(order),
        distance=_distance_of(order),
        account=order.account,
        warning=plain(state.warningText) or None,
    )


def open_order_of(
    contract: Contract, order: IbOrder, state: IbOrderState, *, client_id: int
) -> OpenOrder:
    """A row of the open orders; order_id is 0 unless *client_id* may cancel it."""
    names = names_of(order)
    return OpenOrder(
        instrument=instrument_of(contract),
        ref=names.ref,
        order_id=names.order_id if names.client_id == client_id else 0,
        client_id=names.client_id,
        perm_id=names.perm_id,
        side=order.action,
        order_type=order.orderType,
        tif=order.tif,
        shares=shares_in(order.totalQuantity),
        filled=Decimal(0),
        status=state.status,
        account=order.account,
        limit=_limit_of(order),
        stop=_stop_of(order),
        distance=_distance_of(order),
    )


def completed_of(order: IbOrder, state: IbOrderState) -> CompletedOrder:
    """A row of today's completed orders. On the wire it has no order or client id."""
    names = Names(
        ref=order.orderRef or "",
        client_id=0,
        order_id=0,
        perm_id=perm_id_in(order.permId),
    )
    return CompletedOrder(
        names=names,
        status=state.status,
        filled=size(order.filledQuantity) or 0,
        shares=shares_in(order.totalQuantity) or None,
        reason=plain(state.completedStatus or state.warningText),
    )


def fill_message(contract: Contract, execution: Execution) -> FillMessage:
    """An execution, with its price as it is.

    Raises:
        ValueError: price, shares or side is missing or negative, so that it cannot be
            booked. (0 shares take a trade back.)
    """
    executed, paid = known(execution.shares), known(execution.price)
    side = _SIDES.get(execution.side)
    if executed is None or paid is None or side is None or min(executed, paid) < 0:
        raise ValueError(f"an execution that tells too little: {execution}")
    return FillMessage(
        names=Names(
            ref=execution.orderRef or "",
            client_id=_number(execution.clientId),
            order_id=_number(execution.orderId),
            perm_id=perm_id_in(execution.permId),
        ),
        con_id=ConId(contract.conId),
        side=side,
        fill=Fill(
            exec_id=execution.execId,
            shares=Shares(int(executed)),
            price=Price(paid),
            at=utc(execution.time),
            cumulative=_counted(execution),
        ),
        account=execution.acctNumber,
        fraction=executed - int(executed),
    )


def _counted(execution: Execution) -> int | None:
    """What the order has filled with it (cumQty), None where that cannot be: fewer than
    it has executed itself."""
    counted = size(execution.cumQty)
    return None if counted is None or counted < execution.shares else counted


PENDING: Final = -1
"""What IB sends for a commission that it does not know yet. A rebate of exactly 1.00
looks the same, and stays not known."""


def charge_message(report: CommissionReport) -> ChargeMessage | None:
    """A commission, negative when it is a rebate; None while it is pending."""
    amount = known(report.commission)
    if amount is None or amount == PENDING:
        return None
    currency = report.currency or "USD"
    return ChargeMessage(exec_id=report.execId, commission=amount, currency=currency)


def held_of(
    account: str, contract: Contract, shares: float, cost: float
) -> HeldPosition:
    """A row of the positions; the average cost of a share is in the stock's currency."""
    return HeldPosition(
        account=account,
        con_id=ConId(contract.conId),
        shares=shares_in(shares),
        average_cost=price(cost),
    )
