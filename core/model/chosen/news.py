"""News about what the owner has chosen: loosened limits, and scheduled runs."""

from dataclasses import dataclass
from datetime import datetime

from core.model.chosen.bulletins import Brief, Summary
from core.model.chosen.schedule import Run
from core.model.proposal import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRaised:
    """A setting was changed in the chat so that the bot may do more. ``at`` is UTC;
    ``was`` and ``value`` are written as in .env."""

    at: datetime
    by: str
    name: str
    was: str
    value: str

    @property
    def key(self) -> str:
        return f"raised:{self.name}:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSetAside:
    """A value chosen in the chat is no longer valid in this version; ``why`` explains.
    ``at`` is UTC."""

    at: datetime
    name: str
    value: str
    why: str

    @property
    def key(self) -> str:
        return f"set-aside:{self.name}:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefReady:
    """The message before an open; it replaces its placeholder."""

    shown: Shown
    brief: Brief

    @property
    def key(self) -> str:
        return f"brief:{self.brief.session.day.isoformat()}:{self.shown.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryReady:
    """The message after a close; it replaces its placeholder."""

    shown: Shown
    summary: Summary

    @property
    def key(self) -> str:
        return f"summary:{self.summary.session.day.isoformat()}:{self.shown.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsMissed:
    """Scheduled runs that will not be made any more, and why; a run that does not fit
    into its session has its own reason."""

    runs: tuple[Run, ...]
    reason: str

    @property
    def key(self) -> str:
        first = self.runs[0]
        return f"runs-missed:{first.day.isoformat()}:{first.key}"
