"""What the demo's flags take, and the one sentence for what they do not."""

from datetime import date

import pytest

from bot.__main__ import main
from bot.simulated.choice import chosen
from bot.simulated.stories import STORIES
from core.sandbox.trouble.scenarios import BY_NAME


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--day", "2026-02-30"], "no day"),
        (["--day", "tomorrow"], "no day"),
        (["--day", "27.11.2026"], "no day"),
        (["--day", ""], "no day"),
        (["--day", "2026-11-28"], "is a Saturday"),
        (["--day", "2026-11-29"], "the next session is on Monday, --day 2026-11-30"),
        (["--day", "1066-10-14"], "cannot be played"),
        (["--day", "9999-12-31"], "cannot be played"),
        (["--speed", "0"], "no speed"),
        (["--speed", "-1"], "no speed"),
        (["--speed", "nan"], "no speed"),
        (["--speed", "inf"], "no speed"),
        (["--speed", "1e9"], "no speed"),
        (["--speed", "fast"], "no speed"),
        (["--speed", ""], "no speed"),
        (
            ["--scenario", "the moon"],
            "there is no scenario 'the moon'; there are: usual",
        ),
        (["--scenario", ""], "there is no scenario ''"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    flags: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["demo", *flags])

    [sentence] = capsys.readouterr().err.splitlines()
    assert code == 2
    assert words in sentence


def test_a_wrong_scenario_lists_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    main(["demo", "--scenario", "list"])

    said = capsys.readouterr().err
    assert all(each.name in said for each in STORIES)
    assert all(name in said for name in BY_NAME)


@pytest.mark.parametrize("name", [each.name for each in STORIES])
def test_every_story_can_be_chosen_and_says_what_it_does(name: str) -> None:
    choice = chosen(day=None, speed=None, scenario=name)

    assert choice.story.name == name
    assert choice.story.text.endswith(".")
    assert choice.speed == 1


def test_a_day_that_is_asked_for_counts_before_the_story_s_own() -> None:
    choice = chosen(day="2026-11-27", speed="60", scenario="holiday")

    assert (choice.day, choice.speed) == (date(2026, 11, 27), 60)


def test_the_holiday_of_the_issue_is_a_day() -> None:
    assert chosen(day="2026-11-26", speed=None, scenario=None).day == date(2026, 11, 26)
