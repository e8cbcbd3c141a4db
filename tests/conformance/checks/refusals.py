"""Orders that are turned down, by rule: the code, under the order's id, and no fill."""

from core.sandbox.market.shapes import Shape
from core.sandbox.trading.holdings import AccountSpec
from tests.conformance.checks.placing import (
    STEADY_MARKET,
    filled,
    new_id,
    place,
    status,
)
from tests.conformance.clients import ClientName, Conversation
from tests.conformance.vocabulary import AAPL, MSFT, Described, order, stock
from tests.harness.client import MID_MORNING, ClientHarness, check


TWO_ACCOUNTS = (AccountSpec(), AccountSpec(account="DU7654321"))
JUST_BEFORE_THE_CLOSE = MID_MORNING.replace(hour=15, minute=55)


async def turned_down(
    client: Conversation, code: int, wish: Described, contract: Described | None = None
) -> str:
    """Send an order; return the text of the error that answers it."""
    here = client.mark()
    number = new_id(client) + sum(1 for _ in client.all("error", code=code))
    client.ask("placeOrder", number, contract or stock(con_id=AAPL), wish)
    text = str((await client.refused(code, since=here, reqId=number))["text"])
    await client.settled()
    assert not client.all("execDetails", since=here)
    return text


@check("too little money is 201, and the order is Inactive")
async def no_funds(harness: ClientHarness) -> None:
    client = await harness.client()

    text = await turned_down(client, 201, order("BUY", 90000))

    assert "MUST EXCEED THE INITIAL MARGIN" in text
    await client.receives("orderStatus", status="Inactive")


@check(
    "an id that is not above the last is 103, a filled order cannot change: 104",
    shapes=STEADY_MARKET,
)
async def duplicate_id(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("placeOrder", 40, stock(con_id=AAPL), order("BUY", 1))
    await status(client, 40, "Filled")

    client.ask("placeOrder", 39, stock(con_id=AAPL), order("BUY", 1))
    client.ask("placeOrder", 40, stock(con_id=AAPL), order("BUY", 1))

    await client.refused(103, reqId=39)
    await client.refused(104, reqId=40)


@check("a change of side or contract is 105", shapes=STEADY_MARKET)
async def mismatch(harness: ClientHarness) -> None:
    client = await harness.client()
    number = await place(client, order("BUY", 10, "LMT", lmtPrice=90))

    wish = order("BUY", 10, "LMT", lmtPrice=90)
    client.ask("placeOrder", number, stock(con_id=MSFT), wish)

    await client.refused(105, reqId=number)


@check("a price off the tick is 110")
async def off_the_tick(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 110, order("BUY", 1, "LMT", lmtPrice=90.0051))


@check("type and time in force that do not go together are 111 or 113")
async def odd_pair(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 113, order("BUY", 1, "MOC", tif="GTC"))
    await turned_down(client, 111, order("BUY", 1, "STP", auxPrice=120, tif="IOC"))


@check("an order for a halted stock is 154", shapes={"AAPL": Shape(halted=1)})
async def halted(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 154, order("BUY", 1))


@check("an order for no known contract is 200")
async def no_contract(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 200, order("BUY", 1), stock("NOSUCHNAME"))


@check("a closed auction is 201", clock=JUST_BEFORE_THE_CLOSE)
async def closed(harness: ClientHarness) -> None:
    client = await harness.client()

    text = await turned_down(client, 201, order("BUY", 1, "MOC"))

    assert "closed" in text.lower()


@check(
    "a read-only gateway answers orders, cancels and order lists with 321",
    read_only=True,
)
async def read_only(harness: ClientHarness) -> None:
    client = await harness.client()

    text = await turned_down(client, 321, order("BUY", 1))
    client.ask("reqOpenOrders")
    client.ask("cancelOrder", 1)

    assert "Read-Only" in text
    await client.refused(321, reqId=-1)


@check("unknown words are 321: action, time in force, account")
async def unknown_words(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 321, order("HOARD", 1))
    await turned_down(client, 321, order("BUY", 1, tif="FOREVER"))
    await turned_down(client, 321, order("BUY", 1, account="DU0000000"))


@check(
    "presets refuse what is too large: 383 by shares, 451 by value",
    largest_order=500,
    largest_value=100000,
)
async def presets(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 383, order("BUY", 501))
    await turned_down(client, 451, order("BUY", 500))


@check("an unknown order type is 321, one that is not for this stock 387")
async def unknown_type(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 321, order("BUY", 1, "BEST EFFORT"))
    await turned_down(client, 387, order("BUY", 1, "REL"))


@check("no shares are 434, a fraction of one is 10243")
async def odd_sizes(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 434, order("BUY", 0))
    await turned_down(client, 10243, order("BUY", 0.5))


@check("with several accounts one must be named: 435", accounts=TWO_ACCOUNTS)
async def which_account(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 435, order("BUY", 1))


@check(
    "an old default is refused: 10268 for eTradeOnly, 10269 for firmQuoteOnly",
    without={ClientName.OFFICIAL: "It has dropped these two attributes."},
)
async def old_defaults(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 10268, order("BUY", 1, eTradeOnly=True))
    await turned_down(client, 10269, order("BUY", 1, firmQuoteOnly=True))


@check(
    "a stock that may not be traded is refused as its script says",
    shapes={"AAPL": Shape(refuse=(460, "No trading permissions."))},
)
async def scripted(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 460, order("BUY", 1))


@check(
    "without a time in force the order becomes DAY, with notice 10349",
    shapes=STEADY_MARKET,
)
async def preset_tif(harness: ClientHarness) -> None:
    client = await harness.client()

    number = await filled(client, order("BUY", 1, tif=""))

    await client.refused(10349, reqId=number)
    assert client.all("openOrder", orderId=number)[-1]["order"]["tif"] == "DAY"


@check("outside hours means nothing to a market order: 2109", shapes=STEADY_MARKET)
async def outside_hours(harness: ClientHarness) -> None:
    client = await harness.client()

    number = await filled(client, order("BUY", 1, outsideRth=True))

    await client.refused(2109, reqId=number)


@check(
    "the twenty-first working order of a side and contract is refused",
    shapes=STEADY_MARKET,
)
async def too_many(harness: ClientHarness) -> None:
    client = await harness.client()
    for cents in range(20):
        await place(client, order("BUY", 1, "LMT", lmtPrice=round(80 + cents / 100, 2)))

    await turned_down(client, 201, order("BUY", 1, "LMT", lmtPrice=79))

    await place(client, order("SELL", 1, "LMT", lmtPrice=150), number=100)


@check(
    "a field that cannot be read is 320, and the line goes on",
    without={
        ClientName.OFFICIAL: "It refuses to send what is not a number.",
    },
)
async def unreadable(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("placeOrder", 1, stock(con_id=AAPL), order("BUY", 1, auxPrice="x"))

    await client.refused(320, reqId=1)
    await client.settled()
