"""What the core needs from the world, and what each answer means."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TextIO

from core.model.audit import AuditTrail
from core.model.evidence import BrokerEvent, Evidence, Line
from core.model.market import Bar, ConId, Instrument, Quote, ScanRequest, Sessions
from core.model.money import Price
from core.model.news import News, OutboxItem
from core.model.order import Order, OrderRef, OrderState
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.proposal import Proposal, ProposalId, ProposalState, Shown, Token
from core.model.report import ReportState
from core.model.status import ScanProgress


class Clock(Protocol):
    def now(self) -> datetime:
        """This moment, aware, in UTC."""


class Calendar(Protocol):
    def sessions(self) -> Sessions:
        """The regular sessions around today; renewed in the background."""

    async def ready(self) -> None:
        """Return when the sessions around today are known."""


class QuoteStream(Protocol):
    """Quotes that fill by themselves while their block is open."""

    def quotes(self) -> Mapping[ConId, Quote]:
        """What has arrived so far, each with the moment its price was heard. A stock
        that is quoted already is shared if its price came within two seconds; else it
        is asked for anew, and what is here is younger than the request."""

    def dead(self) -> Mapping[ConId, str]:
        """Who is not quoted, or no longer, and why, in words."""

    async def settled(self, con_ids: Iterable[ConId], *, within: float) -> None:
        """Return when each is usable or dead, or has had its time: *within* seconds
        since this stream was opened, and half of that since its own request left.

        Usable: a last price or both sides, an open and a close.
        """


class MarketData(Protocol):
    """Looks at the market. Nothing here can move money."""

    async def scan(
        self, request: ScanRequest, *, within: float
    ) -> tuple[Instrument, ...]:
        """The scanner's rows in rank order; an empty tuple is its confirmed answer.

        Raises:
            BrokerAway: there is no line.
            ScanRefused: IB said no.
            ScanTimedOut: no answer within *within* seconds.
        """

    def quotes(
        self, instruments: Sequence[Instrument]
    ) -> AbstractAsyncContextManager[QuoteStream]:
        """Stream quotes, the first instrument first, until the block is left.

        Raises:
            BrokerAway: there is no line.
        """

    async def daily_bars(
        self, instrument: Instrument, *, within: float
    ) -> tuple[Bar, ...]:
        """The latest daily bars of regular hours, oldest first, dated by session.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
            BrokerSaidNo: IB refused.
        """

    async def intraday_bars(
        self, instrument: Instrument, *, within: float
    ) -> tuple[tuple[datetime, Price], ...]:
        """Closing prices of 5-minute bars over two sessions (UTC), for a picture.

        Raises: as daily_bars.
        """


class Broker(Protocol):
    """Holds the account and its orders. May move money."""

    def line(self) -> Line:
        """How far one can reach at this moment."""

    def knock(self) -> None:
        """Ask whether the gateway is there, and return at once: the next probe takes
        the answer for its own. Who knocks probes within milliseconds, or not at all."""

    async def probe(self, *, within: float) -> None:
        """Return when the gateway has answered just now: since the last knock, if
        nobody has probed since, or else since the call.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
        """

    def unhurried(self) -> bool:
        """Whether nothing waits to be sent: an order would leave at once."""

    def order_id_floor(self) -> int:
        """The lowest order id that IB and its client library would accept now."""

    def place(self, order: Order) -> None:
        """Send *order* (SENDING, with its order_id). Returning means handed over to
        the socket, not accepted.

        Raises:
            BrokerAway: nothing was sent.
        """

    def cancel(self, order: Order) -> None:
        """Ask for *order*'s cancellation. Returning means asked, not done.

        Raises:
            BrokerAway: nothing was sent.
        """

    async def evidence(self) -> Evidence:
        """One complete pass over IB's listings.

        Raises:
            BrokerAway: the line was lost on the way.
            BrokerSilent: a listing did not end in time: the pass is worth nothing.
        """

    async def reconnect(self) -> None:
        """Drop the socket and return after a new handshake with the same client id.

        Raises:
            BrokerAway: no handshake within the connection's own deadline.
        """

    async def heard(self) -> BrokerEvent:
        """The next thing IB said, in order. One consumer only."""

    def account(self) -> AccountSummary | None:
        """The account's figures from its subscription; None before the first."""

    def positions(self) -> tuple[Position, ...]:
        """What the account holds, from its subscription."""

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        """Every working order of the account, whoever placed it.

        Raises: as evidence.
        """


