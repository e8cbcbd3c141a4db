"""All parts of the bot on one page: what opens in which order, and closes in
reverse."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import partial
from typing import Final

from telegram.error import TelegramError

from bot.bot_api.pools import raise_when_sending_fails, sending_client
from bot.exits import singly
from bot.gate import Gate
from bot.handlers.services import Services
from bot.handlers.table import build_application, register, set_menu, set_menus
from bot.health.look_through import look_through
from bot.health.monitor import HealthMonitor, OtherReadings
from bot.health.outside import seen_from_outside
from bot.health.stopwatch import Stopwatch
from bot.inbox import ChatApplication, Inbox
from bot.machine import Machine, this_machine
from bot.outgoing.bell import Bell
from bot.outgoing.chat import OwnersChat
from bot.outgoing.everybody import Everybody, OneChat
from bot.outgoing.noise import Noise, noise_of
from bot.outgoing.outbox import Outbox
from bot.outgoing.pages import Pages
from bot.outgoing.reply_keyboard import ReplyKeyboard
from bot.people import Originals, People
from bot.prompt.chosen import effective_or
from bot.redact import redacted
from core.broker.connection import PATIENT, Address, Connection, Timing
from core.broker.market_data import IbMarketData
from core.broker.orders import IbBroker
from core.calendar import ExchangeCalendar
from core.engine import Engine
from core.flows.boot import Wait, refuse_another_name
from core.flows.chosen.in_force import in_force
from core.ledger.instructions import CurrentInstructions
from core.model.instructions import Timeouts
from core.model.points import Reached, ignore
from core.ports.edges import Edges
from core.ports.market import Calendar, Clock
from core.queries.cards import CardBroker, CardQuery
from core.schedule import looking
from core.settings.catalogue import SettingsCatalogue
from core.settings.settings import Settings
from core.store.disk import is_checked_at_once
from core.store.inspection import Archive, damage
from core.store.journal import Journal
from core.store.scores import Scores


_log: Final = logging.getLogger(__name__)

EPOCHS: Final = 1_000_000
"""How many sessions with the gateway one run of the bot may have."""


async def live(
    settings: Settings,
    *,
    timeouts: Timeouts = Timeouts(),  # noqa: B008  frozen: one for all
    timing: Timing = PATIENT,
    reached: Reached = ignore,
    machine: Machine | None = None,
    wait: Wait | None = None,
) -> None:
    """Open everything, live until cancelled, close everything.

    *timeouts* and *timing* are the timeouts of the flows and of the line to IB that
    have no setting. *reached* is called with the name of every write-ahead point as it
    is passed. *machine* is the source of time and chance, by default this machine.
    *wait* is what this run follows, if the one before could not write the journal.

    Raises:
        SettingsWrong: account or client id differ from those of open orders.
        StoreError: the journal cannot be used, or another process holds it.
        ExceptionGroup: of Contradiction; start again to reconcile.
        SendingFailed: the messages to the owner could not be sent any more.
    """
    machine = machine or this_machine(ahead=_ahead(settings))
    clock, random_bytes = machine.clock, machine.random_bytes
    async with AsyncExitStack() as stack:
        journal = stack.enter_context(
            Journal.opened(
                settings.journal,
                clock=clock,
                random_bytes=random_bytes,
                secret=settings.seal_secret(),
            )
        )
        instructions = in_force(
            SettingsCatalogue(settings, timeouts),
            journal.setting_changes,
            clock,
            trail=journal.trail,
            outbox=journal.outbox,
        )
        refuse_another_name(
            journal.orders,
            client_id=settings.gateway_client_id,
            account=settings.account,
        )
        calendar = await stack.enter_async_context(
            ExchangeCalendar.opened(settings.data_dir, clock=clock)
        )
        connection = await stack.enter_async_context(
            Connection.opened(_address(settings, journal), clock=clock, timing=timing)
        )
        chat = build_application(token=settings.token(), base_url=_base_url(settings))
        stack.push_async_callback(sending_client(chat.bot).shutdown)
        broker, stopwatch = IbBroker(connection), Stopwatch(reached)
        people = People(owner=_owner(settings), others=journal.memory.people)
        everybody = _everybody(
            _noise(SettingsCatalogue(settings, timeouts), instructions),
            journal,
            chat=OwnersChat(
                bot=chat.bot,
                owner=people.owner,
                store=journal.outbox,
                memory=journal.memory,
                reached=reached,
                known=wait.told if wait else (),
            ),
            pages=_pages(
                instructions, journal, broker=broker, calendar=calendar, clock=clock
            ),
            people=people,
            clock=clock,
        )
        gate = Gate(people=people, clock=clock)
        engine = Engine(
            Edges(
                store=journal,
                broker=broker,
                market=IbMarketData(connection),
                past=IbMarketData(connection),
                scoring=Scores(settings.journal),
                results=Scores(settings.journal),
                notifier=everybody,
                calendar=calendar,
                clock=clock,
            ),
            instructions,
            gate=gate,
            reached=stopwatch,
            random_bytes=random_bytes,
        )
        _mark_untrusted(journal, engine, clock)
        inbox = Inbox(
            chat=chat,
            store=journal.inbox,
            gate=gate,
            clock=clock,
            on_alarm=engine.alarm,
            reached=reached,
        )
        health = HealthMonitor(
            settings=settings,
            queries=engine.queries,
            store=journal,
            clock=clock,
            signs=OtherReadings(
                silence=lambda: inbox.silence,
                api=lambda: connection.api_version,
                tap_to_order=lambda: stopwatch.seconds,
                scan=lambda: engine.scan_seconds,
            ),
        )
        await stack.enter_async_context(looking(health.looks.watching(engine.look)))
        register(
            chat,
            Services(
                engine=engine,
                people=people,
                chat_of=lambda number: everybody.of(number).chat,
                original=Originals(sent=journal.outbox, proposals=journal.proposals).of,
                queries=engine.queries,
                records=Archive(settings.journal, secret=settings.seal_secret()),
                results=Scores(settings.journal),
                clock=clock,
                sockets=lambda: (
                    sending_client(chat.bot).sockets + inbox.polling_client.sockets
                ),
                health=health.read,
                greet=health.greet,
                bell_of=lambda number: everybody.of(number).outbox.bell,
                told_later=everybody.wake,
                awaited=everybody.awaited,
                keyboard_of=lambda number: everybody.of(number).keyboard,
                show_menu=lambda number: set_menu(chat.bot, number, people),
                waits=inbox.waits,
            ),
        )
        stack.enter_context(
            machine.watched(on_pause=lambda _: engine.resumed_after_pause())
        )
        stack.enter_context(_noting_a_bad_end(engine))
        await stack.enter_async_context(seen_from_outside(settings, health))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(engine.run(wait), name="engine")
            tasks.create_task(everybody.run(), name="everybody")
            tasks.create_task(_listen(inbox, chat, people), name="inbox")
            tasks.create_task(
                look_through(
                    partial(damage, settings.journal),
                    engine.alarm,
                    is_needed=not is_checked_at_once(settings.journal),
                ),
                name="look through",
            )
            _log.info("ready mode=%s", settings.mode)


def _ahead(settings: Settings) -> float:
    """How far the clock is ahead, in seconds (sandbox only)."""
    chosen, _ = effective_or(settings)
    return chosen.clock_ahead_seconds


def _mark_untrusted(journal: Journal, engine: Engine, clock: Clock) -> None:
    """If the journal is not the one written last, void its offers and halt before
    accepting it."""
    if stale := journal.stale():
        engine.mark_untrusted(stale)
        journal.accept(at=clock.now())


async def _listen(inbox: Inbox, chat: ChatApplication, people: People) -> None:
    """Run the inbox; menus are set beside it."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(inbox.run(), name="inbox")
        tasks.create_task(_show_menus(chat, people), name="menus")
        tasks.create_task(
            raise_when_sending_fails(sending_client(chat.bot), inbox.polling_client),
            name="watch what is sent",
        )


