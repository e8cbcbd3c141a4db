"""/health: the state of the process and its machine, and what keeps an order back."""

from bot.health.readings import HealthReadings
from bot.views import words
from core.model.evidence import Line, LineState
from core.rules.new_york import day_of


def health(readings: HealthReadings) -> str:
    """The answer first, what to mend next, then the figures."""
    return words.paragraphs(
        f"<b>{_answer(readings)}</b>",
        words.lines(
            *(
                f"! {words.sentence(each.found)} {words.sentence(each.advice or '')}"
                for each in readings.findings
            ),
            *(f"! {words.sentence(block)}" for block in readings.status.blocks),
        ),
        words.lines(
            words.pre(_figures(readings)), f"as of {words.clock_time(readings.at)}"
        ),
    )


def _answer(readings: HealthReadings) -> str:
    if readings.findings:
        return "Something to look at"
    return "Healthy, but not ready" if readings.status.blocks else "Healthy"


def _figures(readings: HealthReadings) -> list[str]:
    versions = readings.versions
    facts = (
        ("line", _line(readings)),
        ("data", str(readings.data or "none requested yet")),
        ("clock", _clock(readings.status.line)),
        ("telegram", _telegram(readings)),
        (
            "journal",
            f"{_megabytes(readings.journal)}, {words.tenth(readings.free / 1e9)} GB free",
        ),
        ("orders", ", ".join(f"{n} {state}" for state, n in readings.orders.items())),
        ("to tell", str(readings.unsent) if readings.unsent else "nothing waits"),
        ("speed", _speed(readings)),
        ("report", _report(readings)),
        ("settings", _chosen(readings)),
        ("memory", _megabytes(readings.memory)),
        ("sockets", "" if readings.sockets is None else str(readings.sockets)),
        ("running", _age(readings)),
        ("version", versions.openbell),
        ("", f"Python {versions.python}"),
        ("", f"API version {versions.api}" if versions.api else ""),
    )
    return [
        row for name, text in facts if text for row in words.beside(name, text, width=9)
    ]


def _line(readings: HealthReadings) -> str:
    line = readings.status.line
    lasted = words.age((readings.at - line.since).total_seconds())
    if line.state is not LineState.UP:
        return f"{line.state} for {lasted}"
    trip = (
        f", {words.whole(line.round_trip * 1000)} ms"
        if line.round_trip is not None
        else ""
    )
    return f"connected {lasted}{trip}"


def _clock(line: Line) -> str:
    """How far the gateway's clock is off; "" where it cannot be asked, or was not yet."""
    if line.state is not LineState.UP or line.round_trip is None:
        return ""
    return f"{words.lead(line.skew)} s from the gateway's"


def _report(readings: HealthReadings) -> str:
    """How far today's report is, or why nothing is recorded of it."""
    last = readings.last_report
    if readings.report is not None:
        return f"today's: {readings.report}"
    if last is not None and not last.day.is_on:
        return "switched off"
    if readings.status.market.session is None or (last is not None and last.day.is_off):
        return "none today"
    if last is None or last.day.day != day_of(readings.at):
        return "today's: not due yet"
    return f"today's: {'due' if readings.at < last.day.over else 'not made'}"


def _telegram(readings: HealthReadings) -> str:
    if readings.telegram is None:
        return "has not answered yet"
    return f"answered {words.age(readings.telegram)} ago"


def _speed(readings: HealthReadings) -> str:
    took = readings.tap_to_order
    return "" if took is None else f"{words.age(took)}, Yes to order"


def _chosen(readings: HealthReadings) -> str:
    """Which values come from the chat, over .env."""
    names = ", ".join(name.replace("_", " ") for name in readings.chosen)
    return f"chosen here: {names}" if names else ""


def _age(readings: HealthReadings) -> str:
    return words.age((readings.at - readings.since).total_seconds())


def _megabytes(count: int) -> str:
    return f"{words.tenth(count / 1e6)} MB"
