"""What a client sees of each scenario about fills and what is said of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tests.conformance.checks.line_trouble import pass_seconds
from tests.conformance.checks.order_trouble import sent
from tests.conformance.checks.placing import fills, status
from tests.harness.client import ClientHarness, Play


def fills_after(seconds: float) -> Play:
    """Watch an order rest before it fills."""

    async def play(harness: ClientHarness) -> None:
        client, number = await sent(harness)
        await status(client, number, "PreSubmitted")
        pass_seconds(harness, seconds - 2)
        await client.settled()
        assert not fills(client, number)
        pass_seconds(harness, 3)
        await status(client, number, "Filled")

    return play


async def partial_rests(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await status(client, number, "Submitted", filled=30, remaining=70)
    pass_seconds(harness, 600)
    await client.settled()
    assert len(fills(client, number)) == 1


async def partial_fills(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await client.receives("execDetails")
    pass_seconds(harness, 10)
    await status(client, number, "Filled")
    assert [each["shares"] for each in fills(client, number)] == [40, 40, 20]


async def no_filled_status(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await client.receives("execDetails")
    await client.receives("commissionReport")
    await client.settled()
    assert not client.all("orderStatus", orderId=number, status="Filled")


async def twice(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await client.receives("commissionReport")
    await client.settled()
    assert len(client.all("orderStatus", orderId=number, status="Filled")) == 2
    assert len(client.all("openOrder", orderId=number, state__status="Filled")) == 2


async def fills_twice(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await client.receives("commissionReport")
    ids = [each["execId"] for each in fills(client, number)]
    assert len(ids) == 2 * len(set(ids))


async def status_first(harness: ClientHarness) -> None:
    client, _ = await sent(harness)
    await client.receives("openOrder")
    names = [each.name for each in client.received]
    assert names.index("orderStatus") < names.index("openOrder")


async def fill_before_ack(harness: ClientHarness) -> None:
    client, _ = await sent(harness)
    await client.receives("execDetails")
    assert not client.all("orderStatus", status="PreSubmitted")
    pass_seconds(harness, 3)
    await client.receives("orderStatus", status="PreSubmitted")


def comes_late(name: str, seconds: float) -> Play:
    """Watch one kind of message come after the order is filled."""

    async def play(harness: ClientHarness) -> None:
        client, number = await sent(harness)
        await status(client, number, "Filled")
        await client.settled()
        assert not client.all(name)
        pass_seconds(harness, seconds + 1)
        await client.receives(name)

    return play


async def corrected(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    await client.receives("commissionReport")
    await client.settled()
    ids = [each["execId"] for each in fills(client, number)]
    assert len(ids) == 2
    assert len({each.rpartition(".")[0] for each in ids}) == 1
    assert len(set(ids)) == 2


async def tif_rewritten(harness: ClientHarness) -> None:
    client, number = await sent(harness)
    pass_seconds(harness, 1)
    await client.refused(10349, reqId=number)
    shown = await client.receives("openOrder", orderId=number)
    assert shown["order"]["tif"] == "DAY"
    await status(client, number, "Filled")


WATCHERS: Final[Mapping[str, Play]] = MappingProxyType(
    {
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
    },
)
