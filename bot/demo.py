"""The whole product on this machine, without any account: `python -m bot demo`.

It starts the simulated IB Gateway, the local Bot API server with its chat page, and
the unchanged bot as a child process that knows them only by their addresses.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.exits import BROKE, OK, WRONG
from bot.sandbox.panel import MarketPanel, Panel, ProcessPanel, Try
from bot.sandbox.server import OWNER, BotApiServer, serve as serve_chat
from core.clock import SystemClock
from core.loopback import own_address
from core.rules.new_york import NEW_YORK
from core.sandbox.clock import parse_clock
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.server import GatewayServer, serve as serve_gateway
from core.sandbox.trading.holdings import AccountSpec


ACCOUNT: Final = "DU1234567"
"""The simulated account; it exists nowhere else."""

HOLDER: Final = AccountSpec(
    account=ACCOUNT,
    cash=90_500,
    positions=(("KO", 100, 80.10), ("LLNX", 200, 5.40)),
)
"""Its holdings when the demo begins, so that the first report has something to show."""

_ROOT: Final = Path(__file__).parents[1]
"""Where the packages are, installed or not."""

PORTS: Final = (8480, 8481, 8482, 0)
"""Ports of the chat page if none is given: the first that is free; 0 means any."""

JOURNAL: Final = "openbell.sqlite3"
"""The bot's journal in its data directory."""

_STARTING: Final = (
    "The bot starts in some seconds: its past sessions are being made up. What you send "
    "now waits for it."
)

_STOP_SECONDS: Final = 8
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


HIGHEST_PORT: Final = 65_535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of `openbell demo`."""
    parser.add_argument(
        "--port",
        type=_port,
        help="port of the chat page; 0: any free port (default: 8480, or the next free)",
    )
    parser.add_argument(
        "--seed", type=int, default=7, help="seed of the simulated market"
    )
    parser.add_argument(
        "--profile",
        choices=[str(profile) for profile in Profile],
        default=str(Profile.TYPICAL),
        help="how slowly IB answers",
    )
    parser.add_argument(
        "--clock",
        type=_moment,
        default="2026-11-23T09:34:40-05:00",
        help="when the simulated day begins (ISO, with zone), or 'real'",
    )
    parser.add_argument(
        "--day", help="play this day from 09:25 in simulated time: 2026-11-27"
    )
    parser.add_argument(
        "--speed", help="how many times faster than real time: 60 is a day in 7 minutes"
    )
    parser.add_argument(
        "--scenario", help="what goes wrong, by name; an unknown name lists them all"
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="start without the sixty made-up sessions that /score and /pnl report on",
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= HIGHEST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: 0 to {HIGHEST_PORT}")


def _moment(text: str) -> datetime | None:
    try:
        return parse_clock(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


async def demo(arguments: argparse.Namespace) -> int:
    """Run until Ctrl-C, or until the bot ends by itself. Returns the exit code."""
    stop = asyncio.Event()
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="openbell-")))
        gateway = await stack.enter_async_context(
            serve_gateway(
                GatewayConfig(
                    port=0,
                    seed=arguments.seed,
                    profile=Profile(arguments.profile),
                    clock=arguments.clock,
                    accounts=(HOLDER,),
                )
            )
        )
        chat = await chat_or_sentence(stack, gateway, port=arguments.port)
        if chat is None:
            return WRONG
        settings = sandbox_settings(gateway, chat, data=folder)
        starting = "" if arguments.fresh else _STARTING
        chat.page.show_panel(first_panel(gateway, starting=starting))
        print(welcome(chat), flush=True)
        if not arguments.fresh:
            journal = folder / JOURNAL
            past = await stack.enter_async_context(
                _past(journal, seed=arguments.seed, until=gateway.clock.now())
            )
            if not await _ends(past, stop):
                return OK
            if past.returncode:
                print("No past could be made up; the demo goes on without one.")
        bot = await stack.enter_async_context(bot_process(settings))
        return await _until_the_end(bot, stop)


async def chat_or_sentence(
    stack: AsyncExitStack, gateway: GatewayServer, *, port: int | None
) -> BotApiServer | None:
    """The chat and its page, open until *stack* ends; None if *port*, or every usual
    one, is taken, which is printed."""
    ports = PORTS if port is None else (port,)
    try:
        return await _open_chat(stack, gateway, ports)
    except OSError as error:
        _say_no_page(ports[-1], error)
        return None


async def _open_chat(
    stack: AsyncExitStack, gateway: GatewayServer, ports: Sequence[int]
) -> BotApiServer:
    """The chat and its page on the first free one of *ports*, open until *stack* ends.

    Raises:
        OSError: the last of them cannot be had either.
    """
    *first, last = ports
    for port in first:
        with suppress(OSError):
            return await stack.enter_async_context(_serve(gateway, port))
    return await stack.enter_async_context(_serve(gateway, last))


def _serve(
    gateway: GatewayServer, port: int
) -> AbstractAsyncContextManager[BotApiServer]:
    return serve_chat(clock=gateway.clock.now, port=port)


def sandbox_settings(
    gateway: GatewayServer, chat: BotApiServer, *, data: Path
) -> dict[str, str]:
    """The bot's settings for these two sandboxes: what `.env` would say."""
    ahead = gateway.clock.now() - SystemClock().now()
    return addresses(gateway, chat, data=data) | {
        "OPENBELL_CLOCK_AHEAD_SECONDS": str(ahead.total_seconds())
    }


