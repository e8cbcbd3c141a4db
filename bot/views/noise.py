"""/noise and /mute, and what was held while it was quiet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.views import words


MOST: Final = 3_500
"""Letters of a message that gives what was held; more is cut to first lines."""

ROWS: Final = 30


def held(texts: Sequence[str]) -> str:
    """The news that was held in quiet hours, as one message: each in full, or, if there is
    too much, its first line."""
    if len(texts) == 1:
        return texts[0]
    head = f"<b>{len(texts)} messages from while it was quiet</b>"
    whole = words.paragraphs(head, *texts)
    if len(whole) <= MOST:
        return whole
    lines = [text.partition("\n")[0] for text in texts[:ROWS]]
    more = len(texts) - len(lines)
    rest = f"… and {more} more: /orders, /history" if more else ""
    return words.paragraphs(head, words.lines(*lines, rest))


def noise(
    volumes: Mapping[str, str], *, quiet: str | None, muted_until: datetime | None
) -> str:
    """What rings now, and how to change it."""
    rows = [f"{kind:<10} {volume}" for kind, volume in volumes.items()]
    return words.paragraphs(
        f"<b>{_answer(quiet, muted_until)}</b>",
        words.pre(rows),
        "Doubts, alarms and halts always ring. While it is quiet, what can wait is held "
        "and given in one message afterwards.",
        "<code>/mute 2h</code>, <code>/mute until 14:00</code>, <code>/mute off</code>. "
        "<code>/settings noise</code> changes what rings, and the hours of quiet.",
    )


def _answer(quiet: str | None, muted_until: datetime | None) -> str:
    if muted_until is not None:
        return f"Muted until {words.day_moment(muted_until)}"
    return f"Quiet {words.safe(quiet)} ET" if quiet else "No hours of quiet"


def muted(until: datetime | None) -> str:
    """What /mute has done."""
    if until is None:
        return "<b>Not muted any more.</b> What was held comes now."
    return words.lines(
        f"<b>Muted until {words.day_moment(until)}.</b>",
        "What can wait comes then, in one message. Doubts, alarms and halts ring.",
        "<code>/mute off</code> ends it.",
    )


def how_to_mute() -> str:
    return words.lines(
        "<b>Mute for how long?</b> For example:",
        "<code>/mute 2h</code>, <code>/mute 30m</code>, <code>/mute until 14:00</code> (New "
        "York), <code>/mute off</code>.",
        "Nothing was changed. /noise shows what rings.",
    )
