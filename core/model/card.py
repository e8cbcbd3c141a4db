"""A card as the owner sees it: what was offered, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from core.model.order import Order
from core.model.proposal import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """``orders`` are those of the proposal, by leg; ``opens`` (UTC) is the next open
    when the market is closed, None while it is open."""

    proposal: Proposal
    orders: tuple[Order, ...]
    opens: datetime | None
