"""Two instances on two data folders: whoever can know of the other is told, and halts.

A day of the universe without faults, in which a second bot runs beside the first.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer, serve as serve_chat
from bot.simulated import libraries
from bot.simulated.clock import SimulatedClock
from core.settings.settings import Settings
from tests.memory import MEMORY
from tests.simulation import loop as simulated_loop
from tests.simulation.directed import plan
from tests.simulation.lives import Lives
from tests.simulation.loop import SimulatedLoop
from tests.simulation.network import Network
from tests.simulation.plan import Plan
from tests.simulation.programs import PROGRAMS
from tests.simulation.world import World, begins, opened, settings


pytestmark = pytest.mark.attack(17)

MINUTE = 60.0
OTHER_TOKEN = "7000000002:" + "B" * 35


@dataclass(slots=True, kw_only=True)
class Pair:
    """Both bots, and the phones that their owner reads."""

    world: World
    chat: BotApiServer
    second: Lives

    @property
    def phone(self) -> Phone:
        return self.world.chat.phone

    @property
    def other_phone(self) -> Phone:
        return self.chat.phone

    async def begin(self) -> None:
        """The second comes when the first is connected."""
        self.world.lives.begin()
        await asyncio.sleep(3)
        self.second.begin()

    def orders(self) -> int:
        gateway = self.world.gateway
        return len([*gateway.orders(), *gateway.completed()])


def said(phone: Phone, words: str) -> list[str]:
    return [message.text for message in phone.received if words in message.text]


def a_quiet_day() -> Plan:
    return replace(
        plan(1), day=date(2026, 11, 23), begins=time(9, 40), faults=(), fills="soon"
    )


def lived(play: Callable[[Pair], Awaitable[None]], **of_the_second: object) -> None:
    """Let both live in simulated time while *play* goes on; the second one's settings
    differ from the first's as named. ``own_chat`` gives it a token of its own."""
    simulated_loop.restart_numbers()
    day = a_quiet_day()
    network = Network(Random("network"))
    loop = SimulatedLoop(network, PROGRAMS)
    clock = SimulatedClock(begins(day), loop)
    asyncio.set_event_loop(loop)
    try:
        with (
            TemporaryDirectory(prefix="simulation-", dir=MEMORY) as folder,
            libraries.simulated(now=clock.now, monotonic=loop.time),
        ):
            main = _live(play, day, Path(folder), loop, clock, of_the_second)
            loop.run_until_complete(main)
    finally:
        asyncio.set_event_loop(None)
        loop.close()
        network.close()


async def _live(
    play: Callable[[Pair], Awaitable[None]],
    day: Plan,
    folder: Path,
    loop: SimulatedLoop,
    clock: SimulatedClock,
    changes: dict[str, object],
) -> None:
    own_chat = changes.pop("own_chat", False)
    async with AsyncExitStack() as rooms:
        world = await rooms.enter_async_context(opened(day, folder, loop, clock))
        chat = world.chat
        if own_chat:
            chat = await rooms.enter_async_context(
                serve_chat(clock=clock.true, token=OTHER_TOKEN)
            )

        def settings_of(data: Path) -> Settings:
            return settings(world, data, chat=chat, **changes)

        (folder / "second").mkdir()
        second = Lives(
            loop=loop,
            clock=clock,
            chance=Random("second"),
            folder=folder / "second",
            settings_of=settings_of,
            tell=world.tell,
            ended=world.tell,
            number=100,
        )
        pair = Pair(world=world, chat=chat, second=second)
        await pair.begin()
        try:
            await play(pair)
        finally:
            await pair.second.end()
            await world.lives.end()


async def a_card(phone: Phone) -> None:
    """Ask for a card, and say Yes to whatever can be bought."""
    sent = await phone.send("/scan")
    await asyncio.sleep(MINUTE / 2)
    later = [m for m in phone.received if m.message_id > sent.message_id]
    for message in later:
        if any(label.startswith("Yes") for label in message.labels):
            await phone.tap(message, "Yes, buy both")
            await asyncio.sleep(MINUTE / 2)


def test_two_with_one_token_are_told_and_halt_even_while_the_owner_writes() -> None:
    async def play(pair: Pair) -> None:
        for _ in range(18):
            await asyncio.sleep(10)
            await pair.phone.send("/positions")
        assert len(said(pair.phone, "Trading is halted since")) == 2
        await a_card(pair.phone)

        assert pair.orders() == 0

    lived(play, gateway_client_id=18)


def test_the_second_under_one_client_id_is_told_and_halts() -> None:
    async def play(pair: Pair) -> None:
        await asyncio.sleep(3 * MINUTE)
        told = said(pair.other_phone, "under my client id 17")
        await a_card(pair.other_phone)
        before = pair.orders()
        await a_card(pair.phone)

        assert any("alted" in text for text in told)
        assert said(pair.phone, "in use") == []
        assert (before, pair.orders()) == (0, 2)

    lived(play, own_chat=True)


def test_under_two_client_ids_the_first_order_of_one_halts_the_other() -> None:
    async def play(pair: Pair) -> None:
        await asyncio.sleep(MINUTE)
        await a_card(pair.phone)
        bought = pair.orders()
        pair.world.gateway.flap(1100)
        pair.world.gateway.flap(1102)
        await asyncio.sleep(2 * MINUTE)
        await a_card(pair.other_phone)

        assert said(pair.other_phone, "another Openbell")
        assert (bought, pair.orders()) == (2, 2)

    lived(play, own_chat=True, gateway_client_id=18)
