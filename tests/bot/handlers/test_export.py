"""/export: the audit trail as a file, or the reason why it cannot be one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.handlers import export
from bot.sandbox.api_types import ContentKind
from bot.sandbox.faults import Fault
from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer
from core.model.errors import StoreError
from tests.bot.handlers.scripted import ScriptedRecords
from tests.builders import NOW


def calls(server: BotApiServer, method: str) -> int:
    return sum(call.method == method for call in server.calls)


async def test_the_trail_comes_as_a_file_whose_caption_says_what_it_is(
    phone: Phone, records: ScriptedRecords, server: BotApiServer
) -> None:
    records.trail = replace(
        records.trail, lines=12_345, first=NOW - timedelta(days=3), last=NOW
    )

    await phone.send("/export")
    sent = await phone.reads("Audit trail")

    assert sent.content.kind is ContentKind.DOCUMENT
    assert sent.content.file
    assert sent.content.file.name == "openbell-audit-2026-11-23.csv"
    assert sent.content.file.mime == "text/csv"
    assert sent.content.file.data.decode() == records.text
    assert sent.text.splitlines() == [
        "Audit trail, whole · SANDBOX",
        "lines  12,345",
        "first  20 Nov 2026 09:41 ET",
        "last   23 Nov 2026 09:41 ET",
        "Every line follows from the one before it.",
    ]
    assert calls(server, "sendChatAction") == 0


async def test_a_broken_trail_is_sent_too_and_called_broken(
    phone: Phone, records: ScriptedRecords
) -> None:
    faults = tuple(f"audit line {number} is missing" for number in range(9))
    records.trail = replace(records.trail, last=None, faults=faults)

    await phone.send("/export")
    sent = await phone.reads("BROKEN")

    assert sent.content.kind is ContentKind.DOCUMENT
    assert "! Audit line 2 is missing.\n… and 6 more" in sent.text
    assert "Keep this file" in sent.text


async def test_a_long_one_is_seen_to_be_on_its_way(
    phone: Phone,
    records: ScriptedRecords,
    server: BotApiServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export, "BUSY_AFTER", 0.01)
    records.may_end.clear()

    await phone.send("/export")
    await phone.wait_for(lambda _: calls(server, "sendChatAction"))
    records.may_end.set()
    await phone.reads("Audit trail")

    shown = [c.values["action"] for c in server.calls if c.method == "sendChatAction"]
    assert set(shown) == {"upload_document"}


async def test_an_impatient_second_one_is_told_to_wait_and_nothing_is_held_up(
    phone: Phone, records: ScriptedRecords
) -> None:
    records.may_end.clear()

    await phone.send("/export")
    await phone.send("/export")
    await phone.reads("I am still at the export before")
    await phone.send("/status")
    await phone.reads("Ready to trade")
    records.may_end.set()
    await phone.reads("Audit trail")

    files = [
        each for each in phone.received if each.content.kind is ContentKind.DOCUMENT
    ]
    assert len(files) == 1


async def test_what_telegram_would_not_take_is_not_sent_and_the_prompt_is_named(
    phone: Phone,
    records: ScriptedRecords,
    server: BotApiServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export, "MOST_BYTES", 1_000_000)
    records.text = "x" * 1_200_000

    await phone.send("/export")
    told = await phone.reads("Not sent")

    assert "it has 1.2 MB, and Telegram takes 1" in told.text
    assert "python -m bot export" in told.text
    assert told.text.startswith("Audit trail, whole · SANDBOX")
    assert calls(server, "sendDocument") == 0


async def test_records_that_cannot_be_read_are_told_in_words(
    phone: Phone, records: ScriptedRecords
) -> None:
    records.trouble = StoreError("The database cannot be used: it is gone.")

    await phone.send("/export")

    told = await phone.reads("could not be sent")
    assert "The database cannot be used: it is gone." in told.text


async def test_a_file_that_telegram_does_not_take_is_told_in_words(
    phone: Phone, server: BotApiServer
) -> None:
    server.faults.next("sendDocument", Fault(status=413))

    await phone.send("/export")

    told = await phone.reads("could not be sent")
    assert "python -m bot export" in told.text


async def test_a_caption_that_telegram_cannot_read_comes_as_plain_text(
    phone: Phone, server: BotApiServer, records: ScriptedRecords
) -> None:
    words = "can't parse entities: unexpected end tag at byte offset 3"
    server.faults.next("sendDocument", Fault(status=400, description=words))

    await phone.send("/export")
    sent = await phone.reads("Audit trail, whole")

    assert sent.content.file
    assert sent.content.file.data.decode() == records.text
    assert "<b>" not in sent.text
