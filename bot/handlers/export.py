"""/export: the audit trail as a file."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from io import SEEK_END, TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, Final

from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.handlers.services import Received, Services, reply
from bot.outgoing.delivery import Delivery
from bot.outgoing.page import Document, Page
from bot.views import audit
from core.model.errors import StoreError
from core.rules.new_york import day_of


_log: Final = logging.getLogger(__name__)

MOST_BYTES: Final = 50_000_000
"""A bot's largest file, by Telegram's rules."""

_MEGABYTE: Final = 1_000_000
BUSY_AFTER: Final = 1.0
"""Seconds after which the chat shows that a file is being sent."""

_ACTION: Final = 4.0
"""Seconds until that is shown again; Telegram lets it stand for five."""


async def export(received: Received, services: Services) -> None:
    """/export: write the audit trail to a temporary file, and send it."""
    if services.exporting.locked():
        await reply(received, Page(text=audit.under_way()))
        return
    mode = services.queries.status().mode
    async with services.exporting, _showing_that_it_takes_time(received):
        try:
            with TemporaryFile() as file:
                table = TextIOWrapper(file, encoding="utf-8", newline="")
                trail = await services.records.export(table)
                table.flush()
                await _send(received, services, file, audit.caption(trail, mode=mode))
        except (OSError, StoreError) as problem:
            _log.error("audit trail not exported: %s", problem)
            await reply(received, Page(text=audit.not_sent(str(problem))))


async def _send(
    received: Received, services: Services, file: IO[bytes], caption: str
) -> None:
    size = file.seek(0, SEEK_END)
    if size > MOST_BYTES:
        megabytes, most = size / _MEGABYTE, MOST_BYTES // _MEGABYTE
        text = audit.too_large(caption, megabytes=megabytes, most=most)
        await reply(received, Page(text=text))
        return
    name = f"openbell-audit-{day_of(services.clock.now()).isoformat()}.csv"
    page = Page(text=caption, attached=Document(file=file, name=name))
    delivered = await received.answers.post(page)
    if delivered.outcome is Delivery.REFUSED:
        _log.warning("audit trail refused: %s", delivered.why)
        await reply(received, Page(text=audit.not_sent(delivered.why)))


@asynccontextmanager
async def _showing_that_it_takes_time(received: Received) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        showing = tasks.create_task(_show_busy(received), name="busy exporting")
        try:
            yield
        finally:
            showing.cancel()


async def _show_busy(received: Received) -> None:
    message = received.message
    await asyncio.sleep(BUSY_AFTER)
    while True:
        with suppress(TelegramError):
            await message.get_bot().send_chat_action(
                message.chat.id, ChatAction.UPLOAD_DOCUMENT
            )
        await asyncio.sleep(_ACTION)
