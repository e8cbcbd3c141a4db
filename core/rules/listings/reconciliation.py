"""What one pass over IB's listings shows about our orders, rule by rule.

Each rule cites its number, R1 to R18 (R11, R12 and R14 are in order_messages; what takes
two passes is in absence.py). All but R17 and R18 apply only to orders that were sent
under the identity of the session whose listings these are: the same gateway, login and
client id. An incomplete pass (R10) never becomes an Evidence, so it never gets here.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from core.model.evidence import CompletedOrder, Evidence
from core.model.identity import Identity
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.model.order_events import (
    Acked,
    Cancelled,
    Filled,
    OrderEvent,
    Rejected,
)
from core.rules.listings.found import Found, find
from core.rules.listings.unknown_orders import fill_in
from core.rules.order_messages import (
    CANCELLED_WORD,
    ENDED_AT_IB,
    FEWER_FILLED,
    FILLED_WORD,
    REST_TAKEN_OFF,
    as_changed,
    changed_terms,
    is_new,
    is_rest_taken_off,
    over,
    resized,
)


CANCELLED_WORDS: Final = frozenset({CANCELLED_WORD, "ApiCancelled"})


def events_of(order: Order, evidence: Evidence) -> tuple[OrderEvent, ...]:
    """R1 to R5, R13 and R16: what the listings show about *order*, ended or not;
    nothing if it was sent under another identity (R18)."""
    if not order.is_of(evidence.identity):
        return ()
    found = find(order, evidence)
    return (
        *_r1_open(order, found),
        *_r2_r3_fills(order, found),
        *_r4_r5_completed(order, found),
        *_r13_refused(order, found),
    )


def _r1_open(order: Order, found: Found) -> Iterator[OrderEvent]:
    """R1. It is among the open orders.

    R16: this also applies to an order that we ended before it was alive. An order that
    IB ended is only reopened by two passes, because its end may have come between the
    listing and now; so may the fills of one that is filled, or they are the owner's
    word.
    """
    if found.open is None or order.state in ENDED_AT_IB or is_behind(order, found):
        return
    if found.open.is_inactive and order.perm_id:
        return  # known already, and it does not work
    yield Acked(ref=order.ref, perm_id=found.open.perm_id)
    changes = changed_terms(order, found.open, account=None)
    yield from as_changed(order, changes, echo=found.open)


def is_behind(order: Order, found: Found) -> bool:
    """Whether *order* is filled here, and IB lists it open with fewer shares filled."""
    is_filled, row = order.state is OrderState.FILLED, found.open
    return is_filled and row is not None and row.filled < order.filled


def _r2_r3_fills(order: Order, found: Found) -> Iterator[OrderEvent]:
    """R2, R3. Each fill; the state table decides whether that fills the order."""
    for execution in found.fills:
        yield Filled(ref=order.ref, fill=fill_in(execution, order))


def _r4_r5_completed(order: Order, found: Found) -> Iterator[OrderEvent]:
    """R4, R5. It can no longer change, and its fills are all known."""
    completed = found.completed
    if completed is None or not found.accounted_for:
        return
    if found.refutes_word:
        yield Cancelled(ref=order.ref, reason=FEWER_FILLED, refutes_word=True)
    if completed.status in CANCELLED_WORDS:
        yield from _cancelled_in_another_size(order, completed)
        yield over(order, completed.reason or None)
    elif is_rest_taken_off(order, completed.status, Decimal(completed.filled)):
        yield Cancelled(ref=order.ref, reason=REST_TAKEN_OFF)
    elif completed.status == FILLED_WORD:
        yield from _filled_in_another_size(order, completed)
    else:
        reason = order.refused or completed.reason or completed.status
        yield Rejected(ref=order.ref, reason=reason)


def _cancelled_in_another_size(
    order: Order, completed: CompletedOrder
) -> Iterator[OrderEvent]:
    """What IB calls cancelled was not filled whole. With all the shares that it is for
    here it was made larger while nobody listened, to the size that IB names, if any."""
    size = max(int(completed.shares or 0), completed.filled)
    if completed.filled >= order.shares and size > order.shares:
        yield resized(order, Shares(size))


def _filled_in_another_size(
    order: Order, completed: CompletedOrder
) -> Iterator[OrderEvent]:
    """Filled whole with more or fewer shares than it is for here: its size was changed
    while nobody listened. Fewer of one that is filled here is a trade taken back."""
    is_taken_back = order.state is OrderState.FILLED and completed.filled < order.shares
    if completed.filled not in {0, order.shares} and not is_taken_back:
        yield resized(order, Shares(completed.filled))


def _r13_refused(order: Order, found: Found) -> Iterator[OrderEvent]:
    """R13. IB refused it before confirming it, and does not list it either."""
    if order.refused and is_new(order) and found.nothing:
        yield Rejected(ref=order.ref, reason=order.refused)


def belongs_to(order: Order, identity: Identity) -> str | None:
    """R18. How the identity that *order* was sent under differs from *identity*'s; None
    if they are the same. Nothing is concluded about such an order, and it is never
    cancelled from this session."""
    if order.order_id is None or order.is_of(identity):
        return None
    differences = "; ".join(_differences(order, identity))
    return f"This order belongs to another login or client id: {differences}"


def _differences(order: Order, identity: Identity) -> Iterator[str]:
    if order.client_id != identity.client_id:
        yield f"client id {order.client_id} (now {identity.client_id})"
    if order.identity is None:
        if order.account not in identity.accounts:
            yield f"account {order.account} (now {', '.join(identity.accounts)})"
        return
    if order.login != identity.accounts:
        there, here = ", ".join(order.login), ", ".join(identity.accounts)
        yield f"the login with {there} (now {here})"
    if order.gateway != identity.gateway:
        yield f"the gateway at {order.gateway} (now {identity.gateway})"
