"""The journal on disk, one protocol for each role.

Every method returns at once: nothing here awaits, so whatever is done between two
awaits is done as one. Methods marked *write* only work inside ``transaction()`` of
any role of the same store. What is written in one transaction is on disk together,
or not at all.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol, TextIO

from core.model.audit import AuditTrail, JournalSize
from core.model.market import ConId
from core.model.news import News, OutboxItem
from core.model.order import Order, OrderRef, OrderState
from core.model.proposal import Proposal, ProposalId, ProposalState, Shown, Token
from core.model.report import MORNING_REPORT, ReportState
from core.model.scoring.following import Followed, Unfinished
from core.model.scoring.recording import Recording
from core.model.scoring.score import Score
from core.model.scoring.trades import Held, PastPick, Trades
from core.ports.memory import Memory
from core.ports.schedules import Schedules
from core.ports.settings import SettingChanges
from core.ports.transactions import Transactions


class InboxStore(Transactions, Protocol):
    """The durable inbox: the owner's messages, and nothing else."""

    def unsynced(self) -> AbstractContextManager[None]:
        """As ``transaction``, but not synced to disk: a power failure may lose it, the
        end of the process does not. The next transaction that writes syncs both."""

    def sync(self) -> None:
        """Return when all that was committed is synced to disk."""

    def receive(self, updates: Iterable[tuple[int, str]], *, at: datetime) -> None:
        """*write* Keep raw updates by their id; one that is known stays as it is."""

    def unread(self) -> tuple[tuple[int, str], ...]:
        """Updates that nobody has finished, oldest first."""

    def finish(self, update_id: int) -> None:
        """*write*"""

    def bury(self, update_id: int, *, reason: str) -> None:
        """*write* Set aside an update that nobody can handle."""


class OutboxStore(Transactions, Protocol):
    """The durable outbox: what is to be told, and where it stands."""

    def tell(self, news: News) -> None:
        """*write* Keep *news* to be told. One of REDRAWN with a known key becomes a new
        edition; any other known key changes nothing."""

    def untold(self) -> tuple[OutboxItem, ...]:
        """News to be told, oldest first."""

    def told(self, news: News, *, edition: int, message: int | None) -> None:
        """*write* This edition stands in the chat; a newer one stays untold."""

    def stands(self, news: News, *, message: int) -> None:
        """*write* It has this message in the chat, whatever that says yet."""

    def placed(self, key: str) -> Shown | None:
        """Where the placeholder with this key stands."""

    def place(self, key: str, shown: Shown) -> None:
        """*write*"""

    def unplace(self, key: str) -> None:
        """*write* Nothing stands there for *key* any more."""

    def open_places(self) -> tuple[tuple[str, Shown], ...]:
        """Placeholders that no news has taken the place of yet, by their keys."""


class OutboxOfChats(OutboxStore, Protocol):
    """The owner's, and those of other chats: each tells all news once."""

    def of_chat(self, chat: int) -> OutboxStore:
        """The same news for another chat. It has no placeholders."""

    def begin_chat(self, chat: int) -> None:
        """*write* What was to be told until now is none of that chat's."""

    def end_chat(self, chat: int) -> None:
        """*write* Forget what was told there."""

    def told_at(self, shown: Shown) -> str | None:
        """The key of the news that stands there, in another chat than the owner's."""


class ProposalReader(Protocol):
    """Looks cards up."""

    def by_id(self, proposal_id: ProposalId) -> Proposal | None: ...
    def by_token(self, token: Token) -> Proposal | None: ...
    def offers(self) -> tuple[Proposal, ...]:
        """Those in state OFFERED, oldest first."""

    def newest_in(self, shown: Shown) -> ProposalId | None:
        """The last card that took this place in the chat."""

    def latest(self, *, before: date | None) -> Proposal | None:
        """A scan's newest with legs, of a session before *before* if that is given."""


class Proposals(ProposalReader, Protocol):
    """Cards, and the one answer that each can have."""

    def add(self, proposal: Proposal) -> None:
        """*write*"""

    def amend(self, proposal: Proposal) -> None:
        """*write* Replace the body of an undecided one; the state stays.

        Raises:
            Contradiction: it has been decided.
        """

    def stand(self, proposal_id: ProposalId, shown: Shown) -> None:
        """*write* Its card stands there from now on, whatever state it is in; one that
        is not known changes nothing."""

    def move(
        self,
        proposal_id: ProposalId,
        *,
        to: ProposalState,
        by: str,
        at: datetime,
        shown: Shown | None,
    ) -> bool:
        """*write* OFFERED -> *to*, compare-and-set; True for the one winner.

        With *shown*, only if it is owned and stands there and *at* is before its
        end; without, whatever they are.
        """

    def offer_ids(self, *, over_at: datetime | None = None) -> tuple[ProposalId, ...]:
        """Those in state OFFERED, oldest first; with *over_at*, only those whose time
        is over then."""


