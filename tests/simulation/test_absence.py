"""The bot is off for three sessions, comes back in the middle of one, and ends within the
catching up: what was recorded before is followed over the gateway's wire all the same.

With the real bot, journal and gateway, in simulated time.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from core.model.scoring.following import Horizon
from core.rules.scoring.following import SETTLED
from core.sandbox.market.hours import Hours
from core.store.inspection import verify
from tests.simulation.wire import Frames
from tests.simulation.world import JOURNAL
from tests.simulation.years import AFTER_OPEN, BEFORE, Year, at, in_a_world


MONDAY, THURSDAY = date(2026, 1, 5), date(2026, 1, 8)
ROWS = 5
TO_THE_CLOSE = (Horizon.HOUR, Horizon.CLOSE)
OVER = (*TO_THE_CLOSE, Horizon.ONE)
"""On Thursday evening, of what was recorded on Thursday and on Monday."""

CATCHING_UP, IDLE = "while it catches up", "with nothing to catch up"

REQUEST_BARS, BARS, CANCEL_BARS = "20", "17", "25"
BID, FIVE_MINUTES = "BID", "5 mins"
A_LONG_TIME = 1_200
"""Seconds: the first round of a new life may find no line yet, and rests ten minutes."""

SOON = timedelta(seconds=0.5)
FOLLOWED = "SELECT proposal_id, horizon FROM followed"


@dataclass(slots=True)
class Absent(Year):
    """What was asked for to follow rows, and what has been answered."""

    asked: list[tuple[datetime, str]] = field(default_factory=list)
    """When (UTC) bars were requested, and of which contract."""

    open: set[str] = field(default_factory=set)
    most: int = 0
    """Requests that were open at once."""

    killed: int = 0
    became: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: tuple[str, ...] = ()
    scans: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """When each /scan was sent, and when its card was there."""

    _said: Frames = field(default_factory=Frames)
    _received: Frames = field(default_factory=Frames)

    async def live(self) -> None:
        self._listen()
        self.world.lives.begin()
        monday, thursday = Hours().session(MONDAY), Hours().session(THURSDAY)
        assert monday
        assert thursday
        await self._sleep_until(monday.open - BEFORE)
        left = monday.open + AFTER_OPEN - self.world.clock.true()
        await asyncio.sleep(left.total_seconds())
        await self._scan("before")
        self.world.lives.kill(rest=10)
        await self._sleep_until(at(THURSDAY, time(11)))
        await self._scan("back in a session")
        await self._buy()
        await self._sleep_until(thursday.close + SETTLED - timedelta(minutes=1))
        await self._until(lambda: bool(self.followed()))
        self.killed = len(self.followed())
        self.world.lives.kill(rest=10)
        self.open.clear()
        before = len(self.asked)
        await self._until(lambda: len(self.asked) > before)
        await self._scan(CATCHING_UP)
        await asyncio.sleep(A_LONG_TIME)
        await self._scan(IDLE)
        self.became = self.followed()
        self.broken = verify(self.world.lives.data / JOURNAL)

    async def _until(self, come: Callable[[], bool]) -> None:
        for _ in range(A_LONG_TIME * 10):
            if come():
                return
            await asyncio.sleep(0.1)
        raise AssertionError("it never came")

    async def _scan(self, name: str) -> None:
        phone, began = self.world.chat.phone, self.world.clock.true()
        before = self.cards()
        self.world.auditor.said("/scan")
        await phone.send("/scan")
        await self._until(lambda: self.cards() > before)
        self.scans[name] = (began, self.world.clock.true())
        await asyncio.sleep(30)

    def cards(self) -> int:
        return self._ask("SELECT id, 0 FROM proposal WHERE state != 'draft'").total()

    def bought(self) -> bool:
        return any("Bought" in each.text for each in self.world.chat.phone.received)

    def followed(self) -> Counter[tuple[str, str]]:
        return self._ask(FOLLOWED)

    def _ask(self, statement: str) -> Counter[tuple[str, str]]:
        journal = f"file:{self.world.lives.data / JOURNAL}?mode=ro"
        with closing(sqlite3.connect(journal, uri=True)) as database:
            return Counter(database.execute(statement).fetchall())

    def _listen(self) -> None:
        network = self.world.loop.network
        written, arrived = network.take_written, network.received

        def writes(port: int, connection: int, data: bytes) -> None:
            written(port, connection, data)
            if port == self.world.gateway_port:
                self._writes(connection, data)

        def reads(port: int, connection: int, data: bytes) -> None:
            arrived(port, connection, data)
            if port == self.world.gateway_port:
                for fields in self._received.read(connection, data):
                    if fields[0] == BARS:
                        self.open.discard(fields[1])

        network.take_written, network.received = writes, reads

    def _writes(self, connection: int, data: bytes) -> None:
        for fields in self._said.read(connection, data):
            if fields[0] == REQUEST_BARS and {BID, FIVE_MINUTES} <= set(fields):
                self.asked.append((self.world.clock.true(), fields[2]))
                self.open.add(fields[1])
                self.most = max(self.most, len(self.open))
            elif fields[0] == CANCEL_BARS:
                self.open.discard(fields[2])


def test_what_was_missed_is_caught_up_beside_scans_and_orders() -> None:
    year = in_a_world(Absent, Absent.live, seed=1, first=MONDAY, rows=ROWS)
    followed, thursday = year.became, Hours().session(THURSDAY)
    assert thursday is not None

    horizons = sorted(Counter(card for card, _ in followed).values())
    assert horizons == [len(TO_THE_CLOSE), len(OVER), len(OVER)]
    assert set(followed.values()) == {1}
    assert 0 < year.killed < len(followed)
    assert year.broken == ()
    assert year.world.auditor.violations == []

    assert year.bought()
    assert min(at for at, _ in year.asked) >= thursday.close + SETTLED
    assert year.most == 1
    assert len(year.asked) <= 2 * (ROWS + 1) * len(horizons)
    (began, ended), (idle_began, idle_ended) = (
        year.scans[each] for each in (CATCHING_UP, IDLE)
    )
    assert any(began < at < ended for at, _ in year.asked)
    assert ended - began < idle_ended - idle_began + SOON
