"""The exchange calendar, worked out in a child process and kept on disk.

The library needs a second and some 80 MB to begin (pandas): neither is the bot's.
``python -m core.calendar FIRST LAST`` is that child; it prints JSON and ends.
"""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Self

from core.model.errors import OpenbellError
from core.model.market import Session, Sessions
from core.ports.market import Clock


log = logging.getLogger(__name__)

_LIBRARY: Final = "exchange_calendars"
_BACK: Final = timedelta(days=100)
"""Recorded scans are followed that far back."""
_AHEAD: Final = timedelta(days=400)
_CHILD_SECONDS: Final = 60
_LOOK_AGAIN: Final = 600  # seconds between two looks whether a new day has begun
_TRY_AGAIN: Final = 30  # seconds after a child that failed


class CalendarAway(OpenbellError):
    """The library's process failed; what was known before stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A calendar as it is on disk: by which library, and on which day (UTC)."""

    library: str
    made: date
    sessions: Sessions


class ExchangeCalendar:
    """Implements Calendar for the New York exchanges (XNYS). Made by ``opened``."""

    def __init__(self, cache: Path, clock: Clock) -> None:
        self._cache = cache
        self._clock = clock
        self._library = version(_LIBRARY)
        self._kept = _read(cache, self._library)
        self._ready = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def opened(cls, data_dir: Path, clock: Clock) -> AsyncIterator[Self]:
        """A calendar that renews itself every day until the block is left."""
        calendar = cls(data_dir / "calendar.json", clock)
        calendar._tell_if_known()
        async with asyncio.TaskGroup() as children:
            keeping = children.create_task(calendar._keep(), name="calendar")
            yield calendar
            keeping.cancel()

    def sessions(self) -> Sessions:
        """What is known: of an earlier day until it is renewed, nothing at first."""
        if self._kept is None:
            today = self._clock.now().date()
            return Sessions(first=today, last=today - timedelta(days=1), all=())
        return self._kept.sessions

    async def ready(self) -> None:
        """Return when the sessions around today are known."""
        await self._ready.wait()

    def _tell_if_known(self) -> None:
        known = self.sessions()
        if known.first <= self._clock.now().date() <= known.last:
            self._ready.set()

    def _is_fresh(self) -> bool:
        return self._kept is not None and self._kept.made == self._clock.now().date()

    async def _keep(self) -> None:
        while True:
            if not self._is_fresh():
                await self._renew()
            await asyncio.sleep(_LOOK_AGAIN if self._is_fresh() else _TRY_AGAIN)

    async def _renew(self) -> None:
        today = self._clock.now().date()
        try:
            sessions = await work_out(today - _BACK, today + _AHEAD)
        except CalendarAway as error:
            log.warning("calendar=kept reason=%s", error)
            return
        self._kept = _Kept(library=self._library, made=today, sessions=sessions)
        _write(self._cache, self._kept)
        self._tell_if_known()


async def work_out(first: date, last: date) -> Sessions:
    """The sessions from *first* to *last*, asked of the library in a child process.

    Raises:
        CalendarAway: the child failed, took over a minute, or could not start.
    """
    try:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "core.calendar", str(first), str(last)),
            stdout=PIPE,
            stderr=PIPE,
            cwd=Path(__file__).parents[1],
        )
    except OSError as error:  # too little memory, no file descriptor left
        raise CalendarAway(str(error)) from error
    try:
        async with asyncio.timeout(_CHILD_SECONDS):
            answer, complaint = await child.communicate()
    except TimeoutError as error:
        raise CalendarAway(f"no answer within {_CHILD_SECONDS} s") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        last_line = complaint.decode(errors="replace").strip().rpartition("\n")[2]
        raise CalendarAway(f"exit code {child.returncode} {last_line}")
    return _from_json(json.loads(answer))


def _print_sessions(first: str, last: str) -> None:
    """The child's whole work."""
    import exchange_calendars  # noqa: PLC0415  only the child pays for it

    schedule = exchange_calendars.get_calendar("XNYS", start=first, end=last).schedule
    rows = [
        [day.date().isoformat(), row.open.isoformat(), row.close.isoformat()]
        for day, row in schedule.iterrows()
    ]
    json.dump({"first": first, "last": last, "all": rows}, sys.stdout)


def _from_json(body: dict[str, Any]) -> Sessions:
    return Sessions(
        first=date.fromisoformat(body["first"]),
        last=date.fromisoformat(body["last"]),
        all=tuple(
            Session(
                day=date.fromisoformat(day),
                opens=datetime.fromisoformat(opens).astimezone(UTC),
                closes=datetime.fromisoformat(closes).astimezone(UTC),
            )
            for day, opens, closes in body["all"]
        ),
    )


def _to_json(sessions: Sessions) -> dict[str, Any]:
    return {
        "first": sessions.first.isoformat(),
        "last": sessions.last.isoformat(),
        "all": [
            [s.day.isoformat(), s.opens.isoformat(), s.closes.isoformat()]
            for s in sessions.all
        ],
    }


def _read(cache: Path, library: str) -> _Kept | None:
    """What is on disk, unless another version of the library made it."""
    try:
        body = json.loads(cache.read_text(encoding="utf-8"))
        kept = _Kept(
            library=body["library"],
            made=date.fromisoformat(body["made"]),
            sessions=_from_json(body["sessions"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none yet, or damaged: it is worked out anew
    return kept if kept.library == library else None


def _write(cache: Path, kept: _Kept) -> None:
    body = {
        "library": kept.library,
        "made": kept.made.isoformat(),
        "sessions": _to_json(kept.sessions),
    }
    new = cache.with_suffix(".new")
    try:
        new.write_text(json.dumps(body), encoding="utf-8")
        new.replace(cache)
    except OSError as error:
        log.warning("calendar=not kept reason=%s", error)


if __name__ == "__main__":
    _print_sessions(*sys.argv[1:3])
