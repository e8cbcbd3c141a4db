"""Checks of TWS or IB Gateway, and of the account behind it.

No order is sent, not even a what-if. What the gateway's settings forbid shows in its
answers to the same requests that a start of the bot makes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Final

from bot.checks.finding import Finding
from core.broker.connection import Address, Connection
from core.broker.market_data import IbMarketData
from core.broker.orders import IbBroker
from core.broker.probing.hello import Hello, hello
from core.flows.research.snapshots import SPY
from core.model.errors import BrokerError
from core.model.evidence import Line, LineState
from core.model.market import Freshness
from core.model.portfolio import AccountSummary
from core.model.proposal import Mode
from core.ports.market import Clock
from core.rules.common_guards import wrong_gateway
from core.rules.figures.in_words import dollars, lead
from core.settings.settings import Settings


_START_IT: Final = (
    "Start TWS or IB Gateway, log in, and in its API settings enable socket "
    "clients; compare host and port with OPENBELL_GATEWAY_HOST and _PORT."
)
_LOG_IN: Final = (
    "It tries again by itself; look there whether it is logged in, and at this "
    "machine's way to the internet."
)
_ID_IN_USE: Final = (
    "End that program, or set OPENBELL_GATEWAY_CLIENT_ID to a number that nobody uses."
)
_FUNDS: Final = (
    "Nothing is bought while they are not known: look in TWS or IB Gateway whether the "
    "account's window fills, and try again."
)
_NO_FUNDS: Final = "Nothing can be bought: add funds, or free some."
_READ_ONLY: Final = "Switch Read-Only API off in the API settings of TWS or IB Gateway."
_IDS: Final = (
    "Use another OPENBELL_GATEWAY_CLIENT_ID, or reset the API order ID sequence in the "
    "gateway's API settings while no order works."
)
_ACCOUNT: Final = "Set OPENBELL_ACCOUNT to the id at the top of TWS or IB Gateway."
_MODE: Final = (
    "Compare OPENBELL_MODE with what listens at OPENBELL_GATEWAY_HOST and _PORT."
)
_SUBSCRIBE: Final = (
    "In IB's Client Portal, under Settings, Market Data Subscriptions, subscribe to US "
    "stocks streaming: NYSE (Network A/CTA), the regional exchanges (Network B) and "
    "NASDAQ (Network C/UTP)."
)
_SHARE: Final = (
    " A paper account has none of its own: under Settings, Paper Trading Account, share "
    "the live account's subscriptions with it; that takes up to a day."
)
_DELAYED: Final = "Orders need live data, or OPENBELL_ALLOW_DELAYED=true. "
_BUILD: Final = (
    "IB ends builds 10.45 and older on 2026-12-15: look under Help, About, and have 10.50 "
    "or newer by then."
)
_ZONE: Final = (
    "Let the gateway run in a zone with an IANA name, like America/New_York (on its login "
    "page, or TimeZone in jts.ini): the times of fills are read by that name."
)
_ZONE_WRONG: Final = (
    "Its clock and its time zone do not fit together: set the zone of the machine or the "
    "container that it runs on."
)

PROTOBUF: Final = 201
"""The server version that brought protocol buffers (ibapi, server_versions.py), in
2025: a gateway that speaks no more than the one before is older than 10.50."""

_HELLO_SECONDS: Final = 3
_GATEWAY_SECONDS: Final = 15
_CLOCK_SECONDS: Final = 3
_QUOTE_SECONDS: Final = 5
_FIGURES_SECONDS: Final = 5
_LISTING_SECONDS: Final = 5
_POLL_INTERVAL: Final = 0.1
_FAR_OFF: Final = timedelta(minutes=10)
"""A wrong zone is off by a quarter of an hour at least."""


async def gateway_findings(
    settings: Settings, *, clock: Clock, client_id: int
) -> AsyncIterator[Finding]:
    """Everything about the gateway, as a client with this id."""
    for finding in await of_the_greeting(settings, clock):
        yield finding
    address = Address(
        host=settings.gateway_host,
        port=settings.gateway_port,
        client_id=client_id,
        account=settings.account,
    )
    async with Connection.opened(address, clock=clock) as connection:
        line = await _line_of(connection)
        yield _of_the_line(line)
        if line.state is LineState.UP:
            async for finding in _of_the_session(connection, settings):
                yield finding


async def of_the_greeting(settings: Settings, clock: Clock) -> tuple[Finding, ...]:
    """The build and the time zone, which a session is not told; nothing without an
    answer. Needs no client id."""
    greeting = await hello(
        settings.gateway_host, settings.gateway_port, within=_HELLO_SECONDS
    )
    if greeting is None:
        return ()
    return of_the_build(greeting, mode=settings.mode), of_the_zone(greeting, clock)


def of_the_build(greeting: Hello, *, mode: Mode) -> Finding:
    """Judge the build by the newest protocol version, since the API does not name
    it."""
    found = f"speaks API version {greeting.version}"
    if mode is Mode.SANDBOX:
        return Finding(what="build", found=f"{found}, simulated")
    if greeting.version < PROTOBUF:
        mend = f"It is older than 10.50. {_BUILD}"
        return Finding(what="build", found=found, mend=mend)
    return Finding(
        what="build", found=f"{found}; it does not say its build", note=_BUILD
    )


def of_the_zone(greeting: Hello, clock: Clock) -> Finding:
    """Whether its times can be read."""
    at = greeting.at
    if at is None:
        found = f"the gateway's is {greeting.zone or 'not named'}"
        return Finding(what="zone", found=found, note=_ZONE)
    found = f"the gateway is in {greeting.zone}"
    if abs(at - clock.now()) < _FAR_OFF:
        return Finding(what="zone", found=found)
    return Finding(what="zone", found=f"{found}, by its word", mend=_ZONE_WRONG)


async def _line_of(connection: Connection) -> Line:
    """The line after the first try to connect, with the clocks compared."""
    before = connection.line.reason
    for _ in range(int(_GATEWAY_SECONDS / _POLL_INTERVAL)):
        if connection.line.reason != before:
            break
        await asyncio.sleep(_POLL_INTERVAL)
    with suppress(BrokerError):  # the line says it
        await connection.time(within=_CLOCK_SECONDS)
    return connection.line


def _of_the_line(line: Line) -> Finding:
    if line.state is LineState.UP:
        return Finding(what="gateway", found="connected")
    mend = _LOG_IN if line.state is LineState.CUT_OFF else _START_IT
    if line.id_in_use:
        mend = _ID_IN_USE
    return Finding(what="gateway", found=line.reason or line.state, mend=mend)


async def _of_the_session(
    connection: Connection, settings: Settings
) -> AsyncIterator[Finding]:
    line, broker = connection.line, IbBroker(connection)
    if problem := wrong_gateway(line, settings.mode):
        yield Finding(what="mode", found=str(settings.mode), mend=f"{problem} {_MODE}")
    yield of_the_skew(line, settings)
    yield _of_the_account(line, settings)
    yield await _of_the_data(connection, settings)
    if settings.account in line.accounts:
        yield of_the_funds(await _account_of(broker))
    yield await _of_the_orders(broker)


def of_the_skew(line: Line, settings: Settings) -> Finding:
    """The gateway's clock against this machine's."""
    found = f"{lead(line.skew)} s from the gateway's"
    if abs(line.skew) <= settings.max_clock_skew_seconds:
        return Finding(what="skew", found=found)
    mend = "Have both machines' clocks set by the network (NTP)."
    return Finding(what="skew", found=found, mend=mend)


def _of_the_account(line: Line, settings: Settings) -> Finding:
    if settings.account in line.accounts:
        return Finding(what="account", found=f"it is there; mode {settings.mode}")
    return Finding(what="account", found="not one of the gateway's", mend=_ACCOUNT)


async def _of_the_data(connection: Connection, settings: Settings) -> Finding:
    try:
        async with IbMarketData(connection).quotes([SPY]) as stream:
            await stream.settled([SPY.con_id], within=_QUOTE_SECONDS)
            quote, why = stream.quotes().get(SPY.con_id), stream.dead().get(SPY.con_id)
    except BrokerError as error:
        quote, why = None, str(error)
    if quote is None:
        missing = why or "no quote of SPY"
        return Finding(what="quotes", found=missing, mend=_subscribe(settings))
    return of_the_freshness(quote.freshness, settings, what="SPY is")


def of_the_freshness(
    freshness: Freshness, settings: Settings, *, what: str = "stocks are"
) -> Finding:
    """Whether the login gets the live data that orders need; *what* was quoted. After
    the close live quotes show as frozen."""
    found = f"{what} quoted {freshness}"
    if freshness in {Freshness.LIVE, Freshness.FROZEN} or settings.allow_delayed:
        return Finding(what="quotes", found=found)
    return Finding(what="quotes", found=found, mend=_DELAYED + _subscribe(settings))


def _subscribe(settings: Settings) -> str:
    return _SUBSCRIBE + (_SHARE if settings.mode is Mode.PAPER else "")


async def _account_of(broker: IbBroker) -> AccountSummary | None:
    """The account's figures; None if IB did not send them in time."""
    for _ in range(int(_FIGURES_SECONDS / _POLL_INTERVAL)):
        if broker.account() is not None:
            break
        await asyncio.sleep(_POLL_INTERVAL)
    return broker.account()


