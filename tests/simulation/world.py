"""One simulated world: a gateway, a chat server, a bot, and a machine."""

import json
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.demo import ACCOUNT, HOLDER
from bot.sandbox.api_types import ChatEvent, Message
from bot.sandbox.phone import Phone
from bot.sandbox.server import OWNER, BotApiServer, serve as serve_chat
from bot.simulated.clock import SimulatedClock
from core.model.points import W2
from core.rules.new_york import NEW_YORK
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.market.shapes import Shape
from core.sandbox.server import GatewayServer, serve as serve_gateway
from core.settings.loading import load_settings
from core.settings.settings import PREFIX, Settings
from tests.harness.market import SEED
from tests.harness.product import STOCKS, a_gainer
from tests.simulation import rules
from tests.simulation.auditor import Auditor
from tests.simulation.book import CLIENT
from tests.simulation.disk import Disk, updates, watched
from tests.simulation.lives import Lives, LogReader, words_of
from tests.simulation.loop import SimulatedLoop
from tests.simulation.plan import Plan, loses_answers
from tests.simulation.sends import Written


NEVER: Final = 1e9
THIN: Final = 40
"""Shares that are offered in a thin book, once, and wanted in a scarce one."""

WATCHED: Final = 0.25
"""Seconds between two looks of the bot's watchdog."""

LIMITS: Final = {"max_day_dollars": "12000", "buy_held": "true"}
"""Of a day whose plan names no others."""

JOURNAL: Final = "openbell.sqlite3"
_OF_ORDER: Final = (
    "SELECT intent.state, proposal.token, intent.cancel_asked FROM intent"
    " JOIN proposal ON proposal.id = intent.proposal_id WHERE intent.ref = ?"
)


@dataclass(slots=True)
class World:
    """One simulated world while it is open."""

    plan: Plan
    loop: SimulatedLoop
    clock: SimulatedClock
    gateway: GatewayServer
    chat: BotApiServer
    chance: Random
    story: list[str]
    auditor: Auditor = field(init=False)
    lives: Lives = field(init=False)
    watch: rules.Watch = field(init=False)
    on_tap: Callable[[str], None] = lambda _: None
    """Called with a button's data when the owner presses it."""

    on_point: Callable[[str], None] = lambda _: None
    """Called with the name of a write-ahead point when the bot passes it."""

    offers_seen: list[tuple[Message, str, str]] = field(default_factory=list)
    """Every button that the owner's phone has shown under an offer, the oldest first."""

    disk: Disk = field(default_factory=Disk)

    def tell(self, line: str) -> None:
        """Add a line to the story."""
        at = self.clock.true().astimezone(NEW_YORK)
        self.story.append(f"{at:%m-%d %H:%M:%S.%f} {line}")

    def suspend(self, seconds: float) -> None:
        """The machine sleeps; all clocks but the loop's go on. The bot's watchdog runs
        a moment after the rest of the bot.
        """
        self.clock.asleep += seconds
        self.gateway.set_clock(self.clock.true())
        self.auditor.slept(seconds)
        self.loop.call_later(WATCHED, self.lives.pauses.tell, seconds)

    def press(self, phone: Phone, message: Message, label: str, data: str) -> None:
        """Press a button of *message* as the owner."""
        self.auditor.tapped(message, label, data)
        self.tell(f"tap {label!r} on {message.message_id}")
        self.on_tap(data)
        phone.forge(message, data)

    def passed(self, point: str) -> None:
        """The living bot passes a write-ahead point."""
        if point == W2.after:
            self.auditor.sends.committed_at = self.loop.time()
        self.on_point(point)

    @property
    def chat_port(self) -> int:
        return self.chat.port

    @property
    def gateway_port(self) -> int:
        return self.gateway.port


