"""A halt is written, told once, and ends only by its name."""

import pytest

from core.ledger.halts import Halts
from core.model.news import TradingHalted
from core.model.status import THE_BOT
from tests.harness.core import OWNER, Harness


@pytest.fixture
def halts(harness: Harness) -> Halts:
    return harness.halts()


def test_a_halt_survives_and_is_told_once(harness: Harness, halts: Halts) -> None:
    halts.halt(by=THE_BOT, reason="a fire", notify=True)
    halts.halt(by=THE_BOT, reason="a fire", notify=True)

    assert harness.halts().halted == "a fire"
    assert [news.reason for news in harness.news(TradingHalted)] == ["a fire"]


@pytest.mark.attack(13)
def test_what_is_found_while_halted_is_kept_and_told_too(
    harness: Harness, halts: Halts
) -> None:
    halts.halt(by=OWNER, reason="lunch", notify=False)
    halts.halt(by=THE_BOT, reason="somebody set a webhook", notify=True)
    halts.halt(by=THE_BOT, reason="the journal is an old copy", notify=True)

    told = ["somebody set a webhook", "the journal is an old copy"]
    assert [halt.reason for halt in harness.halts().all()] == ["lunch", *told]
    assert [news.reason for news in harness.news(TradingHalted)] == told


@pytest.mark.attack(13)
def test_resume_ends_what_was_named_and_nothing_that_came_since(
    halts: Halts,
) -> None:
    halts.halt(by=OWNER, reason="lunch", notify=False)
    named = halts.all()
    halts.halt(by=THE_BOT, reason="somebody set a webhook", notify=True)

    halts.resume(by=OWNER, named=named)

    assert halts.halted == "somebody set a webhook"


def test_the_owner_is_not_told_of_his_own_halt(harness: Harness, halts: Halts) -> None:
    halts.halt(by=OWNER, reason="lunch", notify=False)

    assert harness.news(TradingHalted) == []


def test_resume_ends_a_halt(halts: Halts) -> None:
    halts.halt(by=OWNER, reason="lunch", notify=False)
    halts.resume(by=OWNER, named=halts.all())

    assert halts.halted is None


@pytest.mark.attack(13)
def test_an_older_question_does_not_end_what_the_owner_has_said_again(
    harness: Harness, halts: Halts
) -> None:
    halts.halt(by=OWNER, reason="/panic by Ada", notify=False)
    (asked_about,) = halts.all()
    harness.clock.forward(seconds=60)
    halts.halt(by=OWNER, reason="/panic by Ada", notify=False)

    halts.resume(by=OWNER, named=[h for h in halts.all() if h.at <= asked_about.at])

    assert halts.halted == "/panic by Ada"
    (now,) = halts.all()
    halts.resume(by=OWNER, named=[now])
    assert halts.halted is None


@pytest.mark.attack(13)
def test_what_the_bot_finds_again_is_one_question(
    harness: Harness, halts: Halts
) -> None:
    """It is found at every look: the question about it could never be answered."""
    halts.halt(by=THE_BOT, reason="somebody set a webhook", notify=True)
    named = halts.all()
    harness.clock.forward(seconds=60)
    halts.halt(by=THE_BOT, reason="somebody set a webhook", notify=True)

    assert halts.all() == named
