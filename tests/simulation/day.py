"""Plays one seed's day from its morning to its calm end, and checks it."""

import asyncio
import gc
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from bot.simulated import libraries
from bot.simulated.clock import SimulatedClock
from core.sandbox.market.hours import Hours
from tests.memory import MEMORY
from tests.simulation import loop as simulated_loop
from tests.simulation.loop import SimulatedLoop
from tests.simulation.network import Network
from tests.simulation.owner import Owner
from tests.simulation.plan import STEADY, Plan
from tests.simulation.programs import PROGRAMS
from tests.simulation.trouble import Troublemaker
from tests.simulation.world import World, begins, opened


LONGEST: Final = 4_000_000
"""Turns of the loop after which a day is given up: something spins."""

ANSWERS_WITHIN: Final = 60.0
"""Seconds in which the bot answers when all is calm."""

_YOUNG: Final = 20_000
"""Objects made and not freed, after which Python looks for garbage among them."""

_OF_THE_MACHINE: Final = re.compile(
    r"(/\S*/simulation-)\w+|(memory +)[\d.]+ MB|(journal +[\d.]+ \w+, )[\d.]+ [GMT]B free"
)
"""What /health says of the machine that plays the day, and not of the day."""


def _without_the_machine(line: str) -> str:
    return _OF_THE_MACHINE.sub(
        lambda found: f"{found[1] or found[2] or found[3]}…", line
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of one day."""

    plan: Plan
    violations: tuple[str, ...]
    counts: Counter[str]
    story: tuple[str, ...]
    seconds: float
    """Of the processor."""

    @property
    def digest(self) -> str:
        """A digest, equal for two days that were the same byte for byte."""
        return sha256("\n".join(self.story).encode()).hexdigest()


def played(plan: Plan) -> Outcome:
    """Play *plan*."""
    began = time.process_time()
    simulated_loop.restart_numbers()
    network = Network(Random(f"network {plan.seed}"))
    loop = SimulatedLoop(network, PROGRAMS)
    clock = SimulatedClock(begins(plan), loop)
    asyncio.set_event_loop(loop)
    before = _descriptors()
    try:
        with (
            _collected_seldom(),
            TemporaryDirectory(prefix="simulation-", dir=MEMORY) as folder,
            libraries.simulated(now=clock.now, monotonic=loop.time),
        ):
            world = loop.run_until_complete(_play(plan, Path(folder), loop, clock))
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    left = _descriptors() - before - 2  # the network's own pipe
    network.close()
    if left > 0:
        world.auditor.wrong(f"{left} descriptors were left open")
    return Outcome(
        plan=plan,
        violations=tuple(world.auditor.violations),
        counts=world.auditor.counts,
        story=tuple(map(_without_the_machine, world.story)),
        seconds=time.process_time() - began,
    )


@contextmanager
def _collected_seldom() -> Iterator[None]:
    """Run the garbage collector a hundred times a day instead of thousands of times,
    without the objects made before.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_YOUNG, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def _play(
    plan: Plan, folder: Path, loop: SimulatedLoop, clock: SimulatedClock
) -> World:
    async with opened(plan, folder, loop, clock) as world:
        loop.set_exception_handler(lambda _, context: _unhandled(world, context))
        owner, trouble = Owner(world), Troublemaker(world)
        world.lives.begin()
        acting = loop.create_task(owner.live())
        with suppress(TimeoutError):
            async with asyncio.timeout(plan.lasts):
                await trouble.play()
                await asyncio.sleep(plan.lasts)
        acting.cancel()
        world.tell("calm: nothing goes wrong from now on")
        trouble.end()
        await asyncio.sleep(STEADY)
        await _still_answers(world, owner)
        tasks = await world.lives.end()
        world.auditor.close(tasks=tasks, report_due=_report_due(world))
        _count(world)
        return world


def _unhandled(world: World, context: dict[str, Any]) -> None:
    error = context.get("exception")
    world.tell(f"loop: {context.get('message')} {error!r}")
    if simulated_loop.LIFE.get() not in world.loop.network.dead:
        world.auditor.wrong(
            f"unhandled: {context.get('message')} {type(error).__name__}"
        )


async def _still_answers(world: World, owner: Owner) -> None:
    """Check that the bot still answers a command."""
    sent = await world.chat.phone.send("/status")
    await asyncio.sleep(ANSWERS_WITHIN)
    later = [m for m in world.chat.phone.received if m.message_id > sent.message_id]
    if not later:
        world.auditor.wrong("no answer in the end: the bot is mute")


def _report_due(world: World) -> bool:
    """Whether the day had a session, and the bot enough time to report on it."""
    day = world.plan.day
    session = Hours().session(day)
    if session is None:
        return False
    begun, now = begins(world.plan), world.clock.true()
    due = session.open + timedelta(minutes=5)
    return begun < due and now > due + timedelta(minutes=8)


def _count(world: World) -> None:
    counts = world.auditor.counts
    counts["days"] += 1
    counts["lives"] += world.lives.number
    counts["turns"] += world.loop.steps
    counts["simulated seconds"] += int(world.loop.time() + world.clock.asleep)
    for point, number in world.lives.reached.items():
        counts[f"point {point}"] += number


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
