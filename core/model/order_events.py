"""The events that change what is known of an order. Each names its order, and each may
arrive twice or late."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.model.fills import Fill
from core.model.identity import Identity
from core.model.market import TrailingDistance
from core.model.money import DOLLARS, Price, Shares
from core.model.order import OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """W2: about to be handed to the socket, under this order id and identity."""

    ref: OrderRef
    order_id: int
    identity: Identity
    position_before: Decimal
    at: datetime
    day: date
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acked:
    """IB has confirmed the order: it exists there. ``works``: two passes list it among
    the open orders although it had ended here (R16)."""

    ref: OrderRef
    perm_id: int
    works: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """IB holds the order until *until* (UTC), or until an unnamed open if None."""

    ref: OrderRef
    until: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    ref: OrderRef
    fill: Fill


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """A commission report for one execution: the amount charged in ``currency``."""

    ref: OrderRef
    exec_id: str
    commission: Decimal
    currency: str = DOLLARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """IB says that it is cancelled: by orderStatus, code 202, or a completed order.
    ``refutes_word``: it lists every share that it counts as filled, and the owner had
    said that there were more."""

    ref: OrderRef
    reason: str | None
    refutes_word: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A code that refuses the order, to be confirmed by a listing (R13)."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """IB has refused it, and a listing confirms that (R5, R13)."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something to show that does not change the state: a warning, a changed TIF."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """IB has the order for so many *shares*, at this *limit* (None as long as it has none
    here), and with this *tif*, *stop* and *distance* of a trailing stop now (None: as before):
    somebody changed it in TWS, or IB did."""

    ref: OrderRef
    shares: Shares
    reason: str
    limit: Price | None = None
    tif: str | None = None
    stop: Price | None = None
    distance: TrailingDistance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WentSilent:
    """No answer, and no evidence either way: it may exist (R7 to R9, R11, R15).
    ``position_now`` is what the account holds of the stock, if that is known."""

    ref: OrderRef
    reason: str
    position_now: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAbsent:
    """R6: complete evidence of the same day and client shows it never reached IB."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """Not sent: these guards refused it."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Written as being sent, but no byte of it left this process."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceMoved:
    """Not sent: the price left its band, and a new card asks again."""

    ref: OrderRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAsked:
    """Its cancel is wanted: IB is asked whenever possible until evidence ends it."""

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
    """The owner's answer: *shares* were filled in all, at *price* dollars each."""

    ref: OrderRef
    shares: Shares
    price: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledByWord:
    """The owner said at *at* (UTC) that *shares* were filled at about *price*."""

    ref: OrderRef
    shares: Shares
    price: Price
    at: datetime
    reason: str


WithReason = (
    Cancelled
    | Refused
    | Rejected
    | Noted
    | Amended
    | WentSilent
    | FoundAbsent
    | Lapsed
    | NotSent
    | PriceMoved
    | HumanClosed
)
"""Events whose ``reason`` says in words what happened to the order."""

OrderEvent = (
    Sent | Acked | Held | Filled | Charged | CancelAsked | FilledByWord | WithReason
)
