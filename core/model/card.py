"""A card as the owner sees it: what was offered, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.model.money import DOLLARS, Size
from core.model.order import Order
from core.model.portfolio import Position
from core.model.proposal import Leg, Proposal
from core.model.scoring.score import Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """``orders`` are those of the proposal, by leg; ``opens`` (UTC) is the next open
    when the market is closed or about to close, None while it is open; ``closes`` (UTC)
    is the close that is about to come, None at any other time. Of an open offer ``refused`` says
    why a Yes to all of it would not be sent, empty if nothing is known against it, and
    ``fitting`` are the numbers of the legs that would be sent alone even so; ``score`` is how
    picks like these have done, None where nothing is known of it. ``held`` is what the account
    holds of the legs' stocks. ``sizes`` are those that can be chosen, ``exits`` the exit
    orders of what it approved."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What IB says of an order that is only asked about. Margin and equity are in the
    account's own currency, the commission in ``currency``. None is what IB did not tell.
    ``margin_after`` is the initial margin with it, ``equity_after`` what covers that.
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
    """What IB says of one leg, or in ``problem`` why it says nothing; ``is_refused``
    where that is that it would refuse the order."""

    leg: Leg
    preview: Preview | None = None
    problem: str | None = None
    is_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The answer to "Check with IB": a leg after the other, in the account's
    ``currency``. ``wait`` are the seconds until IB may be asked again, when it was not;
    ``unfit`` says why this gateway is asked nothing at all."""

    proposal: Proposal
    legs: tuple[Checked, ...] = ()
    currency: str = DOLLARS
    wait: float | None = None
    unfit: str | None = None
