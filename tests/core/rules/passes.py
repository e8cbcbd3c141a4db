"""Two passes over the listings, and what an order is after them."""

from collections.abc import Sequence
from typing import Any

from core.model.evidence import Evidence
from core.model.money import Shares
from core.model.order import Order
from core.model.order_events import OrderEvent, WentSilent
from core.rules.listings.absence import judge
from core.rules.listings.reconciliation import events_of
from core.rules.order_states import advance
from tests.builders import (
    a_fill,
    a_fill_message,
    a_sent_order,
    an_evidence,
    an_open_order,
)


REF = a_sent_order().ref
OPEN = an_evidence(open_orders=(an_open_order(),))
NOTHING = an_evidence()
PART = a_fill_message(fill=a_fill(shares=Shares(40)))


def learned(order: Order, evidence: Evidence) -> Order:
    for event in events_of(order, evidence):
        order = advance(order, event)
    return order


def verdict(order: Order, evidence: Evidence, **named: Any) -> Sequence[OrderEvent]:
    """The second pass shows the same as the first, unless *earlier* is named."""
    return judge(order, evidence, **{"earlier": evidence, **named})


def reason_of(events: Sequence[OrderEvent]) -> str:
    (event,) = events
    assert isinstance(event, WentSilent), event
    return event.reason
