"""The unit of work: one transaction with its audit line and its news."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Protocol

from core.model.news import News
from core.model.points import Reached, Write
from core.ports.journal import Trail
from core.ports.market import SteadyClock
from core.ports.outbox import Notices
from core.ports.transactions import UnsyncedTransactions
from core.rules.sending import Moment


_log: Final = logging.getLogger(__name__)

_LOGGED_AFTER: Final = 0.025
"""Seconds from a commit to its lines in the log, if there is a loop to wait on: a line
takes a tenth of a millisecond, and an order that was approved leaves first."""

_LONGEST: Final = 300
"""How many characters of an audit line the log shows; the trail has all of it."""


class AuditedJournal(UnsyncedTransactions, Protocol):
    """What every change is written to, besides its own rows."""

    @property
    def trail(self) -> Trail: ...
    @property
    def outbox(self) -> Notices: ...


class UnitOfWork:
    """Writes a change, its audit line and the news of it in one transaction. Once that
    is on disk, the log has a line for each, soon."""

    def __init__(
        self,
        journal: AuditedJournal,
        *,
        clock: SteadyClock,
        wake: Callable[[], None],
        reached: Reached,
    ) -> None:
        """*wake* is called when there is news for the owner; *reached* is called with
        the name of each write-ahead point as it is passed, so that a test can kill the
        process right there."""
        self._journal = journal
        self._trail, self._outbox = journal.trail, journal.outbox
        self._clock = clock
        self._wake = wake
        self._reached = reached
        self._writing = False
        self._written: list[str] = []
        self._unlogged: list[str] = []

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self._clock.now()

    def moment(self) -> Moment:
        """This moment, on both clocks."""
        return now_on(self._clock)

    @contextmanager
    def writing(
        self, points: Write | None = None, *, synced: bool = True
    ) -> Iterator[None]:
        """One transaction, with its news sent afterwards; inside another one, a part of
        it. *points* are reported before it, before its commit, and after. What is not
        *synced* is so with the next one that is, and before anything is said of it."""
        if self._writing:
            yield
            return
        if points is not None:
            self._reached(points.before)
        self._writing = True
        self._written.clear()
        try:
            with self._journal.transaction() if synced else self._journal.unsynced():
                yield
                if points is not None:
                    self._reached(points.inside)
        finally:
            self._writing = False
        is_due = bool(self._unlogged)
        self._unlogged += self._written
        if not is_due:
            self._log_soon()
        if points is not None:
            self._reached(points.after)
        self._wake()

    def _log_soon(self) -> None:
        try:
            asyncio.get_running_loop().call_later(_LOGGED_AFTER, self.log)
        except RuntimeError:  # there is no loop
            self.log()

    def log(self) -> None:
        """Log what was written and has no line yet."""
        lines, self._unlogged = self._unlogged, []
        for line in lines:
            _log.info("%s", line)

    def audit(self, ref: str, kind: str, payload: str) -> None:
        """Add a line to the audit trail, in the open transaction."""
        self._trail.append(at=self.now(), ref=ref, kind=kind, payload=payload)
        self._written.append(f"{kind} {ref or '-'} {payload}"[:_LONGEST])

    def notify(self, *news: News) -> None:
        """Keep *news* for the owner, in the open transaction."""
        for each in news:
            self._outbox.notify(each)
            self._written.append(f"to tell: {type(each).__name__} {each.key}")

    def announce(self, *news: News) -> None:
        """Keep *news* for the owner, in a transaction of its own."""
        with self.writing():
            self.notify(*news)


def now_on(clock: SteadyClock) -> Moment:
    """This moment, by the time of day and by the seconds that have really passed."""
    return Moment(at=clock.now(), boottime=clock.boottime())
