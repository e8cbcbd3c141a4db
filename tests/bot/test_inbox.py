"""What the owner says is on disk before it is confirmed, and is handled once."""

import asyncio
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot import poll
from bot.gate import Gate
from bot.handlers.handler_errors import report_handler_errors
from bot.handlers.table import build_application
from bot.inbox import Inbox
from bot.keyboards import for_failed_scan
from bot.people import People
from bot.sandbox.api_types import Message, User
from bot.sandbox.faults import Drop, Fault
from bot.sandbox.server import BotApiServer
from bot.views.alarms import ANOTHER_READER
from bot.waits import LONG
from core.model.errors import Contradiction, StoreError
from tests.bot.hands import RingingJournal, Watch, has_polled, running
from tests.builders import NOW
from tests.harness.outbox import an_owners_chat


HIS_CHAT = {"id": 1001, "type": "private", "first_name": "Ada"}


class Ear:
    """An inbox whose handlers write down what they hear."""

    def __init__(
        self, server: BotApiServer, journal: RingingJournal, clock: Watch
    ) -> None:
        self.server = server
        self.journal = journal
        self.phone = server.phone
        self.clock = clock
        self.received: list[str] = []
        self.waited: list[timedelta] = []
        self.contested: list[str] = []
        self.let_go = asyncio.Event()
        chat = build_application(token=server.token, base_url=server.base_url)
        for name, answer in (
            ("hear", self._hear),
            ("fail", self._fail),
            ("contradict", self._contradict),
            ("wait", self._wait),
        ):
            chat.add_handler(CommandHandler(name, answer))
        chat.add_handler(CallbackQueryHandler(self._hear))
        owners_chat = an_owners_chat(chat.bot, journal, server)
        report_handler_errors(chat, lambda _: owners_chat)
        self.gate = Gate(
            people=People(owner=self.phone.user.id, others=tuple), clock=clock
        )
        self.inbox = Inbox(
            chat=chat,
            store=journal.inbox,
            gate=self.gate,
            clock=clock,
            on_contested=self._on_contested,
        )

    async def _hear(self, update: Update, _: Any) -> None:
        message = update.effective_message
        self.received.append(message.text or "" if message else "")
        self.waited.append(self.inbox.waits.of(update, now=self.clock.now()))

    async def _fail(self, update: Update, _: Any) -> None:
        raise RuntimeError("a slip")

    async def _contradict(self, update: Update, _: Any) -> None:
        raise Contradiction("two truths")

    async def _wait(self, update: Update, _: Any) -> None:
        self.received.append("/wait")
        self.journal.changes.announce()
        await self.let_go.wait()
        self.received.append("waited")

    async def shows(self, bot: Bot) -> Message:
        """A message of the bot's with a button, as the owner has it."""
        await bot.send_message(
            self.phone.user.id, "a message", reply_markup=for_failed_scan()
        )
        return self.phone.received[-1]

    def _on_contested(self, reason: str) -> None:
        self.contested.append(reason)
        self.journal.changes.announce()

    async def comes_to_hear(self, *words: str) -> None:
        await self.journal.comes_to(
            lambda: self.received == list(words) and not self.journal.inbox.unread()
        )


