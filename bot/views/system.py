"""/log, /version and /about: the program itself."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.views import words
from core.model.audit import Logged
from core.model.status import Status


MOST: Final = 20
"""Lines of the log that one message shows."""

_BAD: Final = frozenset({"WARNING", "ERROR", "CRITICAL"})
_LONGEST: Final = 150


def log(lines: Iterable[Logged], *, bad_only: bool) -> str:
    """The newest lines, the last one at the end."""
    wanted = [each for each in lines if each.level in _BAD or not bad_only]
    what = "warnings and errors" if bad_only else "lines"
    if not wanted:
        return f"<b>No {what} since the start.</b> /health looks at the rest."
    shown = wanted[-MOST:]
    return words.paragraphs(
        f"<b>The last {len(shown)} {what} of the log</b>",
        words.lines(*map(_line, shown)),
        "" if bad_only else "/log errors: warnings and errors alone.",
    )


def _line(logged: Logged) -> str:
    mark = "! " if logged.level in _BAD else ""
    text = " ".join(logged.text.split())
    cut = f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
    return f"{mark}{words.clock_time(logged.at)} {words.safe(cut)}"


def version(*, openbell: str, python: str, api: int | None) -> str:
    line = f", API version {api} of IB's" if api else ", no line to IB yet"
    return words.lines(
        f"<b>Openbell {words.safe(openbell)}</b>",
        f"Python {words.safe(python)}{line}",
    )


def about(status: Status, *, people: Sequence[str] = ()) -> str:
    """What is trusted, and what it cannot do."""
    mode = words.bold(words.mode_word(status.mode))
    return words.paragraphs(
        f"<b>Openbell buys and sells only what you say Yes to.</b> {mode} · "
        f"{words.safe(status.account)}",
        words.lines(
            "<b>Trusted</b>",
            "Who may press: by number in Telegram, in private chats; nobody else is answered.",
            *map(words.safe, people),
            "What is true of an order: IB's own listings, never a silence.",
            "What was decided: the journal on this machine, sealed line by line (/export).",
        ),
        words.lines(
            "<b>It cannot</b>",
            "move money, sell short, trade options or on margin that IB does not give,",
            "switch real money on from the chat, or promise a price: a market order fills "
            "where the market is.",
            "It protects nothing while it is off, but what IB itself holds.",
        ),
        "Anybody with the bot's token can read this chat and write in it as the bot; he "
        "cannot tap for you. /halt, and a new token from @BotFather, if that happens.",
    )
