"""News of what the owner has chosen: limits that were loosened, and what is done by itself."""

from dataclasses import dataclass
from datetime import datetime

from core.model.chosen.bulletins import Brief, Summary
from core.model.chosen.schedule import Run
from core.model.proposal import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRaised:
    """A setting was changed in the chat so that the bot may do more. ``at`` is UTC,
    ``was`` and ``value`` are texts as .env has them."""

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
    """What was chosen in the chat for a setting is taken no more by this Openbell:
    ``why`` in words. ``at`` is UTC."""

    at: datetime
    name: str
    value: str
    why: str

    @property
    def key(self) -> str:
        return f"set-aside:{self.name}:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefReady:
    """What is told before an open, in the place of its placeholder."""

    shown: Shown
    brief: Brief

    @property
    def key(self) -> str:
        return f"brief:{self.brief.session.day.isoformat()}:{self.shown.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryReady:
    """What is told after a close, in the place of its placeholder."""

    shown: Shown
    summary: Summary

    @property
    def key(self) -> str:
        return f"summary:{self.summary.session.day.isoformat()}:{self.shown.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsMissed:
    """What was scheduled and is not done any more, and why: one that a session has no
    place for has a reason of its own."""

    runs: tuple[Run, ...]
    reason: str

    @property
    def key(self) -> str:
        first = self.runs[0]
        return f"runs-missed:{first.day.isoformat()}:{first.key}"
