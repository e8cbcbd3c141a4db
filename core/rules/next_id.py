"""What IB's next order id reveals: another user of our client id, or a reset gateway.

IB counts the order ids of each client id and names the next one at every handshake. A
data folder that was restored completely agrees with its own high-water mark; only IB's
count shows that there were orders since.
"""

from enum import Enum, auto

from core.model.evidence import Evidence
from core.model.order import Order
from core.model.order_events import FoundAbsent, OrderEvent, WentSilent


class NextId(Enum):
    """IB's next order id compared with what this journal knows."""

    EXPECTED = auto()
    AHEAD = auto()  # ids were used that this journal never gave
    FELL_BACK = auto()  # the gateway's count was reset


def compare_next_id(next_id: int, *, high: int, seen: int | None) -> NextId:
    """Compare IB's *next_id* with *high*, the highest id that this journal ever gave,
    and *seen*, the next id that IB named before under the same identity (None the first
    time, which proves nothing).

    An id of ours that never reached IB makes it neither ahead nor behind.
    """
    if seen is None:
        return NextId.EXPECTED
    if next_id > max(high + 1, seen):
        return NextId.AHEAD
    return NextId.FELL_BACK if next_id < seen else NextId.EXPECTED


def doubted(verdict: OrderEvent, order: Order, evidence: Evidence) -> OrderEvent:
    """R9. In the place of absence where IB's count leaves out an order id that IB had
    confirmed: it was reset, or another user of the account is logged in, so that it
    does not show whether *order* came."""
    if not isinstance(verdict, FoundAbsent):
        return verdict
    return WentSilent(
        ref=order.ref,
        reason="IB does not list it, and its count of order ids fell back",
        position_now=evidence.position_in(order.instrument, order.account),
    )
