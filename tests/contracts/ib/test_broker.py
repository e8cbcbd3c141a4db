"""What every Broker promises."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

import pytest

from core.model.errors import BrokerAway, BrokerSaidNo, BrokerSilent, OutOfReach
from core.model.evidence import (
    BrokerEvent,
    ChargeMessage,
    CodeMessage,
    FillMessage,
    LineChanged,
    LineState,
    Meaning,
    StatusMessage,
)
from core.model.market import OrderType, Side
from core.model.money import Shares
from core.model.order import Order, OrderRef, OrderState
from tests.builders import ACCOUNT, CLIENT_ID, an_exit, an_order, price
from tests.contracts.ib.worlds import World
from tests.harness.waiting import until


T = TypeVar("T", bound=BrokerEvent)


async def received(
    world: World, kind: type[T], ok: Callable[[T], bool] = lambda _: True
) -> T:
    async with asyncio.timeout(5):
        while True:
            event = await world.broker.next_event()
            if isinstance(event, kind) and ok(event):
                return event


def an_order_now(world: World) -> Order:
    return an_order(
        instrument=world.stocks[0],
        state=OrderState.SENDING,
        shares=Shares(100),
        order_id=world.broker.order_id_floor(),
        client_id=CLIENT_ID,
    )


def placed(world: World) -> Order:
    order = an_order_now(world)
    world.broker.place(order)
    return order


async def test_the_first_thing_heard_is_that_the_line_is_up(world: World) -> None:
    event = await world.broker.next_event()

    assert isinstance(event, LineChanged)
    assert event.line.state is LineState.UP
    assert (event.line.epoch, event.line.client_id) == (1, CLIENT_ID)
    assert event.line.accounts == (ACCOUNT,)


async def test_an_order_is_acknowledged_under_all_its_names(world: World) -> None:
    order = placed(world)

    status = await received(world, StatusMessage, lambda each: each.tif is not None)

    assert status.names.ref == order.ref
    assert status.names.order_id == order.order_id
    assert status.names.client_id == CLIENT_ID
    assert status.names.perm_id > 0


async def test_the_echo_says_what_was_asked_for(world: World) -> None:
    placed(world)

    status = await received(world, StatusMessage, lambda each: each.tif is not None)

    assert (status.tif, status.account, status.shares) == ("GTC", ACCOUNT, Decimal(100))


async def test_a_filled_order_is_heard_to_the_last_share_and_cent(world: World) -> None:
    order = placed(world)

    fill = await received(world, FillMessage)
    charge = await received(world, ChargeMessage)

    assert (fill.names.ref, fill.side) == (order.ref, Side.BUY)
    assert fill.con_id == order.instrument.con_id
    assert fill.fill.shares == 100
    assert fill.fill.price > 0
    assert (charge.exec_id, charge.commission > 0) == (fill.fill.exec_id, True)


async def test_a_refusal_is_heard_as_a_verdict(world: World) -> None:
    world.refuse(world.stocks[0])
    order = placed(world)

    code = await received(world, CodeMessage)

    assert (code.order_id, code.code) == (order.order_id, 201)
    assert code.meaning is Meaning.DEAD
    assert "not today" in code.text


async def test_a_working_order_is_open_and_can_be_cancelled(world: World) -> None:
    world.hold()
    order = placed(world)
    await received(world, StatusMessage)

    [open_order] = await world.broker.open_orders()
    world.broker.cancel(order)
    await received(world, StatusMessage, lambda each: each.status == "Cancelled")

    assert (open_order.ref, open_order.order_id) == (order.ref, order.order_id)
    assert (open_order.tif, open_order.shares, open_order.filled) == (
        "GTC",
        Decimal(100),
        Decimal(0),
    )
    assert await world.broker.open_orders() == ()


async def test_what_this_journal_never_sent_cannot_be_cancelled_from_here(
    world: World,
) -> None:
    """R16. IB works it for an older copy of the journal, and here it has no id."""
    world.hold()
    order = placed(world)
    await received(world, StatusMessage)
    as_planned = replace(
        order, order_id=None, client_id=None, gateway=None, login=(), epoch=None
    )

    with pytest.raises(OutOfReach):
        world.broker.cancel(as_planned)

    assert len(await world.broker.open_orders()) == 1


async def test_evidence_of_a_filled_order_is_complete(world: World) -> None:
    order = placed(world)
    await received(world, ChargeMessage)

    evidence = await world.broker.evidence()

    [completed], [fill] = evidence.completed, evidence.fills
    assert (completed.names.ref, completed.status) == (order.ref, "Filled")
    assert (completed.names.order_id, completed.filled) == (0, 100)
    assert (fill.names.ref, fill.fill.shares) == (order.ref, 100)
    assert [each.exec_id for each in evidence.charges] == [fill.fill.exec_id]
    assert evidence.position_in(order.instrument, ACCOUNT) == 100
    assert evidence.highest_order_id == order.order_id
    assert evidence.open_orders == ()


async def test_evidence_of_a_working_order_lists_it_as_open_only(world: World) -> None:
    world.hold()
    order = placed(world)
    await received(world, StatusMessage)

    evidence = await world.broker.evidence()

    assert [each.ref for each in evidence.open_orders] == [order.ref]
    assert (*evidence.completed, *evidence.fills, *evidence.positions) == ()


async def test_an_order_id_is_never_given_twice(world: World) -> None:
    order = placed(world)

    assert order.order_id is not None
    assert world.broker.order_id_floor() > order.order_id


async def test_nothing_is_sent_while_ib_is_lost(world: World) -> None:
    order = an_order_now(world)
    world.lose_ib()
    await received(
        world, LineChanged, lambda each: each.line.state is LineState.CUT_OFF
    )

    with pytest.raises(BrokerAway):
        world.broker.place(order)

    assert not world.broker.has_sent_all()
    world.find_ib()
    await received(world, LineChanged, lambda each: each.line.state is LineState.UP)
    assert (await world.broker.evidence()).completed == ()


async def test_a_lost_ib_keeps_the_epoch_and_says_why(world: World) -> None:
    world.lose_ib()
    lost = await received(
        world, LineChanged, lambda each: each.line.state is LineState.CUT_OFF
    )

    assert (lost.line.epoch, lost.line.reason) == (1, "the gateway has lost IB")


async def test_a_reconnect_is_a_new_epoch_under_the_same_client_id(
    world: World,
) -> None:
    await world.broker.reconnect()

    line = world.broker.line()
    assert (line.state, line.epoch, line.client_id) == (LineState.UP, 2, CLIENT_ID)


async def test_a_probe_returns_when_the_gateway_answers(world: World) -> None:
    await world.broker.probe(within=1)

    assert world.broker.has_sent_all()


async def test_a_probe_without_an_answer_is_silence(world: World) -> None:
    world.go_silent()

    with pytest.raises(BrokerSilent):
        await world.broker.probe(within=0.05)


@pytest.mark.attack(20)
async def test_what_was_bought_is_among_the_days_trades_with_its_fee(
    world: World,
) -> None:
    order = placed(world)
    fill, charge = (
        await received(world, FillMessage),
        await received(world, ChargeMessage),
    )

    [trade] = await world.broker.trades()

    assert (trade.con_id, trade.side) == (order.instrument.con_id, Side.BUY)
    assert (trade.shares, trade.signed) == (Decimal(100), Decimal(100))
    assert trade.fill.exec_id == fill.fill.exec_id
    assert trade.fill.commission == charge.commission


async def test_what_was_bought_is_held(world: World) -> None:
    order = placed(world)
    await received(world, ChargeMessage)

    await until(lambda: bool(world.broker.positions()))

    [position] = world.broker.positions() or ()
    assert (position.instrument.con_id, position.shares) == (
        order.instrument.con_id,
        Decimal(100),
    )


async def test_the_inventory_is_what_works_and_what_is_held(world: World) -> None:
    order = placed(world)
    await received(world, ChargeMessage)
    world.hold()
    rest = placed(world)
    await received(world, StatusMessage, lambda each: each.names.ref == rest.ref)

    inventory = await world.broker.inventory()

    assert [each.ref for each in inventory.open_orders] == [rest.ref]
    assert inventory.shares == {order.instrument.con_id: 100}


async def test_nothing_is_held_of_what_was_sold_again(world: World) -> None:
    bought = placed(world)
    await received(world, ChargeMessage)
    sale = replace(
        an_order_now(world), side=Side.SELL, ref=OrderRef(f"{bought.ref}-sale")
    )
    world.broker.place(sale)
    await received(world, ChargeMessage)

    inventory = await world.broker.inventory()

    assert inventory.shares.get(bought.instrument.con_id, 0) == 0
    await until(lambda: _held(world, bought) == 0)


def _held(world: World, order: Order) -> int:
    """Of its stock, as the subscription tells it by and by."""
    of_it = (
        int(each.shares)
        for each in world.broker.positions() or ()
        if each.instrument.con_id == order.instrument.con_id
    )
    return sum(of_it)


async def acknowledged(world: World, order: Order) -> None:
    await received(world, StatusMessage, lambda it: it.names.ref == order.ref)


async def an_exit_pair(world: World, held: int = 100) -> tuple[Order, Order]:
    """*held* shares are held, with a stop far below and a target far above."""
    bought = placed(world)
    await received(world, FillMessage, lambda it: it.names.ref == bought.ref)
    pair = []
    for leg, exit_ in (
        (11, {"order_type": OrderType.STOP, "stop": price("1.00")}),
        (12, {"order_type": OrderType.LIMIT, "limit": price("999.00"), "stop": None}),
    ):
        order = an_exit(
            leg=leg,
            instrument=world.stocks[0],
            state=OrderState.SENDING,
            shares=Shares(held),
            order_id=world.broker.order_id_floor(),
            client_id=CLIENT_ID,
            gateway=an_order_now(world).gateway,
            **exit_,
        )
        world.broker.place(order)
        pair.append(order)
        await acknowledged(world, order)
    stop, target = pair
    return stop, target


async def test_exits_of_a_group_wait_at_ib(world: World) -> None:
    stop, target = await an_exit_pair(world)
    evidence = await world.broker.evidence()

    found = {each.ref: each.order_type for each in evidence.open_orders}
    assert found == {stop.ref: "STP", target.ref: "LMT"}


async def test_who_cancels_one_of_a_group_cancels_the_others(world: World) -> None:
    stop, target = await an_exit_pair(world)
    world.broker.cancel(stop)
    over = {
        (
            await received(world, StatusMessage, lambda it: it.status == "Cancelled")
        ).names.order_id
    }
    while len(over) < 2:
        again = await received(
            world, StatusMessage, lambda it: it.status == "Cancelled"
        )
        over.add(again.names.order_id)

    assert over == {stop.order_id, target.order_id}
    assert (await world.broker.evidence()).open_orders == ()


async def test_a_preview_tells_margin_and_commission_and_places_nothing(
    world: World,
) -> None:
    preview = await world.broker.preview(an_order_now(world), within=2)

    assert preview.margin_change is not None
    assert preview.margin_change > 0
    assert preview.margin_after is not None
    assert preview.commission is not None
    assert await world.broker.open_orders() == ()
    evidence = await world.broker.evidence()
    assert (*evidence.open_orders, *evidence.completed, *evidence.fills) == ()


async def test_a_preview_of_what_ib_would_refuse_says_so(world: World) -> None:
    world.refuse(world.stocks[0])

    with pytest.raises(BrokerSaidNo, match="not today") as no:
        await world.broker.preview(an_order_now(world), within=2)

    assert no.value.code == 201
    assert await world.broker.open_orders() == ()


async def test_a_preview_without_an_answer_is_silence(world: World) -> None:
    world.go_silent()

    with pytest.raises(BrokerSilent, match="to the account"):
        await world.broker.preview(an_order_now(world), within=0.05)


async def test_the_id_of_a_preview_is_no_orders(world: World) -> None:
    asked = an_order_now(world)
    await world.broker.preview(asked, within=2)

    order = placed(world)
    status = await received(world, StatusMessage, lambda each: each.tif is not None)

    assert asked.order_id is not None
    assert order.order_id is not None
    assert order.order_id > asked.order_id
    assert status.names.ref == order.ref
