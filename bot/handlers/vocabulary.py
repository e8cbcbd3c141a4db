"""Synonyms of commands, words for amounts, and words that are ignored.

Tested by tests/bot/handlers/test_text_commands.py.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot.handlers.wordings.amounts import figures


SYNONYMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("holdings", "portfolio", "position", "stocks"), "positions"),
        **dict.fromkeys(
            ("balance", "funds", "cash", "money", "wallet", "equity"), "account"
        ),
        **dict.fromkeys(("order", "fills", "trades", "working"), "orders"),
        **dict.fromkeys(("gainers", "find", "search", "card"), "scan"),
        **dict.fromkeys(("pause", "freeze", "hold"), "halt"),
        **dict.fromkeys(("continue", "unhalt", "unpause"), "resume"),
        **dict.fromkeys(
            ("profit", "loss", "profits", "gains", "earnings", "fees"), "pnl"
        ),
        **dict.fromkeys(("ready", "state", "alive", "ping"), "status"),
        **dict.fromkeys(("performance", "results", "scorecard"), "score"),
        **dict.fromkeys(("past", "picks", "earlier", "yesterday"), "history"),
        **dict.fromkeys(("audit", "trail", "csv", "download"), "export"),
        **dict.fromkeys(("commands", "menu"), "help"),
        **dict.fromkeys(("hilfe", "ayuda", "ajuda", "aide", "aiuto", "pomoc"), "help"),
        **dict.fromkeys(
            ("помощь", "помогите", "帮助", "ヘルプ", "مساعدة", "עזרה"), "help"
        ),
        **dict.fromkeys(("hello", "hi", "hey", "begin"), "start"),
        **dict.fromkeys(("logs", "errors", "warnings"), "log"),
        **dict.fromkeys(("trust",), "about"),
        **dict.fromkeys(("quiet", "silence", "silent", "snooze", "dnd", "shh"), "mute"),
        **dict.fromkeys(("notifications", "sound", "loud"), "noise"),
        **dict.fromkeys(("undo", "withdraw", "abort"), "cancel"),
        **dict.fromkeys(("morning", "summary"), "report"),
        **dict.fromkeys(("reason", "explain", "because"), "why"),
        **dict.fromkeys(("keys", "buttons"), "keyboard"),
        **dict.fromkeys(("config", "options", "preferences", "limits"), "settings"),
        **dict.fromkeys(("movers", "winners"), "scan"),
        **dict.fromkeys(("brief", "briefing", "premarket", "evening"), "schedule"),
        **dict.fromkeys(("stops", "stoploss", "targets", "protection"), "exits"),
        **dict.fromkeys(("price", "prices"), "quote"),
        **dict.fromkeys(("graph", "candle", "candles"), "chart"),
        **dict.fromkeys(("purchase",), "buy"),
        **dict.fromkeys(("close", "dump", "unload"), "sell"),
        **dict.fromkeys(
            ("panik", "panick", "pannic", "stopp", "emergency", "sos"), "panic"
        ),
    }
)
"""Other first words for a command. None of them places an order: those of /buy and /sell
make a card that asks. Those of /panic, /halt, /cancel and /resume act at once, unless
urgency.py asks first."""

_SIZES: Final = frozenset(
    {
        *("all", "half", "quarter", "third", "quarters", "thirds", "dozen", "risk"),
        *("everything", "½", "¼", "¾"),
    }
)
FILLERS: Final = frozenset(
    {
        *("my", "the", "please", "me", "show", "of", "shares", "stock", "a", "an"),
        *("i", "want", "to", "can", "could", "you", "would", "like", "give", "for"),
        *("run", "worth", "hey", "just", "pls", "plz", "thanks", "shs"),
        *("um", "uh", "uhm", "erm", "share"),
    }
)
"""Words that are ignored, unless one in capitals may be a stock."""

QUESTIONS: Final = frozenset(
    {
        "what",
        "what's",
        "whats",
        "wat",
        "wats",
        "wheres",
        "hows",
        "how",
        "when",
        "where",
        "who",
        "which",
        "is",
        "are",
        "am",
        "should",
        "shall",
        "did",
        "does",
        "was",
        "were",
    }
)
"""First words of a question."""

LOOKED_FOR: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("fees", "fee", "commissions"), "pnl"),
        **dict.fromkeys(("money", "cash", "balance", "spend"), "account"),
        **dict.fromkeys(("hold", "own", "held", "positions", "holdings"), "positions"),
        **dict.fromkeys(("got", "have", "pay", "paid", "cost"), "positions"),
        **dict.fromkeys(("alive", "ok", "okay", "fine"), "status"),
        **dict.fromkeys(
            ("make", "made", "earn", "earned", "lost", "lose", "profit"), "pnl"
        ),
        **dict.fromkeys(("worth", "account", "free"), "account"),
        **dict.fromkeys(("orders", "working", "bought", "sold", "filled"), "orders"),
        **dict.fromkeys(("ready", "wrong", "status", "up", "open", "doing"), "status"),
        **dict.fromkeys(("see", "allowed", "people"), "people"),
        **dict.fromkeys(("rings", "loud", "quiet"), "noise"),
        **dict.fromkeys(("version",), "version"),
        **dict.fromkeys(("trusted",), "about"),
        **dict.fromkeys(("do", "help", "commands"), "help"),
    }
)
"""What a question asks for. "hold" alone halts, and "what do I hold" does not."""

OF_SHARES: Final = frozenset({"buy", "sell"})
"""Commands that take a stock and how many of it."""


def straight(text: str | None) -> str:
    """*text* with the typographic apostrophe as a plain one, wide and mathematical signs as
    ASCII has them, without invisible ones, digits of other scripts as 0 to 9, and a
    comma before one or two last digits as a decimal point: "2,5%".
    """
    plain = (text or "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if not plain.isascii():
        plain = "".join(map(_plain, plain))
    return _DECIMAL_COMMA.sub(r"\1.\2", plain)


def _plain(sign: str) -> str:
    from unicodedata import (  # noqa: PLC0415  its tables take 0.7 MB
        category,
        decimal,
        normalize,
    )

    if category(sign) == "Cf":  # of no width: a joiner, a soft hyphen, a direction
        return ""
    same = normalize("NFKC", sign)
    return same if len(same) == 1 and same.isascii() else str(decimal(sign, sign))


def is_latin(text: str) -> bool:
    """Whether all letters of *text* are Latin ones, accents included."""
    return not any(sign > _LAST_LATIN and sign.isalpha() for sign in text)


_LAST_LATIN: Final = "\u024f"
"""Of Unicode's Latin Extended-B."""

