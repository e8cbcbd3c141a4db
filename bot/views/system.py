"""/log, /version and /about: the program itself."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from bot.views import words
from core.model.audit import Logged
from core.model.status import Status


MOST: Final = 20
"""Lines of the log that one message shows."""

_BAD: Final = frozenset({"WARNING", "ERROR", "CRITICAL"})
_LONGEST: Final = 150
_NEWS: Final = re.compile(r"[\w.]+: to tell: ")
"""A message that waits for Telegram: the owner has it."""

_INNER: Final = re.compile(r"^[\w.]+: |\s*\b\w+\(\w+=.*", re.DOTALL)
"""The part of the program that wrote a line, and the values within it."""


def log(lines: Iterable[Logged], *, bad_only: bool) -> str:
    """The newest lines, the last one at the end: warnings and errors in full, others in
    short, and without the news."""
    wanted = [each for each in lines if _is_shown(each, bad_only=bad_only)]
    what = "warnings and errors" if bad_only else "lines"
    if not wanted:
        return f"<b>No {what} since the start.</b> /health checks everything else."
    shown = wanted[-MOST:]
    short = "" if bad_only else ", in short"
    return words.paragraphs(
        f"<b>The last {_counted(len(shown), what)} of the log{short}</b>",
        words.lines(*_rows(map(_line, shown))),
        "" if bad_only else "<code>/log errors</code>: warnings and errors alone.",
    )


def _is_shown(logged: Logged, *, bad_only: bool) -> bool:
    if bad_only or logged.level in _BAD:
        return logged.level in _BAD
    return _NEWS.match(logged.text) is None


def _counted(count: int, what: str) -> str:
    if count > 1:
        return f"{count} {what}"
    return "line" if what == "lines" else "warning or error"


def _line(logged: Logged) -> str:
    is_bad = logged.level in _BAD
    text = logged.text if is_bad else _INNER.sub("", logged.text)
    told = words.fit(" ".join(text.split()), _LONGEST)
    return f"{'! ' if is_bad else ''}{words.clock_time(logged.at)} {words.safe(told)}"


def _rows(lines: Iterable[str]) -> Iterable[str]:
    """*lines*, each once where it follows itself: with how often."""
    for line, same in groupby(lines):
        often = len(list(same))
        yield f"{line} ({often} times)" if often > 1 else line


def version(*, openbell: str, python: str, api: int | None) -> str:
    line = f", IB's API {api}" if api else ", no line to IB yet"
    return words.lines(
        f"<b>Openbell {words.safe(openbell)}</b>",
        f"Python {words.safe(python)}{line}",
    )


def about(
    status: Status, *, people: Sequence[str] = (), automatic: bool = False
) -> str:
    """What is trusted, and what it cannot do; *automatic*: whether cards are approved
    without asking."""
    mode = words.bold(words.mode_word(status.mode))
    does = _AUTOMATIC if automatic else _ASKS
    return words.paragraphs(
        f"<b>{does}</b> {mode} · {words.safe(status.account)}",
        words.lines(
            "<b>Trusted</b>",
            "Who may press buttons: the people in /people, in private chats. Nobody else "
            "is answered.",
            *map(words.safe, people),
            "What became of an order: what IB itself lists. No answer is never taken for one.",
            "What was decided: the journal on this machine, each line sealed by the next; "
            "/export sends it.",
        ),
        words.lines(
            "<b>It cannot</b>",
            "move money, sell short, or trade options;",
            "be switched to real money from the chat;",
            "promise a price: a market order fills where the market is;",
            "protect anything while it is off, except by orders that stand at IB.",
        ),
        "Whoever has the bot's token can read this chat and write in it as the bot, but "
        "cannot tap for you. If that happens: /halt, and a new token from @BotFather.",
    )


_ASKS: Final = "Openbell buys and sells only what you say Yes to."
_AUTOMATIC: Final = (
    "Automatic mode is on: Openbell buys without asking, within your limits."
)
