"""Beginning, sharing and losing a conversation."""

import asyncio

from core.sandbox.trouble.faults import Happening, LineEvent
from tests.conformance.clients import hung_up
from tests.conformance.drivers.speech import CLOSED, OPENED
from tests.conformance.vocabulary import AAPL, ACCOUNT, order, stock
from tests.harness.client import MID_MORNING, ClientHarness, check
from tests.harness.waiting import until


FARMS_ARE_UP = (2104, 2106, 2158)
HELLO = b"API\0\0\0\0\x09v100..178"
START_API = b"\0\0\0\x0971\x002\x0077\0\0"
NOISE = (
    b"GET / HTTP/1.1\r\n\r\n",
    b"API\0\xff\xff\xff\xffv100",  # four gigabytes to come
    b"API\0\0\0\0\x09v100..178\0\0\0\x02\x41\xfe\0\0\0\x05short",
    b"API\0\0\0\0\x03xyz",
)


@check("version 178 is agreed, then come accounts, an order id and the farms")
async def handshake(harness: ClientHarness) -> None:
    client = await harness.client()

    assert client.all(OPENED)[0]["version"] == 178
    assert (await client.receives("managedAccounts"))["accounts"] == ACCOUNT
    assert (await client.receives("nextValidId"))["orderId"] >= 1
    for code in FARMS_ARE_UP:
        await client.refused(code, reqId=-1)


@check("the gateway tells its own time")
async def current_time(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqCurrentTime")

    told = (await client.receives("currentTime"))["time"]
    assert 0 <= told - MID_MORNING.timestamp() < 60


@check("accounts and the next order id are told again on request")
async def asked_again(harness: ClientHarness) -> None:
    client = await harness.client()
    here = client.mark()

    client.ask("reqManagedAccts")
    client.ask("reqIds", 1)

    assert (await client.receives("managedAccounts", since=here))["accounts"] == ACCOUNT
    assert (await client.receives("nextValidId", since=here))["orderId"] >= 1


@check("a client id in use is refused with 326, and the line is closed")
async def id_in_use(harness: ClientHarness) -> None:
    await harness.client(7)
    second = harness.line()

    second.ask("connect", harness.tap.port, 7)

    await hung_up(second)
    # The official client may lose what it reads together with the end of the line.
    assert "326" in {each[3] for each in harness.tap.lines[-1].told()}


@check("after a clean goodbye the client id is free again")
async def id_free_again(harness: ClientHarness) -> None:
    first = await harness.client(7)

    first.ask("disconnect")
    # The official client's goodbye takes a second.
    await until(lambda: not harness.server.gateway.sessions)

    await harness.client(7)


@check("order ids grow for each client id, also over a new connection")
async def ids_grow(harness: ClientHarness) -> None:
    first = await harness.client(7)
    number = first.all("nextValidId")[0]["orderId"]
    first.ask("placeOrder", number, stock(con_id=AAPL), order("BUY", 1))
    await first.receives("orderStatus", orderId=number)
    harness.server.cut()
    await hung_up(first)

    again, other = await harness.client(7), await harness.client(8)

    assert again.all("nextValidId")[0]["orderId"] == number + 1
    assert other.all("nextValidId")[0]["orderId"] == number


@check("thirty-two clients are let in, the next one is not")
async def thirty_two(harness: ClientHarness) -> None:
    clients = [await harness.client(number) for number in range(1, 33)]
    one_more = harness.line()

    one_more.ask("connect", harness.tap.port, 99)

    await hung_up(one_more)
    await clients[0].settled()
    assert not clients[-1].all(CLOSED)


@check("garbage, giant and truncated frames of one peer harm no other")
async def garbage(harness: ClientHarness) -> None:
    client = await harness.client()

    for noise in NOISE:
        _, writer = await asyncio.open_connection("127.0.0.1", harness.server.port)
        writer.write(noise)
        await writer.drain()
        writer.close()

    await client.settled()
    assert len(harness.server.gateway.sessions) == 1


@check("idle and half-closed peers harm no other, and are forgotten when they go")
async def idle(harness: ClientHarness) -> None:
    client = await harness.client()
    peers = []
    for words in (b"", HELLO[:9], HELLO, HELLO + START_API):
        _, writer = await asyncio.open_connection("127.0.0.1", harness.server.port)
        writer.write(words)
        await writer.drain()
        peers.append(writer)
    await until(lambda: len(harness.server.gateway.sessions) == 2)

    await client.settled()
    for writer in peers:
        writer.write_eof()  # it will say no more, but would still listen

    await until(lambda: len(harness.server.gateway.sessions) == 1)
    await until(lambda: len(harness.server.connections) == 1)
    await client.settled()
    for writer in peers:
        writer.close()


@check("a lost line is told with 1100, a restored one with 1102 or 1101")
async def line_lost(harness: ClientHarness) -> None:
    client = await harness.client()

    for code in (1100, 1102, 1100, 1101):
        here = client.mark()
        harness.server.flap(code)
        await client.refused(code, since=here, reqId=-1)

    await client.settled()


@check("what is asked while the line is lost is answered when it is back")
async def asked_while_lost(harness: ClientHarness) -> None:
    client = await harness.client()
    harness.server.flap(1100)

    client.ask("reqContractDetails", 5, stock("AAPL"))
    await client.settled()
    assert not client.all("contractDetails")

    harness.server.flap(1102)
    await client.receives("contractDetailsEnd", reqId=5)


@check("farms go down and come back with their own codes")
async def farms(harness: ClientHarness) -> None:
    client = await harness.client()

    for code in (2103, 2104, 2105, 2106, 2157, 2158):
        here = client.mark()
        harness.server.flap(code)
        await client.refused(code, since=here, reqId=-1)


@check("a restart hangs up, and by script the order ids go back")
async def restart(harness: ClientHarness) -> None:
    client = await harness.client()
    number = client.all("nextValidId")[0]["orderId"]
    for each in range(number, number + 3):
        client.ask("placeOrder", each, stock(con_id=AAPL), order("BUY", 1))
        await client.receives("orderStatus", orderId=each)

    harness.server.restart(rollback=2)
    await hung_up(client)

    again = await harness.client()
    assert again.all("nextValidId")[0]["orderId"] == number + 1
    again.ask("placeOrder", number + 1, stock(con_id=AAPL), order("BUY", 1))
    await again.receives("orderStatus", orderId=number + 1, status="Filled")
    assert not again.all("error", code=103)


@check("nobody is let in while the gateway is down")
async def down(harness: ClientHarness) -> None:
    client = await harness.client()
    harness.server.happen(Happening(after=0, event=LineEvent.RESTART, down=3600))
    await hung_up(client)

    other = harness.line()
    other.ask("connect", harness.tap.port, 2)

    await hung_up(other)
    assert not other.all("nextValidId")
    harness.excuse("ECONNRESET")  # a client may say what became of its call


@check("a frozen gateway keeps the line and says nothing until it thaws")
async def frozen(harness: ClientHarness) -> None:
    client = await harness.client()
    harness.server.freeze()
    client.ask("reqCurrentTime")
    await asyncio.sleep(0.3)
    assert not client.all("currentTime")
    assert not client.all(CLOSED)

    harness.server.thaw()

    await client.receives("currentTime")
