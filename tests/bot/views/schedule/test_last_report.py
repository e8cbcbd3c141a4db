"""What became of the morning report stands in the first line, with when the next comes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.health.readings import LastReport
from bot.views.schedule.last_report import last_report
from core.model.evidence import LineState
from core.model.report import ReportDay, ReportState
from core.model.status import MarketPhase, MarketState, Status
from tests.bot.health.health_readings import health_readings
from tests.bot.values import a_status
from tests.bot.views.hands import check, read
from tests.builders import NOW, OPENS, a_line


TODAY = ReportDay(
    day=NOW.date(),
    due=OPENS + timedelta(minutes=5),
    over=OPENS + timedelta(hours=2),
    is_on=True,
    is_off=False,
    following=OPENS + timedelta(days=1, minutes=5),
)
FRIDAY = replace(TODAY, day=date(2026, 11, 20))
NEXT = "Next: Tue 24 Nov 09:35 ET."
NO_SESSION = MarketState(phase=MarketPhase.CLOSED, session=None, next_open=None)


def first(
    last: LastReport | None, status: Status | None = None, **named: object
) -> str:
    text = last_report(
        health_readings(last_report=last, status=status or a_status(), **named)
    )
    check(text)
    return read(text).splitlines()[0]


@pytest.mark.parametrize(
    ("day", "state", "says"),
    [
        (TODAY, ReportState.SENT, f"Today's report was sent. {NEXT}"),
        (
            TODAY,
            None,
            "Today's report is being made. It is tried until 11:30 ET. " + NEXT,
        ),
        (
            replace(TODAY, over=NOW),
            ReportState.RUNNING,
            f"Today's report was not made: its time is over. {NEXT}",
        ),
        (
            replace(TODAY, is_on=False),
            ReportState.SENT,
            f"No report: reports are switched off (/settings). {NEXT}",
        ),
        (
            replace(TODAY, is_off=True),
            None,
            f"No report today: you took the day off. {NEXT}",
        ),
        (FRIDAY, ReportState.SENT, f"Today's report is not due yet. {NEXT}"),
    ],
)
def test_what_became_of_it(
    day: ReportDay, state: ReportState | None, says: str
) -> None:
    assert first(LastReport(day=day, state=state)) == says


@pytest.mark.parametrize(
    ("day", "named"),
    [(TODAY, "Today's report"), (FRIDAY, "Fri 20 Nov: the report")],
)
def test_a_missed_report_says_that_why_and_when_the_next_comes(
    day: ReportDay, named: str
) -> None:
    missed = LastReport(
        day=day, state=ReportState.MISSED, missed="the bot was not running at its time"
    )
    why = "The bot was not running at its time."

    assert first(missed) == f"{named} was missed: {why} {NEXT}"
    forgotten = first(replace(missed, missed=None))
    assert forgotten == f"{named} was missed: The reason is no longer kept. {NEXT}"


def test_a_report_that_waits_for_ib_says_why() -> None:
    away = a_status(line=a_line(state=LineState.DOWN, reason="nothing listens"))

    said = first(LastReport(day=TODAY, state=ReportState.DUE), away)

    assert said == (
        "Today's report waits for IB: Nothing listens. It is tried until 11:30 ET. "
        + NEXT
    )


@pytest.mark.parametrize(
    ("market", "says"),
    [
        (NO_SESSION, "No report today: the market has no session."),
        (
            replace(NO_SESSION, phase=MarketPhase.UNKNOWN),
            "No report: today is outside the calendar of the market.",
        ),
    ],
)
def test_a_day_without_a_session_has_none(market: MarketState, says: str) -> None:
    last = LastReport(day=replace(FRIDAY, following=None), state=ReportState.SENT)

    assert first(last, a_status(market=market)) == says


def test_before_the_first_one_none_was_due() -> None:
    assert first(None).startswith("No report was due yet.")
