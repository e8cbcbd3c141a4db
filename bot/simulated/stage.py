"""One simulated day while it is played: both sandboxes, the clock, and the panel that
says what is going on."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from bot.demo import first_panel
from bot.sandbox import panel
from bot.sandbox.server import BotApiServer
from bot.simulated.choice import MOST, DayChoice
from bot.simulated.clock import SimulatedClock
from bot.simulated.loop import PacedLoop
from bot.simulated.pauses import Pauses
from bot.simulated.stories import Act
from core.rules.new_york import NEW_YORK
from core.sandbox.market.hours import Hours, TradingSession
from core.sandbox.server import GatewayServer


BEFORE_OPEN: Final = timedelta(seconds=30)
"""So long before the next open a jump ends: the bot has to find its way back."""

_STARTING: Final = "The bot starts in some seconds. What you send now waits for it."

_UNCHANGED: Final = "unchanged, in simulated time"
SPEEDS: Final = (1.0, 10.0, 60.0, 300.0)


@dataclass(slots=True, kw_only=True)
class Stage:
    """Everything in the demo except the bot."""

    choice: DayChoice
    loop: PacedLoop
    clock: SimulatedClock
    gateway: GatewayServer
    chat: BotApiServer
    speed: float
    _done: set[Act] = field(default_factory=set)
    _jumped: asyncio.Event = field(default_factory=asyncio.Event)
    pauses: Pauses = field(default_factory=Pauses)

    # what is played

    async def play(self) -> None:
        """Perform every act at its time; never ends."""
        while True:
            self.show()
            await self._until(min([self._bell(), *map(self._moment, self._ahead())]))
            for act in self._ahead():
                if self._moment(act) <= self.clock.true():
                    self._done.add(act)
                    act.do(self)

    def _ahead(self) -> list[Act]:
        return [act for act in self.choice.story.acts if act not in self._done]

    def _moment(self, act: Act) -> datetime:
        return datetime.combine(self.choice.day, act.at, NEW_YORK)

    async def _until(self, moment: datetime) -> None:
        """Return then, or at once after a jump."""
        self._jumped.clear()
        left = (moment - self.clock.true()).total_seconds()
        try:
            async with asyncio.timeout(max(0.0, left)):
                await self._jumped.wait()
        except TimeoutError:
            return

    # what the owner steers

    def jump(self) -> None:
        """The computer sleeps until shortly before the next open."""
        wake = Hours().next_open(self.clock.true()) - BEFORE_OPEN
        self.suspend((wake - self.clock.true()).total_seconds())

    def pace(self, speed: float) -> None:
        """Run at that speed from now on.

        Raises:
            ValueError: the speed is not possible.
        """
        if not 0 < speed <= MOST:
            raise ValueError(speed)
        self.speed = speed
        self.loop.pace(speed)
        self.show()
        self.chat.page.beat()

    def suspend(self, seconds: float) -> None:
        """The computer sleeps; all clocks but the loop's go on."""
        if seconds <= 0:
            return
        self.clock.asleep += seconds
        self.gateway.set_clock(self.clock.true())
        self.pauses.tell(seconds)
        self._jumped.set()
        self.show()
        self.chat.page.beat()

    # what the panel says

    def show(self) -> None:
        """Put the panel beside the chat as things are now."""
        session = self._session()
        self.chat.page.show_panel(
            first_panel(
                self.gateway,
                bot=_UNCHANGED,
                starting="" if self.chat.page.was_polled else _STARTING,
            )
            | panel.Panel(
                market=panel.MarketPanel(
                    opens=session.open.timestamp(), closes=session.close.timestamp()
                ),
                pace=panel.Speed(
                    speed=self.speed,
                    choices=sorted({*SPEEDS, self.speed}),
                    next_open=Hours().next_open(self.clock.true()).timestamp(),
                ),
                story=panel.ScenarioPanel(
                    name=self.choice.story.name,
                    text=self.choice.story.text,
                    steps=[self._step(act) for act in self.choice.story.acts],
                ),
            )
        )

    def _step(self, act: Act) -> panel.ScenarioStep:
        return panel.ScenarioStep(
            at=self._moment(act).timestamp(), text=act.text, done=act in self._done
        )

    def _today(self) -> date:
        return self.clock.true().astimezone(NEW_YORK).date()

    def _session(self) -> TradingSession:
        """Today's until its close, then the next."""
        today = Hours().session(self._today())
        if today is not None and self.clock.true() < today.close:
            return today
        return Hours().next(self._today())

    def _bell(self) -> datetime:
        """The next open or close."""
        session = self._session()
        return session.open if self.clock.true() < session.open else session.close
