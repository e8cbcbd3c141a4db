"""The whole product between its two sandboxes, for one journey."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from bot.demo import bot_process, sandbox_settings
from bot.sandbox.api_types import Message
from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer, serve as serve_chat
from core.calendar import ExchangeCalendar
from core.rules.new_york import NEW_YORK
from core.sandbox.clock import GatewayClock
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.market.shapes import Shape
from core.sandbox.market.universe import universe
from core.sandbox.server import GatewayServer, serve as serve_gateway
from core.sandbox.trading.tickets import Side
from tests.harness.market import SEED
from tests.harness.waiting import SOON
from tests.simulation.in_loop import BotInLoop, BotsInLoop
from tests.simulation.loop import SimulatedLoop


CALENDAR: Final = "calendar.json"
MONDAY: Final = date(2026, 11, 23)
"""A day with a session; the one before it was Friday the 20th."""

STOCKS: Final = tuple(
    stock.symbol for stock in universe(SEED).stocks if stock.market_cap_millions < 60
)[:5]
"""Five stocks so small that no price of a journey takes them out of the scan."""

POLL_INTERVAL: Final = 0.2
"""Seconds between two questions whether the bot is ready."""

QUOTES_APART: Final = 1.0
"""Seconds in which a changed quote has certainly been sent and read."""

PATIENT_ON_A_BUSY_MACHINE: Final = {
    "OPENBELL_SCAN_SECONDS": "20",
    "OPENBELL_QUOTE_SECONDS": "20",
    "OPENBELL_BAR_SECONDS": "20",
}
"""Every reply of an instant gateway counts, however late this machine reads it."""

WARM: Final = 25.0
"""Seconds that a bot may take to come up, of simulated time."""


def _warm() -> float:
    """The longest wait in seconds: WARM, or longer where time is real, for a busy
    machine.
    """
    simulated = isinstance(asyncio.get_running_loop(), SimulatedLoop)
    return WARM if simulated else SOON


def at(hour: int, minute: int, second: int = 0, *, day: date = MONDAY) -> datetime:
    """A moment of *day* in New York."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=NEW_YORK)


def a_gainer(
    open_: float, last: float, *, prior_close: float, on: date = MONDAY
) -> Shape:
    """A stock that the scanner ranks by its rise over *prior_close*, dollars; the
    prices of the card's changes are exact to the cent.
    """
    return Shape(
        on=on,
        open=open_,
        last=last,
        prior_open=prior_close,
        prior_close=prior_close,
        volume=3_000_000,
        spread=0.02,
        ask_size=5_000,
        bid_size=5_000,
        refill_seconds=1,
    )


def five(*shapes: Shape) -> dict[str, Shape]:
    """The five best stocks of the scan, in that order."""
    return dict(zip(STOCKS, shapes, strict=True))


A_GOOD_MORNING: Final = five(
    a_gainer(4.20, 4.82, prior_close=1.00),  # most %: +14.8%
    a_gainer(20.00, 22.90, prior_close=6.00),  # most $: +2.90
    a_gainer(9.00, 9.50, prior_close=3.00),
    a_gainer(5.00, 5.10, prior_close=2.00),
    a_gainer(3.00, 2.90, prior_close=1.30),
)
"""The first leads in %, the second in $."""

MOST_PERCENT, MOST_DOLLARS = STOCKS[0], STOCKS[1]


Bot = asyncio.subprocess.Process | BotInLoop
"""A process, or a bot on the test's own loop where that is in simulated time."""


