"""The bot leaves every group and channel that somebody puts it into."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.gate import Gate
from bot.handlers.table import build_application
from bot.inbox import Inbox
from bot.people import People
from bot.sandbox.api_types import Chat, User
from bot.sandbox.faults import Fault
from bot.sandbox.groups import add_bot
from bot.sandbox.server import BotApiServer
from tests.bot.hands import RingingJournal, Watch, running


EVE = User(id=2002, first_name="Eve")
PLACES = (
    Chat(id=-5, kind="group", name="Club"),
    Chat(id=-1005, kind="supergroup", name="Large club"),
    Chat(id=-1006, kind="channel", name="News"),
)
CLUB = PLACES[0]


class Listener:
    """A bot that hears, and answers nothing."""

    def __init__(
        self, server: BotApiServer, journal: RingingJournal, clock: Watch
    ) -> None:
        self.server = server
        self.journal = journal
        self.received: list[str] = []
        chat = build_application(token=server.token, base_url=server.base_url)
        chat.add_handler(MessageHandler(filters.ALL, self._receive))
        self.inbox = Inbox(
            chat=chat,
            store=journal.inbox,
            gate=Gate(
                people=People(owner=server.phone.user.id, others=tuple), clock=clock
            ),
            clock=clock,
            on_alarm=lambda _: None,
        )

    async def _receive(self, update: Update, _: Any) -> None:
        assert update.message
        self.received.append(update.message.text or "")

    async def has_left(self, place: Chat) -> None:
        """Return when it is out of *place*."""
        left = self.server.chats.left
        await self.server.phone.wait_for(lambda _: place.id in left)

    async def has_received_all(self) -> None:
        """Return when all that has come until now is done with."""
        self.received.clear()
        await self.server.phone.send("the last one")
        await self.journal.comes_to(
            lambda: bool(self.received) and not self.journal.inbox.unread()
        )
        await self.inbox._outside.join()


@pytest.fixture
async def bot(
    server: BotApiServer, journal: RingingJournal, clock: Watch
) -> AsyncIterator[Listener]:
    listener = Listener(server, journal, clock)
    async with running(listener.inbox.run()):
        await server.phone.wait_for(lambda _: server.page.polls)
        yield listener


def departures(server: BotApiServer) -> list[int]:
    """The chats that it asked to leave, one for each time."""
    asked = (call for call in server.calls if call.method == "leaveChat")
    return [int(call.values["chat_id"]) for call in asked]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.kind)
async def test_a_place_it_is_put_into_is_left_without_a_word(
    server: BotApiServer,
    bot: Listener,
    place: Chat,
    caplog: pytest.LogCaptureFixture,
) -> None:
    add_bot(server.chats, place, by=EVE)
    await bot.has_left(place)
    await bot.has_received_all()

    told = [r for r in caplog.records if r.name == "bot.elsewhere"]
    assert [record.getMessage() for record in told] == [
        f"put into a {place.kind}, chat={place.id}: leaving it"
    ]
    assert server.chats.messages(place.id) == ()


async def test_the_owner_too_cannot_take_it_along(
    server: BotApiServer, bot: Listener
) -> None:
    add_bot(server.chats, CLUB, by=server.phone.user)

    await bot.has_left(CLUB)


async def test_a_place_it_is_put_into_again_is_left_again(
    server: BotApiServer, bot: Listener
) -> None:
    for _ in range(2):
        add_bot(server.chats, CLUB, by=EVE)
        await bot.has_left(CLUB)


async def test_a_group_that_it_did_not_know_it_was_in_is_left_at_its_first_word(
    server: BotApiServer, bot: Listener
) -> None:
    server.chats.join(CLUB)

    server.chats.receive(EVE, "/scan", chat=CLUB)

    await bot.has_left(CLUB)


async def test_what_is_said_while_it_leaves_does_not_make_it_leave_again(
    server: BotApiServer, bot: Listener, clock: Watch
) -> None:
    server.faults.next("leaveChat", Fault(status=500), times=9)
    server.chats.join(CLUB)
    for _ in range(3):
        server.chats.receive(EVE, "/scan", chat=CLUB)
    await bot.has_received_all()
    early = departures(server)

    clock.wait(minutes=1)
    server.chats.receive(EVE, "/scan", chat=CLUB)
    await bot.has_received_all()

    assert early == [CLUB.id]
    assert departures(server) == [CLUB.id, CLUB.id]


async def test_an_owner_who_blocks_the_bot_is_not_left(
    server: BotApiServer, bot: Listener
) -> None:
    private = server.chats.chat(server.phone.user.id)
    add_bot(server.chats, private, by=server.phone.user)
    await bot.has_received_all()

    assert departures(server) == []


async def test_telegram_is_asked_to_tell_of_it(
    server: BotApiServer, bot: Listener
) -> None:
    await bot.has_received_all()

    poll = next(call for call in server.calls if call.method == "getUpdates")
    kinds = json.loads(poll.values["allowed_updates"])
    assert kinds == ["message", "edited_message", "callback_query", "my_chat_member"]
