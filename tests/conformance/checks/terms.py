"""Terms that are seldom set: each is obeyed, or refused in IB's words; none is ignored."""

from datetime import timedelta

from tests.conformance.checks.placing import (
    ASK,
    BID,
    STEADY_MARKET,
    filled,
    fills,
    new_id,
    place,
    status,
)
from tests.conformance.checks.refusals import turned_down
from tests.conformance.clients import ClientName, older_than
from tests.conformance.vocabulary import order, price_condition, tag
from tests.harness.client import MID_MORNING, ClientHarness, check


REFUSED = (  # code, attribute, a value that says something
    (152, "hidden", True),
    (325, "discretionaryAmt", 0.05),
    (344, "faGroup", "everybody"),
    (373, "stockRangeLower", 1.0),
    (10244, "cashQty", 1000.0),
    (10020, "displaySize", 100),
    (146, "triggerMethod", 5),
    (117, "blockOrder", True),
    (321, "scaleInitLevelSize", 5),
    (321, "adjustedOrderType", "TRAIL"),
    (321, "notHeld", True),
    (321, "modelCode", "growth"),
)
ANOTHER_CLASS = dict.fromkeys(
    (ClientName.STOQEY, ClientName.STOQEY_12),
    "writes its conditions from classes that JSON cannot name",
)


@check("an attribute that is not served is refused, and nothing trades")
async def attributes(harness: ClientHarness) -> None:
    client = await harness.client()

    for code, name, value in REFUSED:
        await turned_down(client, code, order("BUY", 10, "MKT", **{name: value}))


@check("posting to an ATS is refused with 10274", without=older_than(160, "it"))
async def posting(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 10274, order("BUY", 10, postToAts=1))


@check("types that IB serves and we do not are 387", shapes=STEADY_MARKET)
async def types(harness: ClientHarness) -> None:
    client = await harness.client()

    for kind in ("REL", "PEG MKT", "VOL", "BOX TOP", "PASSV REL"):
        await turned_down(client, 387, order("BUY", 10, kind, lmtPrice=BID))


@check("an unknown algo is 439, an unknown parameter of one 443")
async def unknown_algo(harness: ClientHarness) -> None:
    client = await harness.client()

    await turned_down(client, 439, order("BUY", 10, algoStrategy="Magic"))
    params = [tag("speed", "high")]
    wish = order("BUY", 10, algoStrategy="Adaptive", algoParams=params)
    await turned_down(client, 443, wish)


@check(
    "an adaptive order comes back with its algo, and is filled", shapes=STEADY_MARKET
)
async def adaptive(harness: ClientHarness) -> None:
    client = await harness.client()

    params = [tag("adaptivePriority", "Normal")]
    wish = order("BUY", 10, algoStrategy="Adaptive", algoParams=params)
    number = await filled(client, wish)

    await client.receives("openOrder", orderId=number, order__algoStrategy="Adaptive")


@check("touched, limit-on-close and mid-price orders wait", shapes=STEADY_MARKET)
async def waiting_types(harness: ClientHarness) -> None:
    client = await harness.client()

    touch = await place(client, order("BUY", 10, "MIT", auxPrice=90.0))
    close = await place(client, order("BUY", 10, "LOC", lmtPrice=ASK))
    middle = await place(client, order("BUY", 10, "MIDPRICE", lmtPrice=99.0))
    await client.settled()

    assert not any(fills(client, each) for each in (touch, close, middle))


@check("good after time waits, good till date ends", shapes=STEADY_MARKET)
async def times(harness: ClientHarness) -> None:
    client = await harness.client()
    later = MID_MORNING + timedelta(minutes=5)
    word = later.strftime("%Y%m%d %H:%M:%S US/Eastern")

    waits = await place(client, order("BUY", 10, goodAfterTime=word))
    rest = order("BUY", 10, "LMT", lmtPrice=BID - 5, tif="GTD", goodTillDate=word)
    ends = await place(client, rest)
    await client.settled()
    assert not fills(client, waits)

    harness.server.set_clock(later + timedelta(seconds=2))

    await status(client, waits, "Filled")
    await status(client, ends, "Cancelled")


@check("a price condition holds the order, and comes back", without=ANOTHER_CLASS)
async def condition(harness: ClientHarness) -> None:
    client = await harness.client()

    never = [price_condition(1e6)]
    number = await place(client, order("BUY", 10, conditions=never))
    await client.settled()
    assert not fills(client, number)

    met = [price_condition(1.0)]
    number = new_id(client)
    await place(client, order("BUY", 10, conditions=met), number=number)
    await status(client, number, "Filled")
