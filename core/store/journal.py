"""The journal: everything that must not be forgotten, in one SQLite file.

It is synchronous on purpose: because nothing here awaits, nothing can happen between a
commit and the sending of the order that it allows.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Self

from core.chance import RandomBytes, system_random_bytes
from core.ports.market import Clock
from core.store import trail
from core.store.access import Access
from core.store.bodies import warm_up
from core.store.chosen.changes import SqlSettingChanges
from core.store.chosen.reports import SqlReports
from core.store.chosen.schedules import SqlSchedules
from core.store.copies.backup import back_up
from core.store.disk import connected, held, log_of
from core.store.high_water import HighWater, Mark, difference, reached, seal_of
from core.store.inbox import SqlInbox
from core.store.memory import SqlMemory
from core.store.orders import SqlOrders
from core.store.other_trades import SqlOtherTrades
from core.store.outbox import SqlOutbox
from core.store.proposals import SqlProposals
from core.store.recordings import SqlRecordings
from core.store.retention import SqlRetention
from core.store.schema import is_due, is_known, migrate, refuse_others, version
from core.store.trail import SqlTrail


def _keep_before_migrating(connection: Connection, path: Path) -> None:
    """Copy the database before a migration, so that the older version can be used
    again."""
    here = version(connection)
    copy = path.with_name(f"{path.name}.schema-{here}")
    if is_due(connection) and is_known(here or "") and not copy.exists():
        back_up(path, copy)


class Journal:
    """Implements Store: one object for each role, over one connection. Use ``opened``;
    the roles are specified in core/ports/journal.py."""

    def __init__(
        self,
        connection: Connection,
        files: tuple[int, int],
        path: Path,
        mark: Mark,
        random_bytes: RandomBytes,
        secret: str,
    ) -> None:
        self._path = path
        self._connection = connection
        self._mark = mark
        self._random_bytes = random_bytes
        self._secret = secret
        self._access = Access(connection, files)
        self.inbox = SqlInbox(self._access)
        self.outbox = SqlOutbox(self._access)
        self.proposals = SqlProposals(self._access)
        self.orders = SqlOrders(self._access)
        self.other_trades = SqlOtherTrades(self._access)
        self.reports = SqlReports(self._access)
        self.recordings = SqlRecordings(self._access)
        self.schedules = SqlSchedules(self._access)
        self.setting_changes = SqlSettingChanges(self._access)
        self.trail = SqlTrail(self._access)
        self.memory = SqlMemory(self._access)
        self.retention = SqlRetention(self._access, path)
        self._access.followed_by(self)

    @classmethod
    @contextmanager
    def opened(
        cls,
        path: Path,
        *,
        clock: Clock,
        random_bytes: RandomBytes = system_random_bytes,
        secret: str = "",
    ) -> Iterator[Self]:
        """The journal at *path*, created or migrated if necessary, and locked. *secret*
        keys the seal of its newest audit line.

        Raises:
            StoreBusy: another process has it open.
            StoreError: it is damaged, unreadable, of a newer version, or another
                program's.
        """
        refuse_others(path)
        with (
            held(path) as file,
            connected(path) as connection,
            log_of(path) as log,
            Mark.opened(path) as mark,
        ):
            _keep_before_migrating(connection, path)
            migrate(connection)
            warm_up()
            journal = cls(connection, (file, log), path, mark, random_bytes, secret)
            journal._recognise(at=clock.now())
            yield journal

    def transaction(self) -> AbstractContextManager[None]:
        return self._access.transaction()

    def unsynced(self) -> AbstractContextManager[None]:
        return self._access.unsynced()

    def sync(self) -> None:
        self._access.sync()

    # its progress

    def committed(self) -> None:
        """Write the high-water mark, unless this is not the marked journal. A mark of
        what a power failure may undo would make the journal look old."""
        if self._access.is_synced and self.stale() is None:
            self._mark.write(self._progress())

    def rolled_back(self) -> None:
        """Nothing was committed, so the mark stays."""

    def _progress(self) -> HighWater:
        """How far it has come: as ``reached``, from values already in memory."""
        newest = self.trail.newest()
        return HighWater(
            db_uuid=self.memory.db_uuid(),
            seq=newest.seq if newest else 0,
            order_id=self.memory.order_id_high(),
            seal=seal_of(newest, self._secret),
        )

    def stale(self) -> str | None:
        """Why the database is not the one that this installation wrote last (a backup
        was restored, or it is another's), or None. Its offers are void, and IB may have
        orders that it does not know."""
        return self.memory.stale()

    def accept(self, *, at: datetime) -> None:
        """Accept a stale database from now on. Until then every start finds it stale
        again; void its offers and halt first."""
        with self.transaction():
            self.memory.set_stale(None)
            self._begin(at=at)

    def _recognise(self, *, at: datetime) -> None:
        """Compare with the mark. The result is kept in the database, which could
        otherwise grow past the mark and seem to be the right one."""
        known = self._mark.read()
        found = reached(self._access, known=known, secret=self._secret)
        wrong = difference(known, found)
        with self.transaction():
            if wrong is not None:
                self.memory.set_stale(self.memory.stale() or wrong)
                self.memory.set_chat_send(None)  # others were sent since
            elif not found.db_uuid:
                self._begin(at=at)
            if known is not None and known.order_id > found.order_id:
                # no id is given away twice, whatever else was lost
                self.memory.raise_order_id_high(known.order_id)

    def _begin(self, *, at: datetime) -> None:
        db_uuid = self._random_bytes(16).hex()
        self.memory.set_db_uuid(db_uuid)
        self.trail.append(at=at, ref="", kind="journal", payload=db_uuid)

    def verify(self) -> tuple[str, ...]:
        """Where the audit trail is broken; empty if it is complete."""
        return trail.examined(self.trail.lines()).faults

    def backup(self, to: Path) -> None:
        """Copy what is committed to the new file *to*. Raises StoreError."""
        back_up(self._path, to)
