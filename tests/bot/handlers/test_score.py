"""/score answers at once in words; a picture follows when there is a course to draw."""

from bot.sandbox.nouns import Kind
from bot.sandbox.phone import Phone
from tests.bot.handlers.desk import ScriptedEngine
from tests.bot.views.scores.test_in_words import a_score


async def test_before_the_first_evening_there_are_only_words(phone: Phone) -> None:
    await phone.send("/score")

    answer = await phone.reads("Picks against SPY")
    assert "Nothing to tell yet" in answer.text


async def test_words_come_first_and_the_picture_follows_quietly(
    phone: Phone, engine: ScriptedEngine
) -> None:
    engine.scored = a_score()

    await phone.send("/score")
    answer = await phone.reads("Picks against SPY")
    picture = await phone.reads("Picks at the close", after=answer, within=30)

    assert "34 sessions" in answer.text
    assert picture.content.kind is Kind.PHOTO
    assert picture.silent
