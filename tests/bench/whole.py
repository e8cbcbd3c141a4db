"""The whole product as its owner has it: `python -m bot` between both sandboxes."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.sandbox.api_types import Message
from bot.sandbox.phone import Phone
from bot.sandbox.server import OWNER, serve as serve_chat
from core.clock import SystemClock
from tests.bench.site import ORDER, Entry, Site
from tests.monday import ACCOUNT


CLIENT: Final = 17
TIMEOUT: Final = 30.0
TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Bot:
    """The running process, and the phone it talks to."""

    phone: Phone
    site: Site
    process: asyncio.subprocess.Process
    seconds_to_ready: float

    async def card(self) -> tuple[Message, float, float]:
        """Ask for a scan: its card, and the seconds to "scanning" and to the card."""
        began = time.monotonic()
        sent = await self.phone.send("/scan")
        await self.phone.reads("", after=sent, within=TIMEOUT)
        received = time.monotonic() - began

        def offer(phone: Phone) -> Message | None:
            new = (m for m in phone.received if m.message_id > sent.message_id)
            return next((m for m in new if any("Yes" in b for b in labels(m))), None)

        card = await self.phone.wait_for(offer, within=TIMEOUT)
        return card, received, time.monotonic() - began

    async def order_after_yes(self, card: Message) -> float:
        """Tap Yes: seconds until the gateway has taken up the first order."""
        known = len(self._orders())
        yes = next(label for label in labels(card) if "Yes" in label)
        began = time.monotonic()
        self.phone.press(card, yes)
        filled = await self.phone.wait_for(
            lambda phone: "filled" in phone.now(card).text, within=TIMEOUT
        )
        assert filled
        return self._orders()[known].at - began

    async def chart(self, symbol: str) -> float:
        """Ask for a stock's chart: seconds until its picture is in the chat."""
        began = time.monotonic()
        sent = await self.phone.send(f"/chart {symbol}")

        def picture(phone: Phone) -> Message | None:
            new = (m for m in phone.received if m.message_id > sent.message_id)
            return next((m for m in new if m.content.file is not None), None)

        await self.phone.wait_for(picture, within=TIMEOUT)
        return time.monotonic() - began

    def _orders(self) -> list[Entry]:
        return [e for e in self.site.entries(CLIENT) if e.message == ORDER]

    async def says_ready(self) -> None:
        """Return when /status says that orders could leave."""
        while True:
            sent = await self.phone.send("/status")
            answer = await self.phone.reads("", after=sent, within=TIMEOUT)
            if "Ready to trade" in answer.text:
                return
            await asyncio.sleep(0.2)

    def cpu(self) -> float:
        """CPU seconds that the process has used, its children's not counted."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / TICKS

    def memory(self) -> float:
        """Resident megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        [line] = [one for one in status.splitlines() if one.startswith("VmRSS:")]
        return int(line.split()[1]) / 1024


def labels(message: Message) -> list[str]:
    """What its buttons say."""
    return [label for row in message.buttons for label in row]


@asynccontextmanager
async def running(
    site: Site, *, past: Callable[[Path], None] | None = None, **settings: str
) -> AsyncIterator[Bot]:
    """The bot, ready to trade, for as long as the block lasts; *past* writes what is in
    its data folder before."""
    with TemporaryDirectory(prefix="openbell-bench-") as folder:
        if past is not None:
            past(Path(folder))
        async with serve_chat(clock=site.now) as chat:
            ahead = site.now() - SystemClock().now()
            words = {
                "MODE": "sandbox",
                "ACCOUNT": ACCOUNT,
                "GATEWAY_PORT": str(site.port),
                "GATEWAY_CLIENT_ID": str(CLIENT),
                "TELEGRAM_TOKEN": chat.token,
                "TELEGRAM_OWNER_ID": str(OWNER.id),
                "TELEGRAM_API_URL": chat.url.rstrip("/"),
                "DATA_DIR": folder,
                "CLOCK_AHEAD_SECONDS": str(ahead.total_seconds()),
                "REPORT": "false",
                "MAX_DAY_DOLLARS": "10000000",
                "BUY_HELD": "true",
                "SHARES": "1",
                "PRICE_BAND_PERCENT": "100",
            } | settings
            async with _process(words) as (process, seconds):
                bot = Bot(chat.phone, site, process, seconds)
                await bot.says_ready()
                yield bot


@asynccontextmanager
async def _process(
    settings: Mapping[str, str],
) -> AsyncIterator[tuple[asyncio.subprocess.Process, float]]:
    """The process, and how many seconds it took to say "ready" in its log."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {f"OPENBELL_{k}": v for k, v in settings.items()},
    )
    assert process.stderr
    try:
        ready = await _said_ready(process.stderr) - began
        async with asyncio.TaskGroup() as tasks:
            draining = tasks.create_task(_drain(process.stderr), name="the bot's log")
            yield process, ready
            draining.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _said_ready(log: asyncio.StreamReader) -> float:
    """When it said so. Raises RuntimeError with its log when it ended instead."""
    said: list[str] = []
    async for line in log:
        said.append(line.decode())
        if " ready " in said[-1]:
            return time.monotonic()
    raise RuntimeError("".join(said))


async def _drain(log: asyncio.StreamReader) -> None:
    async for _ in log:
        pass


async def help_seconds() -> float:
    """How long `python -m bot --help` takes."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "--help"), stdout=asyncio.subprocess.DEVNULL
    )
    await process.wait()
    return time.monotonic() - began
