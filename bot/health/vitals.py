"""How the process is, beside what it could trade: the values of /health and /metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.checks.finding import Finding
from core.model.market import Freshness
from core.model.order import OrderState
from core.model.report import ReportState
from core.model.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The product's, Python's, and the newest API version that both ends speak (None
    without a conversation)."""

    openbell: str
    python: str
    api: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """One look at the process.

    ``since`` is when this run began. ``data`` is the freshness of the newest quotes,
    None while none were asked for. ``orders`` counts those that have not ended and
    today's. ``telegram`` is for how many seconds Telegram has not answered a poll, None
    before its first answer. ``untold`` news wait to be told, the oldest for ``waited`` seconds.
    ``last_look`` is seconds since the bot looked at what is due, ``scan`` how many the
    last scan took until its card; None before there was one. ``tap_to_order`` is how many
    seconds lay between the last decision on disk and its first order's bytes in the
    kernel, None before there was one. ``report`` is what became of today's report,
    ``bare`` for how many seconds a purchase stood without its stop at the longest, of
    the stops that live or were sent today (None where none is known).
    ``journal`` and ``memory`` are bytes; ``sockets`` None where it cannot be told.
    ``findings`` are those about the machine that are not well, ``chosen`` the settings
    whose value comes from the chat.
    """

    at: datetime
    since: datetime
    status: Status
    data: Freshness | None
    orders: Mapping[OrderState, int]
    telegram: float | None
    untold: int
    waited: float
    last_look: float | None
    scan: float | None
    tap_to_order: float | None
    bare: float | None
    report: ReportState | None
    journal: int
    free: int
    memory: int
    sockets: int | None
    versions: Versions
    findings: tuple[Finding, ...]
    chosen: tuple[str, ...] = ()
