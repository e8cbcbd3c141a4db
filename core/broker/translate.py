"""Pure conversions between IB's objects and our values."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from ib_async import (
    Contract,
    ContractDescription,
    Order as IbOrder,
    OrderState as IbOrderState,
    ScannerSubscription,
    TagValue,
)
from ib_async.util import UNSET_INTEGER

from core.broker.texts import plain
from core.model.evidence import (
    CompletedOrder,
    HeldPosition,
    StatusMessage,
)
from core.model.identity import Names, Terms
from core.model.market import (
    ConId,
    FoundStock,
    Freshness,
    Instrument,
    ScannedRow,
    ScanRequest,
    TrailingDistance,
)
from core.model.money import Price
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


def counted(shares: float | Decimal) -> Decimal | None:
    """Shares that IB counts, as ``shares_in``; None if it is no such number."""
    return shares_in(shares) if 0 <= float(shares) < _LARGEST else None


def total(filled: float | Decimal, remaining: float | Decimal) -> Decimal | None:
    """The size of an order from its orderStatus; None if nothing remains, because IB
    also sends that for cancelled orders, and before it has counted a fill."""
    done, left = counted(filled), counted(remaining)
    return done + left if done is not None and left else None


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
        client_id=id_in(order.clientId),
        order_id=id_in(order.orderId),
        perm_id=perm_id_in(order.permId),
    )


def perm_id_in(value: int) -> int:
    """A permId; 0 if it is IB's "unset", as an integer or a long one, or below zero."""
    return value if 0 < value < _UNSET_LONG and value != UNSET_INTEGER else 0


def id_in(value: int) -> int:
    """A client's or order's id; 0 if it is IB's "unset"."""
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
    shares = counted(order.totalQuantity) or Decimal(0)
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
        shares=counted(order.totalQuantity) or Decimal(0),
        filled=Decimal(0),
        status=state.status,
        account=order.account,
        limit=_limit_of(order),
        stop=_stop_of(order),
        distance=_distance_of(order),
    )


def completed_of(order: IbOrder, state: IbOrderState) -> CompletedOrder:
    """A row of today's completed orders. On the wire it has no order or client id.

    Raises:
        ValueError: it does not say how it ended.
    """
    if not state.status.strip():
        raise ValueError(f"a completed order that tells too little: {order}")
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
        shares=counted(order.totalQuantity) or None,
        reason=plain(state.completedStatus or state.warningText),
    )


def held_of(
    account: str, contract: Contract, shares: float, cost: float
) -> HeldPosition:
    """A row of the positions; the average cost of a share is in the stock's currency.

    Raises:
        ValueError: it does not say how many shares of what are held, or where.
    """
    if known(shares) is None or not account or not contract.conId:
        raise ValueError(f"a holding that tells too little: {account} {contract}")
    return HeldPosition(
        account=account,
        con_id=ConId(contract.conId),
        shares=shares_in(shares),
        average_cost=price(cost),
    )
