"""Executions and their fees, from IB's messages.

Tested by tests/core/broker/test_translate.py.
"""

from types import MappingProxyType
from typing import Final

from ib_async import CommissionReport, Contract, Execution

from core.broker.translate import id_in, known, perm_id_in, size, utc
from core.model.evidence import ChargeMessage, FillMessage
from core.model.fills import Fill
from core.model.identity import Names
from core.model.market import ConId, Side
from core.model.money import Price, Shares


_SIDES: Final = MappingProxyType(
    {"BOT": Side.BUY, "BUY": Side.BUY, "SLD": Side.SELL, "SELL": Side.SELL}
)


def fill_message(contract: Contract, execution: Execution) -> FillMessage:
    """An execution, with its price as it is.

    Raises:
        ValueError: its id, stock, price, shares or side is none, so that it cannot be
            booked. (0 shares take a trade back, at any price.)
    """
    executed, paid = known(execution.shares), known(execution.price)
    side = _SIDES.get(execution.side)
    is_named = bool(execution.execId.strip() and contract.conId)
    if executed is None or paid is None or side is None or not is_named:
        raise ValueError(f"an execution that tells too little: {execution}")
    if executed < 0 or (executed and paid <= 0):
        raise ValueError(f"an execution that cannot be: {execution}")
    return FillMessage(
        names=Names(
            ref=execution.orderRef or "",
            client_id=id_in(execution.clientId),
            order_id=id_in(execution.orderId),
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
    """What the order has filled with it (cumQty), None where IB counts nothing."""
    return size(execution.cumQty) or None


PENDING: Final = -1
"""What IB sends for a commission that it does not know yet. A rebate of exactly 1.00
looks the same, and stays not known."""


def charge_message(report: CommissionReport) -> ChargeMessage | None:
    """A commission, negative when it is a rebate; None while it is pending, or as long as
    IB leaves out its currency."""
    amount, currency = known(report.commission), report.currency
    if amount is None or amount == PENDING or not currency:
        return None
    return ChargeMessage(exec_id=report.execId, commission=amount, currency=currency)
