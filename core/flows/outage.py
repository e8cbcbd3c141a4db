"""One message when the line stays down, one when it is back, restarts included."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.ledger.orders import Ledger
from core.model.evidence import Line, LineState
from core.model.instructions import Instructions
from core.model.news import LineBack, LineLost
from core.ports import World


TOLD: Final = "outage told"
"""Kept in the store while the owner knows of an outage: when it began (UTC, ISO)."""

_NO_COMPARISON: Final = "IB does not answer the comparison of orders"


@dataclass(slots=True)
class Outage:
    """Short drops are ordinary at night and are not told; what was promised is.

    *reconciled* is whether the line is up and the orders have been compared: until
    then nothing can be sent, so that is when an outage ends.
    """

    world: World
    instructions: Instructions
    ledger: Ledger
    reconciled: Callable[[], bool]
    _since: datetime | None = None

    def line_changed(self, line: Line) -> None:
        """Remember when an outage began."""
        if line.state is not LineState.UP and self._since is None:
            self._since = self.world.clock.now()

    def promise(self) -> None:
        """The owner has been told of it in another way, and waits for the end."""
        if self._told() is None:
            with self.ledger.together():
                self._keep(self._since or self.world.clock.now())

    def look(self) -> None:
        """Time has passed: an outage that lasts is told, once."""
        if self.reconciled() or self._told() is not None:
            return
        now = self.world.clock.now()
        since = self._since = self._since or now
        line, patience = self.world.broker.line(), self.instructions.patience
        is_up = line.state is LineState.UP
        bearable = patience.comparison if is_up else patience.outage
        if now - since >= timedelta(seconds=bearable):
            reason = _NO_COMPARISON if is_up else line.reason or line.state
            with self.ledger.together():
                self._keep(since)
                self.ledger.announce([LineLost(since=since, reason=reason)])

    def over(self) -> None:
        """The line is up and the orders have been compared."""
        self._since = None
        if (since := self._told()) is not None:
            now = self.world.clock.now()
            with self.ledger.together():
                self._keep(None)
                self.ledger.announce([LineBack(since=since, at=now)])

    def _told(self) -> datetime | None:
        """When the outage began that the owner knows of; None when he knows of none."""
        kept = self.world.store.recall(TOLD)
        return datetime.fromisoformat(kept) if kept else None

    def _keep(self, since: datetime | None) -> None:
        self.world.store.remember(TOLD, since.isoformat() if since else "")