_DECIMAL_COMMA: Final = re.compile(r"(?<![\w.,])(\$?\d+),(\d{1,2})(?![\w.,])", re.ASCII)


def bare(word: str) -> str:
    """*word* without the signs around it; "" for a picture. A currency's sign stays."""
    told = word.strip(_SIGNS)
    return "" if all(map(_is_picture, told)) else told


def _is_picture(sign: str) -> bool:
    if sign.isascii():
        return sign in _ASCII_PICTURES
    from unicodedata import category  # noqa: PLC0415  its tables take 0.7 MB

    return category(sign) in _PICTURES


_PICTURES: Final = frozenset({"So", "Sk", "Mn", "Cf"})
"""Unicode's categories of a picture and its modifiers."""

_ASCII_PICTURES: Final = "^`"
"""What ASCII has of these categories."""


_SIGNS: Final = ".,!?;:*_~()[]\"“”„«»<>\\…'\N{LEFT SINGLE QUOTATION MARK}"


def spoken(text: str | None) -> list[str]:
    """The words of *text* without those that are ignored. "A" and "ME" are stocks too:
    one in capitals among small letters, or alone, is kept.
    """
    said = list(map(bare, straight(text).split()))
    words = [word for word in said if word]
    all_capitals = len(words) > 1 and all(word.isupper() for word in words)
    return [
        w for w in words if w.lower() not in FILLERS or (w.isupper() > all_capitals)
    ]


def in_order(name: str, arguments: Sequence[str]) -> tuple[str, ...]:
    """The arguments of the command *name*. Those of /buy and /sell have the stock first
    ("sell half macv"), numbers in figures, and no "at market" at the end."""
    if name not in OF_SHARES:
        return tuple(arguments)
    told = (word.removesuffix("'s") for word in figures(_without_market(arguments)))
    return tuple(sorted(told, key=is_amount))


def _without_market(arguments: Sequence[str]) -> list[str]:
    """*arguments* without "@ market" or "now" at its end: how an order is priced is chosen on
    its card. Now (NOW) is a stock, too, where it is the only one."""
    priced = _AT_MARKET.sub("", " ".join(arguments))
    told = _AT_ONCE.sub("", priced).split()
    return told if any(not is_amount(word) for word in told) else priced.split()


