"""/schedule on the phone: listed, added, removed, a day off."""

from dataclasses import replace
from datetime import time

import pytest

from bot.callback_data import parse, write
from bot.presses.schedule import (
    AddBuying,
    AddUsual,
    SchedulePress,
    ShowSchedule,
    TakeBack,
    Unschedule,
)
from bot.sandbox.api_types import Message
from bot.sandbox.phone import Phone
from core.model.chosen.schedule import Every, RunKind
from core.rules.chosen.choices import QUESTION_LIFE
from tests.bot.handlers.scripted import ScriptedEngine
from tests.bot.handlers.settings.test_settings import asked, tapped
from tests.bot.hands import RingingJournal, Watch
from tests.builders import MONDAY


def kept(journal: RingingJournal) -> list[int]:
    return [entry.number for entry in journal.schedules.entries()]


async def added(phone: Phone, said: str) -> Message:
    return await asked(phone, f"/schedule {said}")


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("scan 10:00", "1. scan 10:00"),
        ("scan open+15", "1. scan 15 min after the open"),
        ("Scan close-30 mon, wed", "1. scan 30 min before the close mon,wed"),
        ("scan every 30m 10:00-15:00", "1. scan every 30 min, 10:00 to 15:00 ET"),
        ("scan 30 min before the close", "1. scan 30 min before the close"),
        ("report 15:30 on fri", "1. report 15:30 ET fri"),
        ("brief", "1. brief 30 min before the open"),
        ("summary", "1. summary 15 min after the close"),
        ("add scan 10:00", "1. scan 10:00"),
    ],
)
async def test_a_line_is_added_as_it_is_typed(
    phone: Phone, journal: RingingJournal, said: str, line: str
) -> None:
    answer = await added(phone, said)

    assert answer.text.startswith("Added: ")
    assert line in answer.text
    assert "next Mon 23 Nov" in answer.text or "next " in answer.text
    assert kept(journal) == [1]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("scan 25:00", "I do not understand “scan 25:00”."),
        ("scan", "Added: scan 15 min after the open."),
        ("scan 20:00", "the market is closed"),
        ("scan open-15", "the market is closed"),
        ("brief 10:00", "A brief comes between 04:00 and the open"),
        ("summary 15:00", "A summary comes between the close"),
        ("every 30m", "For example:"),
        ("<b>&", "I do not understand “<b>&”."),
        ("scan every 2m 10:00-15:00", "For example:"),
        ("remove 7", "There is no line 7."),
        ("remove report", "The morning report is a setting."),
        ("off someday", "is no day from today on"),
        ("off 2020-01-01", "is no day from today on"),
        ("on 2026-12-24", "was not off"),
    ],
)
async def test_bad_input_gets_a_sentence_and_loses_nothing(
    phone: Phone, journal: RingingJournal, said: str, answer: str
) -> None:
    told = await added(phone, said)

    assert answer.lower() in told.text.lower()
    assert kept(journal) == ([1] if said == "scan" else [])
    assert journal.schedules.days_off() == ()


async def test_lines_are_removed_by_number_and_by_button(
    phone: Phone, journal: RingingJournal
) -> None:
    await added(phone, "scan 10:00")
    await added(phone, "scan 11:00")
    listed = await added(phone, "remove 1")
    assert listed.text.startswith("Removed: scan 10:00 ET.")

    await tapped(phone, listed, "Remove 2. scan", shows="Removed: scan 11:00 ET.")

    assert kept(journal) == []


async def test_the_usual_ones_are_a_tap_away(
    phone: Phone, journal: RingingJournal
) -> None:
    listed = await asked(phone, "/schedule")

    with_brief = await tapped(phone, listed, "Brief before the open", shows="Added")
    await tapped(
        phone, with_brief, "Evening summary", shows="summary 15 min after the close"
    )

    kinds = [entry.kind for entry in journal.schedules.entries()]
    assert kinds == [RunKind.BRIEF, RunKind.SUMMARY]


