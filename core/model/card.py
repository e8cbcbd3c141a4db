"""A card as the owner sees it: what was offered, and how its orders ended."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.model.market import ConId
from core.model.money import DOLLARS, Size
from core.model.order import Order
from core.model.portfolio import Position
from core.model.proposal import Leg, OrderTerms, Proposal
from core.model.scoring.score import Score
from core.model.status import ExitsWait


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A proposal with everything that its message shows.

    ``orders`` are the proposal's, by leg. ``opens`` (UTC) is the next open when the
    market is closed or about to close, None while it is open; ``closes`` (UTC) is the
    close that is about to come, None at any other time. For an open offer, ``refused``
    gives the reasons why a Yes to all of it would not be sent (empty if none is known),
    and ``fitting`` the numbers of the legs that could still be sent alone. ``score`` is
    how earlier picks have done, None if unknown. ``held`` is what the account holds of
    the legs' stocks. ``sizes`` can be chosen; ``exits`` are the exit orders of what was
    approved, ``exits_wait`` is the halt that keeps exits back. ``terms`` is how the
    purchases of an open offer are priced, None where that cannot be chosen.
    ``buying_stops`` says that the owner has set an hour or a loss at which it does.
    ``covered`` are the stocks of which the exits of what is held cover more, too.
    """

    proposal: Proposal
    orders: tuple[Order, ...]
    opens: datetime | None
    closes: datetime | None = None
    refused: tuple[str, ...] = ()
    fitting: tuple[int, ...] = ()
    score: Score | None = None
    held: tuple[Position, ...] = ()
    sizes: tuple[Size, ...] = ()
    exits: tuple[Order, ...] = ()
    exits_wait: ExitsWait | None = None
    terms: OrderTerms | None = None
    buying_stops: bool = False
    covered: frozenset[ConId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """IB's answer to a what-if order. Margin and equity are in the account's own
    currency, the commission in ``currency``; None is what IB did not say.
    ``margin_after`` is the initial margin with the order, ``equity_after`` the equity
    that covers it.
    """

    margin_change: Decimal | None = None
    margin_after: Decimal | None = None
    equity_after: Decimal | None = None
    commission: Decimal | None = None
    least_commission: Decimal | None = None
    most_commission: Decimal | None = None
    currency: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """IB's answer for one leg, or in ``problem`` why there is none; ``is_refused`` when
    the reason is that IB would refuse the order."""

    leg: Leg
    preview: Preview | None = None
    problem: str | None = None
    is_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The answer to "Check with IB", leg by leg, in the account's ``currency``. If IB
    was not asked, ``wait`` is how many seconds remain until it may be asked again, and
    ``unfit`` why this gateway must not be asked at all."""

    proposal: Proposal
    legs: tuple[Checked, ...] = ()
    currency: str = DOLLARS
    wait: float | None = None
    unfit: str | None = None
