"""The journal: everything that forgetting could cost money, in one SQLite file.

Synchronous on purpose. A commit takes a fraction of a millisecond, and because
nothing here awaits, nothing can come between a commit and the byte it allows.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from core.chance import RandomBytes, random_bytes as the_system_s
from core.model.errors import Contradiction
from core.model.news import News, OutboxItem
from core.model.order import Order, OrderRef, OrderState
from core.model.proposal import Proposal, ProposalId, ProposalState, Shown, Token
from core.model.report import ReportState
from core.ports import Clock
from core.store import inbox, orders, outbox, proposals, reports, trail
from core.store.backup import back_up
from core.store.bodies import warm_up
from core.store.disk import connected, held
from core.store.high_water import HighWater, Mark, difference, reached
from core.store.remembered import Remembered
from core.store.schema import migrate
from core.store.trail import Trail


class Journal:
    """Implements Store. Made by ``opened``; meanings are told in core/ports.py."""

    def __init__(
        self,
        connection: Connection,
        path: Path,
        mark: Mark,
        random_bytes: RandomBytes,
    ) -> None:
        self._connection = connection
        self._path = path
        self._mark = mark
        self._random_bytes = random_bytes
        self._remembered = Remembered()
        self._trail = Trail()
        self._writing = False

    @classmethod
    @contextmanager
    def opened(
        cls, path: Path, *, clock: Clock, random_bytes: RandomBytes = the_system_s
    ) -> Iterator[Self]:
        """The journal at *path*, made or brought up to date, and ours alone.

        Raises:
            StoreBusy: another process has it open.
            StoreError: it is damaged, unreadable, or from a newer Openbell.
        """
        with held(path), connected(path) as connection, Mark.opened(path) as mark:
            migrate(connection)
            warm_up()
            journal = cls(connection, path, mark, random_bytes)
            journal._recognise(at=clock.now())
            yield journal

    # writing and reading

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._writing:
            raise Contradiction("A transaction inside another would not be on disk.")
        self._connection.rollback()  # ends SQLAlchemy's notion of a reading one
        self._writing, committed = True, False
        try:
            with self._connection.begin():
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield
            committed = True
        finally:
            self._writing = False
            if not committed:
                self._remembered.rolled_back()
                self._trail.rolled_back()
        if self.stale() is None:
            self._mark.write(self._come_to())

    def _come_to(self) -> HighWater:
        """What reached() would find, and all of it is known."""
        newest = self._trail.newest(self._connection)
        return HighWater(
            db_uuid=self.recall("db_uuid") or "",
            seq=newest.seq if newest else 0,
            order_id=int(self.recall("order_id_high") or 0),
        )

    @property
    def _write(self) -> Connection:
        if not self._writing:
            raise Contradiction("Something was to be written outside a transaction.")
        return self._connection

    # how far it has come

    def stale(self) -> str | None:
        return self.recall("stale") or None

    def accept(self, *, at: datetime) -> None:
        with self.transaction():
            self.remember("stale", "")
            self._be_born(at=at)

    def _recognise(self, *, at: datetime) -> None:
        """Compare with the mark. What is found is kept in the database: it could
        grow past the mark, and would seem to be the right one."""
        known, found = self._mark.read(), reached(self._connection)
        wrong = difference(known, found)
        with self.transaction():
            if wrong is not None:
                self.remember("stale", wrong)
            elif not found.db_uuid:
                self._be_born(at=at)
            if known is not None and known.order_id > found.order_id:
                # no id is given away twice, whatever else was lost
                self.remember("order_id_high", str(known.order_id))

    def _be_born(self, *, at: datetime) -> None:
        db_uuid = self._random_bytes(16).hex()
        self.remember("db_uuid", db_uuid)
        self.audit(at=at, ref="", kind="journal", payload=db_uuid)

    def verify(self) -> tuple[str, ...]:
        """Where the audit trail is broken, in words; empty when it is whole."""
        return trail.examined(self.lines()).faults

    def lines(self) -> Iterator[trail.TrailLine]:
        """The audit trail, oldest line first."""
        return trail.lines(self._connection)

    def backup(self, to: Path) -> None:
        """Copy what is committed to the new file *to*. Raises StoreError."""
        back_up(self._path, to)

    # what must be remembered

    def recall(self, name: str) -> str | None:
        return self._remembered.recall(self._connection, name)

    def remember(self, name: str, value: str) -> None:
        self._remembered.remember(self._write, name, value)

    # the durable inbox

    def receive(self, updates: Iterable[tuple[int, str]], *, at: datetime) -> None:
        inbox.receive(self._write, updates, at=at)

    def unread(self) -> tuple[tuple[int, str], ...]:
        return inbox.unread(self._connection)

    def finish(self, update_id: int) -> None:
        inbox.finish(self._write, update_id)

    def bury(self, update_id: int, *, reason: str) -> None:
        inbox.bury(self._write, update_id, reason=reason)

    # proposals

    def add_proposal(self, proposal: Proposal) -> None:
        proposals.add(self._write, proposal)

    def amend_proposal(self, proposal: Proposal) -> None:
        proposals.amend(self._write, proposal)

    def move_proposal(
        self,
        proposal_id: ProposalId,
        *,
        to: ProposalState,
        by: str,
        at: datetime,
        shown: Shown | None,
    ) -> bool:
        return proposals.move(
            self._write, proposal_id, to=to, by=by, at=at, shown=shown
        )

    def proposal(self, proposal_id: ProposalId) -> Proposal | None:
        return proposals.by_id(self._connection, proposal_id)

    def proposal_by_token(self, token: Token) -> Proposal | None:
        return proposals.by_token(self._connection, token)

    def offers(self) -> tuple[Proposal, ...]:
        return proposals.offers(self._connection)

    def newest_in(self, shown: Shown) -> Proposal | None:
        return proposals.newest_in(self._connection, shown)

    def latest_proposal(self, *, before: date | None) -> Proposal | None:
        return proposals.latest(self._connection, before=before)

    # orders

    def add_order(self, order: Order) -> None:
        orders.add(self._write, order)

    def update_order(self, order: Order, *, was: OrderState) -> bool:
        return orders.change(self._write, order, was=was)

    def order(self, ref: OrderRef) -> Order | None:
        return orders.by_ref(self._connection, ref)

    def order_by_id(self, *, client_id: int, order_id: int) -> Order | None:
        return orders.by_order_id(
            self._connection, client_id=client_id, order_id=order_id
        )

    def order_by_exec(self, exec_id: str) -> Order | None:
        return orders.by_exec(self._connection, exec_id)

    def orders_in(self, states: Iterable[OrderState]) -> tuple[Order, ...]:
        return orders.in_states(self._connection, states)

    def orders_of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        return orders.of_proposal(self._connection, proposal_id)

    def orders_sent_on(self, day: date) -> tuple[Order, ...]:
        return orders.sent_on(self._connection, day)

    # the audit trail

    def audit(self, *, at: datetime, ref: str, kind: str, payload: str) -> None:
        self._trail.append(self._write, at=at, ref=ref, kind=kind, payload=payload)

    # the durable outbox

    def tell(self, news: News) -> None:
        outbox.tell(self._write, news)

    def untold(self) -> tuple[OutboxItem, ...]:
        return outbox.untold(self._connection)

    def told(self, news: News, *, edition: int, message: int | None) -> None:
        outbox.told(self._write, news, edition=edition, message=message)

    def tried(self, news: News, *, edition: int, message: int | None) -> None:
        outbox.tried(self._write, news, edition=edition, message=message)

    def placed(self, key: str) -> Shown | None:
        return outbox.placed(self._connection, key)

    def place(self, key: str, shown: Shown) -> None:
        outbox.place(self._write, key, shown)

    # reports

    def report_state(self, day: date) -> ReportState | None:
        return reports.state(self._connection, day)

    def open_report(self, day: date, state: ReportState) -> bool:
        return reports.open_day(self._write, day, state)

    def claim_report(self, day: date, *, now: datetime, lease: datetime) -> bool:
        return reports.claim(self._write, day, now=now, lease=lease)

    def close_report(self, day: date, state: ReportState) -> None:
        reports.close(self._write, day, state)
