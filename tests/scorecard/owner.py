"""What a year of five scans a day adds to the whole journal, by table: sessions of the
real bot in simulated time, of an owner who scans five times, says Yes to each card,
looks, and sells.

`make scorecard` says it; `python -m tests.scorecard.owner --sessions 8` for more days.
"""

import argparse
import asyncio
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from core.sandbox.market.hours import Hours, TradingSession
from tests.simulation.world import JOURNAL
from tests.simulation.years import AFTER_OPEN, BEFORE, Year, in_a_world


SESSIONS_A_YEAR: Final = 252
FIRST: Final = date(2026, 1, 2)
ROWS: Final = 50
LOOKS: Final = ("/positions", "/orders", "/status", "/pnl")
SCANS: Final = 4
"""Beside the morning's report."""

KEPT: Final = {"inbox": 30 * 5 / 7}
"""Sessions whose rows are kept; those of all other tables are kept for a year and more
(OPENBELL_KEEP_UPDATES_DAYS, OPENBELL_KEEP_CARDS_YEARS)."""

FOLLOWED: Final = frozenset({"recording", "followed"})
"""What `tests.scorecard.years` writes for a whole year: rows are followed for twenty
sessions, which these days are too few for."""

_PAGES: Final = """
SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_master USING (name)
GROUP BY tbl_name
"""


@dataclass(slots=True)
class Owned(Year):
    """The days, and the bytes of each table after each."""

    sizes: list[Mapping[str, int]] = field(default_factory=list)

    async def live(self, sessions: int) -> None:
        """So many sessions from the first on."""
        self.world.lives.begin()
        day = self.world.plan.day
        while len(self.sizes) < sessions:
            if (session := Hours().session(day)) is not None:
                await self._session(session)
                self.sizes.append(by_table(self.world.lives.data / JOURNAL))
            day += timedelta(days=1)

    async def _session(self, session: TradingSession) -> None:
        await self._sleep_until(session.open - BEFORE)
        left = session.open + AFTER_OPEN - self.world.clock.true()
        await asyncio.sleep(left.total_seconds())
        await self._buy()
        for hour in range(1, SCANS + 1):
            await self._sleep_until(session.open + timedelta(hours=hour))
            await self._say("/scan")
            await self._buy()
        for each in LOOKS:
            await self._say(each)
        self._sell()

    async def _say(self, text: str) -> None:
        await self.world.chat.phone.send(text)
        await asyncio.sleep(60)


def by_table(journal: Path) -> dict[str, int]:
    """Bytes of the pages of each table and its indexes."""
    address = f"file:{journal}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as database:
        return dict(database.execute(_PAGES).fetchall())


def a_year(sessions: int) -> dict[str, float]:
    """Bytes that a year adds to each table but those of FOLLOWED, by what each of so
    many *sessions* after the first added to it."""

    async def play(year: Owned) -> None:
        await year.live(sessions + 1)

    first, *_, last = in_a_world(Owned, play, seed=1, first=FIRST, rows=ROWS).sizes
    return {
        table: (size - first.get(table, 0))
        * KEPT.get(table, SESSIONS_A_YEAR)
        / sessions
        for table, size in last.items()
        if table not in FOLLOWED
    }


def lines(sessions: int, *, followed: float) -> Iterator[str]:
    """*followed*: bytes of a year's recordings and what became of them."""
    grown = a_year(sessions)
    total = followed + sum(grown.values())
    yield f"the whole journal of such a year: {total / 1e6:.1f} MB"
    for table, size in sorted(grown.items(), key=lambda each: -each[1]):
        if size > _WORTH_SAYING:
            yield f"  {table:<12} {size / 1e6:.1f} MB"


_WORTH_SAYING: Final = 100_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.scorecard.owner")
    parser.add_argument("--sessions", type=int, default=4)
    for line in lines(parser.parse_args().sessions, followed=0):
        print(line, flush=True)


if __name__ == "__main__":
    main()