@contextmanager
def _noting_a_bad_end(engine: Engine) -> Iterator[None]:
    """Record why the block ended, unless it was cancelled, which is a clean end."""
    try:
        yield
    except ExceptionGroup as error:
        first = next(singly(error))
        engine.broke(f"{type(first).__name__}: {redacted(str(first))}")
        raise


async def _show_menus(chat: ChatApplication, people: People) -> None:
    with suppress(TelegramError):
        await set_menus(chat.bot, people)


def _address(settings: Settings, journal: Journal) -> Address:
    """The gateway's address, with a range of epochs for this run of the bot."""
    return Address(
        host=settings.gateway_host,
        port=settings.gateway_port,
        client_id=settings.gateway_client_id,
        account=settings.account,
        epoch=(journal.memory.boots() + 1) * EPOCHS,
    )


def _pages(
    instructions: CurrentInstructions,
    journal: Journal,
    *,
    broker: CardBroker,
    calendar: Calendar,
    clock: Clock,
) -> Pages:
    cards = CardQuery(
        proposals=journal.proposals,
        orders=journal.orders,
        memory=journal.memory,
        scores=journal.memory,
        broker=broker,
        calendar=calendar,
        clock=clock,
        instructions=instructions,
    )
    return Pages(
        cards=cards,
        proposals=journal.proposals,
        orders=journal.orders,
        instructions=instructions,
    )


def _everybody(
    noise: Callable[[], Noise],
    journal: Journal,
    *,
    chat: OwnersChat,
    pages: Pages,
    people: People,
    clock: Clock,
) -> Everybody:
    outbox = Outbox(
        chat=chat,
        store=journal.outbox,
        proposals=journal.proposals,
        pages=pages,
        bell=Bell(
            noise=noise, store=journal.outbox, memory=journal.memory, clock=clock
        ),
        owner=people.owner,
    )
    keyboard = ReplyKeyboard(store=journal.outbox, memory=journal.memory)
    first = OneChat(chat=chat, outbox=outbox, keyboard=keyboard)
    return Everybody(
        first=first,
        people=people,
        pages=pages,
        outboxes=journal.outbox,
        memories=journal.memory,
        proposals=journal.proposals,
    )


def _noise(
    catalogue: SettingsCatalogue, instructions: CurrentInstructions
) -> Callable[[], Noise]:
    """A function that returns the current noise settings."""

    def noise() -> Noise:
        now = catalogue.effective(instructions.chosen)
        return noise_of(now.volumes(), now.quiet_hours)

    return noise


def _base_url(settings: Settings) -> str:
    return f"{settings.telegram_api_url}/bot"


def _owner(settings: Settings) -> int:
    assert settings.telegram_owner_id is not None  # asked for before anything opens
    return settings.telegram_owner_id
