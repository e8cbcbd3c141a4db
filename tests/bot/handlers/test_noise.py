"""/mute and /noise: for how long, understood as it is said, in New York's time."""

from datetime import UTC, datetime

import pytest

from bot.handlers.noise import muted_until
from bot.outgoing.bell import Bell
from bot.sandbox.phone import Phone
from tests.bot.hands import RingingJournal, Watch
from tests.builders import NOW
from tests.harness.outbox import a_bell


def utc(hour: int, minute: int, *, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("2h", utc(16, 41)),
        ("2 hours", utc(16, 41)),
        ("for 30m", utc(15, 11)),
        ("90 min", utc(16, 11)),
        ("until 14:00", utc(19, 0)),
        ("14:00", utc(19, 0)),
        ("until 9:30", utc(14, 30, day=24)),
        ("until 09:41", utc(14, 41, day=24)),
        ("until noon", utc(17, 0)),
        ("till 3pm", utc(20, 0)),
        ("for today", utc(5, 0, day=24)),
        ("for the rest of the day", utc(5, 0, day=24)),
        ("till tomorrow", utc(5, 0, day=24)),
    ],
)
def test_a_time_is_understood(said: str, until: datetime) -> None:
    now = NOW.replace(second=0)

    assert muted_until(said.split(), now=now) == until


@pytest.mark.parametrize(
    "said",
    ["", "0h", "25h", "999h", "-2h", "2", "until", "until 25:00", "½h", "٢h", "ever"],
)
def test_what_is_no_time_changes_nothing(said: str) -> None:
    assert muted_until(said.split(), now=NOW) is None


def test_the_day_of_the_clock_change_has_its_own_length() -> None:
    saturday = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)  # 23:00 in New York, summer time

    assert muted_until(["until", "07:00"], now=saturday) == utc(12, 0, day=1)


async def test_mute_says_until_when_and_off_ends_it(
    phone: Phone, journal: RingingJournal, clock: Watch
) -> None:
    await phone.send("/mute 2h")
    await phone.reads("Muted until Mon 23 Nov 11:41 ET")
    muted = a_bell(journal, clock=clock).muted_until
    await phone.send("/noise")
    await phone.reads("Muted until Mon 23 Nov 11:41 ET", within=5)
    await phone.send("/mute off")
    await phone.reads("Not muted any more")

    assert muted == utc(16, 41, day=23).replace(second=7)
    assert a_bell(journal, clock=clock).muted_until is None


async def test_mute_alone_asks_for_how_long(
    phone: Phone, journal: RingingJournal
) -> None:
    await phone.send("/mute")
    await phone.reads("Mute for how long?")

    assert journal.memory.muted_until() is None


async def test_noise_says_how_loud_each_kind_is(phone: Phone) -> None:
    await phone.send("/noise")
    told = await phone.reads("No hours of quiet")

    assert "fills      loud" in told.text
    assert "alarms     loud" in told.text


def test_a_mute_that_is_over_is_none(journal: RingingJournal, clock: Watch) -> None:
    bell: Bell = a_bell(journal, clock=clock)
    bell.mute(NOW.replace(hour=15))
    clock.wait(hours=1)

    assert bell.muted_until is None
    assert not bell.is_quiet
