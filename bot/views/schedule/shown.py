"""/schedule: what is done by itself, and when next.

Tested by tests/bot/handlers/schedule/test_schedule.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.views import words
from core.model.chosen.news import RunsMissed
from core.model.chosen.schedule import (
    AtTime,
    Beside,
    DayOff,
    Every,
    Run,
    RunKind,
    ScheduleEntry,
    Times,
)
from core.model.instructions import Limits
from core.rules.chosen.written import text_of_weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """A line of the schedule as it is shown; ``following`` is UTC, None when the calendar
    knows none."""

    name: str
    when: str
    following: datetime | None


def schedule(
    lines: Sequence[ScheduleLine],
    days_off: Sequence[DayOff],
    *,
    automatic: bool,
    said: str,
) -> str:
    """All lines with the next time of each; *said* is what was just done."""
    return words.paragraphs(
        words.lines(_first(lines, said), _automatic(automatic)),
        words.lines(*(_entry(line) for line in lines)),
        _off(days_off),
        words.details(EXAMPLES),
    )


def line_of(entry: ScheduleEntry, following: Run | None) -> ScheduleLine:
    days = text_of_weekdays(entry.weekdays)
    when = in_words(entry.times)
    return ScheduleLine(
        name=f"{entry.number}. {entry.kind}",
        when=f"{when} {days}".rstrip(),
        following=following.due if following else None,
    )


EXAMPLES = (
    "<code>/schedule scan 10:00</code>",
    "<code>/schedule scan open+15 mon,wed</code>",
    "<code>/schedule scan every 30m 10:00-15:00</code>",
    "<code>/schedule report close-30</code>",
    "<code>/schedule brief open-30</code> · <code>/schedule summary close+15</code>",
    "<code>/schedule remove 2</code> · <code>/schedule off 2026-12-24</code>",
    "All times are New York's.",
)


_WAS_OLD: Final = "That Yes came too late, and counts for nothing: it is asked again."


def asks_to_buy(
    line: str, times: int, limits: Limits, *, sure: bool, is_old: bool = False
) -> str:
    """Whether to schedule *line*, so many *times* a session, whose cards buy without
    asking: what it may spend. Asked twice, like whatever loosens a limit, and from the
    beginning where a Yes *is_old*."""
    most = f"{limits.max_buys} buys" if limits.max_buys is not None else "two buys each"
    head = "Really?" if sure else f"Schedule {words.safe(line)}?"
    often = "once" if times == 1 else f"{times:,} times"
    return words.lines(
        _WAS_OLD if is_old else "",
        f"<b>{head} It buys without asking, up to {words.dollars(limits.max_day)} a"
        " session.</b>",
        f"{words.safe(line)}: {often} a session, and automatic mode is on.",
        f"Limits: {words.dollars(limits.max_order)} an order,"
        f" {words.dollars(limits.max_day)} a session, {most}.",
        "Nothing was scheduled yet.",
    )


def added(entry: ScheduleEntry) -> str:
    return f"Added: {entry.kind} {in_words(entry.times)}."


def removed(entry: ScheduleEntry) -> str:
    return f"Removed: {entry.kind} {in_words(entry.times)}."


AS_ANY_OTHER: Final = "That day is as any other."
MORNING_REPORT: Final = "morning report"


def taken_off(day: date) -> str:
    return f"Nothing by itself on {words.long_day(day)}."


def in_words(times: Times) -> str:
    """``15 min after the open``; ``every 30 min, 10:00 to 15:00 ET``; ``10:00 ET``."""
    match times:
        case AtTime(at=at):
            return f"{words.clock(at)} ET"
        case Beside(anchor=anchor, minutes=0):
            return f"at the {anchor}"
        case Beside(anchor=anchor, minutes=minutes):
            side = "before" if minutes < 0 else "after"
            return f"{abs(minutes)} min {side} the {anchor}"
        case Every(minutes=minutes, first=first, last=last):
            return (
                f"every {minutes} min, {words.clock(first)} to {words.clock(last)} ET"
            )


def not_understood(said: str) -> str:
    """What was typed is no line of a schedule."""
    is_every = "every" in said.lower().split() and any(map(str.isdigit, said))
    return words.lines(
        f"<b>Nothing was scheduled.</b> I do not understand “{_quoted(said)}”.",
        "Every so often also needs the first and the last time." if is_every else "",
        "For example:",
        *EXAMPLES[:3],
    )


def not_added(problem: str, kind: RunKind) -> str:
    return words.lines(
        f"<b>Nothing was scheduled.</b> {words.sentence(problem)}",
        f"For example: <code>/schedule {kind} {_USUAL[kind]}</code>",
    )


def no_such_line(said: str) -> str:
    return words.lines(
        f"<b>Nothing was removed.</b> There is no line {_quoted(said)}.",
        "/schedule shows them with their numbers.",
    )


def no_such_day(said: str) -> str:
    return words.lines(
        f"<b>Nothing was changed.</b> “{_quoted(said)}” is no day from today on, within "
        "a year, or was not off.",
        "For example: <code>/schedule off 2026-12-24</code>",
    )


def the_morning_report() -> str:
    return words.lines(
        "<b>The morning report is a setting.</b>",
        "<code>/settings report off</code> ends it, "
        "<code>/settings report minutes 10</code> moves it.",
        "Nothing was changed.",
    )


def missed(news: RunsMissed) -> str:
    """What was not done, and why, in one message."""
    runs = [f"{run.kind} {words.clock(run.due)}" for run in news.runs]
    day = words.long_day(news.runs[0].day)
    shown, more = words.first(runs, 6)
    skipped = next((run.skipped for run in news.runs if run.skipped), None)
    return words.lines(
        f"<b>Not done, {day}: {words.safe(', '.join(shown))}</b>",
        more,
        words.sentence(skipped or news.reason),
        "Nothing was bought by it. /scan and /report make one now.",
    )


_USUAL = {
    RunKind.SCAN: "10:00",
    RunKind.REPORT: "close-30",
    RunKind.BRIEF: "open-30",
    RunKind.SUMMARY: "close+15",
}


def _quoted(said: str) -> str:
    return words.safe(words.fit(said, 40)) or "nothing"


def _first(lines: Sequence[ScheduleLine], said: str) -> str:
    coming = [(line.following, line.name) for line in lines if line.following]
    if not coming:
        unknown = "The exchange calendar has no coming session yet." if lines else ""
        none = unknown or "Nothing is scheduled."
        return words.lines(words.bold(said) if said else "", none)
    at, numbered = min(coming)
    if said:
        return words.bold(said)
    name = numbered.lstrip("0123456789. ")
    return f"<b>Next: {words.safe(name)} {words.day_moment(at)}</b>"


def _automatic(automatic: bool) -> str:  # noqa: FBT001  a fact, not a switch
    if not automatic:
        return ""
    return "Automatic mode is on: each scan buys without asking, within your limits."


def _entry(entry: ScheduleLine) -> str:
    following = (
        words.day_moment(entry.following) if entry.following else "not known yet"
    )
    return (
        f"<b>{words.safe(entry.name)}</b> {words.safe(entry.when)}\n  next {following}"
    )


def _off(days_off: Sequence[DayOff]) -> str:
    if not days_off:
        return ""
    days = ", ".join(words.long_day(off.day) for off in days_off)
    return f"Days off: {days}."
