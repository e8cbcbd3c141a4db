"""What IB says of an order without placing it, whole, in part, late or never."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from ib_async import IB, LimitOrder, OrderState
from ib_async.util import UNSET_DOUBLE

from core.broker.messages import PreviewState
from core.broker.pacing import Urgency
from core.broker.reference.preview import preview_in
from core.broker.translate import contract_of
from core.model.card import Preview
from core.model.errors import BrokerSilent
from core.model.evidence import BrokerEvent, CodeMessage, StatusMessage
from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.connection import STOCKS, BothEnds, both_ends


UNSET = f"{UNSET_DOUBLE:E}".replace("+", "")


def test_unset_figures_are_unknown() -> None:
    state = OrderState(
        initMarginChange=UNSET,
        initMarginAfter="1.7976931348623157E308",
        equityWithLoanAfter="",
        commission=UNSET_DOUBLE,
        minCommission=UNSET_DOUBLE,
        maxCommission=UNSET_DOUBLE,
    )

    assert preview_in(state) == Preview()


def test_figures_and_the_warning_are_ibs() -> None:
    state = OrderState(
        initMarginChange="241.5",
        initMarginAfter="-3.25",
        equityWithLoanAfter="90000",
        commission=1.0,
        commissionCurrency="USD",
        warningText="closing only<br>please",
    )

    found = preview_in(state)

    assert (found.margin_change, found.margin_after) == (
        Decimal("241.5"),
        Decimal("-3.25"),
    )
    assert (found.equity_after, found.commission) == (
        Decimal("90000.0"),
        Decimal("1.0"),
    )
    assert found.currency == "USD"
    assert len(found.warnings) == 1
    assert "closing only" in found.warnings[0]


async def test_an_answer_that_comes_too_late_is_taken_for_no_order() -> None:
    """IB's answer comes 0.3 s late: nobody hears of an order, and nothing is placed."""
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(message="openOrder", action=Action.DELAY, seconds=0.3)
        )
        with pytest.raises(BrokerSilent):
            await ends.broker.preview(ends.order(STOCKS[0]), within=0.05)
        await ends.broker.probe(within=2)
        order = ends.order(STOCKS[1])
        ends.broker.place(order)

        first = await ends.received(StatusMessage)
        await asyncio.sleep(0.4)
        later = _waiting(ends)

    known = {
        event.names.ref for event in (first, *later) if isinstance(event, StatusMessage)
    }
    assert known <= {order.ref, ""}
    assert [each.ticket.order_ref for each in ends.server.completed()] == [order.ref]


async def test_a_refusal_after_the_deadline_is_taken_for_no_orders() -> None:
    async with both_ends() as ends:
        shape = Shape(refuse=(201, "Order rejected - reason:not today"))
        ends.server.set_override(STOCKS[0].symbol, shape)
        ends.server.add_trouble(
            Trouble(message="error", action=Action.DELAY, seconds=0.3)
        )
        with pytest.raises(BrokerSilent):
            await ends.broker.preview(ends.order(STOCKS[0]), within=0.05)
        await asyncio.sleep(0.5)

        assert not any(isinstance(each, CodeMessage) for each in _waiting(ends))


def _waiting(ends: BothEnds) -> list[BrokerEvent]:
    queue = ends.connection.events
    return [queue.get_nowait() for _ in range(queue.qsize())]


async def test_a_what_if_leaves_before_an_order_that_has_a_higher_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever else waits: IB takes no id below one that it has had (103)."""
    async with both_ends() as ends:
        session, left = ends.connection.session(), list[int]()
        place = session.client.placeOrder

        def spied(order_id: int, *words: Any) -> None:
            left.append(order_id)
            place(order_id, *words)

        monkeypatch.setattr(session.client, "placeOrder", spied)
        for _ in range(45):
            session.send(Urgency.BARS, lambda: None)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(ends.broker.preview(ends.order(STOCKS[0]), within=5))
            await asyncio.sleep(0)
            ends.broker.place(ends.order(STOCKS[1]))

    assert len(left) == 2
    assert left == sorted(left)


async def test_a_first_answer_without_figures_is_not_the_last() -> None:
    """IB may send one that is full of unset numbers, and the real one behind it."""
    async with both_ends() as ends:
        found = await _asked_and_told(ends, OrderState(warningText="capped"), within=2)

    assert found.margin_change is not None


async def test_at_the_deadline_what_is_known_is_told() -> None:
    async with both_ends() as ends:
        ends.server.add_trouble(Trouble(message="openOrder", action=Action.DROP))
        found = await _asked_and_told(
            ends, OrderState(warningText="capped"), within=0.2
        )

    assert found == Preview(warnings=("capped",))


async def _asked_and_told(
    ends: BothEnds, state: OrderState, *, within: float
) -> Preview:
    """A preview whose first answer is *state*."""
    order = ends.order(STOCKS[0])
    wrapper = ends.connection.session()._wrapper

    async def tell() -> None:
        assert order.order_id is not None
        wrapper.previews[order.order_id](PreviewState(state))

    async with asyncio.TaskGroup() as tasks:
        asking = tasks.create_task(ends.broker.preview(order, within=within))
        tasks.create_task(tell())
    return asking.result()


async def test_another_clients_order_under_the_same_number_is_listed() -> None:
    """Each client counts for itself: what sells of ours must be known."""
    async with both_ends() as ends:
        asked = ends.order(STOCKS[0])
        await ends.broker.preview(asked, within=2)
        other = IB()
        await other.connectAsync("127.0.0.1", ends.server.port, clientId=9)
        sale = LimitOrder("SELL", 100, 9_999, orderRef="by hand")
        assert asked.order_id is not None
        client: Any = other.client
        client.placeOrder(asked.order_id, contract_of(STOCKS[1]), sale)
        await other.reqAllOpenOrdersAsync()

        listed = await ends.broker.open_orders()
        evidence = await ends.broker.evidence()
        other.disconnect()

    assert [each.ref for each in listed] == ["by hand"]
    assert [each.ref for each in evidence.open_orders] == ["by hand"]