@pytest.mark.parametrize(
    "said", ["day off 2026-12-24", "2026-12-24 off", "Day off: 2026-12-24"]
)
async def test_a_day_off_is_understood_as_people_say_it(
    phone: Phone, journal: RingingJournal, said: str
) -> None:
    await added(phone, said)

    assert [f"{off.day}" for off in journal.schedules.days_off()] == ["2026-12-24"]


async def test_a_day_is_taken_off_and_back(
    phone: Phone, journal: RingingJournal
) -> None:
    told = await added(phone, "off 2026-12-24")
    assert told.text.startswith("Nothing by itself on Thu 24 Dec.")

    await tapped(phone, told, "Work on Thu 24 Dec", shows="as any other")

    [off] = journal.schedules.days_off()
    assert off.ended_at is not None


@pytest.mark.parametrize(
    "press",
    [
        Unschedule(number=123456789),
        AddUsual(kind=RunKind.SUMMARY),
        AddBuying(
            kind=RunKind.REPORT,
            times=Every(minutes=120, first=time(10), last=time(15, 55)),
            weekdays=frozenset({0, 1, 2, 3}),
            sure=True,
        ),
        TakeBack(day=MONDAY),
        ShowSchedule(),
    ],
)
def test_what_a_button_carries_is_read_as_it_was_written(
    press: SchedulePress,
) -> None:
    data = write(press)

    assert len(data.encode()) <= 64
    assert parse(data) == press


@pytest.mark.parametrize(
    "data",
    [
        "v1:j:d:",
        "v1:j:a:x",
        "v1:j:b:2026",
        "v1:j:z:1",
        "v1:j:y:scan:25T00:",
        "v1:j:y:scan",
    ],
)
def test_what_was_never_written_is_no_button(data: str) -> None:
    assert parse(data) is None


@pytest.mark.parametrize("said", ["scan every 5m 10:00-15:00", "report 15:30", "scan"])
async def test_what_buys_without_asking_is_asked_about_twice(
    phone: Phone, journal: RingingJournal, engine: ScriptedEngine, said: str
) -> None:
    """In automatic mode one typed message would spend the session's limit, each day."""
    engine.limits = replace(engine.limits, automatic=True)
    asks = await added(phone, said)
    assert kept(journal) == []
    assert "up to $10,000 a session" in asks.text
    assert "Nothing was scheduled yet." in asks.text

    again = await tapped(phone, asks, "Yes, schedule it", shows="Really?")
    assert kept(journal) == []
    assert "$5,000 an order" in again.text
    await tapped(phone, again, "Yes, buy without asking", shows="Added: ")

    assert kept(journal) == [1]


async def test_a_yes_to_an_old_question_is_asked_again_from_the_beginning(
    phone: Phone, journal: RingingJournal, engine: ScriptedEngine, clock: Watch
) -> None:
    """Found in the chat hours later, it must not spend the session's limit each day."""
    engine.limits = replace(engine.limits, automatic=True)
    asks = await added(phone, "scan")
    again = await tapped(phone, asks, "Yes, schedule it", shows="Really?")
    clock.at += QUESTION_LIFE

    anew = await tapped(phone, again, "Yes, buy without asking", shows="too late")

    assert kept(journal) == []
    assert "Yes, schedule it" in anew.labels


async def test_a_no_schedules_nothing_that_buys(
    phone: Phone, journal: RingingJournal, engine: ScriptedEngine
) -> None:
    engine.limits = replace(engine.limits, automatic=True)
    listed = await asked(phone, "/schedule")
    asks = await tapped(
        phone,
        listed,
        "Scan 15 min after the open",
        shows="Schedule scan 15 min after the open",
    )
    await tapped(phone, asks, "No", shows="Nothing is scheduled")
    assert kept(journal) == []


@pytest.mark.parametrize("said", ["brief", "summary"])
async def test_what_buys_nothing_is_added_at_once(
    phone: Phone, journal: RingingJournal, engine: ScriptedEngine, said: str
) -> None:
    engine.limits = replace(engine.limits, automatic=True)
    await added(phone, said)
    assert kept(journal) == [1]
