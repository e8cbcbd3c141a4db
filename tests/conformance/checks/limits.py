"""How much the gateway bears: messages a second, and what comes of too many."""

from datetime import timedelta

from tests.conformance.clients import ClientName, hung_up, until
from tests.conformance.drivers.speech import CLOSED, OPENED
from tests.conformance.stage import Stage, check
from tests.conformance.vocabulary import stock


ONE_TOO_MANY = 51
FAST_ENOUGH = 0.05  # simulated seconds in one: a burst stays within the second


def breaches(stage: Stage) -> list[str]:
    """Return the texts of code 100 on the wire; a client may lose the last."""
    told = stage.tap.lines[0].told()
    return [each[4] for each in told if each[0] == "4" and each[3] == "100"]


@check(
    "more than fifty messages within a second are answered with 100", speed=FAST_ENOUGH
)
async def too_fast(stage: Stage) -> None:
    client = await stage.client()

    for number in range(60):
        client.ask("reqContractDetails", 100 + number, stock("AAPL"))

    warning = await client.refused(100, reqId=-1)
    assert "max=50" in warning["text"]
    assert not client.all(CLOSED)
    assert len(client.all("contractDetailsEnd")) <= 50


@check("the third breach ends the session", speed=FAST_ENOUGH)
async def three_strikes(stage: Stage) -> None:
    client = await stage.client()

    for strike in range(3):
        for number in range(ONE_TOO_MANY):
            client.ask("cancelMktData", 1000 * strike + number)
        await until(lambda: len(breaches(stage)) == strike + 1)  # noqa: B023  awaited here
        stage.server.set_clock(stage.server.clock.now() + timedelta(seconds=2))

    await hung_up(client)


@check("fifty messages in one second are borne")
async def just_enough(stage: Stage) -> None:
    client = await stage.client()

    for number in range(49):
        client.ask("reqContractDetails", 100 + number, stock("AAPL"))
    await client.hears("contractDetailsEnd", reqId=148)

    assert not client.all("error", code=100)


@check(
    "with +PACEAPI nothing is refused: what comes too fast waits its turn",
    without={ClientName.STOQEY: "It cannot send connect options."},
    speed=FAST_ENOUGH,
)
async def paced(stage: Stage) -> None:
    client = stage.line()
    client.ask("connect", stage.tap.port, 1, "+PACEAPI")
    await client.hears(OPENED)
    await client.hears("nextValidId")

    for number in range(120):
        client.ask("reqContractDetails", 100 + number, stock("AAPL"))
    await client.hears("contractDetailsEnd", reqId=149)
    early = len(client.all("contractDetailsEnd"))
    for _ in range(2):
        stage.server.set_clock(stage.server.clock.now() + timedelta(seconds=1))
        await client.hears("contractDetailsEnd", reqId=149)
    await client.hears("contractDetailsEnd", reqId=219)

    assert early < 120
    assert len(client.all("contractDetailsEnd")) == 120
    assert not client.all("error", code=100)
