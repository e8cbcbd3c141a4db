"""An order that is changed in TWS while it works is followed, whatever comes in between:
fills, a cancel, passes, and messages that are read late."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, strategies as st

from core.model.evidence import Evidence, FillMessage, StatusMessage
from core.model.identity import Names
from core.model.market import OrderType
from core.model.money import Price, Shares
from core.model.order import Order, OrderState
from core.model.order_events import OrderEvent
from core.rules.listings.absence import undecided
from core.rules.listings.reconciliation import events_of
from core.rules.order_messages import OrderMessage, events_of_message
from core.rules.order_states import advance, is_ghost
from tests.builders import (
    NOW,
    PERM_ID,
    a_completed_order,
    a_fill,
    a_fill_message,
    a_sent_order,
    an_evidence,
    an_open_order,
    price,
)


SENT = a_sent_order(order_type=OrderType.LIMIT, limit=price("5.00"))
NAMES = Names(
    ref=SENT.ref,
    client_id=SENT.client_id or 0,
    order_id=SENT.order_id or 0,
    perm_id=PERM_ID,
)


@dataclass(slots=True)
class AtIb:
    """The order in IB's book, and what IB has said of it that is not read yet."""

    size: int = SENT.shares
    limit: Price | None = SENT.limit
    status: str = "Submitted"
    fills: list[FillMessage] = field(default_factory=list)
    said: list[OrderMessage] = field(default_factory=list)

    @property
    def filled(self) -> int:
        return sum(each.fill.shares for each in self.fills)

    def change(self, *, size: int, limit: Price) -> None:
        self.size, self.limit = max(size, self.filled, 1), limit
        self._tell()

    def fill(self, shares: int) -> None:
        number = len(self.fills)
        fill = a_fill(
            exec_id=f"e{number}.01",
            shares=Shares(min(shares, self.size - self.filled)),
            at=NOW + timedelta(seconds=number),
        )
        self.fills.append(a_fill_message(names=NAMES, fill=fill))
        self.said.append(self.fills[-1])
        self._tell()

    def cancel(self) -> None:
        self.status = "Cancelled"
        self._tell()

    def _tell(self) -> None:
        if self.filled >= self.size:
            self.status = "Filled"
        shares, works = Decimal(self.size), self.status == "Submitted"
        self.said += [
            StatusMessage(
                names=NAMES,
                status=self.status,
                terms=replace(SENT.terms, shares=shares),
                shares=shares,
                limit=self.limit,
            ),
            StatusMessage(
                names=replace(NAMES, ref=""),
                status=self.status,
                shares=shares if works else None,
                filled=Decimal(self.filled),
            ),
        ]

    def listed(self) -> Evidence:
        if self.status == "Submitted":
            row = an_open_order(shares=self.size, filled=self.filled)
            row = replace(row, limit=self.limit, order_type="LMT")
            return an_evidence(open_orders=(row,), fills=tuple(self.fills))
        over = a_completed_order(status=self.status, filled=self.filled)
        return an_evidence(completed=(over,), fills=tuple(self.fills))


@given(st.data())
def test_an_order_that_is_changed_as_it_works_is_as_ib_has_it(
    data: st.DataObject,
) -> None:
    ib, order = AtIb(), replace(SENT, state=OrderState.ACKED)
    steps = st.sampled_from(["change", "fill", "cancel", "read", "read", "pass"])
    for step in data.draw(st.lists(steps, max_size=12)):
        if step == "read" and ib.said:
            order = _learned(order, events_of_message(order, ib.said.pop(0)))
        elif step == "pass":
            order = _all_read(order, ib)
            order = _learned(order, events_of(order, ib.listed()))
        elif ib.status == "Submitted":
            _happen(step, ib, data)
    order = _all_read(order, ib)

    assert order.filled == ib.filled
    assert order.state is _state(ib)
    assert not undecided(order, ib.listed())
    if ib.status == "Submitted":
        assert (order.shares, order.limit) == (ib.size, ib.limit)


def _happen(step: str, ib: AtIb, data: st.DataObject) -> None:
    if step == "change":
        size = data.draw(st.sampled_from([1, 50, 100, 150, 300]))
        ib.change(size=size, limit=data.draw(st.sampled_from(_LIMITS)))
    elif step == "fill":
        ib.fill(data.draw(st.integers(1, 120)))
    elif step == "cancel":
        ib.cancel()


_LIMITS = [price("4.00"), price("5.00"), price("6.50")]


def _all_read(order: Order, ib: AtIb) -> Order:
    while ib.said:
        order = _learned(order, events_of_message(order, ib.said.pop(0)))
    return order


def _learned(order: Order, events: tuple[OrderEvent, ...]) -> Order:
    """No step of it is one that halts."""
    for event in events:
        after = advance(order, event)
        assert not is_ghost(order, after)
        order = after
    return order


def _state(ib: AtIb) -> OrderState:
    if ib.status == "Filled":
        return OrderState.FILLED
    if ib.status == "Cancelled":
        return OrderState.PARTIAL_DONE if ib.fills else OrderState.CANCELLED
    if ib.fills:
        return OrderState.PARTIAL
    return OrderState.ACKED
