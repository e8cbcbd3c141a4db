"""Proposals: what is offered to the owner, and the owner's answers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType

from core.model.exits.plan import NO_EXITS, ExitPlan
from core.model.market import (
    Freshness,
    Instrument,
    OrderType,
    Side,
    keeps_new_york_hours,
)
from core.model.money import DOLLARS, Money, Price, Shares, Size, Steps
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
    """What a card asks."""

    PICKS = "picks"  # buy what a scan picked
    BUY = "buy"  # buy a stock that the owner named
    SELL = "sell"  # sell all or part of one holding
    SELL_ALL = "sell all"  # sell every holding, after /panic
    EXITS = "exits"  # change the exits of one holding

    @property
    def sells(self) -> bool:
        return self in {Purpose.SELL, Purpose.SELL_ALL}

    @property
    def side(self) -> Side:
        return Side.SELL if self.sells else Side.BUY

    @property
    def done(self) -> str:
        """The past participle for what a Yes did: bought, sold or changed."""
        return "changed" if self is Purpose.EXITS else self.side.done


class Pick(StrEnum):
    """Why a stock was picked."""

    DOLLARS = "most $"
    PERCENT = "most %"


class OrderTerms(StrEnum):
    """How a card's purchases are priced. The letters are sent in callback data."""

    MARKET = "m"
    LIMIT = "l"  # the ask and some percent more
    ANY_HOURS = "h"  # the same, and filled outside of regular hours, too
    CAPPED = "c"  # at the market; what waits for an open has a cap on the gap

    @property
    def following(self) -> "OrderTerms":
        """The next way in turn to price what may be filled at once."""
        every = (OrderTerms.MARKET, OrderTerms.LIMIT, OrderTerms.ANY_HOURS)
        stands = OrderTerms.MARKET if self is OrderTerms.CAPPED else self
        return every[(every.index(stands) + 1) % len(every)]


class ProposalState(StrEnum):
    DRAFT = "draft"  # shown without an offer: there was nothing to pick
    OFFERED = "offered"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"  # a newer card or question took its place


UNDECIDED: Final = frozenset({ProposalState.DRAFT, ProposalState.OFFERED})
"""The states in which a proposal may still be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One order that a Yes would place: a market order, good till cancelled, unless its
    fields say otherwise.

    ``reference`` is the price on the card, against which a tap is judged. ``picks`` and
    ``change`` (since the session's open) come from a scan. For a sale, ``holding`` is
    what the account held when the card was made and ``bought_here`` how many of those
    shares this journal bought and did not sell; ``traded`` is how many shares each of the
    stock's orders here had filled when that was read, None where it was not. ``limit`` is
    the worst price that a limit order accepts, None until it is computed from IB's price
    steps. ``tif`` is IB's time in force; ``outside_hours`` is whether it may be filled
    outside regular hours. ``steps`` are IB's price steps of the stock, empty until requested. ``exits``
    is the exit plan that the same Yes approves; ``atr`` is the average true range in
    dollars, if known. ``left_out`` is whether the owner has left it out of the Yes,
    ``halted`` whether trading in the stock was halted when the card was made,
    ``freshness`` how current the prices are that were quoted for it.
    ``listed_on`` is its primary exchange, as far as IB names it. ``company`` is its name
    as IB writes it, empty where none came with the symbol."""

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
    traded: tuple[tuple[str, int], ...] | None = None
    order_type: OrderType = OrderType.MARKET
    limit: Price | None = None
    tif: str = "GTC"
    outside_hours: bool = False
    steps: Steps = ()
    exits: ExitPlan = NO_EXITS
    atr: Decimal | None = None
    left_out: bool = False
    halted: bool = False
    freshness: Freshness = Freshness.LIVE
    listed_on: str = ""
    company: str = ""

    @property
    def is_abroad(self) -> bool:
        """Whether it is priced in another currency than the dollar."""
        return self.instrument.currency != DOLLARS

    @property
    def has_own_hours(self) -> bool:
        """Whether its exchange is none of the US: it has hours of its own, which are not
        known here, whatever the currency."""
        return self.is_abroad or not keeps_new_york_hours(self.listed_on)

    @property
    def estimate(self) -> Money:
        """What it would cost at the ask, or bring at the bid, in the stock's currency;
        without one, at the last price. A limit order is counted at its limit, its worst price."""
        quoted = self.ask if self.side is Side.BUY else self.bid
        return Money(self.shares * (self.limit or quoted or self.reference))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The chat and message that show a card. A tap counts only if it comes from there.

    The numbers are Telegram's; the core does not interpret them.
    """

    owner: int
    chat: int
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A card: the ranking it came from and the orders that a Yes would place.

    Times are UTC. ``ranking`` has no rows if no scan made the card. ``legs`` is empty
    if nothing could be picked. ``queue_for`` is the open that a market order would wait
    for, set once the owner has been asked about it. ``note`` is a sentence for the top
    of the card ("FDMX is at ... now"). ``decided_by`` and ``decided_at`` say who ended
    the offer, and when. ``size`` is what the owner chose for its legs, None for the
    size in the settings. ``terms`` is how he chose that they are priced, None for what
    the settings say."""

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
    terms: OrderTerms | None = None

    @property
    def has_own_hours(self) -> bool:
        """Whether nothing that a Yes would place waits for the hours of New York's
        exchanges."""
        return bool(self.wanted) and all(leg.has_own_hours for leg in self.wanted)

    @property
    def is_mixed(self) -> bool:
        """Whether only a part of what a Yes would place waits for those hours."""
        return len({leg.has_own_hours for leg in self.wanted}) > 1

    @property
    def wanted(self) -> tuple[Leg, ...]:
        """The legs that a Yes would place."""
        return tuple(leg for leg in self.legs if not leg.left_out)


class Choice(StrEnum):
    """The choice that a button on a card stands for. The letters are sent in its
    callback data."""

    YES = "y"
    FIRST = "1"  # only the first leg
    SECOND = "2"  # only the second leg
    NO = "n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A press of a button as it arrived: who, where, on which card, when (UTC).

    ``update`` is the number of the inbox row that its decision marks as done.
    ``waited`` is the longest that it may have waited before the bot received it;
    ``timedelta.max`` if that is not known."""

    token: Token
    choice: Choice
    shown: Shown
    by: str
    at: datetime
    update: int | None = None
    waited: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseExits:
    """A tap that chooses other exits for what a card buys, and where it was tapped."""

    token: Token
    plan: ExitPlan
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Resize:
    """A tap that chooses a size on a card, and where it was tapped."""

    token: Token
    size: Size
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOut:
    """A tap that leaves the leg *number* out of a card's Yes, or puts it back, and where
    it was tapped."""

    token: Token
    number: int
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseTerms:
    """A tap that chooses how a card's purchases are priced, and where it was tapped."""

    token: Token
    terms: OrderTerms
    shown: Shown


class Verdict(StrEnum):
    """The outcome of a tap."""

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
    """The answer to a tap; ``proposal`` is its state afterwards, if known.

    ``reasons`` explains a NOT_NOW.
    """

    verdict: Verdict
    proposal: Proposal | None
    reasons: tuple[str, ...] = ()
