"""What belongs to what was said before: an answer to a question, a reply to a card."""

from datetime import timedelta

import pytest

from bot.handlers.questions import PATIENCE, Questions
from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer
from tests.bot.handlers.scripted import ScriptedEngine
from tests.bot.hands import RingingJournal, Watch
from tests.builders import NOW, a_proposal, a_shown
from tests.harness.outbox import a_bell


CHAT = 1001


def asked(name: str, *behind: str) -> Questions:
    questions = Questions()
    questions.note(CHAT, name, behind, NOW)
    return questions


@pytest.mark.parametrize("text", ["macv", "macv 50", "BRK.B $500", "half", "2h", "25%"])
def test_what_is_typed_after_a_question_answers_it(text: str) -> None:
    assert asked("buy").answered(CHAT, text, NOW) == "buy"


@pytest.mark.parametrize(
    "text",
    ["", "what do you mean by that?", "a b c d e", "<b>", "\N{ROCKET}", "x" * 31],
)
def test_what_cannot_be_an_answer_is_none(text: str) -> None:
    assert asked("buy").answered(CHAT, text, NOW) is None


def test_a_question_is_open_for_a_while_and_in_its_own_chat() -> None:
    questions = asked("buy")

    assert questions.answered(CHAT, "macv", NOW + PATIENCE) == "buy"
    assert (
        questions.answered(CHAT, "macv", NOW + PATIENCE + timedelta(seconds=1)) is None
    )
    assert questions.answered(CHAT + 1, "macv", NOW) is None


@pytest.mark.parametrize(("name", "behind"), [("status", ()), ("buy", ("macv",))])
def test_another_command_closes_the_question(
    name: str, behind: tuple[str, ...]
) -> None:
    questions = asked("buy")
    questions.note(CHAT, name, behind, NOW)

    assert questions.answered(CHAT, "macv", NOW) is None


async def test_a_time_typed_after_mute_mutes(
    phone: Phone, journal: RingingJournal, clock: Watch
) -> None:
    await phone.send("/mute")
    await phone.reads("Mute for how long?")
    await phone.send("2h")
    await phone.reads("Muted until")

    assert a_bell(journal, clock=clock).muted_until is not None


async def test_words_that_answer_nothing_are_not_guessed(phone: Phone) -> None:
    await phone.send("macv 50")

    assert "I don't know that one" in (await phone.reads("I don't know")).text


@pytest.mark.parametrize("word", ["sell", "cancel"])
async def test_a_bare_word_as_a_reply_to_a_card_is_about_its_stock(
    phone: Phone, server: BotApiServer, engine: ScriptedEngine, word: str
) -> None:
    await phone.send("/help")
    card = await phone.reads("Look")
    shown = a_shown(owner=phone.user.id, chat=phone.user.id, message=card.message_id)
    proposal = a_proposal(shown=shown)
    engine.known[proposal.token] = proposal
    raw = {
        "message_id": card.message_id + 1,
        "date": int(NOW.timestamp()),
        "text": word,
        "chat": {"id": phone.user.id, "type": "private", "first_name": "Sam"},
        "from": phone.user.to_json(),
        "reply_to_message": card.to_json(),
    }
    server.chats.inject("message", raw)

    asks = await phone.reads("Which of them?")
    for leg in proposal.legs:
        assert f"/{word} {leg.instrument.symbol}" in asks.text
    assert engine.asked == []
