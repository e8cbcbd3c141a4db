"""Orders that belong together, wait for a price, or for the close."""

from datetime import timedelta

from core.sandbox.market.shapes import Shape
from tests.conformance.checks.placing import (
    ASK,
    BID,
    STEADY,
    STEADY_MARKET,
    TODAY,
    fills,
    new_id,
    place,
    status,
)
from tests.conformance.clients import Conversation
from tests.conformance.vocabulary import AAPL, order, stock
from tests.harness.client import MID_MORNING, ClientHarness, check


LATER = MID_MORNING + timedelta(minutes=5)
JUST_AFTER = MID_MORNING + timedelta(minutes=6)
AFTER_THE_CLOSE = MID_MORNING.replace(hour=16, minute=0, second=30)


def jumping(to: float) -> dict[str, Shape]:
    """Return a market in which AAPL jumps from 100 to a price at a known moment."""
    shape = Shape(on=TODAY, open=100, last=100, spread=0.02, jump_at=LATER, jump_to=to)
    return {"AAPL": shape}


@check(
    "a bracket waits for its parent, then one child ends the other", shapes=jumping(112)
)
async def bracket(harness: ClientHarness) -> None:
    client = await harness.client()
    parent = new_id(client)
    family = (
        order("BUY", 10, transmit=False),
        order(
            "SELL", 10, "LMT", lmtPrice=110, parentId=parent, transmit=False, tif="GTC"
        ),
        order("SELL", 10, "STP", auxPrice=90, parentId=parent, tif="GTC"),
    )
    for number, each in enumerate(family, start=parent):
        client.ask("placeOrder", number, stock(con_id=AAPL), each)

    await status(client, parent, "Filled")
    await status(client, parent + 1, "Submitted", parentId=parent)
    await client.receives("openOrder", orderId=parent + 2)
    harness.server.set_clock(JUST_AFTER)

    await status(client, parent + 1, "Filled")
    await status(client, parent + 2, "Cancelled")


