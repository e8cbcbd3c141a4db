"""One message that bypasses the journal: if nothing can be written, the owner is told
directly.

It is the only message that does not go through ``bot.outgoing.chat``, which records
each one before it is sent. It may come twice or not at all, because nothing is
recorded, and it may be sent while the answer to another message is missing. Its id is
passed to the next start in this process, so that it is not taken for a lost message; if
the process is killed in between, that start may overwrite it with one.

Tested by tests/bot/test_run.py.
"""

import asyncio
import logging
from typing import Final

from telegram import Bot
from telegram.error import TelegramError

from bot.bot_api.client import telegram_request
from bot.outgoing.delivery import Delivered, Delivery, judge, send
from bot.outgoing.page import Page
from core.settings.settings import Settings


_log = logging.getLogger(__name__)

TRIES: Final = 3
APART: Final = 2.0
"""Seconds."""


async def send_directly(settings: Settings, text: str) -> int | None:
    """Tell the owner *text* (HTML). Returns the message's id; None if it is not known, or
    if Telegram could not be reached.

    Raises:
        SettingsWrong: the proxy or certificates in the environment cannot be used.
    """
    page = Page(text=text)
    for _ in range(TRIES):
        delivered = await _sent(settings, page)
        if delivered.outcome in {Delivery.DONE, Delivery.UNSURE}:
            return delivered.message
        await asyncio.sleep(max(APART, delivered.wait))
    _log.warning("the owner could not be told")
    return None


async def _sent(settings: Settings, page: Page) -> Delivered:
    base_url = f"{settings.telegram_api_url}/bot"
    owner = settings.telegram_owner_id
    assert owner is not None  # asked for before anything opens
    try:
        async with Bot(
            settings.token(),
            base_url=base_url,
            request=telegram_request(base_url),
            get_updates_request=telegram_request(base_url),
        ) as bot:
            return await send(bot, owner, page)
    except TelegramError as error:
        _log.info("not told: %s", error.message)
        return judge(error)
