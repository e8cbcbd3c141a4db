"""/health: the state of the process and its machine; /status says whether it may
trade."""

from bot.health.vitals import Vitals
from bot.views import words
from core.model.evidence import LineState


def health(vitals: Vitals) -> str:
    """The answer first, what to mend next, then the figures."""
    return words.paragraphs(
        f"<b>{_answer(vitals)}</b>",
        words.lines(
            *(
                f"! {words.sentence(each.found)} {words.sentence(each.advice or '')}"
                for each in vitals.findings
            )
        ),
        words.lines(
            words.pre(_figures(vitals)), f"as of {words.clock_time(vitals.at)}"
        ),
    )


def _answer(vitals: Vitals) -> str:
    if vitals.findings:
        return "Something to look at"
    return "Healthy" if not vitals.status.blocks else "Healthy, but not ready: /status"


def _figures(vitals: Vitals) -> list[str]:
    versions = vitals.versions
    facts = (
        ("line", _line(vitals)),
        ("data", str(vitals.data or "none requested yet")),
        ("clock", f"{words.lead(vitals.status.line.skew)} s from the gateway's"),
        ("telegram", _telegram(vitals)),
        (
            "journal",
            f"{_megabytes(vitals.journal)}, {words.tenth(vitals.free / 1e9)} GB free",
        ),
        ("orders", ", ".join(f"{n} {state}" for state, n in vitals.orders.items())),
        ("to tell", str(vitals.untold) if vitals.untold else "nothing waits"),
        ("speed", _speed(vitals)),
        ("report", f"today's: {vitals.report or 'not due yet'}"),
        ("settings", _chosen(vitals)),
        ("memory", _megabytes(vitals.memory)),
        ("sockets", "" if vitals.sockets is None else str(vitals.sockets)),
        ("running", _age(vitals)),
        ("version", versions.openbell),
        ("", f"Python {versions.python}"),
        ("", f"API version {versions.api}" if versions.api else ""),
    )
    return [
        row for name, text in facts if text for row in words.beside(name, text, width=9)
    ]


def _line(vitals: Vitals) -> str:
    line = vitals.status.line
    lasted = words.age((vitals.at - line.since).total_seconds())
    if line.state is not LineState.UP:
        return f"{line.state} for {lasted}"
    trip = (
        f", {words.whole(line.round_trip * 1000)} ms"
        if line.round_trip is not None
        else ""
    )
    return f"connected {lasted}{trip}"


def _telegram(vitals: Vitals) -> str:
    if vitals.telegram is None:
        return "has not answered yet"
    return f"answered {words.age(vitals.telegram)} ago"


def _speed(vitals: Vitals) -> str:
    took = vitals.tap_to_order
    return "" if took is None else f"{words.age(took)}, Yes to order"


def _chosen(vitals: Vitals) -> str:
    """Which values come from the chat, over .env."""
    names = ", ".join(name.replace("_", " ") for name in vitals.chosen)
    return f"chosen here: {names}" if names else ""


def _age(vitals: Vitals) -> str:
    return words.age((vitals.at - vitals.since).total_seconds())


def _megabytes(count: int) -> str:
    return f"{words.tenth(count / 1e6)} MB"
