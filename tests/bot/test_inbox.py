"""What the owner says is on disk before it is confirmed, and is handled once."""

import asyncio
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from telegram import Bot

from bot import poll
from bot.bot_api.answers import LARGEST, LARGEST_ANSWER
from bot.bot_api.updates import NO_DATE
from bot.callback_data import Chosen, write
from bot.exits import singly
from bot.inbox import REFUSALS, _as_handled
from bot.sandbox.faults import Drop, Fault
from bot.sandbox.server import BotApiServer
from bot.views.alarms import ANOTHER_READER, LEFT_OUT
from bot.waits import LONG
from core.model.errors import Contradiction, SettingsWrong, StoreError
from core.model.proposal import Choice, Token
from tests.bot.hands import RingingJournal, Watch, has_polled, running
from tests.builders import NOW
from tests.harness.inbox import HIS_CHAT, RecordingInbox
from tests.harness.waiting import SOON


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that would take a minute take a blink."""
    for name in ("FIRST_PAUSE", "LONGEST_PAUSE", "CONTESTED_PAUSE", "CONTESTED"):
        monkeypatch.setattr(poll, name, 0.01)


# durable


async def test_what_was_said_before_the_start_is_heard(
    recording: RecordingInbox,
) -> None:
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")


async def test_what_an_earlier_run_left_unread_is_heard_first(
    recording: RecordingInbox,
) -> None:
    await recording.phone.send("/hear me")
    [left] = recording.server.chats.updates.pending
    with recording.journal.transaction():
        recording.journal.inbox.receive(
            [(1, json.dumps(left | {"update_id": 1}))], at=NOW
        )
    recording.server.chats.updates.forget()

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")


@pytest.mark.attack(18)
async def test_a_tap_from_before_the_start_may_have_waited_for_long(
    recording: RecordingInbox, bot: Bot
) -> None:
    recording.phone.press(await recording.shows(bot), "Scan again")

    async with running(recording.inbox.run()):
        await recording.receives("a message")

    assert recording.waited[0] > LONG


@pytest.mark.attack(18)
async def test_the_first_tap_after_the_start_has_not_waited(
    recording: RecordingInbox, bot: Bot
) -> None:
    async with running(recording.inbox.run()):
        await has_polled(recording.server)
        recording.phone.press(await recording.shows(bot), "Scan again")
        await recording.receives("a message")

    assert recording.waited[0] < LONG


async def test_nothing_is_confirmed_that_is_not_on_disk(
    recording: RecordingInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(updates: Iterable[tuple[int, str]], *, at: datetime) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(recording.journal.inbox, "receive", full)
    await recording.phone.send("/hear me")

    with pytest.raises(ExceptionGroup) as failure:
        await recording.inbox.run()

    assert failure.group_contains(StoreError)
    assert len(recording.server.chats.updates.pending) == 1


@pytest.mark.attack(16)
async def test_what_was_kept_is_synced_before_the_next_poll_confirms_it(
    recording: RecordingInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing() -> None:
        if recording.journal.raw_updates():
            raise StoreError("the disk does not answer")

    monkeypatch.setattr(recording.journal.inbox, "sync", failing)
    await recording.phone.send("/hear me")

    with pytest.raises(ExceptionGroup) as failure:
        await recording.inbox.run()

    assert failure.group_contains(StoreError)
    assert len(recording.server.chats.updates.pending) == 1


async def test_what_was_under_way_at_the_end_is_heard_again(
    recording: RecordingInbox,
    server: BotApiServer,
    journal: RingingJournal,
    clock: Watch,
) -> None:
    await recording.phone.send("/wait")
    async with running(recording.inbox.run()):
        await journal.comes_to(lambda: recording.received == ["/wait"])
    later = RecordingInbox(server, journal, clock)
    later.let_go.set()

    async with running(later.inbox.run()):
        await later.receives("/wait", "waited")


async def test_what_telegram_delivers_twice_is_heard_once(
    recording: RecordingInbox,
) -> None:
    await recording.phone.send("/hear me")
    recording.server.faults.next("getUpdates", Fault(repeat=True), times=3)

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")
        await recording.phone.send("/hear again")
        await recording.receives("/hear me", "/hear again")


async def test_what_is_on_disk_is_confirmed_with_the_next_poll(
    recording: RecordingInbox,
) -> None:
    first = await recording.phone.send("/hear me")
    async with running(recording.inbox.run()):
        await recording.receives("/hear me")
        await recording.phone.send("/hear you")
        await recording.receives("/hear me", "/hear you")

    waiting = [each["message"] for each in recording.server.chats.updates.pending]
    assert first.message_id not in [each["message_id"] for each in waiting]


async def test_the_first_poll_asks_from_the_earliest_that_is_not_confirmed(
    recording: RecordingInbox,
) -> None:
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")

    first = next(call for call in recording.server.calls if call.method == "getUpdates")
    assert "offset" not in first.values


# one bad apple


async def test_an_unreadable_update_is_set_aside_and_the_next_is_heard(
    recording: RecordingInbox,
) -> None:
    recording.server.chats.updates.add("message", {"message_id": "?", "date": []})
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")


@pytest.mark.attack(12)
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("message", {"message_id": 5, "date": 1, "chat": None, "text": "/hear"}),
        ("message", {"message_id": 5, "date": 1, "text": 5, "chat": HIS_CHAT}),
        (
            "callback_query",
            {
                "id": "1",
                "chat_instance": "1",
                "data": "x",
                "message": {"message_id": 5, "date": 1, "chat": None},
            },
        ),
        (
            "my_chat_member",
            {
                "date": 1,
                "chat": {"id": -5, "type": "group", "title": "a group"},
                "old_chat_member": None,
                "new_chat_member": None,
            },
        ),
    ],
    ids=["no chat", "no text", "no chat of a card", "no member"],
)
async def test_a_damaged_update_of_the_owners_ends_nothing(
    recording: RecordingInbox, kind: str, body: dict[str, Any]
) -> None:
    owner = {"id": recording.phone.user.id, "is_bot": False, "first_name": "Ada"}
    recording.server.chats.updates.add(kind, {"from": owner, **body})
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")


async def test_a_tap_is_heard_whatever_the_formatting_of_its_card(
    recording: RecordingInbox,
) -> None:
    owner = recording.phone.user.id
    card = {"message_id": 5, "date": 1, "chat": {"id": owner, "type": "private"}}
    formatting = [{"of a kind": "that is not known"}]
    query = {
        "id": "1",
        "chat_instance": "1",
        "data": "x",
        "from": {"id": owner, "is_bot": False, "first_name": "Ada"},
        "message": {**card, "text": "a card", "entities": formatting},
    }
    recording.server.chats.updates.add("callback_query", query)

    async with running(recording.inbox.run()):
        await recording.receives("a card")


async def test_a_slip_of_the_program_is_said_in_words(
    recording: RecordingInbox, caplog: pytest.LogCaptureFixture
) -> None:
    await recording.phone.send("/fail")

    async with running(recording.inbox.run()):
        told = await recording.phone.reads("something went wrong in the bot itself")
        await recording.phone.send("/hear me")
        await recording.receives("/hear me")

    assert "/orders shows how it stands" in told.text
    assert any(record.exc_info for record in caplog.records)


async def test_a_contradiction_ends_the_process_once(
    recording: RecordingInbox, journal: RingingJournal
) -> None:
    await recording.phone.send("/contradict")

    with pytest.raises(ExceptionGroup) as failure:
        await recording.inbox.run()

    assert failure.group_contains(Contradiction)
    assert journal.inbox.unread() == ()


async def test_a_command_that_takes_long_is_in_nobodys_way(
    recording: RecordingInbox,
) -> None:
    await recording.phone.send("/wait")

    async with running(recording.inbox.run()):
        await recording.journal.comes_to(lambda: recording.received == ["/wait"])
        await recording.phone.send("/hear me")
        await recording.journal.comes_to(
            lambda: recording.received == ["/wait", "/hear me"]
        )
        recording.let_go.set()
        await recording.receives("/wait", "/hear me", "waited")


async def test_a_command_that_was_edited_is_not_heard_again(
    recording: RecordingInbox,
) -> None:
    message = await recording.phone.send("/hear me")
    async with running(recording.inbox.run()):
        await recording.receives("/hear me")
        await recording.phone.rewrite(message, "/hear more")
        await recording.phone.send("/hear you")
        await recording.receives("/hear me", "/hear you")


# Telegram in trouble


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=401, description="Unauthorized"),
        Fault(status=404, description="Not Found"),
        Fault(status=429, description="Too Many Requests", retry_after=1),
        Fault(status=500, description="Internal Server Error"),
        Fault(drop=Drop.BEFORE),
        Fault(drop=Drop.AFTER),
    ],
    ids=["401", "404", "429", "500", "cut before", "cut after"],
)
@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
async def test_nothing_that_telegram_says_makes_it_deaf(
    recording: RecordingInbox, fault: Fault, method: str
) -> None:
    recording.server.faults.next(method, fault, times=2)
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_that_telegram_does_not_know_ends_the_start(
    recording: RecordingInbox, status: int
) -> None:
    """It went on without a chat for ever, and only the log said so."""
    recording.server.faults.next("getMe", Fault(status=status), times=REFUSALS)

    async with asyncio.timeout(SOON):
        with pytest.raises(ExceptionGroup) as ended:
            await recording.inbox.run()

    [problem] = singly(ended.value)
    assert isinstance(problem, SettingsWrong)
    assert "does not know the bot's token" in str(problem)
    assert recording.server.token not in str(problem)


@pytest.mark.attack(12)
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
@pytest.mark.parametrize(
    "body",
    [
        '{"status":"maintenance"}',
        '{"ok":true,"result":{"x":1}}',
        '{"ok":true}',
        "",
        "x",
    ],
)
async def test_an_answer_that_cannot_be_read_is_asked_for_again_and_logged_once(
    recording: RecordingInbox, caplog: pytest.LogCaptureFixture, method: str, body: str
) -> None:
    recording.server.faults.next(method, Fault(instead=body), times=3)
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")

    told = [r for r in caplog.records if "does not answer" in r.getMessage()]
    assert len(told) == 1


@pytest.mark.usefixtures("impatient")
async def test_another_poller_is_reported_once_a_spell(
    recording: RecordingInbox,
) -> None:
    recording.server.faults.next("getUpdates", Fault(status=409), times=6)

    async with running(recording.inbox.run()):
        await recording.journal.comes_to(lambda: bool(recording.contested))
        await recording.phone.send("/hear me")
        await recording.receives("/hear me")

    assert recording.contested == [ANOTHER_READER]


async def test_another_poller_for_a_moment_is_no_alarm(
    recording: RecordingInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "CONTESTED_PAUSE", 0.01)
    recording.server.faults.next("getUpdates", Fault(status=409), times=3)
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear me")

    assert recording.contested == []


@pytest.mark.attack(12)
@pytest.mark.parametrize("data", [5, True, [1], {"a": 1}])
def test_a_tap_whose_data_is_no_text_is_kept_as_it_came(data: object) -> None:
    """What cannot be read is set aside later; here it ended the bot."""
    tap = {"update_id": 1, "callback_query": {"data": data, "message": {"text": "x"}}}

    assert _as_handled(tap) == tap


def test_of_a_tapped_card_only_its_place_is_kept() -> None:
    place = {"message_id": 5, "chat": {"id": 7, "type": "private"}}
    card = {**place, "date": 1_700_000_000, "edit_date": 1_700_000_001, "text": "Yes?"}
    data = write(Chosen(choice=Choice.YES, token=Token("abcdefgh")))
    tap = {"update_id": 1, "callback_query": {"data": data, "message": card}}

    assert _as_handled(tap)["callback_query"]["message"] == {**place, "date": NO_DATE}


def vast(**said: object) -> dict[str, object]:
    """More in one message of the owner's than Telegram ever sends."""
    return {
        "message_id": 1,
        "date": 1,
        "chat": HIS_CHAT,
        "from": {"id": 1001, "is_bot": False, "first_name": "Ada"},
        "text": "x" * 500_000,
        **said,
    }