@asynccontextmanager
async def opened(
    plan: Plan, folder: Path, loop: SimulatedLoop, clock: SimulatedClock
) -> AsyncIterator[World]:
    """The world of *plan*, its files in *folder*; without a bot yet."""
    chance = Random(f"world {plan.seed}")
    async with AsyncExitStack() as rooms:
        gateway = await rooms.enter_async_context(serve_gateway(config(plan)))
        chat = await rooms.enter_async_context(serve_chat(clock=clock.true))
        world = World(
            plan=plan,
            loop=loop,
            clock=clock,
            gateway=gateway,
            chat=chat,
            chance=chance,
            story=[],
            disk=rooms.enter_context(watched()),
        )
        world.auditor = Auditor(
            gateway=gateway,
            chat=chat,
            now=clock.true,
            loop_time=loop.time,
            tell=world.tell,
            written=lambda ref: _synced(world, ref),
            lives=lambda: world.lives.number,
            kept=lambda: updates(world.lives.data / JOURNAL),
            lost_updates=lambda: world.disk.lost_updates(
                world.lives.data / JOURNAL, world.lives.number
            ),
        )
        world.auditor.must_settle = plan.settles
        world.auditor.promises.must_settle = plan.settles
        world.auditor.cancels.must_settle = plan.settles
        world.auditor.exits.timed.must_settle = plan.settles
        world.auditor.halts = plan.halts
        world.auditor.telling.answers_are_lost = loses_answers(plan)
        world.auditor.sends.unsent = loop.network.unsent
        world.auditor.sends.clock_is_right = lambda: clock.error == 0.0
        loop.network.take_written = world.auditor.take_written
        loop.network.received = world.auditor.arrived
        world.lives = Lives(
            loop=loop,
            clock=clock,
            chance=Random(f"bot {plan.seed}"),
            folder=folder,
            settings_of=lambda data: _found(world, data),
            tell=world.tell,
            ended=world.auditor.bot_ended,
            went_back=world.auditor.files_went_back,
            power_failed=world.auditor.telling.power_failed,
            passed=world.passed,
            unsynced=world.disk.unsynced,
        )
        chat.chats.subscribe(lambda each: _receive(world, each))
        world.watch = rooms.enter_context(rules.watched(world.auditor.counts))
        rooms.enter_context(_listening(world))
        yield world


def _synced(world: World, ref: str) -> Written | None:
    """What a power failure at this moment would leave of an order."""
    journal = world.lives.data / JOURNAL
    with world.disk.survivor(journal, world.lives.number) as left:
        return written(left, ref)


def written(journal: Path, ref: str) -> Written | None:
    """What another reader of the journal sees of an order: what is committed."""
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as database:
        row = database.execute(_OF_ORDER, (ref,)).fetchone()
    return Written(*row) if row else None


def config(plan: Plan) -> GatewayConfig:
    """The gateway's configuration on that day."""
    fills = {"soon": None, "late": 45.0, "never": NEVER}[plan.fills]
    return GatewayConfig(
        port=0,
        seed=SEED,
        profile=Profile.TYPICAL,
        clock=begins(plan),
        accounts=(HOLDER,),
        shapes=shapes(plan),
        fill_seconds=fills,
        master_client_id=CLIENT if plan.is_master else None,
    )


def begins(plan: Plan) -> datetime:
    """The start of the day, UTC."""
    return datetime.combine(plan.day, plan.begins, NEW_YORK).astimezone(UTC)


