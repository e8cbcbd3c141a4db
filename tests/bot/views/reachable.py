"""Orders that can really come about: what the table of steps makes of any events."""

from datetime import timedelta
from decimal import Decimal
from functools import reduce
from typing import Final

from hypothesis import strategies as st

from core.model.card import Card
from core.model.money import Shares
from core.model.order import Order
from core.model.order_events import (
    Acked,
    Amended,
    CancelAsked,
    Cancelled,
    Filled,
    FoundAbsent,
    Held,
    HumanClosed,
    Lapsed,
    Noted,
    OrderEvent,
    PriceMoved,
    Refused,
    Rejected,
    Sent,
    WentSilent,
)
from core.model.proposal import ProposalState
from core.rules.order_states import advance
from tests.builders import IDENTITY, MONDAY, NOW, OPENS, a_fill, a_proposal, an_order


HELD: Final = (
    "Order Message: BUY 100 QRVX Warning: your order will not be placed at the "
    "exchange until 2026-11-23 09:30:00 US/Eastern (TWS 399)"
)
NO_FUNDS: Final = (
    "Order rejected - reason:YOUR AVAILABLE FUNDS ARE INSUFFICIENT. NEEDED 9,999 USD "
    "(TWS 201)"
)
_OURS: Final = st.sampled_from(["$3,175 are needed; $2,000 are free.", "Halted."])
_IBS: Final = st.sampled_from([NO_FUNDS, HELD, "Order Canceled - reason: (TWS 202)"])
_TEXTS: Final = _OURS | _IBS


def events(order: Order) -> st.SearchStrategy[OrderEvent]:
    """Any event of *order*: likely or not, in time or late."""
    ref, share_count = order.ref, st.integers(1, 100).map(Shares)
    fills = st.builds(
        a_fill, exec_id=st.sampled_from(["a.01", "b.01"]), shares=share_count
    )
    return st.one_of(
        st.builds(Acked, ref=st.just(ref), perm_id=st.integers(1, 9)),
        st.builds(Filled, ref=st.just(ref), fill=fills),
        st.builds(Cancelled, ref=st.just(ref), reason=st.none() | _TEXTS),
        st.builds(Held, ref=st.just(ref), until=st.just(OPENS), text=st.just(HELD)),
        st.builds(CancelAsked, ref=st.just(ref), by=st.just("Sam")),
        st.builds(
            HumanClosed, ref=st.just(ref), there=st.booleans(), reason=st.just("said")
        ),
        *(
            st.builds(kind, ref=st.just(ref), reason=_TEXTS)
            for kind in (Lapsed, PriceMoved, Noted, Refused, Rejected, WentSilent)
        ),
        st.builds(
            Amended,
            ref=st.just(ref),
            shares=share_count,
            reason=st.just("IB has it so"),
        ),
        st.builds(FoundAbsent, ref=st.just(ref), reason=st.just("gone")),
        st.just(_sent(order)),
    )


def _sent(order: Order) -> Sent:
    return Sent(
        ref=order.ref,
        order_id=41 + order.leg,
        identity=IDENTITY,
        position_before=Decimal(0),
        at=NOW + timedelta(seconds=1),
        day=MONDAY,
        epoch=1,
    )


def orders(leg: int = 1) -> st.SearchStrategy[Order]:
    """Leg *leg* of a card after up to eight events, most of them after its send."""
    planned = an_order(leg=leg)
    some = st.lists(events(planned), max_size=8)
    sent = some.map(lambda learned: [_sent(planned), *learned])
    return (some | sent).map(lambda learned: reduce(advance, learned, planned))


cards: Final = st.one_of(st.tuples(orders()), st.tuples(orders(), orders(2))).map(
    lambda legs: Card(
        proposal=a_proposal(
            state=ProposalState.APPROVED, decided_by="Sam", decided_at=NOW
        ),
        orders=legs,
        opens=None,
    )
)
