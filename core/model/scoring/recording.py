"""The whole scan behind a card, recorded before its outcome could be known."""

from dataclasses import dataclass
from datetime import date, datetime

from core.model.market import ConId, Snapshot
from core.model.money import Shares
from core.model.proposal import ProposalId


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Every row of one scan, with its quote, its bars and what was picked.

    ``settings`` describes the settings of the scan and ``series`` is a short name for
    them: cards with different settings are scored separately. ``shares`` is the size of
    an order, from which its fees are estimated. ``at`` is UTC, ``session_day`` the New
    York date.
    """

    proposal_id: ProposalId
    session_day: date
    at: datetime
    series: str
    settings: str
    shares: Shares
    rows: tuple[Snapshot, ...]
    picked: tuple[ConId, ...]
