"""What a client sees of each scenario about orders, and what is true at the broker."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from core.sandbox.scenarios import LIBRARY
from tests.conformance.checks.line_trouble import A_WHILE, pass_seconds
from tests.conformance.checks.orders import fills, new_id, status
from tests.conformance.clients import Conversation, hung_up, until
from tests.conformance.stage import Play, Stage
from tests.conformance.vocabulary import AAPL, order, stock


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


def fills_after(seconds: float) -> Play:
    """Watch an order rest before it fills."""

    async def play(stage: Stage) -> None:
        client, number = await sent(stage)
        await status(client, number, "PreSubmitted")
        pass_seconds(stage, seconds - 2)
        await client.settled()
        assert not fills(client, number)
        pass_seconds(stage, 3)
        await status(client, number, "Filled")

    return play


async def partial_rests(stage: Stage) -> None:
    client, number = await sent(stage)
    await status(client, number, "Submitted", filled=30, remaining=70)
    pass_seconds(stage, 600)
    await client.settled()
    assert len(fills(client, number)) == 1


async def partial_fills(stage: Stage) -> None:
    client, number = await sent(stage)
    await client.hears("execDetails")
    pass_seconds(stage, 10)
    await status(client, number, "Filled")
    assert [each["shares"] for each in fills(client, number)] == [40, 40, 20]


async def no_filled_status(stage: Stage) -> None:
    client, number = await sent(stage)
    await client.hears("execDetails")
    await client.hears("commissionReport")
    await client.settled()
    assert not client.all("orderStatus", orderId=number, status="Filled")


async def twice(stage: Stage) -> None:
    client, number = await sent(stage)
    await client.hears("commissionReport")
    await client.settled()
    assert len(client.all("orderStatus", orderId=number, status="Filled")) == 2
    assert len(client.all("openOrder", orderId=number, state__status="Filled")) == 2


async def fills_twice(stage: Stage) -> None:
    client, number = await sent(stage)
    await client.hears("commissionReport")
    ids = [each["execId"] for each in fills(client, number)]
    assert len(ids) == 2 * len(set(ids))


async def status_first(stage: Stage) -> None:
    client, _ = await sent(stage)
    await client.hears("openOrder")
    names = [each.name for each in client.heard]
    assert names.index("orderStatus") < names.index("openOrder")


async def fill_before_ack(stage: Stage) -> None:
    client, _ = await sent(stage)
    await client.hears("execDetails")
    assert not client.all("orderStatus", status="PreSubmitted")
    pass_seconds(stage, 3)
    await client.hears("orderStatus", status="PreSubmitted")


def comes_late(name: str, seconds: float) -> Play:
    """Watch one kind of message come after the order is filled."""

    async def play(stage: Stage) -> None:
        client, number = await sent(stage)
        await status(client, number, "Filled")
        await client.settled()
        assert not client.all(name)
        pass_seconds(stage, seconds + 1)
        await client.hears(name)

    return play


async def corrected(stage: Stage) -> None:
    client, number = await sent(stage)
    await client.hears("commissionReport")
    await client.settled()
    ids = [each["execId"] for each in fills(client, number)]
    assert len(ids) == 2
    assert len({each.rpartition(".")[0] for each in ids}) == 1
    assert len(set(ids)) == 2


async def tif_rewritten(stage: Stage) -> None:
    client, number = await sent(stage)
    pass_seconds(stage, 1)
    await client.refused(10349, reqId=number)
    shown = await client.hears("openOrder", orderId=number)
    assert shown["order"]["tif"] == "DAY"
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
        "slow-fill": fills_after(8),
        "no-fill": fills_after(3600),
        "partial-fill-rests": partial_rests,
        "partial-fills": partial_fills,
        "no-filled-status": no_filled_status,
        "statuses-twice": twice,
        "fills-twice": fills_twice,
        "status-first": status_first,
        "fill-before-ack": fill_before_ack,
        "late-fill": comes_late("execDetails", 2),
        "commission-late": comes_late("commissionReport", 5),
        "fill-corrected": corrected,
        "tif-rewritten": tif_rewritten,
        **_by_code("order-refused-", refused),
        **_by_code("order-noted-", noted),
        **_by_code("cancel-judged-", cancel_judged),
        "cancel-unanswered": cancel_unanswered,
    },
)
