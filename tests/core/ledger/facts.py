"""One order of one Yes, and what can be learned about it."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from core.ledger.orders import Ledger
from core.model.evidence import Line
from core.model.order import Order, OrderRef
from core.model.order_events import Acked, Filled, Sent, WentSilent
from core.rules.sending import Judgement, Moment
from tests.builders import (
    IDENTITY,
    MONDAY,
    NOW,
    ORDER_ID,
    PERM_ID,
    a_fill,
    a_line,
    an_order,
)


REF: Final = an_order().ref
SILENT: Final = WentSilent(ref=REF, reason="no word", position_now=Decimal(5))
ACKED: Final = Acked(ref=REF, perm_id=PERM_ID)
FILLED: Final = Filled(ref=REF, fill=a_fill())


def sent(order_id: int = ORDER_ID, ref: OrderRef = REF) -> Sent:
    """About to be handed to the socket."""
    return Sent(
        ref=ref,
        order_id=order_id,
        identity=IDENTITY,
        position_before=Decimal(0),
        at=NOW,
        day=MONDAY,
        epoch=1,
    )


def send(ledger: Ledger) -> Order:
    """W2 of the first order."""
    return send_as(ledger, sent())


class GoodLine:
    """A LineReader whose line is up."""

    def line(self) -> Line:
        return a_line(epoch=1)


def send_as(ledger: Ledger, sent: Sent) -> Order:
    """W2 over a good line, of what was judged at this moment."""
    judged = Judgement(
        of=Moment(at=NOW, boottime=NOW.timestamp()),
        line=a_line(epoch=1),
        deadline=NOW + timedelta(minutes=5),
    )
    return ledger.send(sent, judged, broker=GoodLine())
