"""What was traded by hand or by another tool on a day, before IB forgets it at midnight.

Tested by tests/core/flows/test_trades.py.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from core.ledger.others import Others
from core.model.errors import BrokerAway, BrokerSilent
from core.model.market import Session
from core.ports.account import TradeReader
from core.ports.market import Calendar, Clock
from core.rules.new_york import NEW_YORK
from core.rules.sessions import latest_session


_log: Final = logging.getLogger(__name__)

AFTER: Final = timedelta(minutes=5)
"""So long after the end of trading nothing more is executed."""

_LATEST: Final = time(20)
"""When the extended hours end in New York."""


async def read_other_trades(
    broker: TradeReader, others: Others, *, within: float
) -> None:
    """Ask IB for the executions of today, and keep what others have traded: after
    midnight IB lists it no more. What is not listed *within* so many seconds stays
    unknown, until the next pass."""
    try:
        async with asyncio.timeout(within):
            listed = await broker.trades()
    except (BrokerAway, BrokerSilent, TimeoutError) as problem:
        _log.warning("what others traded was not asked for: %r", problem)
        return
    others.meet_trades(listed)


@dataclass(slots=True, kw_only=True)
class OtherTradesReader:
    """Asks for the executions of each session once it has closed, and once more after
    the extended hours: a day may pass without any other listing. What was traded before
    the start, or while the line was down, is learned when the orders are compared."""

    broker: TradeReader
    others: Others
    calendar: Calendar
    clock: Clock
    within: float
    _asked: datetime | None = None
    _due: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self) -> None:
        """Time has passed: see whether trading has ended since the last question."""
        now = self.clock.now()
        since, session = (
            self._asked or now,
            latest_session(self.calendar.sessions(), now),
        )
        if session and any(since < end <= now for end in _ends(session)):
            self._due.set()
        self._asked = now

    async def run(self) -> None:
        """Ask whenever it is due; never ends."""
        while True:
            await self._due.wait()
            self._due.clear()
            await self.read()

    async def read(self) -> None:
        """Ask now. Returns after *within* seconds at the latest, whatever IB says."""
        await read_other_trades(self.broker, self.others, within=self.within)


def _ends(session: Session) -> Sequence[datetime]:
    """The moments (UTC) after which its executions are complete."""
    latest = datetime.combine(session.day, _LATEST, tzinfo=NEW_YORK)
    return session.closes + AFTER, latest + AFTER
