"""A card as the owner sees it: what was offered, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from core.model.money import Size
from core.model.order import Order
from core.model.portfolio import Position
from core.model.proposal import Proposal
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
