"""The morning report: by itself, once, and only on days with a session."""

from datetime import date
from pathlib import Path

from bot.sandbox.api_types import Message
from bot.sandbox.phone import Phone
from tests.harness.product import WARM, at, has, opened


THANKSGIVING = date(2026, 11, 26)


def reports(phone: Phone) -> list[Message]:
    return [message for message in phone.received if "Good morning" in message.text]


def cards(phone: Phone) -> list[Message]:
    return [message for message in phone.received if has(message, "Scan again")]


def first_card(phone: Phone) -> Message | None:
    return next(iter(cards(phone)), None)


async def test_the_report_comes_by_itself_with_a_card(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 34, 55), report="true") as harness:
        await harness.start()

        report = await harness.phone.reads("Good morning", within=WARM)
        card = await harness.phone.wait_for(first_card, within=WARM)

        assert "Mon 23 Nov" in report.text
        assert has(card, "Yes")
        assert card.message_id > report.message_id


async def test_the_report_comes_once_across_restarts(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 36), report="true") as harness:
        await harness.start()
        await harness.phone.reads("Good morning", within=WARM)
        await harness.phone.wait_for(first_card, within=WARM)
        await harness.kill()

        await harness.start()
        await harness.ready()
        await harness.card()

        assert len(reports(harness.phone)) == 1
        assert (
            len(cards(harness.phone)) == 2
        )  # the report's, and the one just asked for


async def test_a_report_cut_off_by_a_crash_is_finished_after_it(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 34, 57), report="true") as harness:
        await harness.start()
        await harness.phone.wait_for(
            lambda p: p.received, within=WARM
        )  # its placeholder
        await harness.kill()

        await harness.start()
        await harness.phone.reads("Good morning", within=WARM)
        await harness.phone.wait_for(first_card, within=WARM)

        assert len(reports(harness.phone)) == 1
        assert len(cards(harness.phone)) == 1


async def test_a_holiday_gets_one_line_and_no_report(tmp_path: Path) -> None:
    clock = at(9, 34, 58, day=THANKSGIVING)
    async with opened(tmp_path, clock=clock, report="true") as harness:
        await harness.start()

        line = await harness.phone.reads("Closed today", within=WARM)
        await harness.ready()

        assert "Fri" in line.text
        assert reports(harness.phone) == []


async def test_a_report_that_could_not_be_made_is_told_as_missed(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(11, 0), report="true") as harness:
        await harness.start()

        missed = await harness.phone.reads("report", within=WARM)

        assert "Mon 23 Nov" in missed.text
        assert reports(harness.phone) == []

        answer = await harness.asked("why no report?")
        first = answer.text.splitlines()[0]
        assert first.startswith("Today's report was missed: ")
        assert first.endswith(" Next: Tue 24 Nov 09:35 ET.")
