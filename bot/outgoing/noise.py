"""What may ring, and when: by what the news is about, quiet hours, and /mute.

What an order's fate or the safety of the books hangs on always rings. What can wait is
held while it is quiet, and given in one message afterwards; what takes the place of a
placeholder comes at once, without a ring.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Final

from core.model.chosen.news import BriefReady, RunsMissed, SummaryReady
from core.model.exits.news import ExitDone
from core.model.news import (
    AskedAgain,
    CardChanged,
    ClosedToday,
    FillChanged,
    LineBack,
    LineLost,
    LookAlike,
    News,
    ReportMissed,
    ReportReady,
    Restarted,
    ScanFailed,
    Settled,
)
from core.rules.new_york import local


class Kind(StrEnum):
    """What news is about."""

    CARD = "cards"
    REPORT = "reports"
    FILL = "fills"
    REFUSAL = "refusals"
    LINE = "line"
    NOTICE = "notices"
    ALARM = "alarms"


class Volume(StrEnum):
    LOUD = "loud"
    SILENT = "silent"
    OFF = "off"


class Treatment(StrEnum):
    """What becomes of a piece of news now."""

    RING = "ring"
    SILENT = "silent"
    HOLD = "hold"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From one New York time of day to another, past midnight if that is earlier."""

    begins: time
    ends: time

    def hold(self, now: datetime) -> bool:
        """Whether *now* lies in them."""
        at = local(now).time()
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How loud each kind is (loud where it is not named), and the hours of quiet."""

    volumes: Mapping[Kind, Volume] = field(default_factory=dict)
    quiet: QuietHours | None = None

    def volume(self, kind: Kind) -> Volume:
        return self.volumes.get(kind, Volume.LOUD)

    def is_quiet(self, now: datetime, *, muted_until: datetime | None) -> bool:
        """Whether nothing rings that can wait."""
        muted = muted_until is not None and now < muted_until
        return muted or (self.quiet is not None and self.quiet.hold(now))

    def treatment(
        self, news: News, now: datetime, *, muted_until: datetime | None
    ) -> Treatment:
        """What becomes of *news* now."""
        kind = kind_of(news)
        if kind is Kind.ALARM:
            return Treatment.RING
        if self.volume(kind) is Volume.OFF and kind in CAN_BE_OFF:
            return Treatment.DROP
        if self.is_quiet(now, muted_until=muted_until):
            return Treatment.HOLD if kind in _CAN_WAIT else Treatment.SILENT
        loud = self.volume(kind) is Volume.LOUD
        return Treatment.RING if loud else Treatment.SILENT


def kind_of(news: News) -> Kind:
    """What *news* is about. Whatever has no kind is an alarm."""
    return _KINDS.get(type(news), Kind.ALARM)


_KINDS: Final[Mapping[type, Kind]] = {
    CardChanged: Kind.CARD,
    ReportReady: Kind.REPORT,
    ReportMissed: Kind.REPORT,
    BriefReady: Kind.REPORT,
    SummaryReady: Kind.REPORT,
    RunsMissed: Kind.REPORT,
    Settled: Kind.FILL,
    FillChanged: Kind.FILL,
    ExitDone: Kind.FILL,
    ScanFailed: Kind.REFUSAL,
    AskedAgain: Kind.REFUSAL,
    LineLost: Kind.LINE,
    LineBack: Kind.LINE,
    Restarted: Kind.LINE,
    ClosedToday: Kind.NOTICE,
    LookAlike: Kind.NOTICE,
}


def noise_of(volumes: Mapping[str, str], quiet: str | None) -> Noise:
    """What the settings say: a volume for each kind by its name, and hours of quiet
    like ``22:00-07:00``."""
    return Noise(
        volumes={Kind(kind): Volume(volume) for kind, volume in volumes.items()},
        quiet=quiet_hours(quiet) if quiet else None,
    )


def quiet_hours(span: str) -> QuietHours:
    """``22:00-07:00`` as the settings have checked it."""
    begins, ends = map(time.fromisoformat, span.split("-"))
    return QuietHours(begins=begins, ends=ends)


CAN_BE_OFF: Final = frozenset({Kind.FILL, Kind.LINE, Kind.NOTICE})
"""A card, a report and a refusal stand where something was waited for: they come."""

_CAN_WAIT: Final = frozenset({Kind.FILL, Kind.LINE, Kind.NOTICE})