class Store(Protocol):
    """The journal on disk. Every method returns at once: nothing here awaits, so
    whatever is done between two awaits is done as one.

    Methods marked *write* only work inside ``with store.transaction():``. What is
    written in one transaction is on disk together, or not at all.
    """

    def transaction(self) -> AbstractContextManager[None]:
        """Begin immediately; commit, synced to disk, when the block is left."""

    # the file itself
    def stale(self) -> str | None:
        """Why the database is not the one that this installation wrote last (a backup
        was brought back, or it is another's), or None. Offers in it are void, and
        orders may be at IB that it does not know."""

    def accept(self, *, at: datetime) -> None:
        """Take a stale database for the true one from now on, in a transaction of its
        own. Until then every start finds it stale again: void and halt first."""

    # what must be remembered
    def recall(self, name: str) -> str | None: ...
    def remember(self, name: str, value: str) -> None:
        """*write*"""

    # the durable inbox
    def receive(self, updates: Iterable[tuple[int, str]], *, at: datetime) -> None:
        """*write* Keep raw updates by their id; one that is known stays as it is."""

    def unread(self) -> tuple[tuple[int, str], ...]:
        """Updates that nobody has finished, oldest first."""

    def finish(self, update_id: int) -> None:
        """*write*"""

    def bury(self, update_id: int, *, reason: str) -> None:
        """*write* Set aside an update that nobody can handle."""

    # proposals
    def add_proposal(self, proposal: Proposal) -> None:
        """*write*"""

    def amend_proposal(self, proposal: Proposal) -> None:
        """*write* Replace the body of a DRAFT or OFFERED one; the state stays.

        Raises:
            Contradiction: it is in neither state.
        """

    def move_proposal(
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

    def proposal(self, proposal_id: ProposalId) -> Proposal | None: ...
    def proposal_by_token(self, token: Token) -> Proposal | None: ...
    def offers(self) -> tuple[Proposal, ...]:
        """Those in state OFFERED, oldest first."""

    def newest_in(self, shown: Shown) -> Proposal | None:
        """The last card that took this place in the chat."""

    def latest_proposal(self, *, before: date | None) -> Proposal | None:
        """The newest with legs, of a session before *before* if that is given."""

    # orders
    def add_order(self, order: Order) -> None:
        """*write* Raises Contradiction when the (proposal, stock) has one already."""

    def update_order(self, order: Order, *, was: OrderState) -> bool:
        """*write* Compare-and-set on the state it had; fills by their stem. True if
        it was so.

        Raises:
            Contradiction: another order has its order_id.
        """

    def order(self, ref: OrderRef) -> Order | None: ...
    def order_by_id(self, *, client_id: int, order_id: int) -> Order | None: ...
    def order_by_exec(self, exec_id: str) -> Order | None:
        """The order that has a fill of this stem."""

    def orders_in(self, states: Iterable[OrderState]) -> tuple[Order, ...]:
        """In the order of their making."""

    def orders_of(self, proposal_id: ProposalId) -> tuple[Order, ...]: ...
    def orders_sent_on(self, day: date) -> tuple[Order, ...]:
        """Those whose sent_day is *day* (New York)."""

    # the audit trail
    def audit(self, *, at: datetime, ref: str, kind: str, payload: str) -> None:
        """*write* Append; each line carries the hash of the one before."""

    # the durable outbox
    def tell(self, news: News) -> None:
        """*write* Keep *news* to be told. CardChanged and ReportReady with a known
        key become a new edition; any other known key changes nothing."""

    def untold(self) -> tuple[OutboxItem, ...]:
        """News to be told, oldest first."""

    def told(self, news: News, *, edition: int, message: int | None) -> None:
        """*write* This edition stands in the chat; a newer one stays untold."""

    def tried(self, news: News, *, edition: int, message: int | None) -> None:
        """*write* Count a try that did not end well; keep *message* if it is known."""

    def placed(self, key: str) -> Shown | None:
        """Where the placeholder with this key stands."""

    def place(self, key: str, shown: Shown) -> None:
        """*write*"""

    # reports
    def report_state(self, day: date) -> ReportState | None: ...
    def open_report(self, day: date, state: ReportState) -> bool:
        """*write* Insert; False when the day has a row already."""

    def claim_report(self, day: date, *, now: datetime, lease: datetime) -> bool:
        """*write* DUE, or RUNNING with a lease that ended -> RUNNING; one winner."""

    def close_report(self, day: date, state: ReportState) -> None:
        """*write*"""


class Records(Protocol):
    """The audit trail as a whole. It may be long: reading it takes seconds, in which
    the loop goes on turning."""

    async def export(self, to: TextIO) -> AuditTrail:
        """Write all lines of this moment to *to*, as CSV with a header, and say what
        was written.

        Raises:
            StoreError: they cannot be read.
        """


class Notifier(Protocol):
    """The owner's ear."""

    async def place(self, key: str) -> Shown:
        """Put a placeholder into the chat, once for *key*, and say where it stands.

        Raises:
            NotifierAway: the chat could not be reached in a reasonable time.
        """

    def progress(self, shown: Shown, progress: ScanProgress) -> None:
        """Show how far a scan is; may be dropped, never waited for."""

    def wake(self) -> None:
        """There is news in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that lies outside, as the stories meet it."""

    market: MarketData
    broker: Broker
    store: Store
    notifier: Notifier
    calendar: Calendar
    clock: Clock


NewId = Callable[[], ProposalId]
NewToken = Callable[[], Token]
