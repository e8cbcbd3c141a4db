"""One Chromium for all tests of the page, and a tiny bot on the other side."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)

from bot.sandbox.server import BotApiServer, serve
from tests.bot.sandbox.conftest import MORNING, a_bot
from tests.chromium import CHROMIUM, NOT_LOOKED_AT, chromium
from tests.harness.waiting import SOON


expect.set_options(timeout=SOON * 1000)

RULER: Final = "123456789 123456789 123456789 1234"
CARD: Final = (
    f"<b>Top gainers</b>\n<pre>{RULER}</pre>\n/orders\n"
    "<blockquote expandable>one\ntwo\nthree\nfour\nfive\nsix</blockquote>"
)
BUTTONS: Final = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Yes", callback_data="yes", style="success"),
            InlineKeyboardButton("No", callback_data="no", style="danger"),
        ],
        [InlineKeyboardButton("Why", callback_data="why")],
    ]
)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip(NOT_LOOKED_AT)
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[BotApiServer]:
    async with serve(clock=lambda: MORNING) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    async with a_bot(server) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, server: BotApiServer) -> AsyncIterator[Page]:
    """A page the size of a phone; a script error or a refused resource fails the test."""
    context = await browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(SOON * 1000)
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    await opened.goto(server.url)
    await expect(opened.locator("#start")).to_be_visible()
    yield opened
    await context.close()
    assert [c for c in complaints if "ERR_" not in c] == []


@pytest_asyncio.fixture(loop_scope="session")
async def echo(bot: Bot, server: BotApiServer) -> AsyncIterator[None]:
    """A bot that sends a card for every message and edits it on Yes."""
    await bot.set_my_commands([BotCommand("scan", "Look now"), BotCommand("help", "?")])
    async with asyncio.TaskGroup() as group:
        polling = group.create_task(_polls(bot), name="echo")
        await server.phone.wait_for(lambda _: server.page.polls)
        yield
        polling.cancel()


async def _polls(bot: Bot) -> None:
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=20):
            offset = update.update_id + 1
            await _replies(bot, update)


async def _replies(bot: Bot, update: Update) -> None:
    query = update.callback_query
    if query is None:
        await bot.send_message(1001, CARD, parse_mode="HTML", reply_markup=BUTTONS)
    elif query.data == "yes":
        await query.answer("placed 09:31:02")
        await query.edit_message_text("FDMX filled 100 @ 23.43")
    elif query.data == "no":
        await query.answer("Too late: the offer ended.", show_alert=True)


def a_picture() -> bytes:
    """The smallest PNG."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