@check("nothing is transmitted before the last of a bracket is")
async def not_transmitted(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("placeOrder", 1, stock(con_id=AAPL), order("BUY", 10, transmit=False))

    await client.settled()
    assert harness.server.orders() == []
    assert not client.all("orderStatus", status="Filled")


@check("of a group, one cancels all", shapes=STEADY_MARKET)
async def one_cancels_all(harness: ClientHarness) -> None:
    client = await harness.client()
    group = {"ocaGroup": "either", "ocaType": 1}
    low = await place(client, order("BUY", 5, "LMT", lmtPrice=80, **group))
    high = await place(client, order("BUY", 5, "LMT", lmtPrice=81, **group))

    await place(client, order("BUY", 5, "LMT", lmtPrice=101, **group))

    await status(client, low, "Cancelled")
    await status(client, high, "Cancelled")


THIN = {"AAPL": Shape(on=TODAY, open=100, last=100, ask_size=30, refill_seconds=3600)}
"""A market in which 30 shares are for sale."""


@check("of a group of type 1, a part cancels all others", shapes=THIN)
async def a_part_cancels(harness: ClientHarness) -> None:
    low, high = await _part_of_a_group(await harness.client(), 1)

    await status(*high, "Submitted", filled=30, remaining=20)
    await status(*low, "Cancelled")


@check("of a group, a part takes as many shares off the others", shapes=THIN)
async def a_part_reduces(harness: ClientHarness) -> None:
    low, high = await _part_of_a_group(await harness.client(), 2)

    await status(*high, "Submitted", filled=30, remaining=20)
    await status(*low, "Submitted", remaining=20)


@check("also of one whose orders do not wait for each other", shapes=THIN)
async def a_part_reduces_without_block(harness: ClientHarness) -> None:
    low, high = await _part_of_a_group(await harness.client(), 3)

    await status(*high, "Submitted", filled=30, remaining=20)
    await status(*low, "Submitted", remaining=20)


Placed = tuple[Conversation, int]


async def _part_of_a_group(
    client: Conversation, oca_type: int
) -> tuple[Placed, Placed]:
    """Two orders of a group for 50 shares; of the second a part is bought."""
    group = {"ocaGroup": "either", "ocaType": oca_type}
    low = await place(client, order("BUY", 50, "LMT", lmtPrice=80, **group))
    await status(client, low, "Submitted")
    high = await place(client, order("BUY", 50, "LMT", lmtPrice=101, **group))
    return (client, low), (client, high)


@check("who cancels one order of a group cancels the group", shapes=STEADY_MARKET)
async def all_are_cancelled(harness: ClientHarness) -> None:
    client = await harness.client()
    group = {"ocaGroup": "either", "ocaType": 3}
    low = await place(client, order("BUY", 5, "LMT", lmtPrice=80, **group))
    stop = await place(client, order("BUY", 5, "STP", auxPrice=120, **group))
    await status(client, low, "Submitted")

    client.ask("cancelOrder", low)

    await status(client, low, "PendingCancel")
    await status(client, low, "Cancelled")
    await status(client, stop, "Cancelled")


@check("the exits of a bracket work for the part that is filled", shapes=THIN)
async def part_of_a_bracket(harness: ClientHarness) -> None:
    client = await harness.client()
    parent = new_id(client)
    exit_ = {"parentId": parent, "tif": "GTC"}
    family = (
        order("BUY", 50, "LMT", lmtPrice=101, transmit=False),
        order("SELL", 50, "LMT", lmtPrice=99, transmit=False, **exit_),
        order("SELL", 50, "STP", auxPrice=90, **exit_),
    )
    for number, each in enumerate(family, start=parent):
        client.ask("placeOrder", number, stock(con_id=AAPL), each)

    await status(client, parent, "Submitted", filled=30, remaining=20)
    await status(client, parent + 1, "Submitted", filled=30, remaining=20)
    await status(client, parent + 2, "PreSubmitted", remaining=20, why="trigger")


@check("a stop sleeps until its price, then trades at the market", shapes=jumping(105))
async def stop(harness: ClientHarness) -> None:
    client = await harness.client()
    number = await place(client, order("BUY", 5, "STP", auxPrice=104))
    await status(client, number, "PreSubmitted")
    await client.settled()
    assert not fills(client, number)

    harness.server.set_clock(JUST_AFTER)

    await status(client, number, "Filled")
    assert fills(client, number)[0]["price"] > 104


@check("a stop-limit does not pay more than its limit", shapes=jumping(107))
async def stop_limit(harness: ClientHarness) -> None:
    client = await harness.client()
    near = await place(client, order("BUY", 5, "STP LMT", auxPrice=104, lmtPrice=105))
    far = await place(client, order("BUY", 5, "STP LMT", auxPrice=104, lmtPrice=110))

    harness.server.set_clock(JUST_AFTER)

    await status(client, far, "Filled")
    await status(client, near, "Submitted")
    assert not fills(client, near)


@check(
    "a trailing stop follows the market, and sells when it falls", shapes=jumping(95)
)
async def trailing(harness: ClientHarness) -> None:
    client = await harness.client()
    number = await place(client, order("SELL", 5, "TRAIL", auxPrice=3))
    shown = client.all("openOrder", orderId=number)[0]["order"]
    assert 96.5 < float(shown["trailStopPrice"]) < 97.5

    harness.server.set_clock(JUST_AFTER)

    await status(client, number, "Filled")


@check("MOC fills at the close", shapes=STEADY_MARKET)
async def at_the_close(harness: ClientHarness) -> None:
    client = await harness.client()
    number = await place(client, order("BUY", 5, "MOC"))
    await client.settled()
    assert not fills(client, number)

    harness.server.set_clock(AFTER_THE_CLOSE)

    await status(client, number, "Filled")


@check("DAY orders end with the day, GTC orders do not", shapes=STEADY_MARKET)
async def end_of_day(harness: ClientHarness) -> None:
    client = await harness.client()
    day = await place(client, order("BUY", 5, "LMT", lmtPrice=80))
    gtc = await place(client, order("BUY", 5, "LMT", lmtPrice=80, tif="GTC"))

    harness.server.set_clock(AFTER_THE_CLOSE)

    await status(client, day, "Cancelled")
    await client.settled()
    assert not client.all("orderStatus", orderId=gtc, status="Cancelled")


@check(
    "IOC takes what is there, FOK all or nothing",
    shapes={
        "AAPL": Shape(on=TODAY, open=100, last=100, ask_size=30, refill_seconds=3600)
    },
)
async def at_once(harness: ClientHarness) -> None:
    client = await harness.client()

    kill = await place(client, order("BUY", 50, "LMT", lmtPrice=101, tif="FOK"))
    part = await place(client, order("BUY", 50, "LMT", lmtPrice=101, tif="IOC"))

    await status(client, kill, "Inactive", filled=0)
    await status(client, part, "Cancelled", filled=30, remaining=20)


@check("buying and selling meet the two sides of the quote", shapes={"AAPL": STEADY})
async def two_sides(harness: ClientHarness) -> None:
    client = await harness.client()

    bought = await place(client, order("BUY", 5))
    await status(client, bought, "Filled")
    sold = await place(client, order("SELL", 5))
    await status(client, sold, "Filled")

    assert fills(client, bought)[0]["price"] == ASK
    assert fills(client, sold)[0]["price"] == BID
