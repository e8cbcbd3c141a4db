"""64 taps on one card, all at once: one is the decision, the others hear of it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest
from telegram import Bot

from bot.gate import Gate
from bot.handlers.services import Services
from bot.handlers.table import build_application, register
from bot.inbox import Inbox
from bot.outgoing.outbox import Outbox
from bot.outgoing.pages import Pages
from bot.outgoing.reply_keyboard import ReplyKeyboard
from bot.people import People
from bot.sandbox.api_types import Message
from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer
from core.engine import Engine
from core.model.proposal import Decision, Tap, Verdict
from core.store.inspection import Archive
from core.store.scores import Scores
from tests.bot.hands import greets_nobody, no_menu, nobody_waits, running
from tests.bot.health.health_readings import health_readings
from tests.core.store.journals import path_in
from tests.harness.core import Harness, an_open_harness
from tests.harness.outbox import a_bell, an_owners_chat


TAPS: Final = 64
YES: Final = "Yes, buy both"


class CountingEngine(Engine):
    """The engine, which writes down how it judged each tap."""

    def __init__(self, *parts: Any, **named: Any) -> None:
        super().__init__(*parts, **named)
        self.verdicts: list[Verdict] = []

    def decide(self, tap: Tap) -> Decision:
        decision = super().decide(tap)
        self.verdicts.append(decision.verdict)
        return decision


@dataclass(frozen=True, slots=True)
class Home:
    """The whole bot, but for IB."""

    harness: Harness
    phone: Phone
    engine: CountingEngine

    async def card(self) -> Message:
        sent = await self.phone.send("/scan")
        return await self.phone.wait_for(
            lambda phone: next(
                (
                    m
                    for m in phone.received
                    if m.message_id > sent.message_id and _asks(m)
                ),
                None,
            )
        )


def _asks(message: Message) -> bool:
    return any(YES in label for row in message.buttons for label in row)


@pytest.fixture
async def home(tmp_path: Path, server: BotApiServer, bot: Bot) -> AsyncIterator[Home]:
    async with AsyncExitStack() as rooms:
        harness = rooms.enter_context(an_open_harness(tmp_path))
        owner = server.phone.user.id
        people = People(owner=owner, others=tuple)
        gate = Gate(people=people, clock=harness.clock)
        pages = Pages(
            cards=harness.cards_to_look_at(),
            proposals=harness.journal.proposals,
            orders=harness.journal.orders,
            instructions=harness.in_force,
        )
        owners_chat = an_owners_chat(bot, harness.journal, server)
        outbox = Outbox(
            chat=owners_chat,
            store=harness.journal.outbox,
            proposals=harness.journal.proposals,
            pages=pages,
            bell=a_bell(harness.journal),
            owner=owner,
        )
        edges = replace(harness.edges, notifier=outbox)
        engine = CountingEngine(
            edges, harness.in_force, gate=gate, reached=lambda _: None
        )
        harness.engine = engine
        chat = build_application(token=server.token, base_url=server.base_url)
        records = Archive(path_in(tmp_path))
        services = Services(
            engine=engine,
            people=people,
            chat_of=lambda _: owners_chat,
            original=lambda shown: shown,
            queries=engine.queries,
            records=records,
            results=Scores(path_in(tmp_path)),
            clock=harness.clock,
            sockets=lambda: 2,
            health=health_readings,
            greet=greets_nobody,
            bell_of=lambda _: outbox.bell,
            told_later=outbox.wake,
            awaited=nobody_waits,
            keyboard_of=lambda _: ReplyKeyboard(
                store=harness.journal.outbox, memory=harness.journal.memory
            ),
            show_menu=no_menu,
        )
        register(chat, services)
        inbox = Inbox(
            chat=chat,
            store=harness.journal.inbox,
            gate=gate,
            clock=harness.clock,
            on_alarm=lambda _: None,
        )
        await rooms.enter_async_context(running(engine.run()))
        await rooms.enter_async_context(running(outbox.run()))
        await rooms.enter_async_context(running(inbox.run()))
        harness.broker.connect()
        await harness.ready()
        yield Home(harness, server.phone, engine)


async def test_of_64_taps_at_once_one_decides_and_buys(home: Home) -> None:
    card = await home.card()

    taps = [home.phone.press(card, YES) for _ in range(TAPS)]
    answers = [(await home.phone.answered(tap)).text for tap in taps]

    assert sorted(home.engine.verdicts) == sorted(
        [Verdict.APPROVED, *[Verdict.ALREADY] * (TAPS - 1)]
    )
    assert len(answers) == TAPS
    await home.harness.until_settled(home.harness.card())
    assert [order.leg for order in home.harness.broker.sent] == [1, 2]
