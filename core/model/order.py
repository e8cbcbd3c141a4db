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
from core.model.market import Instrument, OrderType, Side, TrailingDistance
from core.model.money import DOLLARS, Money, Price, Shares
from core.model.proposal import ProposalId


OrderRef = NewType("OrderRef", str)
"""Our own name for an order, "tb-<journal>-<proposal>-<leg>", sent as IB's orderRef. IB
does not check that it is unique: it identifies an order and prevents nothing."""

REF_PREFIX: Final = "tb-"
"""The prefix of every Openbell's refs; other tools may use it, too."""

JOURNAL_NAME: Final = 8
"""How many hexadecimal digits of the journal's uuid a ref contains."""


def order_ref(journal: str, proposal_id: ProposalId, leg: int) -> OrderRef:
    """The only ref that leg *leg* of the card *proposal_id* in *journal* can ever have."""
    return OrderRef(f"{REF_PREFIX}{journal}-{proposal_id}-{leg}")


class OrderState(StrEnum):
    """The state of an order of ours, as far as evidence shows it."""

    PLANNED = "planned"  # approved; nothing has been sent
    SENDING = "sending"  # on disk, perhaps sent, not confirmed
    ACKED = "acked"  # IB holds it
    PARTIAL = "partial"  # part filled, the rest still works
    FILLED = "filled"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    PARTIAL_DONE = "partial done"  # part filled, the rest cancelled
    UNKNOWN = "unknown"  # it may exist; the owner must look
    ABSENT = "absent"  # proven never to have reached IB
    LAPSED = "lapsed"  # never sent: a guard refused it
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


GOOD_TILL_CANCELLED: Final = "GTC"
"""IB's word for an order that no close ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order of ours, from the owner's Yes to its end. Times are UTC.

    ``order_id`` and everything set when it is sent are None until W2 is committed;
    ``perm_id`` is None until IB has named one. ``gateway``, ``login`` (its accounts)
    and ``client_id`` are the identity it was sent under; orders of early versions have
    no gateway and no login. ``position_before`` is what the account held when it was
    sent, ``sent_day`` the New York date of that moment, ``epoch`` the number of the
    session with the gateway. ``held_until`` is the open that IB holds it for.
    ``reason`` says why it ended, or what changed on the way. ``refused`` is IB's text
    of a refusal, until a listing has confirmed it or shown the order alive.
    ``cancel_asked``: its cancel is wanted, and IB is asked until evidence ends the
    order.

    ``estimate`` is the cost that the guards counted it with, like all prices in the
    stock's currency: dollars for all that is bought. ``limit`` is
    the worst price that a limit order accepts, None for other types. ``outside_hours``
    is whether it may be filled outside regular hours (IB: outsideRth). ``stop`` is the
    price at which a stop becomes a market order; a trailing stop follows the best price
    by ``trail_percent`` or by ``trail_amount`` dollars.

    ``exit`` is its part in an exit plan, None for an order that is a card's leg. Within
    one ``oca_group`` (IB's one-cancels-all) a fill of one order reduces the others.
    ``acked_at`` is when IB was first known to hold it. ``replaced``: the owner answered
    for it at ``closed_at`` (UTC), and has approved other exits in its place since.
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
    tif: str = GOOD_TILL_CANCELLED
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
    def distance(self) -> TrailingDistance | None:
        """The distance of a trailing stop; None for any other order."""
        if self.trail_percent is None and self.trail_amount is None:
            return None
        return TrailingDistance(percent=self.trail_percent, amount=self.trail_amount)

    @property
    def rest(self) -> Shares:
        """The shares that are not filled yet."""
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
        """The identity it was sent under; None before that, and if it was not kept."""
        if self.gateway is None or self.client_id is None:
            return None
        return Identity(
            gateway=self.gateway, accounts=self.login, client_id=self.client_id
        )

    def is_of(self, identity: Identity | None) -> bool:
        """Whether evidence of *identity* applies to it: it was sent under the same
        identity, or, where that was not kept, under the same client id with its account
        in the login. An order that this journal never sent can have been sent by an
        older copy of it (R16), so any session with its account applies."""
        if identity is None or self.identity is not None:
            return identity is not None and self.identity == identity
        if self.client_id is None:
            return self.account in identity.accounts
        return (
            self.client_id == identity.client_id and self.account in identity.accounts
        )

    @property
    def filled(self) -> Shares:
        return Shares(sum(fill.shares for fill in self.fills))

    @property
    def listed(self) -> Shares:
        """The filled shares that IB has listed, without the owner's word."""
        return Shares(sum(fill.shares for fill in self.fills if not fill.by_word))

    @property
    def is_by_word(self) -> bool:
        """Whether the owner has said what was filled, and IB has not listed it."""
        return self.filled > self.listed

    @property
    def average_price(self) -> Price | None:
        """The average over all fills, unrounded; None before the first."""
        if not self.filled:
            return None
        paid = sum((fill.shares * fill.price for fill in self.fills), Decimal(0))
        return Price(paid / self.filled)

    @property
    def commission(self) -> Money | None:
        """Commission in dollars so far; None while no fill was charged in dollars."""
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
        """Whether IB has reported the commission of every fill that it lists."""
        told = (f for f in self.fills if f.shares and not f.by_word)
        return all(fill.commission is not None for fill in told)
