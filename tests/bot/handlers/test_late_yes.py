"""How long a tap on a card may have waited reaches the engine with it."""

from datetime import timedelta

import pytest
from telegram import Bot

from bot.keyboards import for_card
from bot.sandbox.phone import Phone
from bot.waits import Waits
from core.model.card import Card
from tests.bot.handlers.scripted import ScriptedEngine
from tests.builders import a_proposal


@pytest.mark.attack(3)
@pytest.mark.parametrize("label", ["Yes, buy both", "No", "Only QRVX"])
async def test_a_tap_says_how_long_it_may_have_waited(
    bot: Bot,
    phone: Phone,
    engine: ScriptedEngine,
    monkeypatch: pytest.MonkeyPatch,
    label: str,
) -> None:
    monkeypatch.setattr(Waits, "of", lambda *_, **__: timedelta(seconds=88))
    card = Card(proposal=a_proposal(), orders=(), opens=None)
    sent = await bot.send_message(phone.user.id, "a card", reply_markup=for_card(card))
    shown = next(m for m in phone.heard if m.message_id == sent.message_id)

    await phone.tap(shown, label)

    [tap] = engine.taps
    assert tap.waited == timedelta(seconds=88)
