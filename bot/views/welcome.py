"""What the bot says of itself: /start and /help."""

import re
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Final

from bot.views import words
from bot.views.help import glossary
from bot.views.help.examples import EXAMPLES
from core.model.status import Status


WHAT: Final = (
    "I scan the market, show you the five strongest, and buy what you say Yes to. "
    "Interactive Brokers holds the orders."
)
AUTOMATIC: Final = (
    "Automatic mode is on: I also buy without asking, within your limits."
)


def welcome(status: Status, *, automatic: bool = False) -> str:
    """The first message: what this is, whose money moves, what to try; *automatic*:
    whether cards are approved without asking."""
    mode = words.bold(words.mode_word(status.mode))
    return words.paragraphs(
        f"<b>Openbell</b> · {mode} · {words.safe(status.account)}",
        words.lines(WHAT, AUTOMATIC if automatic else ""),
        "/scan makes a card. /status says whether all is ready. /help lists the rest.",
    )


def paired(name: str, *, starts: bool) -> str:
    """What *name* gets when his code has made him the owner, before the bot starts;
    *starts*: whether it does so now by itself."""
    when = "I am starting; then" if starts else "I answer once I am started; then"
    return words.lines(
        f"<b>You own this bot now, {words.safe(name)}.</b> Strangers get no answer.",
        f"Nothing was ordered. {when} /status says whether all is ready, and /help lists "
        "what I can do.",
    )


def command(name: str, line: str) -> str:
    """One command: its line, and examples where it takes words."""
    examples = EXAMPLES.get(name, ())
    return words.lines(f"<b>/{name}</b>: {words.safe(line)}", *map(_example, examples))


def _example(text: str) -> str:
    """*text*, its commands with all their words: a tap on a bare name sends the name alone."""
    return _WITH_WORDS.sub(r"<code>\g<0></code>", words.safe(text))


_WITH_WORDS: Final = re.compile(r"/[a-z]+( [\w$%+-]+([.:]\w+)?)+")


def term(name: str) -> str:
    """One word of a card or a status, of those in the glossary."""
    means = words.coded(words.safe(glossary.TERMS[name]))
    return f"<b>{words.safe(glossary.shown(name))}</b>: {means}"


def commands(listed: Iterable[tuple[str, str, str]], *, acts: bool = True) -> str:
    """(group, name, line) of every command, a paragraph for each group; the buttons, for
    one who ``acts``."""
    parts = []
    for group, members in groupby(listed, key=itemgetter(0)):
        rows = [
            f"/{name}: {words.coded(words.safe(line))}" for _, name, line in members
        ]
        parts.append(words.lines(words.bold(group), *rows))
    return words.paragraphs(*parts, _BUTTONS if acts else "")


def keyboard(*, is_on: bool) -> str:
    """What /keyboard has done."""
    if is_on:
        return words.lines(
            "<b>Six keys stand below now.</b> Each sends its word, as if you had typed it.",
            "<code>/keyboard off</code> takes them away.",
        )
    return "<b>The keys are gone.</b> <code>/keyboard on</code> brings them back."


def how_to_key(*, is_on: bool) -> str:
    now = "on" if is_on else "off"
    return words.lines(
        f"<b>The six keys are {now}.</b> <code>/keyboard on</code>, <code>/keyboard off</code>.",
        "They stand below the message box, in this chat alone.",
    )


_BUTTONS: Final = words.lines(
    "<b>Buttons</b>",
    "Yes sends what the card says, once; No ends the offer. Only X: that one alone. "
    "All 50, Charts: more of the same scan. Scan again: a new card, the old one ends.",
    "• marks what is chosen: how much, and how it is sold again. ▸ goes on to the next "
    "type of order. Check with IB asks what the order would do, and sends nothing.",
    "Cancel asks IB; it counts when IB says so. 25%, 50%, 100%: a card that asks to sell. "
    "A button that would not act any more goes.",
    "“stop”, “panic” and “sell all” act from any message, without a slash.",
    f"<code>/help spread</code> explains a word: {', '.join(map(glossary.shown, glossary.TERMS))}.",
)
