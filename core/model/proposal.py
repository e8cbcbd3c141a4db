"""What is offered to the owner, and what the owner said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType

from core.model.exits.plan import NO_EXITS, ExitPlan
from core.model.market import Instrument, OrderType, Side
from core.model.money import Money, Price, PriceStep, Shares, Size
from core.model.portfolio import Position
from core.model.ranking import Change, Ranking


ProposalId = NewType("ProposalId", str)
"""Ten base32 characters; the stem of every orderRef made from the proposal."""

Token = NewType("Token", str)
"""128 random bits in base64url: what a button carries instead of the facts."""


class Mode(StrEnum):
    """Whose money moves. Shown on every card."""

    SANDBOX = "sandbox"
    PAPER = "paper"
    LIVE = "live"


class Purpose(StrEnum):
    """What a card is about."""

    PICKS = "picks"  # what a scan picked, to buy
    BUY = "buy"  # a stock that the owner named
    SELL = "sell"  # some of one holding
    SELL_ALL = "sell all"  # of every holding, after /panic
    EXITS = "exits"  # other exits for one holding

    @property
    def sells(self) -> bool:
        return self in {Purpose.SELL, Purpose.SELL_ALL}

    @property
    def side(self) -> Side:
        return Side.SELL if self.sells else Side.BUY

    @property
    def done(self) -> str:
        """What a Yes has done at its end, in a word."""
        return "changed" if self is Purpose.EXITS else self.side.done


class Pick(StrEnum):
    """Why a stock was picked."""

    DOLLARS = "most $"
    PERCENT = "most %"


class ProposalState(StrEnum):
    DRAFT = "draft"  # shown without an offer: there was nothing to pick
    OFFERED = "offered"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"  # a newer card or question took its place


UNDECIDED: Final = frozenset({ProposalState.DRAFT, ProposalState.OFFERED})
"""What may still be amended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One order that Yes would place: market and good till cancelled, unless it says
    otherwise.

    ``reference`` is the price the card showed; the tap is judged against it. ``picks``
    and ``change`` (since the session's open) are a scan's. Of a sale ``holding`` is
    what the account held when the card was made, ``bought_here`` how many shares of it
    this journal bought and did not sell. ``limit`` is the worst price that a limit order
    takes: None until it is worked out by IB's price step. ``tif`` is IB's time in force,
    ``outside_hours`` whether it may be filled outside of the regular session.
    ``steps`` are IB's price steps of the stock, empty while nobody has asked.
    ``exits`` is how what is bought is sold again, which the same Yes approves; ``atr``
    the average true range in dollars, if it is known.
    """

    number: int
    instrument: Instrument
    shares: Shares
    picks: tuple[Pick, ...]
    change: Change | None
    reference: Price
    ask: Price | None
    side: Side = Side.BUY
    bid: Price | None = None
    holding: Position | None = None
    bought_here: Shares | None = None
    order_type: OrderType = OrderType.MARKET
    limit: Price | None = None
    tif: str = "GTC"
    outside_hours: bool = False
    steps: tuple[PriceStep, ...] = ()
    exits: ExitPlan = NO_EXITS
    atr: Decimal | None = None

    @property
    def estimate(self) -> Money:
        """Dollars it would cost at the ask, or bring at the bid; at the last price
        without one. A limit order is counted with its limit, which it may come to."""
        quoted = self.ask if self.side is Side.BUY else self.bid
        return Money(self.shares * (self.limit or quoted or self.reference))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Where a card stands. A tap counts only from its owner, in its place.

    The numbers are the chat's; to the core they are opaque.
    """

    owner: int
    chat: int
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A card: the ranking it came from and the orders that Yes would place.

    ``ranking`` is without rows where no scan made the card. ``legs`` is empty when nothing could be picked. Times are UTC. ``queue_for`` is
    the open that a market order would wait for, set once the owner has been asked
    about it. ``note`` is a sentence for the head of the card ("FDMX is at ... now").
    ``decided_by`` and ``decided_at`` tell who ended the offer. ``size`` is what the owner
    chose for its legs, None while it is the one of his settings.
    """

    id: ProposalId
    token: Token
    state: ProposalState
    mode: Mode
    account: str
    session_day: date
    made_at: datetime
    expires_at: datetime
    ranking: Ranking
    legs: tuple[Leg, ...]
    shown: Shown
    funds: Money | None = None
    net_liquidation: Money | None = None
    queue_for: datetime | None = None
    note: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    purpose: Purpose = Purpose.PICKS
    size: Size | None = None


class Choice(StrEnum):
    """What a button on a card says. The letters travel in its callback data."""

    YES = "y"
    FIRST = "1"  # only the first leg
    SECOND = "2"  # only the second leg
    NO = "n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A press of a button, as it arrived: who, where, on what, when (UTC).

    ``update`` is the number of the inbox row that is finished with its decision.
    ``waited`` is how long it may have waited before it was heard, at most;
    ``timedelta.max`` when nobody knows.
    """

    token: Token
    choice: Choice
    shown: Shown
    by: str
    at: datetime
    update: int | None = None
    waited: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseExits:
    """A tap on other exits for what a card buys, where it was tapped."""

    token: Token
    plan: ExitPlan
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Resize:
    """A press of a size, on a card: what it shall be, and where it was pressed."""

    token: Token
    size: Size
    shown: Shown


class Verdict(StrEnum):
    """What became of a tap."""

    APPROVED = "approved"
    DECLINED = "declined"
    ASK_QUEUE = "ask about queueing"  # the market is closed: a second question stands
    NOT_NOW = "not now"  # something stands in the way; the offer stands, tap again
    ALREADY = "already decided"
    EXPIRED = "expired"
    UNKNOWN = "not valid any more"
    RESIZED = "resized"  # the card shows another size, and asks again


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer to a tap; ``proposal`` as it stands afterwards, if it is known.

    ``reasons`` say in words why NOT_NOW.
    """

    verdict: Verdict
    proposal: Proposal | None
    reasons: tuple[str, ...] = ()
