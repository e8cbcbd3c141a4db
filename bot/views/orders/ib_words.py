"""What IB wrote about an order, in our words; its own text is shown behind a tap.

The codes are IB's (interactivebrokers.github.io/tws-api/message_codes.html). Code 201
has a text for every cause, so a few words of the text tell the causes apart.
"""

import re
from typing import Final, NamedTuple

from core.model.order import Order
from core.rules.codes import holds
from core.rules.codes.read_only import WORDS as READ_ONLY


class _Cause(NamedTuple):
    """One cause of a refusal: its code, words that its text holds, and our words."""

    code: int
    told_by: str
    words: str


_CAUSES: Final = (
    _Cause(
        201,
        r"margin|equity|available funds|insufficient|settled cash",
        "The money in the account does not cover it.",
    ),
    _Cause(
        201,
        r"closing.?only|restricted|not (?:allowed|permitted|eligible)|permission",
        "IB does not let this account buy this stock.",
    ),
    _Cause(201, r"\bshort(?:able)?\b", "IB has no shares of it to lend."),
    _Cause(
        201,
        r"maximum|exceed|(?:size|value|order|quantity|credit|trading) limit|preset|"
        r"precaution",
        "It is larger than IB's or the gateway's own limits allow.",
    ),
    _Cause(
        201, r"halt", "Trading in this stock is halted. Ask again when it has reopened."
    ),
    _Cause(
        321,
        READ_ONLY,
        "The gateway's Read-Only API is on. Switch it off in the API settings of TWS or IB Gateway.",
    ),
    _Cause(110, r"", "The price does not fit the steps it is quoted in."),
    _Cause(
        154, r"", "Trading in this stock is halted. Ask again when it has reopened."
    ),
    _Cause(200, r"", "IB does not know this stock any more."),
    _Cause(201, r"", "IB's own checks refused it."),
    _Cause(202, r"", "IB cancelled it."),
    _Cause(203, r"", "This account may not trade this stock."),
    _Cause(321, r"validating request", "IB found the order malformed."),
    _Cause(
        321,
        r"",
        "IB refused it as not valid. /status says whether Read-Only API is on.",
    ),
    _Cause(383, r"", "It is larger than the gateway's order size preset."),
    _Cause(412, r"", "This stock is not available for trading."),
    _Cause(451, r"", "It is larger than the gateway's order value preset."),
    _Cause(460, r"", "The account has no trading permission for this stock."),
    _Cause(10015, r"", "Trading through the API is not allowed for this login."),
)
"""The first that fits is told, so the more exact ones come first."""

_CODED: Final = re.compile(r"\(TWS (\d+)\)")
_STATE_AGAIN: Final = re.compile(
    r"^Order (?:rejected|Cancell?ed) - reason:", re.IGNORECASE
)
_ELSE: Final = "IB's own words are below."


def is_from_ib(reason: str) -> bool:
    """Whether *reason* is IB's text, not ours: those carry their code."""
    return _CODED.search(reason) is not None


def in_our_words(reason: str) -> str:
    """One sentence for IB's text *reason*; "" where the text only has a code, and the
    state of the order says all of it already."""
    said, codes = _without_the_state(reason), map(int, _CODED.findall(reason))
    if not said:
        return ""
    return next((words for code in codes if (words := _words(code, said))), _ELSE)


def says_held(reason: str) -> bool:
    """Whether IB's text *reason* says that it holds the order for an open."""
    codes = map(int, _CODED.findall(reason))
    return any(holds.says_held(code, _without_the_state(reason)) for code in codes)


def in_ibs_words(order: Order) -> str:
    """IB's own text about *order* with its code; "" where the reason is ours, or where
    nothing but a code is left of it."""
    reason = order.reason or ""
    said = is_from_ib(reason) and _without_the_state(reason)
    return " ".join(reason.split()) if said else ""


def _words(code: int, said: str) -> str:
    if holds.says_held(code, said):
        return "IB holds it."
    fitting = (
        cause.words
        for cause in _CAUSES
        if cause.code == code and re.search(cause.told_by, said, re.IGNORECASE)
    )
    return next(fitting, "")


def _without_the_state(reason: str) -> str:
    """IB's text without its code and without what only says the state again."""
    return _CODED.sub("", _STATE_AGAIN.sub("", reason)).strip(" :.;")
