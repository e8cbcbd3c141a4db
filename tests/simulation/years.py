"""`make years YEARS=1`: every session of that many years, end to end, in simulated
time.

The machine sleeps through the hours in which nothing is due, and wakes for what is: the
end of IB's nightly reset, five minutes before each open, the report and the card, the
close. One owner taps Yes on some mornings. The gateway restarts every night and asks
for a new login on Sundays; Telegram or the gateway is unreachable on some mornings. One
bot lives through all of it. Checked: one report a session, none on other days, the
auditor's rules, and the growth of journal, memory and descriptors.
"""

import argparse
import asyncio
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time as time_of_day, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from bot.simulated import libraries
from bot.simulated.clock import SimulatedClock
from core.sandbox.market.hours import NEW_YORK, Hours, TradingSession
from core.sandbox.trading.tickets import OrderTicket
from core.sandbox.trouble.faults import Happening, LineEvent
from tests.memory import MEMORY
from tests.simulation import loop as simulated_loop
from tests.simulation.directed import plan
from tests.simulation.loop import SimulatedLoop
from tests.simulation.network import Network
from tests.simulation.owner import APPROVE, buttons
from tests.simulation.plan import Plan
from tests.simulation.programs import PROGRAMS
from tests.simulation.world import World, begins, opened


BEFORE: Final = timedelta(minutes=5)
AFTER_OPEN: Final = timedelta(minutes=8)
OUTAGES: Final = 0.1
"""How many mornings begin with the gateway or the chat away for some minutes."""

BUYS: Final = 0.3
"""On how many mornings the owner says Yes."""

ROWS: Final = 5
"""Of a scan: each is followed for twenty sessions, which costs more than all else."""

RESTART_AT: Final = time_of_day(23, 45)
A_WHILE: Final = 45.0
"""Seconds awake around what happens at night."""

HEAD: Final = (
    "month    sessions  reports  orders  files MB  memory MB  descriptors  tasks  CPU s"
)
_SCREEN: Final = 12
"""Messages that he still sees without scrolling far."""


@dataclass(slots=True)
class Year:
    """One world, played from session to session."""

    world: World
    chance: Random
    sessions: int = 0
    holidays: int = 0
    early: int = 0
    outages: int = 0
    _reports: int = 0
    _spent: float = field(default_factory=time.process_time)

    async def play(self, first: date, last: date) -> None:
        """Every weekday from *first* to *last*; nothing is due at a weekend."""
        self.world.lives.begin()
        for day in weekdays(first, last):
            await self._night(day)
            if (session := Hours().session(day)) is None:
                await self._holiday(day)
            else:
                await self._morning(session)
            self._judge(day, due=session is not None)
            if next(weekdays(day + _DAY, day + 4 * _DAY)).month != day.month:
                self._month(day)
        await asyncio.sleep(60)

    async def _night(self, day: date) -> None:
        """The night before *day*: the gateway's restart, on Sundays until a new login,
        and the end of IB's reset.
        """
        night = at(day - _DAY, RESTART_AT)
        if self.world.clock.true() < night:
            await self._sleep_until(night)
            down = 3600.0 if night.weekday() == _SUNDAY else 90.0
            self.world.gateway.happen(
                Happening(after=0, event=LineEvent.RESTART, down=down, rollback=1)
            )
            await asyncio.sleep(A_WHILE)
        await self._sleep_until(at(day, time_of_day(4, 1)))

    async def _holiday(self, day: date) -> None:
        """Check that nothing is reported on a day without a session."""
        self.holidays += 1
        await self._sleep_until(at(day, time_of_day(9, 34)))
        await asyncio.sleep(180)

    async def _morning(self, session: TradingSession) -> None:
        self.sessions += 1
        self.early += session.close.astimezone(NEW_YORK).time() < time_of_day(16)
        await self._sleep_until(session.open - BEFORE)
        if self.chance.random() < OUTAGES:
            self._outage()
        left = (session.open + AFTER_OPEN - self.world.clock.true()).total_seconds()
        await asyncio.sleep(left)
        if len(self.world.auditor.reports) == self._reports:
            await asyncio.sleep(900)  # an outage has delayed it
        self._sell()
        if self.chance.random() < BUYS:
            await self._buy()

    def _outage(self) -> None:
        self.outages += 1
        network = self.world.loop.network
        port = self.chance.choice(_ports(self.world))
        network.shut.add(port)
        network.cut(port)
        back = self.chance.uniform(60, 900)
        self.world.loop.call_later(back, network.shut.discard, port)

    def _sell(self) -> None:
        """Sell all holdings in IB's own app."""
        gateway = self.world.gateway
        before = {order.perm_id for order in gateway.orders()}
        for position in gateway.gateway.exchange.positions():
            ticket = OrderTicket(
                client_id=0,
                order_id=0,
                account=position.account,
                con_id=position.con_id,
                action="SELL",
                quantity=position.quantity,
                order_type="MKT",
                tif="DAY",
            )
            gateway.place_by_hand(ticket)
        self.world.auditor.book.traded_by_hand(before)

    async def _buy(self) -> None:
        """Tap Yes on the newest card."""
        for message in reversed(self.world.chat.phone.received[-_SCREEN:]):
            found = next(filter(_approves, buttons(message)), None)
            if found:
                label, data = found
                self.world.auditor.tapped(message, label, data)
                self.world.chat.phone.forge(message, data)
                break
        await asyncio.sleep(A_WHILE)

    def _judge(self, day: date, *, due: bool) -> None:
        self.world.auditor.check()
        made = len(self.world.auditor.reports) - self._reports
        self._reports += made
        if made != due:
            self.world.auditor.wrong(f"{made} reports on {day:%a %d %b %Y}")

    def _month(self, day: date) -> None:
        """Print a line of figures; the story of days without a violation is dropped."""
        world, spent = self.world, time.process_time()
        print(
            f"{day:%Y-%m}  {self.sessions:>8}  {len(world.auditor.reports):>7}"
            f"  {world.auditor.counts['orders']:>6}  {_files(world) / 1e6:>8.1f}"
            f"  {_resident() / 1e6:>9.0f}  {_descriptors():>11}"
            f"  {len(asyncio.all_tasks()):>5}  {spent - self._spent:>5.1f}",
            flush=True,
        )
        self._spent = spent
        del world.story[:]

    async def _sleep_until(self, moment: datetime) -> None:
        """Suspend the machine; all clocks but the loop's go on."""
        world = self.world
        asleep = (moment - world.clock.true()).total_seconds()
        if asleep > 0:
            world.suspend(asleep)
        await asyncio.sleep(A_WHILE)


