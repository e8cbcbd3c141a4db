"""/status: ready or not, and if not, what is in the way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.views import words
from core.model.audit import JournalSize
from core.model.evidence import Line, LineState
from core.model.status import Halt, MarketPhase, MarketState, Status
from core.rules.circumstances import session_day
from core.rules.new_york import day_of


def status(status: Status, *, sockets: int) -> str:
    """The answer first; every reason why nothing may be sent; then the figures, the
    number of *sockets* to Telegram among them."""
    return words.paragraphs(
        f"<b>{_answer(status)}</b>",
        words.lines(*(f"! {words.sentence(block)}" for block in status.blocks)),
        "" if status.blocks else _asks_to_queue(status),
        words.lines(
            words.pre(_figures(status, sockets)),
            f"as of {words.clock_time(status.at)}",
        ),
    )


def halted(status: Status) -> str:
    mode = words.bold(words.mode_word(status.mode))
    return words.lines(
        f"<b>Halted.</b> Nothing new is sent, also after a restart · {mode}",
        "What IB already holds stays there, exits too: a stop still sells, and what was"
        " bought with exits still gets them. /orders and /exits show it, <code>/cancel all</code>"
        " takes all of it back. /panic asks whether to sell what you hold, too.",
        "/resume allows orders again.",
    )


def asks_to_resume(halts: Sequence[Halt]) -> str:
    """Each reason with its moment: no end of a halt without having read why."""
    return words.lines(
        "<b>Trading is halted</b>. Nothing new is sent, because:",
        *(
            f"! {words.moment(each.at)}: {words.sentence(each.reason)}"
            for each in halts
        ),
        "Have you looked into it? /orders shows what IB holds.",
    )


ASKED_NO_MORE: Final = words.lines(
    "<b>No longer asked</b>: none of these halts holds any more.",
    "/status says whether another does.",
)
"""What becomes of the question whether to allow orders."""

RESUMES_NOW: Final = words.lines(
    "<b>Nothing was changed.</b> I can't allow orders at another time.",
    "/resume allows them now; /status says what holds.",
)
"""For /resume with words behind it that are about something else."""


def resumed(status: Status) -> str:
    mode = words.bold(words.mode_word(status.mode))
    if not status.blocks:
        ready = f"<b>{_answer(status)}</b> again · {mode}"
        return words.paragraphs(ready, _asks_to_queue(status))
    return words.lines(
        f"<b>No longer halted</b> · {mode}. Still in the way:",
        *(f"! {words.sentence(block)}" for block in status.blocks),
    )


def _answer(status: Status) -> str:
    if status.halted:
        return "Halted"
    if status.blocks:
        return "Not ready"
    if status.waits_for:
        return f"Ready to queue for {words.weekday_time(status.waits_for)} ET"
    return "Ready to trade"


def _asks_to_queue(status: Status) -> str:
    if status.waits_for is None:
        return ""
    return "A Yes now asks first whether the order may wait for that open."


def _figures(status: Status, sockets: int) -> list[str]:
    doubtful = [f"{order.instrument.symbol}" for order in status.in_doubt]
    used, most = words.dollars(status.used_today), words.dollars(status.max_day)
    facts = (
        ("mode", f"{words.mode_word(status.mode)} {status.account}"),
        ("gateway", _line(status.line, status.at)),
        ("", _answered(status.line, status.at)),
        *(("", trouble) for trouble in status.line.troubles),
        ("market", _market(status.market)),
        ("orders", f"in doubt: {', '.join(doubtful)}" if doubtful else "none in doubt"),
        ("next", _next(status.next_report)),
        ("caps", f"{words.dollars(status.max_order)} an order"),
        ("", f"{used} of {most} {_of_day(status)}"),
        ("Telegram", f"{sockets} connections"),
        ("journal", _journal(status.journal, status.at)),
        ("ignored", f"{status.strangers} from strangers" if status.strangers else ""),
    )
    return [row for name, text in facts if text for row in _fact(name, text)]


def _of_day(status: Status) -> str:
    """Which session the used dollars count against."""
    day = session_day(status.market, status.at)
    return "today" if day == day_of(status.at) else f"for {words.weekday(day)}"


def _journal(journal: JournalSize, at: datetime) -> str:
    """How large it is, and by how much it has grown a day since it was made."""
    if journal.since is None:
        return words.size(journal.bytes)
    days = max(1, (at - journal.since).days)
    return f"{words.size(journal.bytes)}, {words.size(journal.bytes // days)} a day"


def _fact(name: str, text: str) -> list[str]:
    return words.beside(name, text, width=9)


def _line(line: Line, at: datetime) -> str:
    lasted = words.age((at - line.since).total_seconds())
    if line.state is not LineState.UP:
        return f"{line.state} for {lasted}"
    return f"connected {lasted}"


def _answered(line: Line, at: datetime) -> str:
    if line.answered is None:
        return ""
    return f"answered {words.age((at - line.answered).total_seconds())} ago"


def _market(market: MarketState) -> str:
    match market.phase:
        case MarketPhase.OPEN:
            session = market.session
            return f"open until {words.minute(session.closes)}" if session else "open"
        case MarketPhase.CLOSED:
            opens = market.next_open
            return f"closed until {words.weekday_time(opens)} ET" if opens else "closed"
        case MarketPhase.UNKNOWN:
            return "unknown: outside the calendar"


def _next(report: datetime | None) -> str:
    return f"report {words.weekday_time(report)} ET" if report else "no report planned"
