"""Events of one order, and what it is after them."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final, get_args

from core.model.fills import Fill
from core.model.money import Shares
from core.model.order import Order, OrderState as S
from core.model.order_events import (
    Acked,
    Amended,
    CancelAsked,
    Cancelled,
    Charged,
    Filled,
    FilledByWord,
    FoundAbsent,
    Held,
    HumanClosed,
    Lapsed,
    Noted,
    NotSent,
    OrderEvent,
    PriceMoved,
    Refused,
    Rejected,
    Sent,
    WentSilent,
)
from core.rules.order_states import advance
from tests.builders import (
    IDENTITY,
    MONDAY,
    NOW,
    ORDER_ID,
    PERM_ID,
    a_fill,
    an_order,
    money,
)


REF = an_order().ref
EVENTS: tuple[type[OrderEvent], ...] = get_args(OrderEvent)
EVIDENCE = (Acked, Filled, Cancelled, Rejected)
FIRST = a_fill(exec_id="aa.01.01", shares=Shares(40))
SECOND = a_fill(exec_id="bb.01.01", shares=Shares(60), at=NOW + timedelta(seconds=2))

SENT = Sent(
    ref=REF,
    order_id=ORDER_ID,
    identity=IDENTITY,
    position_before=Decimal(0),
    at=NOW,
    day=MONDAY,
    epoch=1,
)
ACKED = Acked(ref=REF, perm_id=PERM_ID)
CANCELLED = Cancelled(ref=REF, reason=None)
REJECTED = Rejected(ref=REF, reason="no funds")
SILENT = WentSilent(ref=REF, reason="no answer")
ABSENT = FoundAbsent(ref=REF, reason="never arrived")


WITH_FILLS: Final = {S.PARTIAL, S.FILLED, S.PARTIAL_DONE, S.UNKNOWN, S.CLOSED_BY_HUMAN}
"""The states in which some of the shares can have been filled."""


def filled(fill: Fill) -> Filled:
    return Filled(ref=REF, fill=fill)


def after(order: Order, *events: OrderEvent) -> Order:
    for event in events:
        order = advance(order, event)
    return order


def others() -> Sequence[OrderEvent]:
    return (
        Held(ref=REF, until=None, text="held"),
        Noted(ref=REF, reason="noted"),
        Amended(ref=REF, shares=Shares(200), reason="for 200 shares"),
        Lapsed(ref=REF, reason="too late"),
        NotSent(ref=REF, reason="stood still"),
        PriceMoved(ref=REF, reason="moved"),
        HumanClosed(ref=REF, there=True, reason="is there"),
        CancelAsked(ref=REF, by="Sam"),
        Refused(ref=REF, reason="no funds"),
        FilledByWord(
            ref=REF,
            shares=Shares(100),
            price=a_fill().price,
            at=NOW,
            reason="it was filled",
        ),
        Charged(ref=REF, exec_id="z.01", commission=money("1")),
    )
