"""What the owner wants done, as the stories need it."""

from dataclasses import dataclass
from datetime import timedelta

from core.model.limits import Limits
from core.model.market import RankBy, ScanRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds.

    ``calendar`` bounds the wait for the exchange calendar right after a start.
    ``scan``, ``quotes`` and ``bars`` bound a scan's three round trips, ``charts`` the
    fetching of the bars of a picture; ``probe`` the gateway's answer right before an
    order; ``ack`` IB's first word on an order.
    ``settle`` lies between two evidence passes, ``settle_after_outage`` when the
    gateway was gone in between. ``retry`` lies between passes that were worth
    nothing. ``outage`` is how long the line may be down before the owner is told,
    ``comparison`` how long it may be up without the orders having been compared.
    """

    calendar: float = 20.0
    scan: float = 5.0
    quotes: float = 2.5
    bars: float = 2.5
    charts: float = 8.0
    probe: float = 2.0
    ack: float = 10.0
    settle: float = 10.0
    settle_after_outage: float = 60.0
    retry: float = 3.0
    outage: float = 60.0
    comparison: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """The answers to several ``requests`` are one scan. ``report_after_open`` and
    ``report_give_up`` count from the session's open."""

    requests: tuple[ScanRequest, ...]
    rank_by: RankBy
    limits: Limits
    patience: Patience
    report: bool
    report_after_open: timedelta
    report_give_up: timedelta
