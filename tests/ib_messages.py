"""What IB says, for tests: builders of listings, evidence and the line."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from core.model.evidence import (
    CompletedOrder,
    Evidence,
    FillMessage,
    HeldPosition,
    Line,
    LineState,
)
from core.model.identity import Names
from core.model.market import Side
from core.model.order import order_ref
from core.model.portfolio import OpenOrder
from tests.monday import (
    ACCOUNT,
    CLIENT_ID,
    GATEWAY,
    IDENTITY,
    JOURNAL,
    NOW,
    ORDER_ID,
    PERM_ID,
    PROPOSAL_ID,
    QRVX,
)
from tests.values import a_fill


def some_names(**named: Any) -> Names:
    """The names IB gives to the order of a_sent_order()."""
    names = Names(
        ref=order_ref(JOURNAL, PROPOSAL_ID, 1),
        client_id=CLIENT_ID,
        order_id=ORDER_ID,
        perm_id=PERM_ID,
    )
    return replace(names, **named)


def a_fill_message(**named: Any) -> FillMessage:
    received = FillMessage(
        names=some_names(), con_id=QRVX.con_id, side=Side.BUY, fill=a_fill()
    )
    return replace(received, **named)


def an_open_order(**named: Any) -> OpenOrder:
    """As the listing shows the order of a_sent_order()."""
    names = some_names()
    listed = OpenOrder(
        instrument=QRVX,
        ref=names.ref,
        order_id=names.order_id,
        client_id=names.client_id,
        perm_id=names.perm_id,
        side="BUY",
        order_type="MKT",
        tif="GTC",
        shares=Decimal(100),
        filled=Decimal(0),
        status="Submitted",
    )
    return replace(listed, **named)


def a_completed_order(**named: Any) -> CompletedOrder:
    completed = CompletedOrder(
        names=some_names(order_id=0, client_id=0),
        status="Cancelled",
        filled=0,
        reason="",
    )
    return replace(completed, **named)


def a_held_position(**named: Any) -> HeldPosition:
    held = HeldPosition(account=ACCOUNT, con_id=QRVX.con_id, shares=Decimal(100))
    return replace(held, **named)


def an_evidence(**named: Any) -> Evidence:
    """A pass a little after the order went, over a new handshake, that found nothing."""
    evidence = Evidence(
        at=NOW + timedelta(seconds=30),
        gateway_time=NOW + timedelta(seconds=30),
        identity=IDENTITY,
        epoch=2,
        next_valid_id=ORDER_ID,
        highest_order_id=0,
        open_orders=(),
        completed=(),
        fills=(),
        charges=(),
        positions=(),
    )
    return replace(evidence, **named)


def a_line(**named: Any) -> Line:
    line = Line(
        state=LineState.UP,
        since=NOW - timedelta(hours=3),
        epoch=1,
        client_id=CLIENT_ID,
        next_valid_id=ORDER_ID,
        gateway=GATEWAY,
        accounts=(ACCOUNT,),
        is_sandbox=True,
        answered=NOW,
        round_trip=0.012,
    )
    return replace(line, **named)