_AT_ONCE: Final = re.compile(
    r"( (right )?now| immediately| asap| at once)+$", re.IGNORECASE
)


_AT_MARKET: Final = re.compile(
    r" ?(?:@|\bat\b) ?(?:the )?(?:market|mkt)(?: price| order)?$", re.IGNORECASE
)


def is_amount(word: str) -> bool:
    """Whether *word* is an amount and not a stock, which may be a cashtag: "$KO"."""
    return word.lower() in _SIZES or not word.removeprefix("$")[:1].isalpha()


def stock_and_amount(arguments: Sequence[str]) -> tuple[str, str]:
    """The stock and the amount in the arguments; "" for a missing one."""
    arguments = figures(_without_market(arguments))
    named = [word for word in arguments if not is_amount(word)]
    stocks = [word for word in named if word.lower() not in FILLERS] or named
    amount = [word for word in arguments if is_amount(word)]
    return "".join(stocks[:1]), " ".join([*stocks[1:], *amount])


LOOKING: Final = frozenset(
    {
        *("scan", "positions", "orders", "account", "quote", "chart", "pnl", "score"),
        *("history", "buy", "sell", "exits", "status", "log", "export", "help"),
    }
)
"""Commands that are found in the middle of a sentence, too: "macv chart", "run a scan"."""

ASKED_FOR: Final = LOOKING - OF_SHARES - {"scan", "exits"} | {
    *("why", "health", "version", "schedule", "settings", "people", "noise", "about")
}
"""Commands that a question may name: they only show."""

_DENIALS: Final = frozenset(
    {"dont", "not", "never", "no", "without", "cannot", "cant", "wont"}
)


def is_denial(word: str) -> bool:
    """Whether *word* (in small letters) negates the sentence, so that none of its words
    counts.
    """
    return word in _DENIALS or word.endswith("n't")


NO_STOCKS: Final = frozenset(
    {
        *("bot", "openbell", "program", "machine", "orders", "sell", "selling", "this"),
        *("that", "working", "running", "doing", "losing", "trading", "everything"),
        *("all", "now", "it", "ok", "okay"),
    }
)
"""Behind "stop": what is to be stopped, and no stock whose exits are meant."""

NO_SLIPS: Final = frozenset(
    {
        "tell",
        "told",
        "quit",
        "move",
        "moves",
        "market",
        "markets",
        "fell",
        "cell",
        "again",
    }
)
"""Words of their own, however near a command they are: "tell" is no misspelt "sell"."""

ALONE: Final = frozenset({"sos", "stopp", "candle", "candles"})
"""Too near to others to be misspelt: "stops" are no "sos", "cancle" is no "candle"."""


def each_stock(said: str) -> tuple[str, ...]:
    """The stocks of a list, each once and as written: "aapl and msft", "aapl, msft"."""
    words = spoken(_BETWEEN_STOCKS.sub(" ", said))
    named = (word for word in words if word.lower() not in _NO_PART)
    return tuple(dict.fromkeys(named))


MOST_STOCKS: Final = 5
"""Stocks that one message asks about, at most."""

_BETWEEN_STOCKS: Final = re.compile(r"[\s,;/+&]+")
_NO_PART: Final = frozenset(
    {"and", "or", "vs", "versus", "plus", "then", "now", "today"}
)
"""What stands between stocks or behind them."""


NO_SYMBOLS: Final = frozenset(
    {"yes", "no", "ok", "okay", "thx", "stop", "halt", "sos", "lol"}
)
"""Words in capitals that are no stock."""

NOT_ALONE: Final = NO_SYMBOLS | (
    FILLERS
    | QUESTIONS
    | NO_SLIPS
    | {
        *(
            "hmm",
            "hm",
            "huh",
            "eh",
            "wow",
            "yeah",
            "nope",
            "sure",
            "bye",
            "test",
            "more",
        ),
        *("all", "both", "none", "it", "that", "this", "here", "there", "again", "gm"),
    }
)
"""Words alone, in small letters, that are no stock."""


REMOVES: Final = frozenset({"remove", "delete", "drop", "erase", "clear"})
TAKEN_BACK: Final = ("cancel", "exits", "schedule")
"""The commands by which something of one's own is removed."""
