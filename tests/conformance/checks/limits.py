"""How much the gateway bears: messages a second, and what comes of too many."""

from datetime import timedelta

from core.sandbox.gateway.requests.quotes import QuoteSubscriptions
from tests.conformance.checks.placing import filled
from tests.conformance.clients import ClientName, hung_up
from tests.conformance.drivers.speech import CLOSED, OPENED
from tests.conformance.vocabulary import order, scan, stock
from tests.harness.client import ClientHarness, check
from tests.harness.waiting import until


ONE_TOO_MANY = 51
MOST_ROWS = 50
FAST_ENOUGH = 0.05  # simulated seconds in one: a burst stays within the second


def breaches(harness: ClientHarness) -> list[str]:
    """Return the texts of code 100 on the wire; a client may lose the last."""
    told = harness.tap.lines[0].told()
    return [each[4] for each in told if each[0] == "4" and each[3] == "100"]


@check(
    "told to reject, it answers more than fifty messages a second with 100",
    speed=FAST_ENOUGH,
    reject_over_rate=True,
)
async def too_fast(harness: ClientHarness) -> None:
    client = await harness.client()

    for number in range(60):
        client.ask("reqContractDetails", 100 + number, stock("AAPL"))

    warning = await client.refused(100, reqId=-1)
    assert "max=50" in warning["text"]
    assert not client.all(CLOSED)
    assert len(client.all("contractDetailsEnd")) <= 50


@check(
    "told to reject, it ends the session at the third breach",
    speed=FAST_ENOUGH,
    reject_over_rate=True,
)
async def three_strikes(harness: ClientHarness) -> None:
    client = await harness.client()

    for strike in range(3):
        for number in range(ONE_TOO_MANY):
            client.ask("cancelMktData", 1000 * strike + number)
        await until(lambda: len(breaches(harness)) == strike + 1)  # noqa: B023  awaited here
        harness.server.set_clock(harness.server.clock.now() + timedelta(seconds=2))

    await hung_up(client)


@check("fifty messages in one second are borne", reject_over_rate=True)
async def just_enough(harness: ClientHarness) -> None:
    client = await harness.client()

    for number in range(49):
        client.ask("reqContractDetails", 100 + number, stock("AAPL"))
    await client.receives("contractDetailsEnd", reqId=148)

    assert not client.all("error", code=100)


@check(
    "with +PACEAPI nothing is refused: what comes too fast waits its turn",
    without={ClientName.STOQEY: "It cannot send connect options."},
    speed=FAST_ENOUGH,
    reject_over_rate=True,
)
async def paced(harness: ClientHarness) -> None:
    client = harness.line()
    client.ask("connect", harness.tap.port, 1, "+PACEAPI")
    await client.receives(OPENED)
    await client.receives("nextValidId")

    for number in range(120):
        client.ask("reqContractDetails", 100 + number, stock("AAPL"))
    await client.receives("contractDetailsEnd", reqId=149)
    early = len(client.all("contractDetailsEnd"))
    for _ in range(2):
        harness.server.set_clock(harness.server.clock.now() + timedelta(seconds=1))
        await client.receives("contractDetailsEnd", reqId=149)
    await client.receives("contractDetailsEnd", reqId=219)

    assert early < 120
    assert len(client.all("contractDetailsEnd")) == 120
    assert not client.all("error", code=100)


@check("at first nothing is refused: what comes too fast waits", speed=FAST_ENOUGH)
async def paced_at_first(harness: ClientHarness) -> None:
    client = await harness.client()

    for number in range(70):
        client.ask("reqContractDetails", 100 + number, stock("AAPL"))
    await client.receives("contractDetailsEnd", reqId=140)
    early = len(client.all("contractDetailsEnd"))
    harness.server.set_clock(harness.server.clock.now() + timedelta(seconds=2))
    await client.receives("contractDetailsEnd", reqId=169)

    assert early < 70
    assert len(client.all("contractDetailsEnd")) == 70
    assert not client.all("error", code=100)


@check("IB's lesson: scan, fifty snapshots in one burst, buy the top two")
async def fifty_snapshots(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqScannerSubscription", 1, scan(), [], [])
    await client.receives("scannerDataEnd", reqId=1)
    rows = [each["details"]["contract"] for each in client.all("scannerData")]
    assert len(rows) == MOST_ROWS

    for number, row in enumerate(rows):
        wish = stock(con_id=int(row["conId"]))
        client.ask("reqMktData", 100 + number, wish, "", True, False, [])
    harness.server.set_clock(harness.server.clock.now() + timedelta(seconds=2))
    await until(lambda: watched(harness) == MOST_ROWS)  # those that had to wait, too
    harness.server.set_clock(harness.server.clock.now() + timedelta(seconds=12))
    for number in range(MOST_ROWS):
        await client.receives("tickSnapshotEnd", reqId=100 + number)

    for row in rows[:2]:
        await filled(client, order("BUY", 1), int(row["conId"]))
    assert not client.all("error", code=100)


def watched(harness: ClientHarness) -> int:
    """Return how many market data lines are open at the gateway."""
    return sum(
        len(each.state(QuoteSubscriptions).open)
        for each in harness.server.gateway.sessions
    )
