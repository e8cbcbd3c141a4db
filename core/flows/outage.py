"""One message when the line stays down and one when it is back, also over restarts."""

import asyncio
from dataclasses import dataclass
from typing import Final

from core.flows.standing import Standing
from core.ledger.cards import Cards
from core.ledger.halts import Halts
from core.ledger.unit_of_work import UnitOfWork, now_on
from core.model.evidence import Line, LineState
from core.model.instructions import Timeouts
from core.model.news import LineBack, LineLost
from core.model.status import THE_BOT, Conditions
from core.ports.market import SteadyClock
from core.ports.memory import OutageMemory
from core.rules.sending import Moment
from core.rules.sessions import open_is_far_off


_IN_USE: Final = (
    "Another program is connected to IB Gateway under my client id {}. If it is another "
    "Openbell, let only one run; else give one of them another client id"
)
_NO_COMPARISON: Final = "IB's listings are late, are not whole, or cannot be read"


@dataclass(slots=True, kw_only=True)
class Outage:
    """Tells the owner about outages, except short ones, which are normal at night.

    Nothing can be sent until the orders have been compared, so an outage ends when
    *compared* is set. Then the open offers are drawn again as soon as the account is
    known: another line or login may have taken their Yes away.
    """

    standing: Standing
    timeouts: Timeouts
    unit: UnitOfWork
    cards: Cards
    halts: Halts
    memory: OutageMemory
    clock: SteadyClock
    compared: asyncio.Event
    _since: Moment | None = None
    _is_to_draw: bool = False

    async def run(self) -> None:
        """Report the end of each reported outage; never ends."""
        while True:
            await self.compared.wait()
            self.compared.clear()
            self._is_to_draw = True
            self._draw()
            self._end()

    def _draw(self) -> None:
        if not self._is_to_draw:
            return
        supply = self.standing.read().supply
        if supply.account is not None and supply.is_listed:
            self._is_to_draw = False
            self.cards.redraw()

    def line_changed(self, line: Line) -> None:
        """Remember when an outage began."""
        if line.state is not LineState.UP and self._since is None:
            self._since = now_on(self.clock)

    def promise(self) -> None:
        """The owner was told in another way, so the end of this outage is reported."""
        if self.memory.outage_told() is None:
            with self.unit.writing():
                self.memory.set_outage_told((self._since or now_on(self.clock)).at)

    def look(self) -> None:
        """Time has passed: report an outage that lasts, once. If it lasts because
        another program uses our client id, halt."""
        self._draw()
        if self.standing.is_compared() or self.memory.outage_told() is not None:
            return
        now = self.standing.read()
        line = now.line
        since = self._since = self._since or now_on(self.clock)
        is_up = line.state is LineState.UP
        longest = self.timeouts.comparison if is_up else self._longest_outage(now)
        if self.clock.boottime() - since.boottime < longest:
            return
        reason = _NO_COMPARISON if is_up else line.reason or line.state
        with self.unit.writing():
            self.memory.set_outage_told(since.at)
            self.unit.notify(LineLost(since=since.at, reason=reason, state=line.state))
            if line.id_in_use:
                reason = _IN_USE.format(line.client_id)
                self.halts.halt(by=THE_BOT, reason=reason, notify=True)

    def _longest_outage(self, now: Conditions) -> float:
        """Seconds that the line may be down untold: more while the open is far off, when
        the gateway restarts and IB resets, unless another program has our client id."""
        is_night = open_is_far_off(now.market, now.at)
        patient = is_night and not now.line.id_in_use
        return self.timeouts.outage_at_night if patient else self.timeouts.outage

    def _end(self) -> None:
        """The line is up and the orders have been compared."""
        self._since = None
        if (since := self.memory.outage_told()) is not None:
            now = self.clock.now()
            with self.unit.writing():
                self.memory.set_outage_told(None)
                self.unit.notify(LineBack(since=since, at=now))
