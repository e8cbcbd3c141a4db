"""Charts: answered at once, then one quiet picture below its card, or a reason."""

import asyncio

import pytest
from telegram import Bot, Message as Sent

from bot.keyboards import for_card
from bot.sandbox.api_types import ContentKind, Message
from bot.sandbox.phone import Phone
from core.model.card import Card
from tests.bot.courses import TWO_DAYS
from tests.bot.handlers.scripted import ScriptedEngine
from tests.builders import FDMX, QRVX, a_proposal


@pytest.fixture
async def card(bot: Bot, phone: Phone, engine: ScriptedEngine) -> Message:
    """A card in the owner's chat, of a scan that the engine knows."""
    proposal = a_proposal()
    engine.known[proposal.token] = proposal
    keyboard = for_card(Card(proposal=proposal, orders=(), opens=None))
    sent: Sent = await bot.send_message(phone.user.id, "card", reply_markup=keyboard)
    return next(m for m in phone.received if m.message_id == sent.message_id)


@pytest.mark.real_time
async def test_a_tap_is_answered_and_the_picture_follows_quietly(
    phone: Phone, engine: ScriptedEngine, card: Message
) -> None:
    engine.bars.intraday = {QRVX.con_id: TWO_DAYS, FDMX.con_id: TWO_DAYS}

    answer = await phone.tap(card, "Charts")
    picture = await phone.reads("Charts", after=card)

    assert answer.text == "Drawing …"
    assert picture.content.kind is ContentKind.PHOTO
    assert picture.content.file
    assert picture.content.file.width == 1080
    assert "SANDBOX" in picture.text
    assert picture.silent
    assert picture.reply_to
    assert picture.reply_to.message_id == card.message_id


async def test_a_stock_without_bars_is_named_below_the_picture(
    phone: Phone, engine: ScriptedEngine, card: Message
) -> None:
    engine.bars.intraday = {QRVX.con_id: TWO_DAYS}

    await phone.tap(card, "Charts")
    picture = await phone.reads("Charts", after=card)

    assert "FDMX: IB has no bars for these two days." in picture.text


async def test_without_a_line_there_is_a_reason_and_no_picture(
    phone: Phone, engine: ScriptedEngine, card: Message
) -> None:
    engine.bars.away = "connection refused"

    await phone.tap(card, "Charts")
    said = await phone.reads("No charts", after=card)

    assert said.text.count("IB Gateway is not connected: connection refused.") == 1
    assert said.content.kind is ContentKind.TEXT


async def test_impatient_taps_make_one_picture(
    phone: Phone, engine: ScriptedEngine, card: Message
) -> None:
    engine.bars.intraday = {QRVX.con_id: TWO_DAYS}

    answers = await asyncio.gather(*(phone.tap(card, "Charts") for _ in range(3)))
    await phone.reads("Charts", after=card)

    assert sorted(answer.text for answer in answers) == [
        "Drawing …",
        "Still drawing. One moment.",
        "Still drawing. One moment.",
    ]
    assert len(phone.received) == 2
