"""Orders at a simulated gateway: handed over in the call, and heard as they are."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.broker.client_wrapper import FIRST_REQUEST
from core.model.errors import BrokerAway, OutOfReach
from core.model.evidence import (
    ChargeMessage,
    CodeMessage,
    FillMessage,
    LineState,
    Meaning,
    StatusMessage,
)
from core.model.order import Order
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trading.tickets import OrderTicket
from core.sandbox.trouble.scenarios import LIBRARY
from tests.builders import ACCOUNT, CLIENT_ID
from tests.harness.connection import GAINERS, STOCKS, BothEnds, both_ends


def placed(ends: BothEnds) -> Order:
    order = ends.order(STOCKS[0])
    ends.broker.place(order)
    return order


async def test_an_order_is_with_the_kernel_when_the_call_returns() -> None:
    async with both_ends() as ends:
        order = placed(ends)
        ends.connection.drop("right behind the order")
        await ends.line_is(LineState.UP)

        evidence = await ends.broker.evidence()

    found = [each.ref for each in evidence.open_orders]
    found += [each.names.ref for each in evidence.completed]
    assert found == [order.ref]


async def test_an_order_overtakes_a_hundred_quotes_that_wait() -> None:
    async with both_ends() as ends:
        first = await ends.market.scan(GAINERS, within=2)
        more = await ends.market.scan(replace(GAINERS, code="TOP_PERC_LOSE"), within=2)
        rows = [row.instrument for row in (*first, *more)]
        order = ends.order(rows[0])
        async with ends.market.quotes(rows) as stream:
            ends.broker.place(order)
            await ends.received(StatusMessage, lambda each: each.status == "Filled")
            by_then = len(stream.quotes())

    assert by_then < 60


async def test_an_order_of_another_client_id_is_not_sent() -> None:
    async with both_ends() as ends:
        [row, *_] = STOCKS

        with pytest.raises(BrokerAway):
            ends.broker.place(ends.order(row, client_id=CLIENT_ID + 1))

        assert ends.server.orders() == ends.server.completed() == []


async def test_an_order_id_that_could_be_a_requests_is_not_sent() -> None:
    async with both_ends() as ends:
        [row, *_] = STOCKS

        with pytest.raises(BrokerAway, match="too high"):
            ends.broker.place(ends.order(row, order_id=FIRST_REQUEST))


@pytest.mark.parametrize(
    ("scenario", "meaning"),
    [
        *(
            (name, Meaning.DEAD)
            for name in LIBRARY
            if name.startswith("order-refused-") and name != "order-refused-103"
        ),
        ("order-refused-103", Meaning.LOOK),
        ("order-noted-399", Meaning.HELD),
        ("order-noted-10347", Meaning.LOOK),
        *(
            (f"order-noted-{code}", Meaning.NOTE)
            for code in (404, 2109, 2161, 10167, 10311, 10349, 99999)
        ),
    ],
)
async def test_a_code_on_an_order_is_heard_with_its_meaning(
    scenario: str, meaning: Meaning
) -> None:
    async with both_ends(scenario=LIBRARY[scenario]) as ends:
        order = placed(ends)

        received = await ends.received(CodeMessage)

    assert received.order_id == order.order_id
    assert scenario.endswith(str(received.code))
    assert received.meaning is meaning


async def test_a_held_order_says_until_when() -> None:
    async with both_ends(scenario=LIBRARY["order-noted-399"]) as ends:
        placed(ends)

        received = await ends.received(CodeMessage)

    assert received.until == datetime(2026, 7, 31, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize("code", [10147, 10148, 161])
async def test_a_judged_cancel_is_no_verdict_on_the_order(code: int) -> None:
    scenario = replace(
        LIBRARY[f"cancel-judged-{code}"], settings={"fill_seconds": 3600.0}
    )
    async with both_ends(scenario=scenario) as ends:
        order = placed(ends)
        await ends.received(StatusMessage)
        ends.broker.cancel(order)

        received = await ends.received(CodeMessage)

    assert (received.code, received.meaning) == (code, Meaning.LOOK)


async def test_a_rewritten_tif_is_in_the_echo() -> None:
    async with both_ends(scenario=LIBRARY["tif-rewritten"]) as ends:
        placed(ends)

        echo = await ends.received(StatusMessage, lambda each: each.tif is not None)

    assert echo.tif == "DAY"


async def test_what_comes_twice_is_heard_twice() -> None:
    async with both_ends(scenario=LIBRARY["fills-twice"]) as ends:
        placed(ends)

        first = await ends.received(FillMessage)
        second = await ends.received(FillMessage)

    assert first == second


async def test_part_fills_are_heard_one_by_one() -> None:
    async with both_ends(scenario=LIBRARY["partial-fills"]) as ends:
        placed(ends)

        fills = [await ends.received(FillMessage) for _ in range(2)]

    assert len({each.fill.exec_id for each in fills}) == 2
    assert all(0 < each.fill.shares < 100 for each in fills)


async def test_a_commission_is_heard_in_dollars() -> None:
    async with both_ends() as ends:
        placed(ends)

        charge = await ends.received(ChargeMessage)

    assert charge.commission > 0


async def test_the_ids_never_go_back_even_if_the_gateways_do() -> None:
    async with both_ends() as ends:
        order = placed(ends)
        await ends.received(ChargeMessage)
        ends.server.restart(rollback=5)
        await ends.line_is(LineState.UP)

        assert order.order_id is not None
        assert ends.broker.order_id_floor() > order.order_id


async def test_a_manual_order_is_listed_and_cannot_be_cancelled_from_here() -> None:
    async with both_ends(fill_seconds=3600.0) as ends:
        [row, *_] = STOCKS
        by_hand = OrderTicket(
            client_id=0, order_id=1, con_id=row.con_id, action="BUY", quantity=10
        )
        ends.server.place_by_hand(by_hand)

        [listed] = await ends.broker.open_orders()

    assert (listed.ref, listed.order_id, listed.shares) == ("", 0, Decimal(10))


async def test_orders_of_the_logins_other_accounts_are_not_listed() -> None:
    """They stood among the account's own: "Not placed by me"."""
    both = AccountSpec(account=ACCOUNT), AccountSpec(account="DU7654321")
    async with both_ends(fill_seconds=3600.0, accounts=both) as ends:
        [row, *_] = STOCKS
        for number, spec in enumerate(both, start=1):
            by_hand = OrderTicket(
                client_id=0,
                order_id=number,
                con_id=row.con_id,
                action="BUY",
                quantity=10 * number,
                account=spec.account,
            )
            ends.server.place_by_hand(by_hand)

        [listed] = await ends.broker.open_orders()

    assert (listed.account, listed.shares) == (ACCOUNT, Decimal(10))


