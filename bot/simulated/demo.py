"""`python -m bot demo --day 2026-11-27 --speed 60`: a whole day in simulated time.

Both sandboxes and the unchanged bot (``bot.app.live``) run on one loop whose time is
faster than real time, over real sockets. A jump to the next open is a sleep of the
computer: the bot wakes up and compares, as on a laptop."""

import argparse
import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast

from bot.demo import HOLDER, addresses, chat_or_sentence, welcome
from bot.exits import BROKE, OK, WRONG, singly
from bot.lean_imports import import_leanly
from bot.machine import Machine
from bot.redact import redacted, set_up_logging
from bot.simulated import libraries
from bot.simulated.choice import DayChoice, chosen
from bot.simulated.clock import SimulatedClock
from bot.simulated.environment import settings_of
from bot.simulated.loop import PacedLoop
from bot.simulated.stage import Stage
from core.chance import RandomBytes, system_random_bytes
from core.model.errors import OpenbellError
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.server import serve as serve_gateway


_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def run(arguments: argparse.Namespace) -> int:
    """Play what the flags ask for until Ctrl-C. Returns the process's exit code."""
    try:
        choice = chosen(
            day=arguments.day, speed=arguments.speed, scenario=arguments.scenario
        )
    except ValueError as wrong:
        print(f"demo: {wrong}.", file=sys.stderr)
        return WRONG
    import_leanly()
    with asyncio.Runner(loop_factory=lambda: PacedLoop(choice.speed)) as runner:
        return runner.run(_demo(choice, arguments))


async def _demo(choice: DayChoice, arguments: argparse.Namespace) -> int:
    stop = asyncio.Event()
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        stage = await opened(
            stack,
            choice,
            port=arguments.port,
            seed=arguments.seed,
            profile=Profile(arguments.profile),
        )
        if stage is None:
            return WRONG
        print(welcome(stage.chat) + _what_is_played(choice), flush=True)
        return await _until_the_end(stage, stop)


async def opened(
    stack: AsyncExitStack,
    choice: DayChoice,
    *,
    port: int | None,
    seed: int,
    profile: Profile,
) -> Stage | None:
    """Both sandboxes and the page, open until *stack* is closed; None when the port is
    taken, which is said."""
    loop = cast("PacedLoop", asyncio.get_running_loop())
    clock = SimulatedClock(choice.begins, loop)
    stack.enter_context(libraries.simulated(now=clock.now, monotonic=loop.time))
    config = GatewayConfig(
        port=0,
        seed=seed,
        profile=profile,
        clock=choice.begins,
        accounts=(HOLDER,),
        scenario=choice.story.gateway,
    )
    gateway = await stack.enter_async_context(serve_gateway(config))
    chat = await chat_or_sentence(stack, gateway, port=port)
    if chat is None:
        return None
    stage = Stage(
        choice=choice,
        loop=loop,
        clock=clock,
        gateway=gateway,
        chat=chat,
        speed=choice.speed,
    )
    chat.page.set_control(stage)
    stage.show()
    return stage


async def bot_on(
    stage: Stage, data: Path, chance: RandomBytes = system_random_bytes
) -> None:
    """The unchanged bot, its files in *data*, until cancelled.

    Raises:
        SettingsWrong: a setting in the environment is not valid.
    """
    from bot.app import live  # noqa: PLC0415  once the events are imported
    from bot.keep_running import keep_running  # noqa: PLC0415  see above

    settings = settings_of(addresses(stage.gateway, stage.chat, data=data))
    secrets = [settings.token()]
    set_up_logging(settings.log_level, secrets=secrets, now=stage.clock.now)
    machine = Machine(
        clock=stage.clock, random_bytes=chance, watched=stage.pauses.watched
    )
    alive = partial(live, machine=machine)
    await keep_running(settings, alive, now=stage.clock.now)


async def _until_the_end(stage: Stage, stop: asyncio.Event) -> int:
    """The exit code: 0 after Ctrl-C, else if the bot ended by itself, which is
    printed."""
    problems: list[Exception] = []
    with TemporaryDirectory(prefix="openbell-") as folder:
        try:
            async with asyncio.TaskGroup() as tasks:
                parts = (bot_on(stage, Path(folder)), stage.play())
                running = [tasks.create_task(part) for part in parts]
                await stop.wait()
                for each in running:
                    each.cancel()
        except* (OpenbellError, OSError) as group:
            problems.extend(singly(group))
    for problem in problems:
        print(f"The bot has ended by itself: {redacted(str(problem))}", file=sys.stderr)
    return BROKE if problems else OK


def _what_is_played(choice: DayChoice) -> str:
    return (
        f"\n  {choice.day:%A, %d %B %Y}, {choice.speed:g} times as fast as the wall.\n"
        f"  {choice.story.name}: {choice.story.text}\n"
    )
