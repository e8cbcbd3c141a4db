"""`make years YEARS=1`: every session of so many years, end to end, in simulated time.

The machine sleeps through the hours in which nothing is due, and wakes for what is:
the end of IB's nightly reset, five minutes before each open, the report and the card,
the close. One owner says Yes on some mornings. The gateway restarts every night and
asks for a new login on Sundays; Telegram or the gateway is away on some mornings.
One bot lives through all of it. Judged: one report a session, none on other days, the
auditor's rules, and the growth of journal, memory and descriptors.
"""

import argparse
import asyncio
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time as time_of_day, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from core.sandbox.market.hours import NEW_YORK, Hours, TradingSession
from core.sandbox.trouble.faults import Happening, LineEvent
from tests.simulation import libraries, loop as simulated_loop
from tests.simulation.clock import SimulatedClock
from tests.simulation.day import MEMORY
from tests.simulation.loop import SimulatedLoop
from tests.simulation.network import Network
from tests.simulation.plan import Plan, plan
from tests.simulation.world import PROGRAMS, World, begins, opened


BEFORE: Final = timedelta(minutes=5)
AFTER_OPEN: Final = timedelta(minutes=8)
OUTAGES: Final = 0.1
"""How many mornings begin with the gateway or the chat away for some minutes."""

BUYS: Final = 0.3
"""On how many mornings the owner says Yes."""

RESTART_AT: Final = time_of_day(23, 45)
A_WHILE: Final = 45.0
"""Seconds awake around what happens at night."""

REPORT: Final = "Good morning"


@dataclass(slots=True)
class Year:
    """One world, played from session to session."""

    world: World
    chance: Random
    sessions: int = 0
    reports: int = 0
    _seen: int = 0

    async def play(self, first: date, last: date) -> None:
        """Every session from *first* to *last*."""
        self.world.lives.begin()
        for session in sessions(first, last):
            await self._night(session)
            await self._morning(session)
            self.sessions += 1
            self._judge(session)
        await asyncio.sleep(60)

    async def _night(self, session: TradingSession) -> None:
        """What happens between the last session and this one's morning."""
        gateway = self.world.gateway
        night = at(session.day - timedelta(days=1), RESTART_AT)
        if self.world.clock.true() < night:
            await self._sleep_until(night)
            down = 3600.0 if night.weekday() == _SUNDAY else 90.0
            gateway.happen(
                Happening(after=0, event=LineEvent.RESTART, down=down, rollback=1)
            )
            await asyncio.sleep(A_WHILE)
        await self._sleep_until(at(session.day, time_of_day(4, 1)))
        await asyncio.sleep(A_WHILE)

    async def _morning(self, session: TradingSession) -> None:
        await self._sleep_until(session.open - BEFORE)
        network, ports = self.world.loop.network, _ports(self.world)
        if self.chance.random() < OUTAGES:
            port = self.chance.choice(ports)
            network.shut.add(port)
            network.cut(port)
            self.world.loop.call_later(
                self.chance.uniform(60, 900), network.shut.discard, port
            )
        left = (session.open + AFTER_OPEN - self.world.clock.true()).total_seconds()
        await asyncio.sleep(left)
        if not await self._has_report():
            await asyncio.sleep(900)  # an outage has delayed it
        if self.chance.random() < BUYS:
            await self._buy()

    async def _has_report(self) -> bool:
        await asyncio.sleep(0)
        return self._reports() > self.reports

    def _reports(self) -> int:
        heard = self.world.chat.phone.heard
        return sum(message.text.startswith(REPORT) for message in heard)

    async def _buy(self) -> None:
        """Yes on the newest card."""
        for message in reversed(self.world.chat.phone.heard):
            labels = [each for row in message.buttons for each in row]
            yes = next(
                (each for each in labels if each.startswith(("Yes", "Only"))), None
            )
            if yes:
                data = str(message.button(yes)["callback_data"])
                self.world.auditor.tapped(message, yes, data)
                self.world.chat.phone.forge(message, data)
                break
        await asyncio.sleep(A_WHILE)

    def _judge(self, session: TradingSession) -> None:
        self.world.auditor.check()
        made, self.reports = self._reports() - self.reports, self._reports()
        if made != 1:
            self.world.auditor.wrong(f"{made} reports on {session.day:%a %d %b %Y}")

    async def _sleep_until(self, moment: datetime) -> None:
        """The machine is suspended; all clocks but the loop's go on."""
        world = self.world
        asleep = (moment - world.clock.true()).total_seconds()
        if asleep > 0:
            world.clock.asleep += asleep
            world.gateway.set_clock(world.clock.true())
        await asyncio.sleep(A_WHILE)


_SUNDAY: Final = 6


def _ports(world: World) -> tuple[int, ...]:
    return world.gateway_port, world.chat_port


def at(day: date, moment: time_of_day) -> datetime:
    """That moment in New York."""
    return datetime.combine(day, moment, NEW_YORK)


def sessions(first: date, last: date) -> Iterator[TradingSession]:
    """Every session from *first* to *last*."""
    day = first
    while day <= last:
        if session := Hours().session(day):
            yield session
        day += timedelta(days=1)


def year_plan(seed: int, first: date) -> Plan:
    """A world that begins on *first* at four in the morning."""
    return replace(
        plan(seed), day=first, begins=time_of_day(3, 0), faults=(), fills="soon"
    )


def played(seed: int, first: date, last: date) -> tuple[Year, str]:
    """Play it; the year and a line of figures."""
    began = time.process_time()
    simulated_loop.restart_numbers()
    network = Network(Random(f"network {seed}"))
    loop = SimulatedLoop(network, PROGRAMS)
    of = year_plan(seed, first)
    clock = SimulatedClock(begins(of), loop)
    asyncio.set_event_loop(loop)
    before = _descriptors()
    with (
        TemporaryDirectory(prefix="simulation-", dir=MEMORY) as name,
        libraries.simulated(now=clock.now, monotonic=loop.time),
    ):
        folder = Path(name)

        async def play() -> Year:
            async with opened(of, folder, loop, clock) as world:
                year = Year(world=world, chance=Random(f"year {seed}"))
                await year.play(first, last)
                figures.append(_figures(world, before))
                await world.lives.end()
                return year

        figures: list[str] = []
        year = loop.run_until_complete(play())
    asyncio.set_event_loop(None)
    loop.close()
    network.close()
    took = time.process_time() - began
    return year, f"{figures[0]}, {took:.0f} s of CPU"


def _figures(world: World, before: int) -> str:
    data = world.lives.data
    size = sum(f.stat().st_size for f in data.iterdir() if f.is_file())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"files {size / 1e6:.1f} MB, memory {memory:.0f} MB at most (sandboxes "
        f"included), descriptors {_descriptors() - before - 2} above the start"
    )


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def main() -> int:
    """Play, and return 1 where something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=float, default=1)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2026, 1, 2))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    first = arguments.first
    last = first + timedelta(days=round(365 * arguments.years) - 1)
    year, figures = played(arguments.seed, first, last)
    violations = year.world.auditor.violations
    print(f"{first} to {last}: {year.sessions} sessions, {year.reports} reports")
    print(f"orders {year.world.auditor.counts['orders']}, {figures}")
    print(*violations, sep="\n")
    print(f"{year.sessions} passed, {len(violations)} failed")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
