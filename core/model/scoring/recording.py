"""A card's whole scan, kept as it was before anything of its future was known."""

from dataclasses import dataclass
from datetime import date, datetime

from core.model.market import ConId, Snapshot
from core.model.money import Shares
from core.model.proposal import ProposalId


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Every row that one scan saw, with its quote, its bars and what was picked.

    ``series`` is a short name for ``settings``, the scan's settings in words: cards of
    different settings are counted apart. ``shares`` is the size of an order, which says
    what its fees would have been. ``at`` is in UTC, ``session_day`` New York's.
    """

    proposal_id: ProposalId
    session_day: date
    at: datetime
    series: str
    settings: str
    shares: Shares
    rows: tuple[Snapshot, ...]
    picked: tuple[ConId, ...]
