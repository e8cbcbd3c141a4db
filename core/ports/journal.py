"""The journal on disk, one protocol for each role.

Every method returns at once and nothing here awaits, so everything between two awaits
is atomic. Methods marked *write* only work inside ``transaction()`` of any role of the
same store. What is written in one transaction is on disk together, or not at all."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Protocol, TextIO

from core.model.audit import AuditTrail
from core.model.market import ConId
from core.model.order import Order, OrderRef, OrderState
from core.model.proposal import Proposal, ProposalId, ProposalState, Shown, Token
from core.model.report import MORNING_REPORT, ReportState
from core.model.scoring.following import Followed, Unfinished
from core.model.scoring.recording import Recording
from core.model.scoring.score import Score
from core.model.scoring.trades import ListedHoldings, PastPick, Trades
from core.ports.memory import Memory
from core.ports.other_trades import OtherTrades
from core.ports.outbox import OutboxOfChats
from core.ports.retention import Retention
from core.ports.schedules import Schedules
from core.ports.settings import SettingChanges
from core.ports.transactions import Transactions


class InboxStore(Transactions, Protocol):
    """The durable inbox: raw updates of admitted people, and nothing else."""

    def receive(self, updates: Iterable[tuple[int, str]], *, at: datetime) -> None:
        """*write* Store raw updates by id; a known one stays as it is."""

    def unread(self) -> tuple[tuple[int, str], ...]:
        """Updates that are not finished, oldest first."""

    def finish(self, update_id: int) -> None:
        """*write*"""

    def give_up_on(self, update_id: int, *, reason: str) -> None:
        """*write* Set aside an update that cannot be handled."""


class ProposalReader(Protocol):
    """Looks cards up."""

    def by_id(self, proposal_id: ProposalId) -> Proposal | None: ...
    def by_token(self, token: Token) -> Proposal | None: ...
    def offers(self) -> tuple[Proposal, ...]:
        """The proposals in state OFFERED, oldest first."""

    def newest_in(self, shown: Shown) -> ProposalId | None:
        """The last card shown in this message."""

    def latest(self, *, before: date | None) -> Proposal | None:
        """The newest card of a scan that has legs; only of sessions before *before*
        (New York date), if given."""


class Proposals(ProposalReader, Protocol):
    """Cards, and the one answer that each can have."""

    def add(self, proposal: Proposal) -> None:
        """*write*"""

    def amend(self, proposal: Proposal) -> None:
        """*write* Replace the content of an undecided proposal; its state stays.

        Raises:
            Contradiction: it has been decided.
        """

    def stand(self, proposal_id: ProposalId, shown: Shown) -> None:
        """*write* Its card is shown there from now on, whatever its state; an unknown
        id changes nothing."""

    def move(
        self,
        proposal_id: ProposalId,
        *,
        to: ProposalState,
        by: str,
        at: datetime,
        shown: Shown | None,
    ) -> bool:
        """*write* OFFERED -> *to*, compare-and-set; True only for the first.

        With *shown*, only if the card is shown there and *at* (UTC) is before its end;
        without it, unconditionally.
        """

    def offer_ids(self, *, over_at: datetime | None = None) -> tuple[ProposalId, ...]:
        """The ids in state OFFERED, oldest first; with *over_at* (UTC), only those
        whose time is over by then."""


class OrderReader(Protocol):
    """Looks orders of ours up."""

    def by_ref(self, ref: OrderRef) -> Order | None: ...
    def by_order_id(self, *, client_id: int, order_id: int) -> Order | None: ...
    def by_exec(self, exec_id: str) -> Order | None:
        """The order that has a fill of this stem."""

    def of_stock(self, con_id: ConId) -> tuple[Order, ...]:
        """All orders of one stock, in the order of creation."""

    def in_states(self, states: Iterable[OrderState]) -> tuple[Order, ...]:
        """The orders in these states, in the order of creation."""

    def of_proposal(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        """The orders of its legs, by leg."""

    def exits_of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        """The exit orders of the plans that it approved, by leg."""

    def sent_on(self, day: date) -> tuple[Order, ...]:
        """Those whose sent_day is *day* (New York)."""

    def counting_since(self, at: datetime) -> tuple[Order, ...]:
        """The orders that can count against a limit: those not ended, or closed by the
        owner, whenever they were sent; and those with a fill at *at* (UTC) or later. In
        the order of creation."""


class Orders(OrderReader, Protocol):
    """Orders of ours and their fills."""

    def add(self, order: Order) -> None:
        """*write* Raises Contradiction if the (proposal, stock) already has an order
        that is not an exit."""

    def update(self, order: Order, *, was: OrderState) -> bool:
        """*write* Compare-and-set on the state *was*; fills by stem. False if the state
        was another.

        Raises:
            Contradiction: another order has its order_id.
        """


class ReportStates(Protocol):
    """How far the runs made once for a session are, each with a *key* of its own."""

    def state(self, day: date, key: str = MORNING_REPORT) -> ReportState | None: ...
    def states(self, day: date) -> Mapping[str, ReportState]:
        """Of all that has a row on that day, by its key."""


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


class Recordings(Transactions, Protocol):
    """Every recorded scan, and how its rows did. Nothing is changed, and a recording
    outlives its card; only ``Retention`` deletes one."""

    def add(self, new: Recording) -> str:
        """*write* Add a recording. Returns the SHA-256 of what was written, in hex.

        Raises:
            Contradiction: the card has one already.
        """

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


class Store(Transactions, Protocol):
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