def _approves(button: tuple[str, str]) -> bool:
    return button[1].startswith(APPROVE)


_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_SUNDAY: Final = 6


def _ports(world: World) -> tuple[int, ...]:
    return world.gateway_port, world.chat_port


def at(day: date, moment: time_of_day) -> datetime:
    """That time of *day* in New York, as UTC."""
    return datetime.combine(day, moment, NEW_YORK)


def weekdays(first: date, last: date) -> Iterator[date]:
    """Every day from *first* to *last* but Saturdays and Sundays."""
    day = first
    while day <= last:
        if day.weekday() < _SATURDAY:
            yield day
        day += _DAY


def year_plan(seed: int, first: date) -> Plan:
    """The plan of a world that begins on *first* at 04:00 New York time."""
    return replace(
        plan(seed),
        day=first,
        begins=time_of_day(3, 0),
        faults=(),
        fills="soon",
        rows=ROWS,
    )


def played(seed: int, first: date, last: date) -> Year:
    """Play those years, and print a line of figures for each month."""
    return in_a_world(Year, lambda year: year.play(first, last), seed=seed, first=first)


Y = TypeVar("Y", bound=Year)


def in_a_world(
    kind: type[Y],
    play: Callable[[Y], Awaitable[None]],
    *,
    seed: int,
    first: date,
    rows: int = ROWS,
) -> Y:
    """What *play* has made of a new world of *kind* that begins on *first*, with so many
    *rows* a scan."""
    simulated_loop.restart_numbers()
    network = Network(Random(f"network {seed}"))
    loop = SimulatedLoop(network, PROGRAMS)
    of = replace(year_plan(seed, first), rows=rows)
    clock = SimulatedClock(begins(of), loop)
    asyncio.set_event_loop(loop)
    with (
        TemporaryDirectory(prefix="simulation-", dir=MEMORY) as name,
        libraries.simulated(now=clock.now, monotonic=loop.time),
    ):

        async def played() -> Y:
            async with opened(of, Path(name), loop, clock) as world:
                year = kind(world=world, chance=Random(f"year {seed}"))
                await play(year)
                await world.lives.end()
                return year

        year = loop.run_until_complete(played())
    asyncio.set_event_loop(None)
    loop.close()
    network.close()
    return year


def _files(world: World) -> int:
    """Bytes of the bot's data folder."""
    return sum(f.stat().st_size for f in world.lives.data.iterdir() if f.is_file())


def _resident() -> int:
    """Bytes of this process in memory, with the sandboxes."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def main() -> int:
    """Play, and return 1 if something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=float, default=1)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2025, 1, 2))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    first = arguments.first
    last = first + timedelta(days=round(365 * arguments.years) - 1)
    print(HEAD, flush=True)
    year = played(arguments.seed, first, last)
    violations = year.world.auditor.violations
    print(
        f"{first} to {last}: {year.sessions} sessions, {year.early} of them with an "
        f"early close, {len(year.world.auditor.reports)} reports, {year.holidays} "
        f"weekdays without a session, {year.outages} outages"
    )
    print(*violations, sep="\n")
    print(f"{year.sessions} passed, {len(violations)} failed")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
