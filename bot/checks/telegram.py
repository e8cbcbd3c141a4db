"""Checks of the way to Telegram, without sending a message to anybody."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import httpx
from telegram import Bot
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError

from bot.bot_api.answers import UNREADABLE
from bot.bot_api.client import raw_updates
from bot.bot_api.way import way_to
from bot.checks.finding import Finding
from bot.handlers.table import build_application
from core.model.errors import SettingsWrong
from core.ports.market import Clock
from core.rules.figures.in_words import lead
from core.settings.settings import Settings


_NOT_ALONE: Final = (
    "A start takes it away, and halts. If you did not set it, somebody else has the "
    "token: ask @BotFather for a new one."
)
_OTHER_READER: Final = (
    "Stop the other program that runs with this token; if there is none of yours, ask "
    "@BotFather for a new token."
)
_NTP: Final = "Have this machine's clock set by the network (NTP)."

LISTEN: Final = 4
"""Seconds to poll: another reader polls again within a few, and then one gets a 409."""

_HEADER_SECONDS: Final = 5.0


def of_the_way(settings: Settings) -> Finding:
    """Whether the environment's proxy and certificates can be used."""
    try:
        proxy = way_to(settings.telegram_api_url).proxy
    except SettingsWrong as wrong:
        return Finding(what="way", found="cannot be used", mend=str(wrong))
    through = f"through the proxy {proxy.host}" if proxy else "directly"
    return Finding(what="way", found=f"Telegram is reached {through}")


async def telegram_findings(
    settings: Settings, *, clock: Clock, listen: int | None
) -> AsyncIterator[Finding]:
    """All checks of Telegram. *listen* is for how many seconds to look for another
    reader of the bot's messages; None while our own bot reads them."""
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
            async for finding in _of_the_readers(bot, listen):
                yield finding
            if settings.telegram_owner_id is not None:
                yield await _of_the_owner(bot, settings.telegram_owner_id)
        yield await of_the_clock(settings, clock)
    except InvalidToken:
        mend = "Copy OPENBELL_TELEGRAM_TOKEN from @BotFather's answer once more."
        yield Finding(what="telegram", found="it does not know the token", mend=mend)
    except (TelegramError, *UNREADABLE) as error:
        mend = f"Check this machine's way to {settings.telegram_api_url}."
        found = f"no answer ({type(error).__name__})"
        yield Finding(what="telegram", found=found, mend=mend)


async def _of_the_readers(bot: Bot, listen: int | None) -> AsyncIterator[Finding]:
    """Whether somebody else takes the bot's messages."""
    if webhook := (await bot.get_webhook_info()).url:
        found = f"its messages go to a webhook at {urlsplit(webhook).hostname}"
        yield Finding(what="telegram", found=found, mend=_NOT_ALONE)
    elif listen is None:
        yield Finding(what="readers", found="your running Openbell reads its messages")
    elif await _is_read_by_another(bot, listen):
        found = "another program reads its messages"
        yield Finding(what="readers", found=found, mend=_OTHER_READER)
    else:
        yield Finding(what="readers", found="nobody else reads its messages")


async def _is_read_by_another(bot: Bot, seconds: int) -> bool:
    """Poll for that many *seconds* without confirming anything, so that waiting updates
    keep waiting. Two readers end each other's polls with 409."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    try:
        while (left := end - loop.time()) > 0:
            if await raw_updates(
                bot.request,
                bot.base_url,
                within=left + LISTEN,
                timeout=round(left),
                limit=1,
            ):
                return False  # something waits: nobody has taken it
    except Conflict:
        return True
    return False


async def _of_the_owner(bot: Bot, number: int) -> Finding:
    try:
        owner = await bot.get_chat(number)
    except (BadRequest, Forbidden):
        mend = "Open the bot's chat on your phone and press Start; check the number."
        return Finding(what="owner", found="the bot cannot write to you", mend=mend)
    return Finding(what="owner", found=f"it may write to {owner.full_name}")


async def of_the_clock(settings: Settings, clock: Clock) -> Finding:
    """This machine's clock against the one in the header of Telegram's answers.

    Raises:
        SettingsWrong: the proxy or certificates in the environment cannot be used.
    """
    ahead = await _ahead_of_telegram(settings, clock)
    if ahead is None:
        return Finding(what="clock", found="Telegram has not told the time")
    found = f"{lead(ahead.total_seconds())} s from Telegram's"
    if abs(ahead.total_seconds()) <= settings.max_clock_skew_seconds:
        return Finding(what="clock", found=found)
    return Finding(what="clock", found=found, mend=_NTP)


async def _ahead_of_telegram(settings: Settings, clock: Clock) -> timedelta | None:
    """How far this clock is ahead; None if no answer has a Date header, which is in
    whole seconds (RFC 9110, 6.6.1)."""
    way = way_to(settings.telegram_api_url)
    async with httpx.AsyncClient(
        proxy=way.proxy, verify=way.trusted, trust_env=False, timeout=_HEADER_SECONDS
    ) as client:
        try:
            asked = clock.now()
            answer = await client.head(settings.telegram_api_url)
            here = asked + (clock.now() - asked) / 2
            there = parsedate_to_datetime(answer.headers["Date"])
        except (httpx.HTTPError, KeyError, ValueError):
            return None
    return here - there - timedelta(seconds=0.5)
