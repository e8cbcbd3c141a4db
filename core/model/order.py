"""Orders, their refs and their states."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType

from core.model.exits.plan import ExitKind
from core.model.fills import Fill
from core.model.identity import Identity, Terms
from core.model.market import Instrument, OrderType, Side
from core.model.money import DOLLARS, Money, Price, Shares
from core.model.proposal import ProposalId


OrderRef = NewType("OrderRef", str)
"""Our own name of an order, "tb-<journal>-<proposal>-<leg>": it travels as IB's
orderRef, which IB does not check: it recognises an order, and prevents nothing."""

REF_PREFIX: Final = "tb-"
"""How the refs of every Openbell begin; other tools' may, too."""

JOURNAL_NAME: Final = 8
"""So many hexadecimal digits of its journal's uuid name one Openbell in its refs."""


def order_ref(journal: str, proposal: ProposalId, leg: int) -> OrderRef:
    """The one ref that leg *leg* of *proposal* of *journal* can ever have."""
    return OrderRef(f"{REF_PREFIX}{journal}-{proposal}-{leg}")


class OrderState(StrEnum):
    """Where an order of ours stands, as far as evidence goes."""

    PLANNED = "planned"  # approved; nothing has been sent
    SENDING = "sending"  # on disk, perhaps on the wire, not confirmed
    ACKED = "acked"  # IB holds it
    PARTIAL = "partial"  # part filled, the rest still works
    FILLED = "filled"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    PARTIAL_DONE = "partial done"  # part filled, the rest cancelled
    UNKNOWN = "unknown"  # it may exist; a human must look
    ABSENT = "absent"  # proven never to have reached IB
    LAPSED = "lapsed"  # never sent: a guard said no
    NEEDS_RECONFIRM = "needs reconfirm"  # never sent: the price moved, a new card asks
    CLOSED_BY_HUMAN = "closed by human"


FINAL: Final = frozenset(
    {
        OrderState.FILLED,
        OrderState.REJECTED,
        OrderState.CANCELLED,
        OrderState.PARTIAL_DONE,
        OrderState.ABSENT,
        OrderState.LAPSED,
        OrderState.NEEDS_RECONFIRM,
        OrderState.CLOSED_BY_HUMAN,
    }
)
SETTLED: Final = FINAL - {OrderState.CLOSED_BY_HUMAN}  # nothing more can execute
IN_DOUBT: Final = frozenset({OrderState.SENDING, OrderState.UNKNOWN})
WORKING: Final = frozenset({OrderState.ACKED, OrderState.PARTIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order of ours, from the owner's Yes to its end. Times are UTC.

    ``order_id`` and everything sent with it are None until W2 has been committed;
    ``perm_id`` until IB has named one. ``gateway``, ``login`` (its accounts) and
    ``client_id`` are the identity it was sent under; an order from before they were
    kept has no gateway and no login. ``position_before`` is what the account held,
    when it was sent, ``sent_day`` New York's date then, ``epoch`` counts the
    sessions with the gateway. ``held_until`` is the open that IB holds it for.
    ``reason`` says in words why it ended, or what changed on the way. ``refused`` are
    IB's words that refuse it, until a listing has borne them out or shown it alive.
    ``cancel_asked``: its cancel is wanted, and IB is asked until evidence ends it.
    ``estimate`` is the cost in dollars that the guards counted it with. ``limit`` is
    the worst price that a limit order takes, None of any other; ``outside_hours`` is
    whether it may be filled outside of the regular session (IB: outsideRth). ``stop`` is
    where a stop order becomes one at market; a trailing one follows the best price by
    ``trail_percent`` or by ``trail_amount`` dollars.
    ``exit`` is what it is for in an exit plan, None for what a card's leg asked for;
    of one ``oca_group`` (IB's one-cancels-all) what fills of one is taken off the others.
    ``acked_at`` is when IB was first known to hold it. ``replaced``: it was closed by the
    owner's word, at ``closed_at`` (UTC), and he has approved other exits in its place
    since.
    """

    ref: OrderRef
    proposal_id: ProposalId
    leg: int
    instrument: Instrument
    side: Side
    shares: Shares
    account: str
    state: OrderState
    estimate: Money
    tif: str = "GTC"
    order_type: OrderType = OrderType.MARKET
    limit: Price | None = None
    outside_hours: bool = False
    stop: Price | None = None
    trail_percent: Decimal | None = None
    trail_amount: Price | None = None
    order_id: int | None = None
    gateway: str | None = None
    login: tuple[str, ...] = ()
    client_id: int | None = None
    perm_id: int | None = None
    position_before: Decimal | None = None
    sent_at: datetime | None = None
    sent_day: date | None = None
    epoch: int | None = None
    held_until: datetime | None = None
    cancel_asked: bool = False
    reason: str | None = None
    refused: str | None = None
    fills: tuple[Fill, ...] = ()
    exit: ExitKind | None = None
    oca_group: str = ""
    acked_at: datetime | None = None
    closed_at: datetime | None = None
    replaced: bool = False

    @property
    def rest(self) -> Shares:
        """Shares that are not filled yet."""
        return Shares(max(0, self.shares - self.filled))

    @property
    def about(self) -> Price:
        """The price in dollars, in whole cents, that the guards counted it with."""
        return Price((self.estimate / self.shares).quantize(Decimal("0.01")))

    @property
    def terms(self) -> Terms:
        return Terms(
            con_id=self.instrument.con_id, side=self.side, shares=Decimal(self.shares)
        )

    @property
    def identity(self) -> Identity | None:
        """In whose name it was sent; None before, and where that was not kept."""
        if self.gateway is None or self.client_id is None:
            return None
        return Identity(
            gateway=self.gateway, accounts=self.login, client_id=self.client_id
        )

    def is_of(self, session: Identity | None) -> bool:
        """Whether a session in this name may speak of it: it was sent in the same one;
        where that was not kept, by the same client id and with its account. One that
        this journal never sent can have left by an older copy of it (R16): any session
        with its account may."""
        if session is None or self.identity is not None:
            return session is not None and self.identity == session
        if self.client_id is None:
            return self.account in session.accounts
        return self.client_id == session.client_id and self.account in session.accounts

    @property
    def filled(self) -> Shares:
        return Shares(sum(fill.shares for fill in self.fills))

    @property
    def average_price(self) -> Price | None:
        """The average over all fills, unrounded; None before the first."""
        if not self.filled:
            return None
        paid = sum((fill.shares * fill.price for fill in self.fills), Decimal(0))
        return Price(paid / self.filled)

    @property
    def commission(self) -> Money | None:
        """Dollars so far; None while no fill has been charged in dollars yet."""
        fee = self.fees.get(DOLLARS)
        return None if fee is None else Money(fee)

    @property
    def fees(self) -> Mapping[str, Decimal]:
        """What IB has charged so far, by currency; empty before the first report."""
        fees: dict[str, Decimal] = {}
        for fill in self.fills:
            if fill.commission is not None:
                before = fees.get(fill.currency, Decimal(0))
                fees[fill.currency] = before + fill.commission
        return fees

    @property
    def is_charged(self) -> bool:
        """Whether IB has told the commission of every fill that it lists."""
        told = (f for f in self.fills if f.shares and not f.by_word)
        return all(fill.commission is not None for fill in told)
