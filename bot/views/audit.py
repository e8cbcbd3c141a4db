"""The audit trail, as the caption below its file and in the words for trouble."""

from datetime import datetime
from typing import Final

from bot.views import words
from core.model.audit import AuditTrail
from core.model.proposal import Mode


_MOST: Final = 3
_WIDTH: Final = 7
_AT_THE_PROMPT: Final = "<code>python -m bot export</code>"


def caption(trail: AuditTrail, *, mode: Mode) -> str:
    """Whether it is whole, how many lines, from when to when."""
    answer = "BROKEN" if trail.faults else "whole"
    rows = (
        ("lines", f"{trail.lines:,}"),
        ("first", _moment(trail.first)),
        ("last", _moment(trail.last)),
    )
    return words.lines(
        f"<b>Audit trail, {answer}</b> · {words.bold(words.mode_word(mode))}",
        words.pre(f"{name.ljust(_WIDTH)}{text}" for name, text in rows),
        _verdict(trail),
    )


def too_large(caption: str, *, megabytes: float, most: int) -> str:
    """What it is, and that it cannot be sent."""
    return words.paragraphs(
        caption,
        words.lines(
            f"<b>Not sent: it has {words.tenth(megabytes)} MB</b>, and Telegram takes {most}.",
            _elsewhere(),
        ),
    )


def not_sent(reason: str) -> str:
    return words.lines(
        "<b>The audit trail could not be sent.</b>",
        words.sentence(reason),
        f"{_elsewhere()} Nothing is lost.",
    )


def under_way() -> str:
    return "I am still at the export before. One moment."


def _elsewhere() -> str:
    return f"{_AT_THE_PROMPT} writes it on the bot's own machine."


def _verdict(trail: AuditTrail) -> str:
    if not trail.faults:
        return "Every line follows from the one before it."
    shown, more = words.first(trail.faults, _MOST)
    return words.lines(
        *(f"! {words.sentence(fault)}" for fault in shown),
        more,
        "Somebody has changed the journal, or it is an old copy. Keep this file.",
    )


def _moment(at: datetime | None) -> str:
    if at is None:
        return words.UNKNOWN
    return words.year_time(at)