def shapes(plan: Plan) -> dict[str, Shape]:
    """Five rising stocks, two of them most, with the plan's changes to their books."""
    five = [
        a_gainer(4.20, 4.82, prior_close=1.00, on=plan.day),
        a_gainer(20.00, 22.90, prior_close=6.00, on=plan.day),
        a_gainer(9.00, 9.50, prior_close=3.00, on=plan.day),
        a_gainer(5.00, 5.10, prior_close=2.00, on=plan.day),
        a_gainer(3.00, 2.90, prior_close=1.30, on=plan.day),
    ]
    match plan.book:
        case "thin":
            five = [replace(s, ask_size=THIN, refill_seconds=NEVER) for s in five]
        case "trickles":
            five = [replace(s, ask_size=THIN, refill_seconds=90) for s in five]
        case "scarce":
            five = [replace(s, bid_size=THIN, refill_seconds=NEVER) for s in five]
        case "moving":
            five = [replace(s, drift=0.004) for s in five]
        case "drops" | "jumps":
            at = begins(plan) + timedelta(seconds=plan.lasts / 2)
            by = 0.9 if plan.book == "drops" else 1.15
            five = [
                replace(s, jump_at=at, jump_to=round((s.last or 1.0) * by, 2))
                for s in five
            ]
        case "cheap":
            five = [_below_a_dollar(shape) for shape in five]
        case "refused":
            five[0] = replace(five[0], refuse=(201, "Order rejected - reason: no"))
        case _:
            pass
    return dict(zip(STOCKS, five, strict=True))


def _below_a_dollar(shape: Shape) -> Shape:
    """The same stock for a twenty-fifth of its price."""
    prices = {
        name: round(getattr(shape, name) / 25, 4)
        for name in ("open", "last", "prior_open", "prior_close", "spread")
    }
    return replace(shape, **prices)


def _found(world: World, data: Path) -> Settings:
    """What a life that begins finds in the file; the auditor reads it there, too."""
    edited: dict[str, Any] = dict(world.plan.edited if world.lives.number > 1 else ())
    named = {**LIMITS, **dict(world.plan.settings), **edited}
    world.auditor.sends.limits.settings = named
    return settings(world, data, **edited)


def settings(
    world: World, data: Path, *, chat: BotApiServer | None = None, **changes: Any
) -> Settings:
    """The bot's environment; *changes* by setting."""
    chat = chat or world.chat
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ |= words_of(
        {
            "mode": "sandbox",
            "account": ACCOUNT,
            "gateway_port": world.gateway.port,
            "telegram_token": chat.token,
            "telegram_owner_id": OWNER.id,
            "telegram_api_url": chat.url.rstrip("/"),
            "data_dir": data,
            **LIMITS,
            "report_give_up_minutes": 20,
            "scan_rows": world.plan.rows,
            **dict(world.plan.exits),
            **dict(world.plan.settings),
            **changes,
        }
    )
    return load_settings(data / ".env")


# what is heard


def _receive(world: World, event: ChatEvent) -> None:
    """Take each event of the chat as it is shown."""
    body: dict[str, Any] = event.body
    match event.kind:
        case "message" | "edited":
            message = body["message"]
            text = message.get("text") or message.get("caption") or "(a file)"
            who = "bot" if message["from"]["is_bot"] else "owner"
            buttons = message.get("reply_markup", {}).get("inline_keyboard", [])
            labels = [button["text"] for row in buttons for button in row]
            world.tell(
                f"{who} {event.kind} {message['message_id']}: "
                f"{json.dumps(text, ensure_ascii=False)} {labels}"
            )
            world.auditor.received(event)
        case "answer":
            world.tell(f"toast {body['text']!r}")
        case _:
            pass


class _listening:  # noqa: N801  reads as the verb it is
    """Write the root logger's records into the story while the block is open."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._log_reader = LogReader(world.lives, self._record)

    def __enter__(self) -> None:
        root = logging.getLogger()
        self._before, root.handlers = root.handlers, [self._log_reader]
        self._level = root.level
        root.setLevel(logging.WARNING)

    def __exit__(self, *_: object) -> None:
        root = logging.getLogger()
        root.handlers = self._before
        root.setLevel(self._level)

    def _record(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        told = f" {type(error).__name__}: {error}" if error else ""
        self._world.tell(f"log {record.levelname} {record.getMessage()}{told}")
        self._world.auditor.logged(record)
        self._world.watch.logged(record.getMessage())
