"""Runs that are made once for a session, whatever happens on the way: the store lets
each state change happen only once.

Tested by tests/core/flows/chosen/test_scheduled.py.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.model.errors import NotifierAway
from core.model.points import REPORT_CLAIM, REPORT_SENT, Reached
from core.model.report import ReportState
from core.ports.journal import Reports
from core.ports.market import Clock


_log: Final = logging.getLogger(__name__)

_LEASE: Final = timedelta(minutes=10)
"""How long one attempt holds the claim to a run. A start of the process ends it."""

CHAT_WAIT: Final = 12.0
"""Seconds to wait for the chat. After that a run is tried again until it is missed, and
an order that a new card was to ask about is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """Claims a run that is due, has it made, and closes it."""

    reports: Reports
    clock: Clock
    reached: Reached

    def recover(self, *days: date) -> None:
        """At a start, release the claims of *days*: no other process can hold them."""
        with self.reports.transaction():
            for day in days:
                for key, state in self.reports.states(day).items():
                    if state is ReportState.RUNNING:
                        self.reports.close(day, ReportState.DUE, key)

    async def do(
        self, day: date, key: str, make: Callable[[], Awaitable[None]]
    ) -> None:
        """Have the run made, unless it already was, or is being made. *make* may be
        called again after a failure, and must then reuse what it has put into the
        chat."""
        now = self.clock.now()
        with self.reports.transaction():
            self.reports.open_day(day, ReportState.DUE, key)
            claimed = self.reports.claim(day, now=now, lease=now + _LEASE, key=key)
        if not claimed:
            return
        self.reached(REPORT_CLAIM)
        try:
            await make()
        except NotifierAway as away:
            _log.warning("%s day=%s: %s", key, day, away)
            self._close(day, ReportState.DUE, key)
            return
        self._close(day, ReportState.SENT, key)
        self.reached(REPORT_SENT)

    def _close(self, day: date, state: ReportState, key: str) -> None:
        with self.reports.transaction():
            self.reports.close(day, state, key)
