"""Everything that can be learned about an order. Each event names the order it is
about; each may arrive twice, or late."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.model.fills import Fill
from core.model.identity import Identity
from core.model.money import DOLLARS, Price, Shares
from core.model.order import OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """W2: about to be handed to the socket, under this id and in this name."""

    ref: OrderRef
    order_id: int
    identity: Identity
    position_before: Decimal
    at: datetime
    day: date
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acked:
    """IB named the order: it exists there."""

    ref: OrderRef
    perm_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """IB holds the order until *until* (UTC), or until an open it did not name."""

    ref: OrderRef
    until: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    ref: OrderRef
    fill: Fill


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """A commission report for one execution: what was charged in ``currency``."""

    ref: OrderRef
    exec_id: str
    commission: Decimal
    currency: str = DOLLARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """IB says it is cancelled: an orderStatus, a 202, or a completed order."""

    ref: OrderRef
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A code that means dead, to be borne out by a listing (R13)."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """IB refused it: its own word, borne out by a listing (R5, R13)."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something to show that changes no state: a warning, a changed TIF."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WentSilent:
    """No answer, and no evidence either way: it may exist (R7 to R9, R11, R15).
    ``position_now`` is what the account holds of the stock, if that is known."""

    ref: OrderRef
    reason: str
    position_now: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAbsent:
    """R6: complete, same-day, same-client evidence says it never reached IB."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """Not sent: these guards said no."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Written as being sent, and no byte of it left: nobody but this process knows."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceMoved:
    """Not sent: the price left its band, and a new card asks again."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAsked:
    """Its cancel is wanted; IB is asked whenever it can be, until evidence ends it."""

    ref: OrderRef
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanClosed:
    """The owner looked and said whether it is *there*."""

    ref: OrderRef
    there: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordOfFill:
    """That of an order *shares* were filled in all, at *price* dollars each."""

    ref: OrderRef
    shares: Shares
    price: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledByWord:
    """The owner said at *at* (UTC) that *shares* were filled at *price* or so."""

    ref: OrderRef
    shares: Shares
    price: Price
    at: datetime
    reason: str


OrderEvent = (
    Sent
    | Acked
    | Held
    | Filled
    | Charged
    | Cancelled
    | Refused
    | Rejected
    | Noted
    | WentSilent
    | FoundAbsent
    | Lapsed
    | NotSent
    | PriceMoved
    | CancelAsked
    | HumanClosed
    | FilledByWord
)
