"""What a client sees of each scenario about orders, and what is true at the broker."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from core.sandbox.trouble.scenarios import LIBRARY
from tests.conformance.checks.line_trouble import A_WHILE, pass_seconds
from tests.conformance.checks.placing import new_id, status
from tests.conformance.clients import Conversation, hung_up
from tests.conformance.vocabulary import AAPL, order, stock
from tests.harness.client import ClientHarness, Play
from tests.harness.waiting import until


async def sent(harness: ClientHarness, **more: Any) -> tuple[Conversation, int]:
    """Connect and send BUY 100 MKT GTC; do not wait for anything."""
    client = await harness.client()
    number = new_id(client)
    wish = order("BUY", 100, tif="GTC", orderRef="p1.gain", **more)
    client.ask("placeOrder", number, stock(con_id=AAPL), wish)
    return client, number


async def known_at_broker(harness: ClientHarness) -> None:
    """Wait until the broker has the order, live or filled."""
    await until(lambda: not unknown_at_broker(harness))


def unknown_at_broker(harness: ClientHarness) -> bool:
    """Whether the broker has never seen an order."""
    return not (harness.server.orders() or harness.server.executions())


async def ack_lost(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await hung_up(client)
    assert not client.all("orderStatus", orderId=number, status="Filled")
    await known_at_broker(harness)


async def order_lost(harness: ClientHarness) -> None:
    client, _ = await sent(harness)
    await hung_up(client)
    assert unknown_at_broker(harness)


async def swallowed(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await client.settled()
    assert not client.all("openOrder")
    assert unknown_at_broker(harness)
    client.ask("reqIds", 1)
    await client.receives("nextValidId", orderId=number + 1)


async def never_arrived(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await client.settled()
    assert not client.all("openOrder")
    assert unknown_at_broker(harness)
    here = client.mark()
    client.ask("reqIds", 1)
    await client.receives("nextValidId", since=here, orderId=number)


async def swallowed_and_cut(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await hung_up(client)
    assert unknown_at_broker(harness)
    assert new_id(await harness.client()) == number + 1


async def ghost(harness: ClientHarness) -> None:
    client, _ = await sent(harness)
    await hung_up(client)
    assert unknown_at_broker(harness)
    pass_seconds(harness, 31)
    await known_at_broker(harness)


async def never_acknowledged(harness: ClientHarness) -> None:
    client, _ = await sent(harness)
    await known_at_broker(harness)
    await client.settled()
    told = ("openOrder", "orderStatus", "execDetails", "commissionReport")
    assert not [name for name in told if client.all(name)]


async def line_lost(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await client.refused(1100)
    await client.settled()
    assert not client.all("openOrder", orderId=number)
    pass_seconds(harness, 9)
    await client.refused(1102)
    await status(client, number, "Filled")


async def restart(harness: ClientHarness) -> None:
    client, _ = await sent(harness)
    await hung_up(client)
    await hung_up(_connecting(harness))
    pass_seconds(harness, 3)
    await harness.client()


def _connecting(harness: ClientHarness) -> Conversation:
    client = harness.line()
    client.ask("connect", harness.tap.port, 1)
    return client


async def freeze(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    client.ask("reqCurrentTime")
    await asyncio.sleep(A_WHILE)
    assert not client.all("currentTime")
    pass_seconds(harness, 31)
    await status(client, number, "Filled")


def refused(code: int) -> Play:
    """Watch an order be refused, and nothing be placed."""

    async def play(harness: ClientHarness) -> None:
        client, number = await sent(harness)
        await client.settled()
        pass_seconds(harness, 1)
        await client.refused(code, reqId=number)
        assert unknown_at_broker(harness)

    return play


def noted(code: int) -> Play:
    """Watch a code come for an order that fills all the same."""

    async def play(harness: ClientHarness) -> None:
        client, number = await sent(harness)
        await client.settled()
        pass_seconds(harness, 1)
        await client.refused(code, reqId=number)
        await status(client, number, "Filled")

    return play


async def resting(harness: ClientHarness) -> tuple[Conversation, int]:
    """Connect, and place an order that will not fill."""
    client = await harness.client()
    number = new_id(client)
    wish = order("BUY", 1, "LMT", lmtPrice=1, tif="GTC")
    client.ask("placeOrder", number, stock(con_id=AAPL), wish)
    await status(client, number, "Submitted")
    return client, number


def cancel_judged(code: int) -> Play:
    """Watch a cancel be judged while the order lives on."""

    async def play(harness: ClientHarness) -> None:
        client, number = await resting(harness)
        client.ask("cancelOrder", number)
        await client.refused(code, reqId=number)
        assert len(harness.server.orders()) == 1

    return play


async def cancel_unanswered(harness: ClientHarness) -> None:
    client, number = await resting(harness)
    client.ask("cancelOrder", number)
    await client.settled()
    assert not client.all("orderStatus", status="Cancelled")
    assert len(harness.server.orders()) == 1


def _by_code(prefix: str, watcher: Any) -> dict[str, Play]:
    names = [name for name in LIBRARY if name.startswith(prefix)]
    return {name: watcher(int(name.removeprefix(prefix))) for name in names}


WATCHERS: Final[Mapping[str, Play]] = MappingProxyType(
    {
        "ack-lost": ack_lost,
        "order-lost": order_lost,
        "order-swallowed": swallowed,
        "order-never-arrived": never_arrived,
        "swallowed-and-cut": swallowed_and_cut,
        "ghost-order": ghost,
        "never-acknowledged": never_acknowledged,
        "line-lost-while-sending": line_lost,
        "restart-at-order": restart,
        "freeze-at-order": freeze,
        **_by_code("order-refused-", refused),
        **_by_code("order-noted-", noted),
        **_by_code("cancel-judged-", cancel_judged),
        "cancel-unanswered": cancel_unanswered,
    },
)
