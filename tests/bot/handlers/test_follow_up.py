"""What belongs to what was said before: an answer to a question, a reply to a card."""

from datetime import timedelta
from typing import Final

import pytest

from bot.handlers.questions import ANSWER_TIMEOUT, Question, Questions
from bot.handlers.vocabulary import spoken
from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer
from core.model.order import OrderState
from tests.bot.handlers.scripted import ScriptedEngine
from tests.bot.hands import RingingJournal, Watch
from tests.builders import NOW, a_proposal, a_sent_order, a_shown
from tests.harness.outbox import a_bell


CHAT = 1001


BUY = Question(name="buy")


def asked(question: Question = BUY) -> Questions:
    questions = Questions()
    questions.put(CHAT, question, NOW)
    return questions


@pytest.mark.parametrize(
    "text", ["macv", "macv 50", "BRK.B $500", "$ko 5", "half", "2h", "25%"]
)
def test_what_is_typed_after_a_question_answers_it(text: str) -> None:
    assert asked().answered(CHAT, text, NOW) == BUY


@pytest.mark.parametrize(
    "text",
    ["", "what do you mean by that?", "a b c d e f", "<b>", "\N{ROCKET}", "x" * 31],
)
def test_what_cannot_be_an_answer_is_none(text: str) -> None:
    assert asked().answered(CHAT, text, NOW) is None


def test_a_question_is_open_for_a_while_and_in_its_own_chat() -> None:
    questions = asked()

    assert questions.answered(CHAT, "macv", NOW + ANSWER_TIMEOUT) == BUY
    assert (
        questions.answered(CHAT, "macv", NOW + ANSWER_TIMEOUT + timedelta(seconds=1))
        is None
    )
    assert questions.answered(CHAT + 1, "macv", NOW) is None


@pytest.mark.parametrize(
    ("question", "said", "command"),
    [
        (Question(name="sell"), "macv half", "sell macv half"),
        (Question(name="sell"), "half macv", "sell macv half"),
        (Question(name="sell", stock="macv", amount="lots"), "50", "sell macv 50"),
        (Question(name="sell", stock="macv", amount="lots"), "half", "sell macv half"),
        (Question(name="sell", stock="mcv", amount="half"), "macv", "sell macv half"),
        (Question(name="sell", stock="macv"), "qrvx 10", "sell qrvx 10"),
        (Question(name="buy", amount="50"), "macv", "buy macv 50"),
        (Question(name="buy", stock="macv", amount="a few"), "$500", "buy macv $500"),
        (Question(name="buy", stock="macv", amount="x"), "1% risk", "buy macv 1% risk"),
        (Question(name="buy", amount="50"), "A", "buy A 50"),
        (Question(name="buy", amount="50"), "$ko", "buy $ko 50"),
        (Question(name="exits", stock="macv"), "stop 5%", "exits macv stop 5%"),
        (Question(name="exits", stock="macv"), "MACV stop 5%", "exits MACV stop 5%"),
        (Question(name="mute"), "2h", "mute 2h"),
        (Question(name="quote"), "macv", "quote macv"),
    ],
)
def test_an_answer_completes_what_was_said_before(
    question: Question, said: str, command: str
) -> None:
    arguments = question.with_answer(spoken(said))

    assert " ".join((question.name, *arguments)) == command


def test_what_was_closed_waits_for_nothing() -> None:
    questions = asked()
    questions.close(CHAT)

    assert questions.answered(CHAT, "macv", NOW) is None


@pytest.mark.parametrize("said", ["use limit orders", "sell ko", "exit ko", "no idea"])
def test_what_names_no_amount_is_no_answer_to_a_question_for_one(said: str) -> None:
    """ "Use limit orders" was read as LIMIT ORDERS of the stock USE."""
    question = Question(name="sell", stock="macv", amount="lots")

    assert asked(question).answered(CHAT, said, NOW) is None


async def test_an_amount_typed_after_a_sale_that_was_not_understood_is_its_amount(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.send("/sell macv lots")
    await phone.reads("Sell how many MACV?")
    await phone.send("half")
    await phone.reads("macv in this account")
    await phone.send("qrvx")
    await phone.reads("qrvx in this account")

    assert engine.asked == ["sell macv 50%", "sell qrvx 50%"]


async def test_a_stock_typed_after_an_amount_is_bought_in_that_amount(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.send("/buy 50")
    await phone.reads("Buy 50 of which stock?")
    await phone.send("FUND")  # no misspelt "funds" where a stock is asked for
    await phone.reads("No card")

    assert engine.asked == ["buy FUND 50"]


@pytest.mark.parametrize("said", ["status", "balance", "/positon", "help"])
async def test_a_command_after_the_question_is_a_command(
    phone: Phone, engine: ScriptedEngine, said: str
) -> None:
    await phone.send("/buy macv some")
    await phone.reads("Buy how many MACV?")
    sent = await phone.send(said)
    await phone.reads("", after=sent)
    await phone.send("macv 50")

    await phone.reads("I don't know that one")
    assert engine.asked == []


async def test_the_newest_question_is_answered_and_not_one_for_a_setting(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.send("/settings shares")
    await phone.reads("shares: 100")
    await phone.send("/sell macv lots")
    await phone.reads("Sell how many MACV?")
    await phone.send("50")
    await phone.reads("No card")

    assert engine.asked == ["sell macv 50"]


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


WORKING: Final = a_sent_order(state=OrderState.ACKED)


@pytest.mark.parametrize(
    ("word", "buttons"),
    [
        ("sell", ("Sell QRVX", "Sell FDMX")),
        ("cancel", ("Cancel QRVX 100", "Refresh")),
        ("chart", ("QRVX", "FDMX")),
        ("quote", ("QRVX", "FDMX")),
    ],
)
async def test_a_bare_word_as_a_reply_to_a_card_asks_which_of_its_stocks_with_buttons(
    phone: Phone,
    server: BotApiServer,
    engine: ScriptedEngine,
    word: str,
    buttons: tuple[str, ...],
) -> None:
    """Telegram makes only "/sell" of "/sell QRVX" a link: a tap on it names no stock."""
    engine.ours[WORKING.ref] = WORKING
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
    assert asks.labels == buttons
    assert engine.asked == []
