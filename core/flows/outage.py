"""One message when the line stays down, one when it is back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.ledger.orders import Ledger
from core.model.evidence import Line, LineState
from core.model.instructions import Instructions
from core.model.news import LineBack, LineLost
from core.ports import World


_NO_COMPARISON: Final = "IB does not answer the comparison of orders"


@dataclass(slots=True)
class Outage:
    """Short drops are ordinary at night and are not told; what was promised is.

    *reconciled* is whether the line is up and the orders have been compared: until
    then nothing can be sent, so that is when an outage ends.
    """

    world: World
    will: Instructions
    ledger: Ledger
    reconciled: Callable[[], bool]
    _since: datetime | None = None
    _told: bool = False

    def line_changed(self, line: Line) -> None:
        """Remember when an outage began."""
        if line.state is not LineState.UP and self._since is None:
            self._since = self.world.clock.now()

    def promise(self) -> None:
        """The owner has been told of it in another way, and waits for the end."""
        if self._since is None:
            self._since = self.world.clock.now()
        self._told = True

    def look(self) -> None:
        """Time has passed: an outage that lasts is told, once."""
        if self.reconciled() or self._told:
            return
        now = self.world.clock.now()
        if self._since is None:
            self._since = now
        line, patience = self.world.broker.line(), self.will.patience
        is_up = line.state is LineState.UP
        bearable = patience.comparison if is_up else patience.outage
        if now - self._since >= timedelta(seconds=bearable):
            self._told = True
            reason = _NO_COMPARISON if is_up else line.reason or line.state
            self.ledger.announce([LineLost(since=self._since, reason=reason)])

    def over(self) -> None:
        """The line is up and the orders have been compared."""
        if self._since is not None and self._told:
            now = self.world.clock.now()
            self.ledger.announce([LineBack(since=self._since, at=now)])
        self._since, self._told = None, False