@pytest.mark.attack(12)
@pytest.mark.parametrize(
    "said",
    [
        vast(text="x" * 20_000_000),
        vast(text="x " * 200_000),
        vast(entities=[{"type": "bold", "offset": 0, "length": 1}] * 100_000),
        vast(new_chat_members=[{"id": 7, "is_bot": False, "first_name": "E"}] * 20_000),
        vast(reply_to_message=vast(entities=[{"type": "url"}] * 20_000)),
    ],
    ids=["20 MB", "many words", "entities", "members", "in a reply"],
)
async def test_a_vast_update_holds_nobody_up_and_the_next_is_heard(
    recording: RecordingInbox, said: dict[str, object]
) -> None:
    """Each test fails where a step of the product takes long."""
    await recording.phone.send("/hear first")
    recording.server.chats.updates.add("message", said)
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives("/hear first", "/hear me")

    is_left_out = len(json.dumps(said)) > LARGEST_ANSWER
    assert recording.contested == [LEFT_OUT] * is_left_out


def without_a_number(recording: RecordingInbox, number: str) -> None:
    """Let an update come whose number cannot be read: it lies behind more than is read,
    or is larger than any."""
    updates = recording.server.chats.updates
    updates.add("message", vast(text="x" * 3_000_000 if number == "behind" else "x"))
    last = updates.pending[-1]
    own = last.pop("update_id")
    last["update_id"] = own if number == "behind" else LARGEST


