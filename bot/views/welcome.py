"""What the bot says of itself: /start and /help."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Final

from bot.views import words
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


def paired(name: str) -> str:
    """What *name* gets when his code has made him the owner, before the bot starts."""
    return words.lines(
        f"<b>You own this bot now, {words.safe(name)}.</b> Strangers get no answer.",
        "Nothing was ordered. I am starting; then /status says whether all is ready, and "
        "/help lists what I can do.",
    )


_EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "scan": (
            "/scan: IB's top gainers, all quoted; a card offers the largest gain in $ and in %.",
            "Nothing is bought before you tap Yes, unless automatic mode is on.",
            "The offer ends by itself.",
        ),
        "quote": (
            "/quote MACV: bid, ask, the day's figures, and what you hold of it.",
        ),
        "chart": (
            "/chart MACV: today in candles, minute by minute in the first half hour,",
            "with VWAP, volume, both opens, and your own fills marked.",
        ),
        "sell": (
            "/sell QRVX: all of it; /sell QRVX half; /sell QRVX 40; or say “sell half qrvx”.",
            "A card asks first; never more is sold than is held.",
        ),
        "exits": (
            "/exits: each holding and what protects it; /exits QRVX stop 5% target 10%.",
            "Also trail 3%, in $ (0.50), in ranges (2atr), close 2 for a session's close, none.",
        ),
        "buy": (
            "/buy QRVX 50: so many shares; /buy QRVX $500: for so much money.",
            "A card asks first, and the same limits apply as to a scan's.",
        ),
        "cancel": (
            "/cancel: lists what works; /cancel QRVX: orders of that stock; /cancel all.",
            "An order is called cancelled only when IB says so.",
        ),
        "history": (
            "/history: the newest picks; /history QRVX: of one stock; /history 2: older ones.",
        ),
        "filled": (
            "/filled QRVX 40 4.81: of an order in doubt, 40 shares were filled at 4.81.",
            "It is shown as it was understood before it is written down.",
        ),
        "why": ("/why: of the newest card; as an answer to a card, of that one.",),
        "mute": (
            "/mute 2h, /mute 30m, /mute until 14:00 (New York), /mute off.",
            "What can wait comes afterwards in one message; doubts, alarms and halts ring.",
        ),
        "log": ("/log: the last lines; /log errors: warnings and errors alone.",),
        "halt": (
            "/halt: no order leaves any more, also after a restart, until /resume.",
            "What works at IB goes on working, exits too: /cancel all takes it back.",
        ),
        "panic": (
            "/panic, or just “stop”: nothing new leaves, and our orders are cancelled.",
            "A question then lists what would be sold; nothing is sold before you tap Yes.",
        ),
    }
)
"""What /help NAME says beside the command's line."""


def command(name: str, line: str) -> str:
    """One command: its line, and examples where it takes words."""
    examples = _EXAMPLES.get(name, ())
    return words.lines(
        f"<b>/{name}</b>: {words.safe(line)}", *map(words.safe, examples)
    )


def commands(listed: Iterable[tuple[str, str, str]], *, acts: bool = True) -> str:
    """(group, name, line) of every command, a paragraph for each group; the buttons, for
    one who ``acts``."""
    parts = []
    for group, members in groupby(listed, key=itemgetter(0)):
        rows = [f"/{name}: {words.safe(line)}" for _, name, line in members]
        parts.append(words.lines(words.bold(group), *rows))
    return words.paragraphs(*parts, _BUTTONS if acts else "")


def keyboard(*, is_on: bool) -> str:
    """What /keyboard has done."""
    if is_on:
        return words.lines(
            "<b>Six keys stand below now.</b> Each sends its word, as if you had typed it.",
            "/keyboard off takes them away.",
        )
    return "<b>The keys are gone.</b> /keyboard on brings them back."


def how_to_key(*, is_on: bool) -> str:
    now = "on" if is_on else "off"
    return words.lines(
        f"<b>The six keys are {now}.</b> /keyboard on, /keyboard off.",
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
)
