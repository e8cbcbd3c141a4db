"""Reads everything measured, for /health, /metrics and the supervisor."""

import platform
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from bot.checks.finding import Finding, Grade
from bot.checks.gateway import (
    of_the_freshness,
    of_the_funds,
    of_the_greeting,
    of_the_skew,
)
from bot.checks.machine import machine_findings
from bot.exits import ENV_FILE
from bot.health import process
from bot.health.looks import Looks
from bot.health.readings import HealthReadings, LastReport, Versions
from bot.version import openbell_version
from core.model.evidence import Line, LineState
from core.model.market import Freshness
from core.model.news import ReportMissed, report_missed_key
from core.model.status import Supply
from core.ports.journal import ReportStates
from core.ports.market import Clock
from core.ports.outbox import UnsentNews
from core.ports.settings import SettingChangeReader
from core.queries.chat import Queries
from core.rules.chosen.choices import chosen
from core.rules.new_york import day_of
from core.settings.settings import Settings


UNPOLLED: Final = 120.0
"""Seconds without an answer from Telegram, which holds a poll for at most 25, after
which the bot counts as cut off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReadings:
    """Values known to other parts: for how many seconds Telegram has not answered, the
    API version used with the gateway, and how long the last order and scan took; None
    if there is none."""

    silence: Callable[[], float | None]
    api: Callable[[], int | None]
    tap_to_order: Callable[[], float | None]
    scan: Callable[[], float | None]


class MonitoredStore(Protocol):
    """What of the journal is looked at; nothing can be written by it."""

    @property
    def outbox(self) -> UnsentNews: ...
    @property
    def reports(self) -> ReportStates: ...
    @property
    def setting_changes(self) -> SettingChangeReader: ...


class HealthMonitor:
    """Reads the health readings; ``read`` may be called at any time."""

    def __init__(
        self,
        *,
        settings: Settings,
        queries: Queries,
        store: MonitoredStore,
        clock: Clock,
        signs: OtherReadings,
    ) -> None:
        self._settings = settings
        self._queries, self._store = queries, store
        self._clock, self._signs = clock, signs
        self._since: datetime = clock.now()
        self._greeted_in = 0
        self._of_the_greeting: tuple[Finding, ...] = ()
        self.looks = Looks(store.outbox, clock)

    def _bare(self) -> float | None:
        longest = self._queries.longest_bare()
        return None if longest is None else longest.total_seconds()

    async def greet(self) -> None:
        """Ask the gateway for its protocol and time zone, once in each session with it:
        the session itself is not told them. Needs no client id. A build that does not
        say its number is for the doctor to note, not to be looked at every day."""
        line = self._queries.status().line
        if line.state is not LineState.UP or line.epoch == self._greeted_in:
            return
        if found := await of_the_greeting(self._settings, self._clock):
            self._greeted_in = line.epoch
            self._of_the_greeting = tuple(
                each for each in found if each.mend or each.what != "build"
            )

    def read(self) -> HealthReadings:
        """All readings. This reads a few files and does not wait for the network."""
        now, settings, journal = (
            self._clock.now(),
            self._settings,
            self._settings.journal,
        )
        log = journal.with_name(f"{journal.name}-wal")
        status, supply = self._queries.status(), self._queries.broker.supply()
        return HealthReadings(
            at=now,
            since=self._since,
            status=status,
            data=supply.data,
            orders=Counter(order.state for order in self._queries.orders()),
            telegram=self._signs.silence(),
            unsent=len(self._store.outbox.unsent()),
            waited=self.looks.waited(now),
            last_look=self.looks.ago(now),
            scan=self._signs.scan(),
            tap_to_order=self._signs.tap_to_order(),
            bare=self._bare(),
            report=self._store.reports.state(day_of(now)),
            journal=process.size(journal, log),
            free=shutil.disk_usage(settings.data_dir).free,
            memory=process.memory(),
            sockets=process.sockets(),
            versions=Versions(
                openbell=openbell_version(),
                python=platform.python_version(),
                api=self._signs.api(),
            ),
            findings=tuple(
                each
                for each in self._findings(now, status.line, supply)
                if each.grade is not Grade.OK
            ),
            chosen=tuple(sorted(chosen(self._store.setting_changes.all()))),
            last_report=self._last_report(),
        )

    def _last_report(self) -> LastReport | None:
        day = self._queries.report_day()
        if day is None:
            return None
        missed = self._store.outbox.news(report_missed_key(day.day))
        return LastReport(
            day=day,
            state=self._store.reports.state(day.day),
            missed=missed.reason if isinstance(missed, ReportMissed) else None,
        )

    def _findings(self, now: datetime, line: Line, supply: Supply) -> Iterator[Finding]:
        """The doctor's findings about the same values; what else keeps an order back is
        in the status."""
        settings = self._settings
        yield from machine_findings(settings, env_file=ENV_FILE, now=now)
        if line.state is LineState.UP:
            yield of_the_skew(line, settings)
            if line.epoch == self._greeted_in:
                yield from self._of_the_greeting
            if supply.data not in {None, Freshness.UNKNOWN}:
                yield of_the_freshness(supply.data, settings)
            if supply.account is not None:
                yield of_the_funds(supply.account)

    def is_polling(self) -> bool:
        """Whether Telegram has answered lately."""
        answered = self._signs.silence()
        return answered is not None and answered < UNPOLLED
