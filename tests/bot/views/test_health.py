"""/health says first whether something is to be looked at."""

from bot.checks.finding import Finding
from bot.views.health import health
from core.model.evidence import LineState
from core.model.status import Status
from tests.bot.health.health_readings import health_readings
from tests.bot.values import a_status
from tests.bot.views.hands import check, monospace_rows, read
from tests.builders import a_line


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


def test_what_is_not_known_is_not_shown() -> None:
    text = health(
        health_readings(sockets=None, tap_to_order=None, telegram=None, data=None)
    )

    check(text)
    assert "sockets" not in text
    assert "speed" not in text
    assert "has not answered yet" in read(text)
