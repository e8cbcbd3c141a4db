"""/health says first whether something is to be looked at."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.checks.finding import Finding
from bot.health.readings import LastReport
from bot.views.health import health
from core.model.evidence import Line, LineState
from core.model.report import ReportDay
from core.model.status import MarketPhase, MarketState, Status
from tests.bot.health.health_readings import health_readings
from tests.bot.values import a_status
from tests.bot.views.hands import check, monospace_rows, read
from tests.builders import NOW, a_line


def first(text: str) -> str:
    return read(text).splitlines()[0]


def test_a_bot_that_is_well() -> None:
    text = health(health_readings())

    check(text)
    assert first(text) == "Healthy"
    shown = read(text)
    for part in (
        "1.2 MB, 52.3 GB free",
        "answered 12 s ago",
        "2 filled",
        "11 ms, Yes",
    ):
        assert part in shown


def test_what_is_to_be_mended_comes_first() -> None:
    full = Finding(what="space", found="0.1 GB are free", mend="Make room.")

    text = health(health_readings(findings=(full,)))

    check(text)
    assert first(text) == "Something to look at"
    assert "! 0.1 GB are free. Make room." in read(text)


def not_ready() -> Status:
    line = a_line(state=LineState.DOWN, reason="nothing listens")
    return a_status(line=line, blocks=("IB Gateway is not connected",))


def test_what_keeps_an_order_back_is_said_as_in_status() -> None:
    text = health(health_readings(status=not_ready()))

    assert first(text) == "Healthy, but not ready"
    assert "! IB Gateway is not connected." in read(text)
    assert any("down for" in row for row in monospace_rows(text))


NO_SESSION = MarketState(phase=MarketPhase.CLOSED, session=None, next_open=None)
DUE = ReportDay(
    day=NOW.date(),
    due=NOW - timedelta(minutes=1),
    over=NOW + timedelta(hours=2),
    is_on=True,
    is_off=False,
    following=None,
)


@pytest.mark.parametrize(
    ("day", "market", "says"),
    [
        (DUE, None, "today's: due"),
        (replace(DUE, over=NOW), None, "today's: not made"),
        (replace(DUE, day=date(2026, 11, 20)), None, "today's: not due yet"),
        (replace(DUE, is_on=False), None, "switched off"),
        (replace(DUE, is_off=True), None, "none today"),
        (replace(DUE, day=date(2026, 11, 20)), NO_SESSION, "none today"),
    ],
)
def test_no_report_is_announced_that_does_not_come(
    day: ReportDay, market: MarketState | None, says: str
) -> None:
    status = a_status(market=market) if market else a_status()
    last = LastReport(day=day, state=None)

    text = health(health_readings(report=None, last_report=last, status=status))

    assert f"report   {says}" in monospace_rows(text)


@pytest.mark.parametrize(
    "line",
    [
        a_line(state=LineState.DOWN, skew=0.0, round_trip=None),
        a_line(state=LineState.DOWN, skew=0.2, round_trip=0.01),
        a_line(round_trip=None),
    ],
    ids=["never up", "lost", "not asked yet"],
)
def test_no_clock_is_compared_with_one_that_was_not_asked(line: Line) -> None:
    text = health(health_readings(status=a_status(line=line)))

    assert "clock" not in read(text)


def test_what_is_not_known_is_not_shown() -> None:
    text = health(
        health_readings(sockets=None, tap_to_order=None, telegram=None, data=None)
    )

    check(text)
    assert "sockets" not in text
    assert "speed" not in text
    assert "has not answered yet" in read(text)