@dataclass(slots=True)
class ProductHarness:
    """Both sandboxes, and the bot between them while it runs."""

    gateway: GatewayServer
    chat: BotApiServer
    settings: dict[str, str]
    process: Callable[[Mapping[str, str]], AbstractAsyncContextManager[Bot]]
    bot: Bot | None = None
    _life: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def phone(self) -> Phone:
        return self.chat.phone

    async def start(self) -> None:
        """Start the unchanged bot; return when it says that it is ready to trade."""
        self._life = AsyncExitStack()
        self.bot = await self._life.enter_async_context(self.process(self.settings))

    async def stop(self) -> None:
        """End it as Ctrl-C does."""
        await self._life.aclose()

    async def kill(self) -> None:
        """End it as a power failure does."""
        assert self.bot
        self.bot.kill()
        await self.bot.wait()

    async def ready(self) -> None:
        """Wait until /status says that orders can be sent."""
        while not await self._says_ready():  # noqa: ASYNC110  it can only be asked
            await asyncio.sleep(POLL_INTERVAL)

    async def _says_ready(self) -> bool:
        return "Ready to" in (await self.asked("/status")).text

    async def asked(self, command: str) -> Message:
        """Send *command* and return the bot's next message."""
        sent = await self.phone.send(command)
        return await self.phone.reads("", after=sent, within=_warm())

    async def card(self, *, button: str = "Yes") -> Message:
        """Send /scan and wait for a card with that button."""
        sent = await self.phone.send("/scan")
        return await self.phone.wait_for(
            lambda phone: next(
                (
                    m
                    for m in phone.received
                    if m.message_id > sent.message_id and has(m, button)
                ),
                None,
            ),
            within=_warm(),
        )

    async def becomes(
        self,
        card: Message,
        looks_right: Callable[[Message], bool],
        *,
        within: float | None = None,
    ) -> Message:
        """Wait until *looks_right* is true for the card's present message, and return
        that.
        """

        def look(phone: Phone) -> Message | None:
            current = phone.now(card)
            return current if looks_right(current) else None

        return await self.phone.wait_for(look, within=within or _warm())

    async def prices_have_come(self) -> None:
        """Wait until the gateway's next quotes, 250 ms apart, have reached the bot."""
        await asyncio.sleep(QUOTES_APART)

    def placed(self, *, side: Side = Side.BUY) -> list[tuple[str, int]]:
        """Every order of that side that the gateway has ever seen: its symbol and
        shares."""
        orders = [*self.gateway.orders(), *self.gateway.completed()]
        stocks = universe(SEED).by_con_id
        return sorted(
            (stocks[order.ticket.con_id].symbol, int(order.ticket.quantity))
            for order in {order.key: order for order in orders}.values()
            if order.ticket.side is side
        )


def has(message: Message, words: str) -> bool:
    """Whether a button of *message* has the label *words*."""
    return any(words in label for row in message.buttons for label in row)


_calendars: dict[date, str] = {}


async def _calendar_in(folder: Path, clock: datetime) -> None:
    """Put that day's exchange calendar there, as yesterday's run would have left it:
    the calendar library takes seconds to load, and no journey is about it.
    """
    day = clock.astimezone(UTC).date()
    if day not in _calendars:
        async with ExchangeCalendar.opened(folder, GatewayClock(clock)) as calendar:
            await calendar.ready()
        _calendars[day] = (folder / CALENDAR).read_text(encoding="utf-8")
    (folder / CALENDAR).write_text(_calendars[day], encoding="utf-8")


@asynccontextmanager
async def opened(
    folder: Path,
    *,
    clock: datetime,
    shapes: Mapping[str, Shape] = A_GOOD_MORNING,
    config: GatewayConfig | None = None,
    **settings: str,
) -> AsyncIterator[ProductHarness]:
    """Both sandboxes at *clock*, and the settings of a bot between them; not started.

    Answers come at once; the morning report is off unless *settings* say otherwise.
    """
    config = replace(
        config or GatewayConfig(),
        port=0,
        seed=SEED,
        profile=Profile.INSTANT,
        reject_over_rate=True,  # the stricter of the two settings: the bot keeps the rate
        clock=clock,
        shapes=dict(shapes),
    )
    await _calendar_in(folder, clock)
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(serve_gateway(config))
        chat = await stack.enter_async_context(serve_chat(clock=gateway.clock.now))
        words = sandbox_settings(gateway, chat, data=folder)
        words |= PATIENT_ON_A_BUSY_MACHINE
        words["OPENBELL_REPORT"] = "false"
        words |= {f"OPENBELL_{k.upper()}": v for k, v in settings.items()}
        loop = asyncio.get_running_loop()
        harness = ProductHarness(
            gateway=gateway,
            chat=chat,
            settings=words,
            process=BotsInLoop(loop)
            if isinstance(loop, SimulatedLoop)
            else bot_process,
        )
        try:
            yield harness
        finally:
            await harness.stop()