def addresses(
    gateway: GatewayServer, chat: BotApiServer, *, data: Path
) -> dict[str, str]:
    """The settings of ``sandbox_settings`` but those about time."""
    return {
        "OPENBELL_MODE": "sandbox",
        "OPENBELL_ACCOUNT": ACCOUNT,
        "OPENBELL_GATEWAY_HOST": own_address(),
        "OPENBELL_GATEWAY_PORT": str(gateway.port),
        "OPENBELL_TELEGRAM_TOKEN": chat.token,
        "OPENBELL_TELEGRAM_OWNER_ID": str(OWNER.id),
        "OPENBELL_TELEGRAM_API_URL": chat.url.rstrip("/"),
        "OPENBELL_DATA_DIR": str(data),
    }


def _past(
    journal: Path, *, seed: int, until: datetime
) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """The process that writes the days before *until* into *journal*. It takes some
    seconds, while the page is already there."""
    words = (str(journal), str(seed), until.isoformat())
    return _child("bot.past", *words, env=_environment(), folder=journal.parent)


def bot_process(
    settings: Mapping[str, str],
) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """`python -m bot run` with *settings*; it is terminated when the block is left.

    It is started in its data directory, so that no `.env` of the owner's is read.
    """
    folder = Path(settings["OPENBELL_DATA_DIR"])
    return _child("bot", "run", env=_environment() | dict(settings), folder=folder)


def _environment() -> dict[str, str]:
    """Our environment without OPENBELL settings, and with our packages on the path."""
    others = {k: v for k, v in os.environ.items() if not k.startswith("OPENBELL_")}
    places = [str(_ROOT), *filter(None, [others.get("PYTHONPATH")])]
    return others | {"PYTHONPATH": os.pathsep.join(places)}


@asynccontextmanager
async def _child(
    module: str, *words: str, env: Mapping[str, str], folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m` *module*, started in *folder*."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *words), env=env, cwd=folder
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(_STOP_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


async def _ends(process: asyncio.subprocess.Process, stop: asyncio.Event) -> bool:
    """Wait for *process* to end, or for *stop*. Returns whether the process ended."""
    async with asyncio.TaskGroup() as waits:
        ended = waits.create_task(process.wait(), name="a child ends")
        stopped = waits.create_task(stop.wait(), name="Ctrl-C")
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        stopped.cancel()
    return not stop.is_set()


async def _until_the_end(bot: asyncio.subprocess.Process, stop: asyncio.Event) -> int:
    """The exit code: 0 after Ctrl-C, else if the bot ended by itself, which is
    printed."""
    if not await _ends(bot, stop):  # Ctrl-C reaches the bot as well
        return OK
    print(
        f"The bot has ended by itself (exit code {bot.returncode}); so does the demo.",
        file=sys.stderr,
    )
    return BROKE


def _say_no_page(port: int, error: OSError) -> None:
    why = os.strerror(error.errno) if error.errno else str(error)
    print(
        f"The chat page cannot have port {port}: {why}. "
        "Choose another with --port; 0 takes any free one.",
        file=sys.stderr,
    )


def first_panel(
    gateway: GatewayServer,
    *,
    bot: str = "python -m bot run, unchanged",
    starting: str = "",
) -> Panel:
    """The panel beside the chat; *bot* says how the bot runs, *starting* what is shown
    until it does."""
    hours = gateway.gateway.exchange.hours
    today = gateway.clock.now().astimezone(NEW_YORK).date()
    panel = Panel(
        title="Sandbox",
        note="Simulated market, account and chat. No money, nobody's data.",
        running=[
            ProcessPanel(
                name="IB Gateway",
                detail=f"simulated, TWS protocol, port {gateway.port}",
                state="up",
            ),
            ProcessPanel(name="Bot", detail=bot, state="waiting"),
        ],
        tries=[
            Try(send="/scan", text="a card in about two seconds; then tap Yes"),
            Try(send="/report", text="the morning report; it also comes by itself"),
            Try(send="/score", text="are the picks any good? (60 days, made up)"),
        ],
    )
    if starting:
        panel["starting"] = starting
    if session := hours.session(today):
        panel["market"] = MarketPanel(
            opens=session.open.timestamp(), closes=session.close.timestamp()
        )
    return panel


def welcome(chat: BotApiServer) -> str:
    return (
        f"\n  Openbell's demo is running: {chat.url}\n\n"
        "  Open that page and send /scan. Nothing here is real: the market, the\n"
        "  account and the chat live on this machine. Ctrl-C ends all of it.\n"
    )