@pytest.fixture
async def ear(server: BotApiServer, journal: RingingJournal, clock: Watch) -> Ear:
    return Ear(server, journal, clock)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that would take a minute take a blink."""
    for name in ("FIRST_PAUSE", "LONGEST_PAUSE", "CONTESTED_PAUSE", "CONTESTED"):
        monkeypatch.setattr(poll, name, 0.01)


# durable


async def test_what_was_said_before_the_start_is_heard(ear: Ear) -> None:
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")


async def test_what_an_earlier_run_left_unread_is_heard_first(ear: Ear) -> None:
    await ear.phone.send("/hear me")
    [left] = ear.server.chats.updates.pending
    with ear.journal.transaction():
        ear.journal.inbox.receive([(1, json.dumps(left | {"update_id": 1}))], at=NOW)
    ear.server.chats.updates.forget()

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")


@pytest.mark.attack(18)
async def test_a_tap_from_before_the_start_may_have_waited_for_long(
    ear: Ear, bot: Bot
) -> None:
    ear.phone.press(await ear.shows(bot), "Scan again")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("a message")

    assert ear.waited[0] > LONG


@pytest.mark.attack(18)
async def test_the_first_tap_after_the_start_has_not_waited(ear: Ear, bot: Bot) -> None:
    async with running(ear.inbox.run()):
        await has_polled(ear.server)
        ear.phone.press(await ear.shows(bot), "Scan again")
        await ear.comes_to_hear("a message")

    assert ear.waited[0] < LONG


async def test_nothing_is_confirmed_that_is_not_on_disk(
    ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(updates: Iterable[tuple[int, str]], *, at: datetime) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(ear.journal.inbox, "receive", full)
    await ear.phone.send("/hear me")

    with pytest.raises(ExceptionGroup) as failure:
        await ear.inbox.run()

    assert failure.group_contains(StoreError)
    assert len(ear.server.chats.updates.pending) == 1


@pytest.mark.attack(16)
async def test_what_was_kept_is_synced_before_the_next_poll_confirms_it(
    ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing() -> None:
        if ear.journal.raw_updates():
            raise StoreError("the disk does not answer")

    monkeypatch.setattr(ear.journal.inbox, "sync", failing)
    await ear.phone.send("/hear me")

    with pytest.raises(ExceptionGroup) as failure:
        await ear.inbox.run()

    assert failure.group_contains(StoreError)
    assert len(ear.server.chats.updates.pending) == 1


async def test_what_was_under_way_at_the_end_is_heard_again(
    ear: Ear, server: BotApiServer, journal: RingingJournal, clock: Watch
) -> None:
    await ear.phone.send("/wait")
    async with running(ear.inbox.run()):
        await journal.comes_to(lambda: ear.received == ["/wait"])
    later = Ear(server, journal, clock)
    later.let_go.set()

    async with running(later.inbox.run()):
        await later.comes_to_hear("/wait", "waited")


async def test_what_telegram_delivers_twice_is_heard_once(ear: Ear) -> None:
    await ear.phone.send("/hear me")
    ear.server.faults.next("getUpdates", Fault(repeat=True), times=3)

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")
        await ear.phone.send("/hear again")
        await ear.comes_to_hear("/hear me", "/hear again")


async def test_what_is_on_disk_is_confirmed_with_the_next_poll(ear: Ear) -> None:
    first = await ear.phone.send("/hear me")
    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")
        await ear.phone.send("/hear you")
        await ear.comes_to_hear("/hear me", "/hear you")

    waiting = [each["message"] for each in ear.server.chats.updates.pending]
    assert first.message_id not in [each["message_id"] for each in waiting]


async def test_the_first_poll_asks_from_the_earliest_that_is_not_confirmed(
    ear: Ear,
) -> None:
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")

    first = next(call for call in ear.server.calls if call.method == "getUpdates")
    assert "offset" not in first.values


# one bad apple


async def test_an_unreadable_update_is_set_aside_and_the_next_is_heard(
    ear: Ear,
) -> None:
    ear.server.chats.updates.add("message", {"message_id": "?", "date": []})
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")


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
    ear: Ear, kind: str, body: dict[str, Any]
) -> None:
    owner = {"id": ear.phone.user.id, "is_bot": False, "first_name": "Ada"}
    ear.server.chats.updates.add(kind, {"from": owner, **body})
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")


async def test_a_tap_is_heard_whatever_the_formatting_of_its_card(ear: Ear) -> None:
    owner = ear.phone.user.id
    card = {"message_id": 5, "date": 1, "chat": {"id": owner, "type": "private"}}
    formatting = [{"of a kind": "that is not known"}]
    query = {
        "id": "1",
        "chat_instance": "1",
        "data": "x",
        "from": {"id": owner, "is_bot": False, "first_name": "Ada"},
        "message": {**card, "text": "a card", "entities": formatting},
    }
    ear.server.chats.updates.add("callback_query", query)

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("a card")


async def test_a_slip_of_the_program_is_said_in_words(
    ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    await ear.phone.send("/fail")

    async with running(ear.inbox.run()):
        told = await ear.phone.reads("something went wrong in the bot itself")
        await ear.phone.send("/hear me")
        await ear.comes_to_hear("/hear me")

    assert "/orders shows how it stands" in told.text
    assert any(record.exc_info for record in caplog.records)


async def test_a_contradiction_ends_the_process_once(
    ear: Ear, journal: RingingJournal
) -> None:
    await ear.phone.send("/contradict")

    with pytest.raises(ExceptionGroup) as failure:
        await ear.inbox.run()

    assert failure.group_contains(Contradiction)
    assert journal.inbox.unread() == ()


async def test_a_command_that_takes_long_is_in_nobodys_way(ear: Ear) -> None:
    await ear.phone.send("/wait")

    async with running(ear.inbox.run()):
        await ear.journal.comes_to(lambda: ear.received == ["/wait"])
        await ear.phone.send("/hear me")
        await ear.journal.comes_to(lambda: ear.received == ["/wait", "/hear me"])
        ear.let_go.set()
        await ear.comes_to_hear("/wait", "/hear me", "waited")


# who is not heard


async def test_a_stranger_gets_no_answer_and_is_counted(ear: Ear) -> None:
    stranger = ear.server.phone_of(User(id=2002, first_name="Eve"))
    await stranger.send("/fail")
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")

    assert stranger.received == ()
    assert ear.gate.strangers == 1


@pytest.mark.attack(28)
async def test_nothing_of_a_strangers_is_kept_and_each_is_counted(ear: Ear) -> None:
    stranger = ear.server.phone_of(User(id=2002, first_name="Eve"))
    other = ear.server.phone_of(User(id=3003, first_name="Mallory"))
    for _ in range(3):
        await stranger.send("ж" * 4000)
    await other.send("hello")
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")

    [kept] = ear.journal.raw_updates()
    assert "/hear me" in kept
    assert ear.gate.by_sender == {2002: 3, 3003: 1}


@pytest.mark.attack(28)
async def test_a_thousand_strangers_write_nothing_and_are_in_nobodys_way(
    ear: Ear,
) -> None:
    for number in range(1000):
        ear.server.chats.updates.add(
            "message", {"from": {"id": 5000 + number}, "text": "x" * 4000}
        )
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")

    assert len(ear.journal.raw_updates()) == 1
    assert ear.gate.strangers == 1000
    assert len(ear.gate.by_sender) <= 101


EVE = {"id": 2002, "first_name": "Eve", "is_bot": False}
LONG_TEXT = "\u0436" * 4000
HERS: list[tuple[str, dict[str, Any]]] = [
    ("message", {"text": LONG_TEXT}),
    ("message", {"caption": LONG_TEXT, "photo": [{"file_id": "x" * 200}]}),
    ("message", {"text": "/halt", "chat": HIS_CHAT}),
    ("message", {"text": "hi", "reply_to_message": {"text": LONG_TEXT}}),
    ("message", {"text": {"not": LONG_TEXT}}),
    ("message", {"sender_chat": HIS_CHAT, "text": LONG_TEXT}),
    ("edited_message", {"text": LONG_TEXT}),
    ("callback_query", {"id": "1", "data": "y" * 64, "message": {"text": LONG_TEXT}}),
    ("my_chat_member", {"chat": {"id": 2002, "type": "private", "bio": LONG_TEXT}}),
    ("inline_query", {"id": "1", "query": LONG_TEXT}),
    ("business_message", {"text": LONG_TEXT}),
    ("a_kind_of_tomorrow", {"text": LONG_TEXT}),
]
NOBODYS: list[tuple[str, dict[str, Any]]] = [
    ("channel_post", {"text": LONG_TEXT}),
    ("poll", {"question": LONG_TEXT}),
    ("message", {"from": "Eve", "text": LONG_TEXT}),
    ("message", {"from": {"id": "1001"}, "text": LONG_TEXT}),
]


@pytest.mark.attack(28)
async def test_nothing_of_a_strangers_is_kept_whatever_its_kind(ear: Ear) -> None:
    for kind, body in HERS:
        ear.server.chats.updates.add(kind, {"from": EVE, **body})
    for kind, body in NOBODYS:
        ear.server.chats.updates.add(kind, body)
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")

    assert len(ear.journal.raw_updates()) == 1
    assert ear.gate.by_sender[2002] == len(HERS)


async def test_a_command_that_was_edited_is_not_heard_again(ear: Ear) -> None:
    message = await ear.phone.send("/hear me")
    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")
        await ear.phone.rewrite(message, "/hear more")
        await ear.phone.send("/hear you")
        await ear.comes_to_hear("/hear me", "/hear you")


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
    ear: Ear, fault: Fault, method: str
) -> None:
    ear.server.faults.next(method, fault, times=2)
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")


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
    ear: Ear, caplog: pytest.LogCaptureFixture, method: str, body: str
) -> None:
    ear.server.faults.next(method, Fault(instead=body), times=3)
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")

    told = [r for r in caplog.records if "does not answer" in r.getMessage()]
    assert len(told) == 1


@pytest.mark.usefixtures("impatient")
async def test_another_poller_is_reported_once_a_spell(ear: Ear) -> None:
    ear.server.faults.next("getUpdates", Fault(status=409), times=6)

    async with running(ear.inbox.run()):
        await ear.journal.comes_to(lambda: bool(ear.contested))
        await ear.phone.send("/hear me")
        await ear.comes_to_hear("/hear me")

    assert ear.contested == [ANOTHER_READER]


async def test_another_poller_for_a_moment_is_no_alarm(
    ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "CONTESTED_PAUSE", 0.01)
    ear.server.faults.next("getUpdates", Fault(status=409), times=3)
    await ear.phone.send("/hear me")

    async with running(ear.inbox.run()):
        await ear.comes_to_hear("/hear me")

    assert ear.contested == []
