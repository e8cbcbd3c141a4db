"""The state of the process: the values of /health and /metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.checks.finding import Finding
from core.model.market import Freshness
from core.model.order import OrderState
from core.model.report import ReportDay, ReportState
from core.model.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The versions of the product and of Python, and the API version negotiated with
    the gateway (None without a conversation)."""

    openbell: str
    python: str
    api: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastReport:
    """The last morning report that was due: its ``day``, how far it is (None if nothing
    is recorded), and why it was ``missed``, if that is still kept."""

    day: ReportDay
    state: ReportState | None
    missed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReadings:
    """What is measured of the process at one moment.

    ``since`` is when this run began (UTC). ``data`` is the freshness of the newest
    quotes, None if none were requested. ``orders`` counts those that have not ended,
    and today's. ``telegram`` is for how many seconds Telegram has not answered a poll,
    None before its first answer. ``unsent`` is the number of news items waiting to be
    sent, the oldest for ``waited`` seconds. ``last_look`` is seconds since the bot
    looked at what is due; ``scan`` is how many seconds the last scan took up to its
    card; both are None before the first. ``tap_to_order`` is the seconds from the last
    decision on disk to the sending of its first order, None before the first.
    ``report`` is the state of today's report; ``last_report`` has the day of the last
    one that was due, its state, and the reason if it was missed. ``bare`` is the
    longest time in seconds that a purchase was without its stop, among stops that work
    or were sent today (None if not known). ``journal`` and ``memory`` are in bytes;
    ``sockets`` is None if unknown. ``findings`` are the problems of the machine,
    ``chosen`` the settings chosen in the chat."""

    at: datetime
    since: datetime
    status: Status
    data: Freshness | None
    orders: Mapping[OrderState, int]
    telegram: float | None
    unsent: int
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
    last_report: LastReport | None = None
