"""`python -m bot doctor`: check the settings and both lines, and say what to mend.

It looks and sends nothing: no message to the owner, no order. It may run beside the
bot, since it takes a client id of its own.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.bot_api.answers import UNREADABLE
from bot.bot_api.way import way_to
from bot.exits import ENV_FILE
from bot.handlers.table import build_application
from core.broker.connection import Address, Connection
from core.broker.market_data import IbMarketData
from core.broker.orders import IbBroker
from core.clock import SystemClock
from core.env_file import open_to_others
from core.flows.snapshots import SPY
from core.model.errors import BrokerError, SettingsWrong
from core.model.evidence import Line, LineState
from core.model.market import Freshness
from core.model.status import Supply
from core.settings import Settings


_START_IT: Final = (
    "Start TWS or IB Gateway, log in, and in its API settings enable socket "
    "clients; compare host and port with OPENBELL_GATEWAY_HOST and _PORT."
)
_LOG_IN: Final = (
    "It tries again by itself; look there whether it is logged in, and at this "
    "machine's way to the internet."
)
_NOT_ALONE: Final = (
    "A start takes it away, and halts. If you did not set it, somebody else has the "
    "token: ask @BotFather for a new one."
)

_FUNDS: Final = (
    "Nothing is bought while they are not known: look in TWS or IB Gateway whether the "
    "account's window fills, and try again."
)
_READ_ONLY: Final = "Switch Read-Only API off in the API settings of TWS or IB Gateway."
_IDS: Final = (
    "Use another OPENBELL_GATEWAY_CLIENT_ID, or reset the API order ID sequence in the "
    "gateway's API settings while no order works."
)

_GATEWAY_SECONDS: Final = 15
_CLOCK_SECONDS: Final = 3
_QUOTE_SECONDS: Final = 5
_FIGURES_SECONDS: Final = 5
_GLANCE: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; ``mend`` says what to do, and is None when all is well."""

    what: str
    found: str
    mend: str | None = None


async def doctor(settings: Settings) -> bool:
    """Print every finding as it is made. Returns whether all is well."""
    well = True
    async for finding in _findings(settings):
        well = well and finding.mend is None
        mark = "ok  " if finding.mend is None else "MEND"
        print(f"{mark}  {finding.what:<9} {finding.found}")
        if finding.mend is not None:
            print(f"      {'':<9} {finding.mend}")
    return well


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    for sentence in settings.missing_to_run():
        yield Finding(what="settings", found="incomplete", mend=sentence)
    yield _of_the_folder(settings)
    for finding in (*_of_the_secrets(settings), _of_the_way(settings)):
        yield finding
    if settings.telegram_token or settings.telegram_token_file:
        async for finding in _of_telegram(settings):
            yield finding
    async for finding in _of_the_gateway(settings):
        yield finding


