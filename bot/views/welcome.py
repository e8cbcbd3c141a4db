"""What the bot says of itself: /start and /help."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Final

from bot.views import words
from core.model.status import Status


WHAT: Final = (
    "I scan the market, show you the five strongest, and buy only what you say Yes to. "
    "Interactive Brokers holds the orders."
)


def welcome(status: Status) -> str:
    """The first message: what this is, whose money moves, what to try."""
    mode = words.bold(words.mode_word(status.mode))
    return words.paragraphs(
        f"<b>Openbell</b> · {mode} · {words.safe(status.account)}",
        WHAT,
        "/scan makes a card. /status says whether all is ready. /help lists the rest.",
    )


def commands(listed: Iterable[tuple[str, str, str]]) -> str:
    """(group, name, line) of every command, a paragraph for each group."""
    parts = []
    for group, members in groupby(listed, key=itemgetter(0)):
        rows = [f"/{name}: {words.safe(line)}" for _, name, line in members]
        parts.append(words.lines(words.bold(group), *rows))
    return words.paragraphs(*parts)
