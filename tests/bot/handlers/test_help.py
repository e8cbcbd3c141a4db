"""/help explains each command, and the words of a card and of a status."""

import pytest

from bot.handlers.commands import COMMANDS
from bot.sandbox.phone import Phone
from bot.views.help import glossary
from bot.views.help.examples import EXAMPLES


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("/help spread", "spread: The lowest price asked"),
        ("what does vwap mean?", "VWAP: Volume-weighted"),
        ("what happens if i tap yes", "yes: It sends what its card"),
        ("what's a trailing stop", "trail: A stop that follows"),
        ("how do i sell half of macv", "/sell: sell of what you hold"),
        ("how do i cancel all orders", "/cancel: take an order back"),
        ("how do i get rich", "Look"),
    ],
)
async def test_a_question_how_or_what_is_explained(
    phone: Phone, said: str, first: str
) -> None:
    sent = await phone.send(said)

    answer = await phone.reads("", after=sent)
    assert answer.text.startswith(first)
    assert answer.labels == ()


async def test_help_says_which_words_it_explains(phone: Phone) -> None:
    await phone.send("/help")

    answer = await phone.reads("explains a word")
    assert all(glossary.shown(name) in answer.text for name in glossary.TERMS)


def test_every_name_of_a_term_is_known() -> None:
    for name in glossary.ANY.replace("\\", "").split("|"):
        assert glossary.named(name.title()) in glossary.TERMS
    assert glossary.named("xyzzy") == ""


def test_examples_are_of_commands() -> None:
    assert set(EXAMPLES) <= {command.name for command in COMMANDS}