async def test_nothing_is_handed_over_without_a_line() -> None:
    async with both_ends() as ends:
        [row, *_] = STOCKS
        order = ends.order(row)
        ends.server.restart(down=30)
        await ends.line_is(LineState.DOWN)

        with pytest.raises(BrokerAway):
            ends.broker.place(order)
        with pytest.raises(BrokerAway):
            ends.broker.cancel(order)
        assert not ends.broker.has_sent_all()


async def test_a_line_that_is_being_dropped_takes_no_order() -> None:
    async with both_ends() as ends:
        [row, *_] = STOCKS
        order = ends.order(row)
        ends.connection.drop("in this very turn")

        with pytest.raises(BrokerAway):
            ends.broker.place(order)

        await ends.line_is(LineState.UP)
        evidence = await ends.broker.evidence()
    assert (*evidence.open_orders, *evidence.completed) == ()


# whose an order is that is to be cancelled


@pytest.mark.attack(7)
@pytest.mark.parametrize("ref", ["", "momentum-7", "tb-other-1"])
async def test_an_id_that_another_tool_has_is_never_cancelled(ref: str) -> None:
    async with both_ends(fill_seconds=3600.0) as ends:
        row, other, *_ = STOCKS
        ours = ends.order(row)
        assert ours.order_id is not None
        theirs = OrderTicket(
            client_id=CLIENT_ID,
            order_id=ours.order_id,
            con_id=other.con_id,
            action="BUY",
            quantity=10,
            order_ref=ref,
        )
        gateway = ends.server.gateway
        gateway.exchange.place(theirs, gateway.now)  # an earlier session's
        await ends.broker.evidence()

        with pytest.raises(OutOfReach, match="another order"):
            ends.broker.cancel(ours)

        [still] = await ends.broker.open_orders()
    assert still.instrument.con_id == other.con_id


@pytest.mark.attack(7)
async def test_nothing_is_cancelled_by_an_id_that_ib_has_not_shown() -> None:
    async with both_ends(fill_seconds=3600.0) as ends:
        with pytest.raises(OutOfReach, match="has not shown"):
            ends.broker.cancel(ends.order(STOCKS[0], order_id=77))


@pytest.mark.attack(6)
@pytest.mark.parametrize(
    "name",
    [
        {"client_id": CLIENT_ID + 1},
        {"gateway": "localhost:1"},
        {"login": ("DU7654321",)},
    ],
)
async def test_what_was_sent_in_another_name_is_neither_sent_nor_cancelled(
    name: dict[str, Any],
) -> None:
    async with both_ends(fill_seconds=3600.0) as ends:
        order = placed(ends)
        await ends.received(StatusMessage)
        elsewhere = replace(
            order, gateway=ends.broker.line().gateway, login=ends.broker.line().accounts
        )
        ends.broker.cancel(elsewhere)  # so far it is ours

        for refused in (ends.broker.place, ends.broker.cancel):
            with pytest.raises(OutOfReach, match="belongs to another"):
                refused(replace(elsewhere, **name))
