"""How long a tap on a card may have waited reaches the engine with it; and a tap is
answered once its decision cannot be lost."""

from datetime import timedelta

import pytest
from telegram import Bot

from bot.keyboards import for_card
from bot.sandbox.phone import Phone
from bot.waits import Waits
from core.model.card import Card
from core.model.proposal import Decision, Tap, Verdict
from tests.bot.handlers.scripted import ScriptedEngine
from tests.bot.hands import RingingJournal
from tests.builders import NOW, a_proposal
from tests.harness.waiting import until


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
    shown = next(m for m in phone.received if m.message_id == sent.message_id)

    await phone.tap(shown, label)

    [tap] = engine.taps
    assert tap.waited == timedelta(seconds=88)


async def test_a_tap_is_answered_once_its_decision_is_synced(
    bot: Bot,
    phone: Phone,
    engine: ScriptedEngine,
    journal: RingingJournal,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """W1 is committed before it is synced, so that the order need not wait twice."""
    synced: list[bool] = []

    def decide(_: Tap) -> Decision:
        with journal.unsynced():
            journal.trail.append(at=NOW, ref="", kind="approved", payload="")
        synced.append(journal._access.is_synced)
        return Decision(verdict=Verdict.APPROVED, proposal=None)

    async def answered(*_: object, **__: object) -> bool:
        synced.append(journal._access.is_synced)
        return True

    monkeypatch.setattr(engine, "decide", decide)
    monkeypatch.setattr(Bot, "answer_callback_query", answered)
    card = Card(proposal=a_proposal(), orders=(), opens=None)
    sent = await bot.send_message(phone.user.id, "a card", reply_markup=for_card(card))
    phone.press(
        next(m for m in phone.received if m.message_id == sent.message_id),
        "Yes, buy both",
    )
    await until(lambda: len(synced) == 2)

    assert synced == [False, True]
