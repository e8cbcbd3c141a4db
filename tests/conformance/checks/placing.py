"""How the checks place orders and wait for what becomes of them."""

from collections.abc import Mapping
from typing import Any

from core.sandbox.market.shapes import Shape
from tests.conformance.clients import Conversation, ReceivedMessage
from tests.conformance.vocabulary import (
    AAPL,
    Described,
    stock,
)
from tests.harness.client import MID_MORNING


TODAY = MID_MORNING.date()
STEADY = Shape(on=TODAY, open=100, last=100, spread=0.02, bid_size=500, ask_size=500)
STEADY_MARKET = {"AAPL": STEADY, "MSFT": STEADY}
ASK, BID = 100.01, 99.99
NEVER = 1e9


async def place(
    client: Conversation, wish: Described, con_id: int = AAPL, *, number: int = 0
) -> int:
    """Send an order under the next id, or that one; wait for the acknowledgement."""
    number = number or new_id(client)
    here = client.mark()
    client.ask("placeOrder", number, stock(con_id=con_id), wish)
    await client.receives("openOrder", orderId=number, since=here)
    return number


def new_id(client: Conversation) -> int:
    """Return an order id that this conversation has not used."""
    used = [each["orderId"] for each in client.all("openOrder")]
    first = client.all("nextValidId")[0]["orderId"]
    return int(max([first, *(each + 1 for each in used)]))


async def status(
    client: Conversation, number: int, wish: str, **more: Any
) -> ReceivedMessage:
    """Wait for a status of an order."""
    return await client.receives("orderStatus", orderId=number, status=wish, **more)


async def filled(client: Conversation, wish: Described, con_id: int = AAPL) -> int:
    """Send an order, and wait until it is filled and paid."""
    number = await place(client, wish, con_id)
    await status(client, number, "Filled")
    await client.receives("commissionReport")
    return number


def fills(client: Conversation, number: int) -> list[Mapping[str, Any]]:
    """Return the executions of an order."""
    received = client.all("execDetails", execution__orderId=number)
    return [each["execution"] for each in received]