def of_the_funds(figures: AccountSummary | None) -> Finding:
    """The available funds, and the currency of the account."""
    free = figures.available_funds if figures else None
    kept = f"; kept in {figures.base.currency}" if figures and figures.base else ""
    if free is None:
        return Finding(
            what="funds", found=f"IB has not sent them in dollars{kept}", mend=_FUNDS
        )
    found = f"{dollars(free)} are free{kept}"
    return Finding(what="funds", found=found, mend=None if free > 0 else _NO_FUNDS)


async def _of_the_orders(broker: IbBroker) -> Finding:
    """Whether the gateway lets orders through: a read-only API refuses their
    listing."""
    async with asyncio.TaskGroup() as tasks:
        listing = tasks.create_task(_listed(broker), name="list the open orders")
        while not listing.done() and not broker.supply().read_only:
            await asyncio.wait({listing}, timeout=_POLL_INTERVAL)
        supply = broker.supply()
        missing = listing.result() if listing.done() else None
        listing.cancel()
    if supply.read_only:
        return Finding(what="orders", found="refused: read-only", mend=_READ_ONLY)
    if supply.ids_used_up:
        return Finding(what="orders", found="their ids are too high", mend=_IDS)
    if missing:
        return Finding(what="orders", found=missing, mend=_LOG_IN)
    return Finding(what="orders", found="they are listed, and not refused")


async def _listed(broker: IbBroker) -> str | None:
    """Why the open orders cannot be listed, or None."""
    try:
        async with asyncio.timeout(_LISTING_SECONDS):
            await broker.open_orders()
    except BrokerError as error:
        return str(error)
    except TimeoutError:
        return "IB does not list the open orders"
    return None
