"""What became of the last morning report, and when the next one comes."""

from bot.health.readings import HealthReadings, LastReport
from bot.views import words
from core.model.evidence import LineState
from core.model.report import ReportState
from core.model.status import MarketPhase, MarketState
from core.rules.new_york import day_of


def last_report(readings: HealthReadings) -> str:
    """What became of it, why, and when the next one comes, in the first line; then which
    command makes one now."""
    last = readings.last_report
    if last is None:
        return "<b>No report was due yet.</b> /schedule shows when the next one comes."
    following = last.day.following
    coming = f" Next: {words.day_moment(following)}." if following else ""
    return words.lines(
        f"<b>{_answer(last, readings)}</b>{coming}",
        "/report makes one now. /schedule shows all that comes by itself, /health the "
        "state of everything.",
    )


def _answer(last: LastReport, readings: HealthReadings) -> str:
    day, today = last.day, day_of(readings.at)
    if not day.is_on:
        return "No report: reports are switched off (/settings)."
    if last.state is ReportState.MISSED:
        why = last.missed or "the reason is no longer kept"
        return f"{_named(last, readings)} was missed: {words.sentence(why)}"
    if day.is_off:
        return "No report today: you took the day off."
    if day.day == today:
        return _of_today(last, readings)
    return _not_due(readings.status.market)


def _not_due(market: MarketState) -> str:
    if market.phase is MarketPhase.UNKNOWN:
        return "No report: today is outside the calendar of the market."
    if market.session is None:
        return "No report today: the market has no session."
    return "Today's report is not due yet."


def _named(last: LastReport, readings: HealthReadings) -> str:
    is_today = last.day.day == day_of(readings.at)
    return (
        "Today's report" if is_today else f"{words.long_day(last.day.day)}: the report"
    )


def _of_today(last: LastReport, readings: HealthReadings) -> str:
    """How far a report is that is due today and was not missed."""
    if last.state is ReportState.SENT:
        return "Today's report was sent."
    if readings.at >= last.day.over:
        return "Today's report was not made: its time is over."
    until = f"It is tried until {words.minute(last.day.over)}."
    line = readings.status.line
    if line.state is not LineState.UP:
        why = line.reason or line.state.value
        return f"Today's report waits for IB: {words.sentence(why)} {until}"
    return f"Today's report is being made. {until}"
