"""The whole face over a local Bot API server, with an engine that does as it is told."""

from collections.abc import AsyncIterator

import pytest

from bot.gate import Gate
from bot.handlers.services import Services
from bot.handlers.table import build_application, register
from bot.inbox import Inbox
from bot.outgoing.reply_keyboard import ReplyKeyboard
from bot.people import People
from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer
from tests.bot.handlers.scripted import ScriptedEngine, ScriptedRecords, ScriptedResults
from tests.bot.hands import (
    RingingJournal,
    Watch,
    greets_nobody,
    has_polled,
    no_menu,
    nobody_waits,
    running,
)
from tests.bot.health.health_readings import health_readings
from tests.harness.choices import choices_over, schedule_over
from tests.harness.outbox import a_bell, an_owners_chat
from tests.simulation.in_tests import pytest_asyncio_loop_factories, simulated_libraries


__all__ = ["pytest_asyncio_loop_factories", "simulated_libraries"]


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def records() -> ScriptedRecords:
    return ScriptedRecords()


@pytest.fixture
def results() -> ScriptedResults:
    return ScriptedResults()


@pytest.fixture
async def phone(
    server: BotApiServer,
    journal: RingingJournal,
    clock: Watch,
    engine: ScriptedEngine,
    records: ScriptedRecords,
    results: ScriptedResults,
) -> AsyncIterator[Phone]:
    """The owner's phone; the bot listens, and has heard all that was said before."""
    chat = build_application(token=server.token, base_url=server.base_url)
    owners_chat = an_owners_chat(chat.bot, journal, server)
    people = People(owner=server.phone.user.id, others=journal.memory.people)
    inbox = Inbox(
        chat=chat,
        store=journal.inbox,
        gate=Gate(people=people, clock=clock),
        clock=clock,
        on_alarm=lambda _: None,
    )
    engine.settings = choices_over(journal, clock)
    engine.schedule = schedule_over(journal, clock)
    services = Services(
        engine=engine,
        people=people,
        chat_of=lambda _: owners_chat,
        original=lambda shown: shown,
        queries=engine,
        records=records,
        results=results,
        clock=clock,
        sockets=lambda: 2,
        health=health_readings,
        greet=greets_nobody,
        bell_of=lambda _: a_bell(journal, clock=clock),
        told_later=lambda: None,
        awaited=nobody_waits,
        keyboard_of=lambda _: ReplyKeyboard(
            store=journal.outbox, memory=journal.memory
        ),
        show_menu=no_menu,
        waits=inbox.waits,
    )
    register(chat, services)
    async with running(inbox.run()):
        await has_polled(server)
        yield server.phone
