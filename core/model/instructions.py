"""What the owner wants done, as the stories need it."""

from dataclasses import dataclass
from datetime import timedelta

from core.model.limits import Limits
from core.model.market import RankBy, ScanRequest
from core.model.patience import Patience


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