def _of_the_folder(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if there.is_dir() and os.access(there, os.W_OK):
        return Finding(what="folder", found=f"{settings.data_dir} can be written")
    mend = "Make it writable, or set OPENBELL_DATA_DIR to another folder."
    found = f"{settings.data_dir} cannot be written"
    return Finding(what="folder", found=found, mend=mend)


def _of_the_secrets(settings: Settings) -> tuple[Finding, ...]:
    files = settings.secrets_in_files(ENV_FILE)
    return tuple(
        Finding(what="secrets", found="not yours alone", mend=f"{sentence}.")
        for sentence in open_to_others(files)
    )


def _of_the_way(settings: Settings) -> Finding:
    """Whether the environment's proxy and certificates can be used."""
    try:
        proxy = way_to(settings.telegram_api_url).proxy
    except SettingsWrong as wrong:
        return Finding(what="way", found="cannot be used", mend=str(wrong))
    through = f"through the proxy {proxy.host}" if proxy else "directly"
    return Finding(what="way", found=f"Telegram is reached {through}")


async def _of_telegram(settings: Settings) -> AsyncIterator[Finding]:
    try:
        token = settings.token()
    except SettingsWrong as wrong:
        yield Finding(what="telegram", found="no token", mend=str(wrong))
        return
    try:
        chat = build_application(
            token=token, base_url=f"{settings.telegram_api_url}/bot"
        )
    except SettingsWrong:
        return  # the finding about the way has told it
    try:
        async with chat.bot as bot:
            yield Finding(what="telegram", found=f"the bot is @{bot.username}")
            async for finding in _of_the_owner(bot, settings):
                yield finding
    except InvalidToken:
        mend = "Copy OPENBELL_TELEGRAM_TOKEN from @BotFather's answer once more."
        yield Finding(what="telegram", found="it does not know the token", mend=mend)
    except (TelegramError, *UNREADABLE) as error:
        mend = f"Check this machine's way to {settings.telegram_api_url}."
        found = f"no answer ({type(error).__name__})"
        yield Finding(what="telegram", found=found, mend=mend)


async def _of_the_owner(bot: Bot, settings: Settings) -> AsyncIterator[Finding]:
    if webhook := (await bot.get_webhook_info()).url:
        found = f"its messages go to a webhook at {urlsplit(webhook).hostname}"
        yield Finding(what="telegram", found=found, mend=_NOT_ALONE)
    if settings.telegram_owner_id is None:
        return
    try:
        owner = await bot.get_chat(settings.telegram_owner_id)
    except (BadRequest, Forbidden):
        mend = "Open the bot's chat on your phone and press Start; check the number."
        yield Finding(what="owner", found="the bot cannot write to you", mend=mend)
    else:
        yield Finding(what="owner", found=f"it may write to {owner.full_name}")


async def _of_the_gateway(settings: Settings) -> AsyncIterator[Finding]:
    address = Address(
        host=settings.gateway_host,
        port=settings.gateway_port,
        client_id=settings.gateway_client_id + 1,
        account=settings.account,
    )
    clock = SystemClock(ahead=settings.clock_ahead_seconds)
    async with Connection.opened(address, clock=clock) as connection:
        line = await _line_of(connection)
        yield _of_the_line(line)
        if line.state is LineState.UP:
            yield _of_the_clock(line, settings)
            yield _of_the_account(line, settings)
            yield await _of_the_data(connection, settings)
            if settings.account in line.accounts:
                for finding in await _of_the_supply(connection):
                    yield finding


async def _line_of(connection: Connection) -> Line:
    """The line after the first try to connect, with the clocks compared."""
    before = connection.line.reason
    for _ in range(int(_GATEWAY_SECONDS / _GLANCE)):
        if connection.line.reason != before:
            break
        await asyncio.sleep(_GLANCE)
    with suppress(BrokerError):  # the line says it
        await connection.time(within=_CLOCK_SECONDS)
    return connection.line


def _of_the_line(line: Line) -> Finding:
    if line.state is LineState.UP:
        return Finding(what="gateway", found="connected")
    mend = _LOG_IN if line.state is LineState.CUT_OFF else _START_IT
    return Finding(what="gateway", found=line.reason or line.state, mend=mend)


def _of_the_clock(line: Line, settings: Settings) -> Finding:
    found = f"{line.skew:+.1f} s from the gateway's"
    if abs(line.skew) <= settings.max_clock_skew_seconds:
        return Finding(what="clock", found=found)
    mend = "Have this machine's clock set by the network (NTP)."
    return Finding(what="clock", found=found, mend=mend)


def _of_the_account(line: Line, settings: Settings) -> Finding:
    if settings.account in line.accounts:
        return Finding(what="account", found=f"it is there; mode {settings.mode}")
    mend = "Set OPENBELL_ACCOUNT to the id at the top of TWS or IB Gateway."
    return Finding(what="account", found="not among the gateway's", mend=mend)


async def _of_the_data(connection: Connection, settings: Settings) -> Finding:
    try:
        async with IbMarketData(connection).quotes([SPY]) as stream:
            await stream.settled([SPY.con_id], within=_QUOTE_SECONDS)
            quote, why = stream.quotes().get(SPY.con_id), stream.dead().get(SPY.con_id)
    except BrokerError as error:
        quote, why = None, str(error)
    if quote is None:
        mend = "Subscribe to US stock data for the API in IB's account management."
        return Finding(what="quotes", found=why or "no quote of SPY", mend=mend)
    if quote.freshness is Freshness.LIVE or settings.allow_delayed:
        return Finding(what="quotes", found=f"SPY is quoted {quote.freshness}")
    mend = "Orders need live data. Subscribe, or set OPENBELL_ALLOW_DELAYED=true."
    return Finding(what="quotes", found=f"SPY is quoted {quote.freshness}", mend=mend)


async def _of_the_supply(connection: Connection) -> tuple[Finding, ...]:
    """The account's figures; and what keeps orders back, if it has shown itself."""
    supply = await _supply_of(IbBroker(connection))
    free = supply.account.available_funds if supply.account else None
    funds = f"${free:,.0f} are free" if free is not None else "IB has not told them"
    found = [Finding(what="funds", found=funds, mend=_FUNDS if free is None else None)]
    if supply.read_only:
        found.append(Finding(what="orders", found="refused by IB", mend=_READ_ONLY))
    if supply.ids_used_up:
        found.append(Finding(what="order ids", found="too high", mend=_IDS))
    return tuple(found)


async def _supply_of(broker: IbBroker) -> Supply:
    """What IB gives, once it has told the account's figures or had its time."""
    for _ in range(int(_FIGURES_SECONDS / _GLANCE)):
        if broker.account() is not None:
            break
        await asyncio.sleep(_GLANCE)
    return broker.supply()
