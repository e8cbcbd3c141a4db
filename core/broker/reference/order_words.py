"""An order of ours in IB's words. Tested by tests/core/broker/test_translate.py."""

from decimal import Decimal
from typing import Final

from ib_async import Order as IbOrder
from ib_async.util import UNSET_DOUBLE

from core.model.order import Order


def order_of(order: Order) -> IbOrder:
    """A new order object for IB, with prices in the stock's currency. Everything that a
    preset of the gateway could fill in is set."""
    return IbOrder(
        action=order.side.value,
        totalQuantity=int(order.shares),
        orderType=order.order_type.value,
        lmtPrice=_or_unset(order.limit),
        auxPrice=_or_unset(order.stop or order.trail_amount),
        trailingPercent=_or_unset(order.trail_percent),
        ocaGroup=order.oca_group,
        ocaType=_REDUCE_WITH_BLOCK if order.oca_group else 0,
        orderId=order.order_id or 0,
        clientId=order.client_id or 0,
        tif=order.tif,
        account=order.account,
        orderRef=order.ref,
        outsideRth=order.outside_hours,
        transmit=True,
    )


_REDUCE_WITH_BLOCK: Final = 2
"""IB's OCA type that reduces the others by what one fills, with only one at the
exchange at a time, so that no two fill at once
(interactivebrokers.github.io/tws-api/oca.html)."""


def _or_unset(value: Decimal | None) -> float:
    return UNSET_DOUBLE if value is None else float(value)
