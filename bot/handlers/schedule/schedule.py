"""/schedule: what the bot runs by itself; changed by buttons or by text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from telegram import InlineKeyboardMarkup

from bot.handlers.schedule.spoken_times import times_and_days
from bot.handlers.services import Received, Services, Tapped, redraw, reply, toast
from bot.outgoing.page import Page
from bot.presses.making import button
from bot.presses.schedule import (
    AddBuying,
    AddUsual,
    SchedulePress,
    ShowSchedule,
    TakeBack,
    Unschedule,
)
from bot.views import labels
from bot.views.schedule import shown
from core.model.chosen.schedule import (
    WEEKDAYS,
    Anchor,
    Beside,
    DayOff,
    RunKind,
    Times,
)
from core.rules.chosen.choices import QUESTION_LIFE
from core.rules.chosen.schedule import problem_with, runs_a_session
from core.rules.chosen.written import day_in, text_of_weekdays
from core.rules.new_york import day_of
from core.rules.sending import LATE_TAP


_USUAL: Final[dict[RunKind, Times]] = {
    RunKind.SCAN: Beside(anchor=Anchor.OPEN, minutes=15),
    RunKind.REPORT: Beside(anchor=Anchor.CLOSE, minutes=-30),
    RunKind.BRIEF: Beside(anchor=Anchor.OPEN, minutes=-30),
    RunKind.SUMMARY: Beside(anchor=Anchor.CLOSE, minutes=15),
}
_WORDS: Final[dict[str, RunKind]] = {
    **{str(kind): kind for kind in RunKind},
    "scans": RunKind.SCAN,
    "reports": RunKind.REPORT,
    "briefs": RunKind.BRIEF,
    "premarket": RunKind.BRIEF,
    "evening": RunKind.SUMMARY,
}
_REMOVE: Final = frozenset({"remove", "delete", "cancel", "rm"})
_OFF: Final = frozenset({"off", "skip", "holiday"})
_ON: Final = frozenset({"on", "back"})
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)


async def schedule(received: Received, services: Services) -> None:
    """/schedule: show what runs by itself. /schedule scan 10:00, /schedule remove 2 and
    /schedule off 2026-12-24 change it; a line that buys without asking is asked about.
    Times are New York's unless the line names the open or the close."""
    said = received.arguments
    if said and said[0].lower() == "add":
        said = said[1:]
    await reply(
        received, _page(said, services, by=received.by) if said else _shown(services)
    )


async def pressed(press: SchedulePress, tapped: Tapped, services: Services) -> None:
    """Do what a button of /schedule says, and show the schedule. A line that buys without
    asking is asked about twice first, and again if the tap or its question is too old."""
    if isinstance(press, AddBuying) and _is_old(tapped, services):
        page = _question(replace(press, sure=False), services, is_old=True)
    else:
        page = _answer(press, services, by=tapped.by)
    await toast(tapped)
    await redraw(tapped, page)


def _is_old(tapped: Tapped, services: Services) -> bool:
    """Whether the tap was received too late, or the question is too old: a line that
    buys without asking has the same time limits as every other question.
    """
    age = services.clock.now() - tapped.drawn
    return tapped.waited > LATE_TAP or age >= QUESTION_LIFE


def _answer(press: SchedulePress, services: Services, *, by: str) -> Page:
    match press:
        case Unschedule(number=number):
            gone = services.engine.schedule.remove(number, by=by)
            return _shown(services, shown.removed(gone) if gone else "")
        case AddUsual(kind=kind):
            return _asked_or_added(
                _buying(kind, _USUAL[kind], WEEKDAYS), services, by=by
            )
        case AddBuying(sure=False):
            return _question(replace(press, sure=True), services)
        case AddBuying():
            return _added(press, services, by=by)
        case TakeBack(day=day):
            back = services.engine.schedule.take_back(day, by=by)
            return _shown(services, shown.AS_ANY_OTHER if back else "")
        case ShowSchedule():
            return _shown(services)


def _buying(kind: RunKind, times: Times, weekdays: frozenset[int]) -> AddBuying:
    return AddBuying(kind=kind, times=times, weekdays=weekdays, sure=False)


def _page(said: Sequence[str], services: Services, *, by: str) -> Page:
    said = _off_first(said)
    first, rest = said[0].lower(), said[1:]
    if first in _REMOVE:
        return _remove(rest, services, by)
    if first in _OFF | _ON:
        return _day(" ".join(rest), services, by, off=first in _OFF)
    kind = _WORDS.get(first)
    if kind is None:
        return Page(text=shown.not_understood(" ".join(said)))
    return _add(kind, rest, services, by)


