"""What may ring, and when: by the kind of news, quiet hours, and /mute.

News about the fate of an order or the safety of the journal always rings. While it is
quiet, news that can wait is held and given in one message afterwards; news that
replaces a placeholder comes at once, but silently."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Final

from core.model.chosen.news import BriefReady, RunsMissed, SummaryReady
from core.model.exits.news import ExitDone, ExitPartFilled
from core.model.news import (
    AskedAgain,
    CardChanged,
    ClosedToday,
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
from core.model.order_news import FillChanged, PartFilled
from core.rules.new_york import local


class NewsKind(StrEnum):
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
    """What to do with a piece of news now."""

    RING = "ring"
    SILENT = "silent"
    HOLD = "hold"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From one New York time of day to another; past midnight if the second is
    earlier."""

    begins: time
    ends: time

    def hold(self, now: datetime) -> bool:
        """Whether *now* (UTC) is within the quiet hours."""
        at = local(now).time()
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """The volume of each kind (loud if not given), and the quiet hours."""

    volumes: Mapping[NewsKind, Volume] = field(default_factory=dict)
    quiet: QuietHours | None = None

    def volume(self, kind: NewsKind) -> Volume:
        return self.volumes.get(kind, Volume.LOUD)

    def is_quiet(self, now: datetime, *, muted_until: datetime | None) -> bool:
        """Whether news that can wait must not ring now."""
        muted = muted_until is not None and now < muted_until
        return muted or (self.quiet is not None and self.quiet.hold(now))

    def treatment(
        self, news: News, now: datetime, *, muted_until: datetime | None
    ) -> Treatment:
        """What to do with *news* now."""
        kind = kind_of(news)
        if kind is NewsKind.ALARM:
            return Treatment.RING
        if self.volume(kind) is Volume.OFF and kind in CAN_BE_OFF:
            return Treatment.DROP
        if self.is_quiet(now, muted_until=muted_until):
            return Treatment.HOLD if kind in _CAN_WAIT else Treatment.SILENT
        loud = self.volume(kind) is Volume.LOUD
        return Treatment.RING if loud else Treatment.SILENT


def kind_of(news: News) -> NewsKind:
    """The kind of *news*. News without an assigned kind is an alarm."""
    return _KINDS.get(type(news), NewsKind.ALARM)


_KINDS: Final[Mapping[type, NewsKind]] = {
    CardChanged: NewsKind.CARD,
    ReportReady: NewsKind.REPORT,
    ReportMissed: NewsKind.REPORT,
    BriefReady: NewsKind.REPORT,
    SummaryReady: NewsKind.REPORT,
    RunsMissed: NewsKind.REPORT,
    Settled: NewsKind.FILL,
    FillChanged: NewsKind.FILL,
    PartFilled: NewsKind.FILL,
    ExitDone: NewsKind.FILL,
    ExitPartFilled: NewsKind.FILL,
    ScanFailed: NewsKind.REFUSAL,
    AskedAgain: NewsKind.REFUSAL,
    LineLost: NewsKind.LINE,
    LineBack: NewsKind.LINE,
    Restarted: NewsKind.LINE,
    ClosedToday: NewsKind.NOTICE,
    LookAlike: NewsKind.NOTICE,
}


def noise_of(volumes: Mapping[str, str], quiet: str | None) -> Noise:
    """The Noise of the settings: a volume for each kind by name, and quiet hours like
    ``22:00-07:00``."""
    return Noise(
        volumes={NewsKind(kind): Volume(volume) for kind, volume in volumes.items()},
        quiet=quiet_hours(quiet) if quiet else None,
    )


def quiet_hours(span: str) -> QuietHours:
    """``22:00-07:00`` as the settings have checked it."""
    begins, ends = map(time.fromisoformat, span.split("-"))
    return QuietHours(begins=begins, ends=ends)


CAN_BE_OFF: Final = frozenset({NewsKind.FILL, NewsKind.LINE, NewsKind.NOTICE})
"""The kinds that can be switched off. Cards, reports and refusals answer a request, so
they always come."""

_CAN_WAIT: Final = frozenset({NewsKind.FILL, NewsKind.LINE, NewsKind.NOTICE})
