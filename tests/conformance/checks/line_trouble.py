"""What a client sees of each scenario about connecting and the line."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from tests.conformance.checks.placing import new_id
from tests.conformance.checks.quotes import watch
from tests.conformance.clients import Conversation, hung_up
from tests.conformance.drivers.speech import CLOSED, OPENED
from tests.conformance.published import miscounted
from tests.conformance.vocabulary import AAPL, MSFT, SPY, everything, order, stock
from tests.harness.client import ClientHarness, Play
from tests.harness.waiting import until


A_WHILE: Final = 0.4  # real seconds in which nothing must come
ENDS: Final[Mapping[str, tuple[str, tuple[Any, ...], str]]] = {
    "executions-never-end": ("reqExecutions", (5, everything()), "execDetailsEnd"),
    "completed-orders-never-end": (
        "reqCompletedOrders",
        (False,),
        "completedOrdersEnd",
    ),
    "open-orders-never-end": ("reqOpenOrders", (), "openOrderEnd"),
    "positions-never-end": ("reqPositions", (), "positionEnd"),
}


def connecting(harness: ClientHarness, client_id: int = 1) -> Conversation:
    """Begin to connect, and do not wait for what may never come."""
    client = harness.line()
    client.ask("connect", harness.tap.port, client_id)
    return client


def pass_seconds(harness: ClientHarness, seconds: float) -> None:
    """Let simulated time pass at once."""
    harness.server.set_clock(harness.server.clock.now() + timedelta(seconds=seconds))


async def quiet_day(harness: ClientHarness) -> None:
    await (await harness.client()).settled()


async def no_hello(harness: ClientHarness) -> None:
    client = connecting(harness)
    await asyncio.sleep(A_WHILE)
    assert not client.all(OPENED)


async def id_in_use(harness: ClientHarness) -> None:
    for _ in range(2):
        await hung_up(connecting(harness))
        assert "326" in {each[3] for each in harness.tap.lines[-1].told()}
    await harness.client()


async def rate_rejects(harness: ClientHarness) -> None:
    client = await harness.client()
    for _ in range(60):
        client.ask("reqCurrentTime")
    await client.refused(100, reqId=-1)


async def no_accounts(harness: ClientHarness) -> None:
    told = await connecting(harness).receives("managedAccounts")
    assert not told["accounts"]


async def live_account(harness: ClientHarness) -> None:
    client = await harness.client()
    assert client.all("managedAccounts")[0]["accounts"] == "U1234567"


async def ids_first(harness: ClientHarness) -> None:
    client = await harness.client()
    await client.receives("managedAccounts")
    names = [each.name for each in client.received]
    assert names.index("nextValidId") < names.index("managedAccounts")


async def read_only(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("placeOrder", 1, stock(con_id=AAPL), order("BUY", 1))
    await client.refused(321, reqId=1)


def never_ends(name: str) -> Play:
    """Watch a listing whose end marker does not come."""
    deed, words, end = ENDS[name]

    async def play(harness: ClientHarness) -> None:
        client = await harness.client()
        client.ask(deed, *words)
        await client.settled()
        await asyncio.sleep(0.1)
        assert not client.all(end)

    return play


def receives_in_turn(*codes: int, seconds: float) -> Play:
    """Watch codes about the line come one after the other."""

    async def play(harness: ClientHarness) -> None:
        client = await harness.client()
        await client.settled()  # the notices of the start are out
        here = client.mark()

        def told() -> list[int]:
            errors = client.all("error", since=here, code=lambda code: code in codes)
            return [each["code"] for each in errors]

        pass_seconds(harness, seconds)
        await until(lambda: len(told()) >= len(codes))
        assert told() == list(codes)

    return play


async def history_farm_down(harness: ClientHarness) -> None:
    client = await harness.client()
    pass_seconds(harness, 2)
    await client.refused(2105)
    words: tuple[Any, ...] = ("", "2 D", "1 day", "TRADES", 1, 1, False, [])
    client.ask("reqHistoricalData", 5, stock(con_id=AAPL), *words)
    await client.settled()
    assert not client.all("historicalData")
    pass_seconds(harness, 20)
    await client.receives("historicalDataEnd", reqId=5)


async def nightly_restart(harness: ClientHarness) -> None:
    client = await harness.client()
    pass_seconds(harness, 3)
    await hung_up(client)
    await hung_up(connecting(harness))
    pass_seconds(harness, 6)
    await harness.client()


async def ids_go_back(harness: ClientHarness) -> None:
    client = await harness.client()
    number = new_id(client)
    client.ask("placeOrder", number, stock(con_id=AAPL), order("BUY", 1))
    await client.receives("orderStatus", orderId=number)
    pass_seconds(harness, 3)
    await hung_up(client)
    pass_seconds(harness, 3)
    again = await harness.client()
    assert new_id(again) == number


async def frozen(harness: ClientHarness) -> None:
    client = await harness.client()
    pass_seconds(harness, 4)
    await asyncio.sleep(0.05)
    client.ask("reqCurrentTime")
    await asyncio.sleep(A_WHILE)
    assert not client.all("currentTime")
    assert not client.all(CLOSED)
    pass_seconds(harness, 60)
    await client.receives("currentTime")


async def cut_in_mid_scan(harness: ClientHarness) -> None:
    client = await harness.client()
    for number, con_id in enumerate((AAPL, MSFT, SPY)):
        watch(client, 5 + number, con_id)
    await hung_up(client)
    assert len(client.all("tickPrice")) <= 20


async def cut_before_bars(harness: ClientHarness) -> None:
    client = await harness.client()
    words: tuple[Any, ...] = ("", "2 D", "1 day", "TRADES", 1, 1, False, [])
    client.ask("reqHistoricalData", 5, stock(con_id=AAPL), *words)
    await hung_up(client)
    assert not client.all("historicalData")


def takes_at_least(seconds: float) -> Play:
    """Watch an answer about a contract take its time."""

    async def play(harness: ClientHarness) -> None:
        client = await harness.client()
        begun = harness.server.clock.now()
        client.ask("reqContractDetails", 5, stock(con_id=AAPL))
        await client.receives("contractDetailsEnd", reqId=5)
        took = (harness.server.clock.now() - begun).total_seconds()
        assert took >= seconds

    return play


async def wild_length(harness: ClientHarness) -> None:
    client = await harness.client()
    for number, con_id in enumerate((AAPL, MSFT, SPY)):
        watch(client, 5 + number, con_id)
    await asyncio.sleep(A_WHILE)
    client.ask("reqCurrentTime")
    await asyncio.sleep(A_WHILE)
    assert not client.all("currentTime")


async def open_orders_told(harness: ClientHarness) -> list[tuple[str, ...]]:
    """Place an order; return the openOrder messages on the wire, once it is filled."""
    client = await harness.client()
    client.ask("placeOrder", new_id(client), stock(con_id=AAPL), order("BUY", 1))
    await until(harness.server.executions)
    await asyncio.sleep(0.1)
    return [each for each in harness.tap.lines[0].told() if each[0] == "5"]


async def undecodable(harness: ClientHarness) -> None:
    first, *others = await open_orders_told(harness)
    assert "#?" in first
    assert not [each for each in others if "#?" in each]


async def miscounted_orders(harness: ClientHarness) -> None:
    assert miscounted(await open_orders_told(harness))


async def heartbeat_dies(harness: ClientHarness) -> None:
    client = await harness.client()
    await client.settled()
    client.ask("reqCurrentTime")
    client.ask("reqIds", 1)
    await until(lambda: len(client.all("nextValidId")) > 1)
    assert len(client.all("currentTime")) == 1


WATCHERS: Final[Mapping[str, Play]] = MappingProxyType(
    {
        "quiet-day": quiet_day,
        "hello-unanswered": no_hello,
        "client-id-in-use": id_in_use,
        "rate-rejects": rate_rejects,
        "no-accounts": no_accounts,
        "live-account": live_account,
        "accounts-after-ids": ids_first,
        "read-only": read_only,
        **{name: never_ends(name) for name in ENDS},
        "line-lost-and-back": receives_in_turn(1100, 1102, seconds=6),
        "line-back-data-lost": receives_in_turn(1100, 1101, seconds=6),
        "line-flaps": receives_in_turn(*(1100, 1102) * 20, seconds=25),
        "farms-flap": receives_in_turn(*(2103, 2104) * 10, seconds=15),
        "history-farm-down": history_farm_down,
        "nightly-restart": nightly_restart,
        "restart-rolls-ids-back": ids_go_back,
        "frozen": frozen,
        "cut-in-mid-scan": cut_in_mid_scan,
        "cut-before-bars": cut_before_bars,
        "slow-gateway": takes_at_least(0.3),
        "nightly-slowness": takes_at_least(0.8),
        "wild-length": wild_length,
        "undecodable-open-order": undecodable,
        "short-messages": miscounted_orders,
        "unknown-fields": miscounted_orders,
        "heartbeat-dies": heartbeat_dies,
    },
)