def _off_first(said: Sequence[str]) -> Sequence[str]:
    """*said* with the word for a day off first: "day off fri" and "fri off" as "off fri".

    A scan or report that is off says nothing of a day, and stays as it is.
    """
    words = [word.removesuffix(":") for word in said]
    if words[0].lower() == "day":
        words = words[1:] or words
    if words[-1].lower() in _OFF and words[0].lower() not in _WORDS:
        return [words[-1], *words[:-1]]
    return words if words[0].lower() in _OFF else said


def _add(kind: RunKind, rest: Sequence[str], services: Services, by: str) -> Page:
    found = times_and_days(rest) if rest else (_USUAL[kind], WEEKDAYS)
    if found is None:
        return Page(text=shown.not_understood(" ".join((kind, *rest))))
    times, days = found
    return _asked_or_added(_buying(kind, times, days), services, by=by)


def _asked_or_added(buying: AddBuying, services: Services, *, by: str) -> Page:
    """A line whose cards would buy without asking is asked about first, twice."""
    buys = buying.kind in {RunKind.SCAN, RunKind.REPORT}
    is_possible = problem_with(buying.kind, buying.times) is None
    if buys and is_possible and services.queries.planned().automatic:
        return _question(buying, services)
    return _added(buying, services, by=by)


def _question(buying: AddBuying, services: Services, *, is_old: bool = False) -> Page:
    text = shown.asks_to_buy(
        f"{buying.kind} {shown.in_words(buying.times)}"
        f" {text_of_weekdays(buying.weekdays)}".rstrip(),
        runs_a_session(buying.times),
        services.queries.planned().limits,
        sure=buying.sure,
        is_old=is_old,
    )
    label = labels.BUY_WITHOUT_ASKING if buying.sure else labels.SCHEDULE_IT
    keyboard = [[button(label, buying)], [button(labels.NO, ShowSchedule())]]
    return Page(text=text, keyboard=InlineKeyboardMarkup(keyboard))


def _added(buying: AddBuying, services: Services, *, by: str) -> Page:
    add = services.engine.schedule.add
    entry = add(buying.kind, buying.times, weekdays=buying.weekdays, by=by)
    if isinstance(entry, str):
        return Page(text=shown.not_added(entry, buying.kind))
    return _shown(services, shown.added(entry))


def _remove(rest: Sequence[str], services: Services, by: str) -> Page:
    said = " ".join(rest)
    if said.lower() in {"0", "morning", "report", "morning report"}:
        return Page(text=shown.the_morning_report())
    gone = (
        services.engine.schedule.remove(int(said), by=by)
        if _NUMBER.fullmatch(said)
        else None
    )
    if gone is None:
        return Page(text=shown.no_such_line(said))
    return _shown(services, shown.removed(gone))


def _day(said: str, services: Services, by: str, *, off: bool) -> Page:
    day = day_in(said, today=day_of(services.clock.now()))
    if day is None or not (off or services.engine.schedule.take_back(day, by=by)):
        return Page(text=shown.no_such_day(said))
    if off:
        services.engine.schedule.take_off(day, by=by)
        return _shown(services, shown.taken_off(day))
    return _shown(services, shown.AS_ANY_OTHER)


def _shown(services: Services, said: str = "") -> Page:
    planned = services.queries.planned()
    lines = [shown.line_of(entry, following) for entry, following in planned.lines]
    if planned.report is not None:
        first = shown.ScheduleLine(
            name=shown.MORNING_REPORT,
            when=shown.in_words(planned.report_when),
            following=planned.report,
        )
        lines.insert(0, first)
    days_off = services.engine.schedule.days_off()
    today = day_of(services.clock.now())
    coming = [off for off in days_off if off.day >= today]
    text = shown.schedule(lines, coming, automatic=planned.automatic, said=said)
    entries = {entry.number: entry.kind for entry, _ in planned.lines}
    return Page(text=text, keyboard=_keyboard(entries, coming))


def _keyboard(
    entries: Mapping[int, RunKind], days_off: Sequence[DayOff]
) -> InlineKeyboardMarkup:
    missing = [
        (label, kind)
        for label, kind in (
            (labels.SCAN_AFTER_OPEN, RunKind.SCAN),
            (labels.BRIEF_BEFORE_OPEN, RunKind.BRIEF),
            (labels.EVENING_SUMMARY, RunKind.SUMMARY),
        )
        if kind not in entries.values()
    ]
    rows = [
        *(
            [button(labels.remove_line(number, kind), Unschedule(number=number))]
            for number, kind in entries.items()
        ),
        *([button(label, AddUsual(kind=kind))] for label, kind in missing),
        *(
            [
                button(
                    labels.work_on(off.day),
                    TakeBack(day=off.day),
                )
            ]
            for off in days_off[:5]
        ),
        [button(labels.REFRESH, ShowSchedule())],
    ]
    return InlineKeyboardMarkup(rows)