class OrderReader(Protocol):
    """Looks orders of ours up."""

    def by_ref(self, ref: OrderRef) -> Order | None: ...
    def by_order_id(self, *, client_id: int, order_id: int) -> Order | None: ...
    def by_exec(self, exec_id: str) -> Order | None:
        """The order that has a fill of this stem."""

    def of_stock(self, con_id: ConId) -> tuple[Order, ...]:
        """All of one stock, in the order of their making."""

    def in_states(self, states: Iterable[OrderState]) -> tuple[Order, ...]:
        """In the order of their making."""

    def of_proposal(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        """Those that its legs asked for, by leg."""

    def exits_of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        """Those of the exit plans that it approved, by leg."""

    def sent_on(self, day: date) -> tuple[Order, ...]:
        """Those whose sent_day is *day* (New York)."""

    def counting_since(self, at: datetime) -> tuple[Order, ...]:
        """Those that can count against a limit: not at their end, or closed by the
        owner, whenever they were sent; and those with a fill at *at* (UTC) or later."""


class Orders(OrderReader, Protocol):
    """Orders of ours and their fills."""

    def add(self, order: Order) -> None:
        """*write* Raises Contradiction when the (proposal, stock) has one already
        that is no exit."""

    def update(self, order: Order, *, was: OrderState) -> bool:
        """*write* Compare-and-set on the state it had; fills by their stem. True if
        it was so.

        Raises:
            Contradiction: another order has its order_id.
        """


class Reports(Transactions, Protocol):
    """What is done once for a session: the morning report, and every run of the
    schedule, each under a *key* of its own."""

    def state(self, day: date, key: str = MORNING_REPORT) -> ReportState | None: ...
    def states(self, day: date) -> Mapping[str, ReportState]:
        """Of all that has a row on that day, by its key."""

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
    """Every scan as it was, and what became of its rows. Nothing is changed or
    forgotten: a recording outlives its card."""

    def add(self, new: Recording) -> str:
        """*write* The SHA-256 of what was written, in hexadecimal digits.

        Raises:
            Contradiction: the card has one already.
        """

    def by_id(self, proposal_id: ProposalId) -> Recording | None: ...
    def unfinished(self, *, since: date) -> tuple[Unfinished, ...]:
        """Those of sessions from *since* (New York) on whose horizons are not all
        followed yet, in the order of recording."""

    def follow(self, new: Followed) -> None:
        """*write* Raises Contradiction when that horizon is followed already, or
        there is no such recording."""

    def followed(
        self, *, newest_first: bool = False
    ) -> Iterator[tuple[Recording, tuple[Followed, ...]]]:
        """Those with a horizon that is followed, in the order of recording or against
        it, each with all of them in the order of following. It may be long."""


class Trail(Protocol):
    """The audit trail."""

    def append(self, *, at: datetime, ref: str, kind: str, payload: str) -> None:
        """*write* Each line carries the hash of the one before."""


class JournalSizer(Protocol):
    def size(self) -> JournalSize:
        """How large the journal is. Returns at once."""


class Retention(Transactions, JournalSizer, Protocol):
    """Lets go of what is old, a few at a time, the oldest first. The audit trail stays
    whole, and so does every order of which a share was filled."""

    def forget_updates(self, *, before: datetime, most: int) -> int:
        """*write* Forget updates that arrived before *before* (UTC) and that somebody
        has finished. Returns how many."""

    def forget_cards(self, *, before: datetime, most: int) -> int:
        """*write* Forget cards that were made before *before* (UTC), with their orders
        and what was recorded of them. Not one that is offered still, that has an order
        which was filled or can still be, or news that is not told. Returns how many."""


class Store(Transactions, Protocol):
    """All roles of one journal, for whoever hands them out."""

    @property
    def inbox(self) -> InboxStore: ...
    @property
    def outbox(self) -> OutboxOfChats: ...
    @property
    def proposals(self) -> Proposals: ...
    @property
    def orders(self) -> Orders: ...
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
    """The audit trail as a whole. It may be long: reading it takes seconds, in which
    the loop goes on turning."""

    async def export(self, to: TextIO) -> AuditTrail:
        """Write all lines of this moment to *to*, as CSV with a header, and say what
        was written.

        Raises:
            StoreError: they cannot be read.
        """


class Scoring(Protocol):
    """Works out what the recordings say; it may take seconds, in which the loop goes
    on turning."""

    async def score(self) -> Score | None:
        """The newest series' score; None before anything was followed.

        Raises:
            StoreError: the journal cannot be read.
        """


class Results(Protocol):
    """What trades and picks have brought. All of it may take seconds, in which the loop
    goes on turning, and raises StoreError when the journal cannot be read."""

    async def trades(self, held: Held) -> Trades:
        """All fills of ours in *held*'s account, matched first in, first out."""

    async def past_picks(
        self, *, symbol: str | None, skip: int, most: int
    ) -> tuple[PastPick, ...]:
        """At most *most* picks, of *symbol* if that is given, the newest first, after
        the first *skip*."""
