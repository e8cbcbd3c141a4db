"""What a client sees of each scenario about orders, and what is true at the broker."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from core.sandbox.trouble.scenarios import LIBRARY
from tests.conformance.checks.line_trouble import A_WHILE, pass_seconds
from tests.conformance.checks.placing import new_id, status
from tests.conformance.clients import Conversation, hung_up, until
from tests.conformance.vocabulary import AAPL, order, stock
from tests.harness.client import Play, Stage


async def sent(stage: Stage, **more: Any) -> tuple[Conversation, int]:
    """Connect and send BUY 100 MKT GTC; do not wait for anything."""
    client = await stage.client()
    number = new_id(client)
    wish = order("BUY", 100, tif="GTC", orderRef="p1.gain", **more)
    client.ask("placeOrder", number, stock(con_id=AAPL), wish)
    return client, number


async def known_at_broker(stage: Stage) -> None:
    """Wait until the broker has the order, live or filled."""
    await until(lambda: not unknown_at_broker(stage))


def unknown_at_broker(stage: Stage) -> bool:
    """Whether the broker has never seen an order."""
    return not (stage.server.orders() or stage.server.executions())


async def ack_lost(stage: Stage) -> None:
    client, number = await sent(stage)
    await hung_up(client)
    assert not client.all("orderStatus", orderId=number, status="Filled")
    await known_at_broker(stage)


async def order_lost(stage: Stage) -> None:
    client, _ = await sent(stage)
    await hung_up(client)
    assert unknown_at_broker(stage)


async def swallowed(stage: Stage) -> None:
    client, number = await sent(stage)
    await client.settled()
    assert not client.all("openOrder")
    assert unknown_at_broker(stage)
    client.ask("reqIds", 1)
    await client.hears("nextValidId", orderId=number + 1)


async def never_arrived(stage: Stage) -> None:
    client, number = await sent(stage)
    await client.settled()
    assert not client.all("openOrder")
    assert unknown_at_broker(stage)
    here = client.mark()
    client.ask("reqIds", 1)
    await client.hears("nextValidId", since=here, orderId=number)


async def swallowed_and_cut(stage: Stage) -> None:
    client, number = await sent(stage)
    await hung_up(client)
    assert unknown_at_broker(stage)
    assert new_id(await stage.client()) == number + 1


async def ghost(stage: Stage) -> None:
    client, _ = await sent(stage)
    await hung_up(client)
    assert unknown_at_broker(stage)
    pass_seconds(stage, 31)
    await known_at_broker(stage)


async def never_acknowledged(stage: Stage) -> None:
    client, _ = await sent(stage)
    await known_at_broker(stage)
    await client.settled()
    told = ("openOrder", "orderStatus", "execDetails", "commissionReport")
    assert not [name for name in told if client.all(name)]


async def line_lost(stage: Stage) -> None:
    client, number = await sent(stage)
    await client.refused(1100)
    await client.settled()
    assert not client.all("openOrder", orderId=number)
    pass_seconds(stage, 9)
    await client.refused(1102)
    await status(client, number, "Filled")


async def restart(stage: Stage) -> None:
    client, _ = await sent(stage)
    await hung_up(client)
    await hung_up(_connecting(stage))
    pass_seconds(stage, 3)
    await stage.client()


def _connecting(stage: Stage) -> Conversation:
    client = stage.line()
    client.ask("connect", stage.tap.port, 1)
    return client


async def freeze(stage: Stage) -> None:
    client, number = await sent(stage)
    client.ask("reqCurrentTime")
    await asyncio.sleep(A_WHILE)
    assert not client.all("currentTime")
    pass_seconds(stage, 31)
    await status(client, number, "Filled")


def refused(code: int) -> Play:
    """Watch an order be refused, and nothing be placed."""

    async def play(stage: Stage) -> None:
        client, number = await sent(stage)
        await client.settled()
        pass_seconds(stage, 1)
        await client.refused(code, reqId=number)
        assert unknown_at_broker(stage)

    return play


def noted(code: int) -> Play:
    """Watch a code come for an order that fills all the same."""

    async def play(stage: Stage) -> None:
        client, number = await sent(stage)
        await client.settled()
        pass_seconds(stage, 1)
        await client.refused(code, reqId=number)
        await status(client, number, "Filled")

    return play


async def resting(stage: Stage) -> tuple[Conversation, int]:
    """Connect, and place an order that will not fill."""
    client = await stage.client()
    number = new_id(client)
    wish = order("BUY", 1, "LMT", lmtPrice=1, tif="GTC")
    client.ask("placeOrder", number, stock(con_id=AAPL), wish)
    await status(client, number, "Submitted")
    return client, number


def cancel_judged(code: int) -> Play:
    """Watch a cancel be judged while the order lives on."""

    async def play(stage: Stage) -> None:
        client, number = await resting(stage)
        client.ask("cancelOrder", number)
        await client.refused(code, reqId=number)
        assert len(stage.server.orders()) == 1

    return play


async def cancel_unanswered(stage: Stage) -> None:
    client, number = await resting(stage)
    client.ask("cancelOrder", number)
    await client.settled()
    assert not client.all("orderStatus", status="Cancelled")
    assert len(stage.server.orders()) == 1


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
