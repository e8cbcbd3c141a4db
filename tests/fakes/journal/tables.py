"""The tables of the journal in memory, and the one transaction that may be open.

The contract tests ask the same of the roles here as of those on disk (tests/contracts/store).
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime

from core.model.chosen.schedule import DayOff, ScheduleEntry
from core.model.chosen.setting import SettingChange
from core.model.errors import Contradiction
from core.model.fills import Trade
from core.model.news import News
from core.model.order import Order, OrderRef
from core.model.proposal import (
    Proposal,
    ProposalId,
    Shown,
)
from core.model.report import ReportState
from core.model.scoring.following import Followed, Horizon
from core.model.scoring.recording import Recording


@dataclass(slots=True)
class Told:
    """One piece of news: its editions, its turn, and where it stands."""

    news: News
    turn: int
    edition: int = 1
    told: int = 0
    message: int | None = None


@dataclass(slots=True)
class Copy:
    """The same in another chat."""

    told: int = 0
    message: int | None = None
    edition: int = 1


@dataclass(slots=True)
class Tables:
    """Everything that a transaction may change."""

    updates: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    handled: set[int] = field(default_factory=set)
    cards: dict[ProposalId, Proposal] = field(default_factory=dict)
    orders: dict[OrderRef, Order] = field(default_factory=dict)
    other_trades: dict[str, Trade] = field(default_factory=dict)
    news: dict[str, Told] = field(default_factory=dict)
    places: dict[str, Shown] = field(default_factory=dict)
    chats: set[int] = field(default_factory=set)
    copies: dict[tuple[str, int], Copy] = field(default_factory=dict)
    reports: dict[tuple[date, str], tuple[ReportState, datetime | None]] = field(
        default_factory=dict
    )
    entries: list[ScheduleEntry] = field(default_factory=list)
    removed: set[int] = field(default_factory=set)
    days_off: dict[date, DayOff] = field(default_factory=dict)
    recordings: dict[ProposalId, Recording] = field(default_factory=dict)
    followed: dict[tuple[ProposalId, Horizon], Followed] = field(default_factory=dict)
    setting_changes: list[SettingChange] = field(default_factory=list)
    trail: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    memory: dict[str, object] = field(default_factory=dict)


class Ground:
    """The tables, and the one transaction that may be open on them."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.exported: set[ProposalId] = set()
        self._writing = False

    @property
    def writing(self) -> Tables:
        if not self._writing:
            raise Contradiction("Something was to be written outside a transaction.")
        return self.tables

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._writing:
            raise Contradiction("A transaction inside another would not be on disk.")
        before, self._writing = deepcopy(self.tables), True
        try:
            yield
        except BaseException:
            self.tables = before
            raise
        finally:
            self._writing = False


class Role:
    """One role over the ground that all share."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def transaction(self) -> AbstractContextManager[None]:
        return self._ground.transaction()

    unsynced = transaction

    def sync(self) -> None:
        """Nothing here is on a disk."""

    @property
    def _reading(self) -> Tables:
        return self._ground.tables

    @property
    def _writing(self) -> Tables:
        return self._ground.writing
