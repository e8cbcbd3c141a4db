"""The journal on disk, one protocol for each role.

Every method returns at once and nothing here awaits, so everything between two awaits
is atomic. Methods marked *write* only work inside ``transaction()`` of any role of the
same store. What is written in one transaction is on disk together, or not at all."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Protocol, TextIO

from core.model.audit import AuditTrail
from core.model.proposal import ProposalId
from core.model.report import MORNING_REPORT, ReportState
from core.model.scoring.following import Followed, Unfinished
from core.model.scoring.recording import Recording
from core.model.scoring.score import Score
from core.model.scoring.trades import ListedHoldings, PastPick, Trades
from core.ports.memory import Memory
from core.ports.orders import Orders
from core.ports.other_trades import OtherTrades
from core.ports.outbox import OutboxOfChats
from core.ports.proposals import Proposals
from core.ports.retention import Retention
from core.ports.schedules import Schedules
from core.ports.settings import SettingChanges
from core.ports.transactions import Transactions, UnsyncedTransactions


class HandledUpdates(Protocol):
    """Marks updates of the durable inbox as done."""

    def finish(self, update_id: int) -> None:
        """*write*"""


class InboxStore(HandledUpdates, UnsyncedTransactions, Protocol):
    """The durable inbox: raw updates of admitted people, and nothing else."""

    def receive(
        self, updates: Iterable[tuple[int, str]], *, at: datetime
    ) -> tuple[int, ...]:
        """*write* Store raw updates by id; a known one stays as it is. Returns the ids
        of the others."""

    def unread(self) -> tuple[tuple[int, str], ...]:
        """Updates that are not finished, oldest first."""

    def give_up_on(self, update_id: int, *, reason: str) -> None:
        """*write* Set aside an update that cannot be handled."""


class ReportStates(Protocol):
    """How far the runs made once for a session are, each with a *key* of its own."""

    def state(self, day: date, key: str = MORNING_REPORT) -> ReportState | None: ...
    def states(self, day: date) -> Mapping[str, ReportState]:
        """The states of all runs that have a row on that day, by key."""


class Reports(Transactions, ReportStates, Protocol):
    """The runs made once for a session: the morning report, and every run of the
    schedule."""

    def open_day(
        self, day: date, state: ReportState, key: str = MORNING_REPORT
    ) -> bool:
        """*write* Insert; False when the day has a row already."""

    def claim(
        self, day: date, *, now: datetime, lease: datetime, key: str = MORNING_REPORT
    ) -> bool:
        """*write* DUE, or RUNNING with a lease that ended -> RUNNING; one winner."""

    def close(self, day: date, state: ReportState, key: str = MORNING_REPORT) -> None:
        """*write*"""


class NewRecordings(Protocol):
    """Takes what a scan found."""

    def add(self, new: Recording) -> str:
        """*write* Add a recording. Returns the SHA-256 of what was written, in hex.

        Raises:
            Contradiction: the card has one already.
        """


class Recordings(NewRecordings, Protocol):
    """Every recorded scan, and how its rows did. Nothing is changed, and a recording
    outlives its card; only ``Retention`` deletes one."""

    def by_id(self, proposal_id: ProposalId) -> Recording | None: ...
    def unfinished(self, *, since: date) -> tuple[Unfinished, ...]:
        """The recordings of sessions from *since* (New York date) on with horizons
        still to be followed, in the order of recording."""

    def follow(self, new: Followed) -> str:
        """*write* The SHA-256 of what was written, in hexadecimal digits.

        Raises:
            Contradiction: that horizon is followed already, or there is no such
                recording.
        """

    def followed(self) -> Iterator[tuple[Recording, tuple[Followed, ...]]]:
        """The recordings with a followed horizon, in the order of recording, each with
        all followed horizons. There may be many."""


class Trail(Protocol):
    """The audit trail."""

    def append(self, *, at: datetime, ref: str, kind: str, payload: str) -> None:
        """*write* Each line carries the hash of the one before."""


class Store(UnsyncedTransactions, Protocol):
    """All roles of one journal; each part is given only those it uses."""

    @property
    def inbox(self) -> InboxStore: ...
    @property
    def outbox(self) -> OutboxOfChats: ...
    @property
    def proposals(self) -> Proposals: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def other_trades(self) -> OtherTrades: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def recordings(self) -> Recordings: ...
    @property
    def schedules(self) -> Schedules: ...
    @property
    def setting_changes(self) -> SettingChanges: ...
    @property
    def trail(self) -> Trail: ...
    @property
    def memory(self) -> Memory: ...
    @property
    def retention(self) -> Retention: ...


class Records(Protocol):
    """The whole audit trail. Reading it may take seconds, without blocking the loop."""

    async def export(self, to: TextIO) -> AuditTrail:
        """Write all present lines to *to* as CSV with a header. Returns what was
        written.

        Raises:
            StoreError: they cannot be read.
        """


class Scoring(Protocol):
    """Computes the score; it may take seconds, without blocking the loop."""

    async def score(self) -> Score | None:
        """The newest series' score; None before anything was followed.

        Raises:
            StoreError: the journal cannot be read.
        """


class Results(Protocol):
    """The results of trades and picks. Each may take seconds, without blocking the
    loop, and raises StoreError if the journal cannot be read."""

    async def trades(self, held: ListedHoldings) -> Trades:
        """All fills of ours in *held*'s account, matched first in, first out."""

    async def past_picks(
        self, held: ListedHoldings, *, symbol: str | None, skip: int, most: int
    ) -> tuple[PastPick, ...]:
        """At most *most* picks, of *symbol* if that is given, the newest first, after
        the first *skip*; with what became of those bought in *held*'s account."""
