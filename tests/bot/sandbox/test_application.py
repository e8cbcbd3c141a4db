"""A bot written with the library's Application polls this server as it polls Telegram."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
)
from telegram.request import HTTPXRequest

from bot.sandbox.api_types import User
from bot.sandbox.faults import Fault
from bot.sandbox.server import BotApiServer


type_ = ContextTypes.DEFAULT_TYPE
ASK = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])


@pytest.fixture
async def application(server: BotApiServer) -> AsyncIterator[None]:
    """A polling application that asks on /scan and edits its question on Yes."""
    built: Application[Any, Any, Any, Any, Any, Any] = (
        ApplicationBuilder()
        .token(server.token)
        .base_url(server.base_url)
        .base_file_url(server.base_file_url)
        .request(HTTPXRequest(httpx_kwargs={"trust_env": False}))
        .get_updates_request(HTTPXRequest(httpx_kwargs={"trust_env": False}))
        .job_queue(None)
        .build()
    )
    built.add_handler(CommandHandler("scan", _ask))
    built.add_handler(CallbackQueryHandler(_approve))
    async with built:
        await built.start()
        assert built.updater
        await built.updater.start_polling(timeout=5, drop_pending_updates=False)
        yield
        await built.updater.stop()
        await built.stop()


async def _ask(update: Update, _context: type_) -> None:
    assert update.effective_message
    await update.effective_message.reply_text("Buy?", reply_markup=ASK)


async def _approve(update: Update, _context: type_) -> None:
    assert update.callback_query
    await update.callback_query.answer("placed")
    await update.callback_query.edit_message_text("filled")


async def test_scan_yes_filled(server: BotApiServer, application: None) -> None:
    await server.phone.send("/scan")
    card = await server.phone.reads("Buy?")

    answer = await server.phone.tap(card, "Yes")

    await server.phone.reads("filled")
    assert answer.text == "placed"


async def test_a_stranger_has_a_chat_of_his_own(
    server: BotApiServer, application: None
) -> None:
    stranger = server.phone_of(User(id=666, first_name="Mallory"))

    await stranger.send("/scan")
    await stranger.reads("Buy?")

    assert server.phone.messages == ()


async def test_two_devices_press_the_same_button(
    server: BotApiServer, application: None
) -> None:
    tablet = server.phone_of(server.phone.user)
    await server.phone.send("/scan")
    card = await server.phone.reads("Buy?")

    first, second = server.phone.press(card, "Yes"), tablet.press(card, "Yes")

    assert first != second
    assert (await server.phone.answered(first)).text == "placed"
    assert (await tablet.answered(second)).text == "placed"


async def test_polling_survives_a_bad_gateway(
    server: BotApiServer, application: None
) -> None:
    server.faults.next("getUpdates", Fault(status=502))
    await server.phone.send("/scan")

    await server.phone.reads("Buy?")

    await asyncio.sleep(0)
    assert any(call.status == 502 for call in server.calls)
