"""/keyboard: six keys below the message box, of this chat, until it is told otherwise."""

import pytest

from bot.handlers.commands import COMMANDS
from bot.handlers.keyboard import TO_ACT, TO_LOOK
from bot.handlers.panic_words import is_panic
from bot.handlers.text_commands import Meant, meant
from bot.outgoing.reply_keyboard import ReplyKeyboard
from bot.sandbox.phone import Phone
from tests.bot.hands import RingingJournal


NAMED = {command.name: command for command in COMMANDS}


async def test_there_are_no_keys_before_they_are_asked_for(phone: Phone) -> None:
    await phone.send("/start")
    await phone.reads("Openbell")
    await phone.send("/keyboard")

    await phone.reads("The six keys are off.")
    assert phone.keys == ()


@pytest.mark.parametrize("said", ["/keyboard on", "keyboard ON!", "keys on"])
async def test_it_puts_six_keys_there(phone: Phone, said: str) -> None:
    await phone.send(said)

    await phone.reads("Six keys stand below now.")
    assert phone.keys == TO_ACT


async def test_a_word_after_the_question_answers_it(phone: Phone) -> None:
    await phone.send("/keyboard")
    await phone.reads("The six keys are off.")
    await phone.send("on")

    await phone.reads("Six keys stand below now.")


async def test_off_takes_them_away(phone: Phone, journal: RingingJournal) -> None:
    await phone.send("/keyboard on")
    await phone.reads("Six keys stand below now.")
    await phone.send("/keyboard off")

    await phone.reads("The keys are gone.")
    assert phone.keys == ()
    assert not journal.memory.has_keyboard()


async def test_a_new_phone_gets_them_at_start(
    phone: Phone, journal: RingingJournal
) -> None:
    mine = ReplyKeyboard(store=journal.outbox, memory=journal.memory)
    mine.turn(on=True)
    await phone.send("/start")
    await phone.reads("Openbell")

    assert phone.keys == TO_ACT


@pytest.mark.parametrize("label", sorted({*TO_ACT, *TO_LOOK}))
def test_each_key_is_the_word_of_its_command(label: str) -> None:
    understood = meant(label, NAMED)

    assert isinstance(understood, Meant)
    assert understood.name == label.lower()
    assert not is_panic(label)


def test_who_only_looks_gets_keys_that_look() -> None:
    assert len(TO_ACT) == len(TO_LOOK) == 6
    assert all(NAMED[label.lower()].looks for label in TO_LOOK)