@pytest.mark.attack(12)
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("number", ["behind", "too large"])
@pytest.mark.parametrize("before", [["/hear first"], []], ids=["running", "at a start"])
async def test_an_update_whose_number_cannot_be_read_is_got_past_and_told(
    recording: RecordingInbox, number: str, before: list[str]
) -> None:
    """It was asked for again and again, and nothing after it was heard."""
    for said in before:
        await recording.phone.send(said)
    without_a_number(recording, number)
    await recording.phone.send("/hear me")

    async with running(recording.inbox.run()):
        await recording.receives(*before, "/hear me")
        await recording.journal.comes_to(lambda: bool(recording.contested))

    assert recording.contested == [LEFT_OUT]


@pytest.mark.attack(12)
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("number", ["behind", "too large"])
async def test_behind_an_update_that_cannot_be_read_the_next_is_heard_once_it_comes(
    recording: RecordingInbox, number: str
) -> None:
    without_a_number(recording, number)

    async with running(recording.inbox.run()):
        await recording.journal.comes_to(lambda: bool(recording.contested))
        await recording.phone.send("/hear me")
        await recording.receives("/hear me")

    assert recording.contested == [LEFT_OUT]


@pytest.mark.attack(12)
@pytest.mark.usefixtures("impatient")
async def test_behind_an_update_that_is_got_past_nothing_else_is_lost(
    recording: RecordingInbox,
) -> None:
    await recording.phone.send("/hear first")
    without_a_number(recording, "behind")
    for said in ("/hear one", "/hear two"):
        await recording.phone.send(said)

    async with running(recording.inbox.run()):
        await recording.receives("/hear first", "/hear one", "/hear two")
