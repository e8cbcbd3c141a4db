"""One message past the journal: when nothing can be written, the owner is told directly.

It may come twice or not at all, since nothing is kept of it; everything else that is told
goes through the outbox.
"""

import asyncio
import logging
from typing import Final

from telegram import Bot
from telegram.error import TelegramError

from bot.bot_api.client import telegram_request
from bot.outgoing.delivery import Delivered, Outcome, send
from bot.outgoing.page import Page
from bot.views import trouble
from core.settings import Settings


_log = logging.getLogger(__name__)

TRIES: Final = 3
APART: Final = 2.0
"""Seconds."""


async def tell_directly(settings: Settings, problem: str) -> None:
    """Tell the owner that the bot waits because of *problem*; never raises."""
    page = Page(text=trouble.waiting_for_the_journal(problem))
    for _ in range(TRIES):
        if await _was_sent(settings, page):
            return
        await asyncio.sleep(APART)
    _log.warning("the owner could not be told")


async def _was_sent(settings: Settings, page: Page) -> bool:
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
            delivered: Delivered = await send(bot, owner, page)
    except TelegramError as error:
        _log.info("not told: %s", error.message)
        return False
    return delivered.outcome in {Outcome.DONE, Outcome.UNSURE}
