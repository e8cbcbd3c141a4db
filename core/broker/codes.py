"""What TWS codes mean, in one table. Unknown codes are notes: they end nothing.

Sources: IB's table of message codes (interactivebrokers.github.io/tws-api/
message_codes.html); rules R11 to R14 of docs/safety.md for the meaning of a code on an
order. Codes missing in IB's table (451, 460, 463, 10167, 10168, 10349) are known from
users and captures of live gateways. The same code may be about an order, a quote or the
line: each has its own column.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from core.broker.texts import moment_within
from core.model.evidence import Meaning
from core.rules.codes.holds import says_held


class RowFate(Enum):
    """What a code does to a requested quote."""

    LIVES = auto()
    WAITS = auto()  # advisory: values may still come; dead when none did in time, and
    # what came before is not known to be live until the next one
    DELAYED = auto()  # values come, some 15 minutes old
    DEAD = auto()


class LineNews(Enum):
    """What a code says about the gateway's line to IB."""

    NONE = auto()
    LOST = auto()
    BACK = auto()
    BACK_EMPTY = auto()  # subscriptions are gone
    FARM_DOWN = auto()
    FARM_UP = auto()


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what it means when it comes for an order, for a requested quote (a row of
    the scan) or about the line. *words* explain it to people, "" if IB's own text is best."""

    words: str = ""
    for_order: Meaning = Meaning.NOTE
    for_row: RowFate = RowFate.LIVES
    for_line: LineNews = LineNews.NONE


_DEAD: Final = Meaning.DEAD
_LOOK: Final = Meaning.LOOK

CODES: Final[Mapping[int, Code]] = MappingProxyType(
    {
        # Orders: refused when new (R13 and the attributes we never set).
        110: Code("the price is off the tick", _DEAD),
        111: Code("this order type does not go with this time in force", _DEAD),
        154: Code("the stock is halted", _DEAD),
        200: Code("IB does not know this stock", _DEAD, RowFate.DEAD),
        201: Code("IB rejected the order", _DEAD),
        203: Code("this account may not trade this stock", _DEAD),
        320: Code("IB could not read the request", _DEAD, RowFate.DEAD),
        321: Code("IB found the request invalid", _DEAD, RowFate.DEAD),
        383: Code("larger than the gateway's order size preset", _DEAD),
        387: Code("this order type is not supported here", _DEAD),
        388: Code("the order is too small", _DEAD),
        412: Code("this stock is not available for trading", _DEAD),
        434: Code("the order size is zero", _DEAD),
        435: Code("an account must be named", _DEAD),
        451: Code("larger than the gateway's order value preset", _DEAD),
        460: Code("no trading permission for this stock", _DEAD),
        463: Code("IB refused the order", _DEAD),
        10015: Code("trading through the API is not allowed", _DEAD),
        10268: Code("the eTradeOnly attribute is not supported", _DEAD),
        10269: Code("the firmQuoteOnly attribute is not supported", _DEAD),
        10274: Code("the postToAts attribute is not supported", _DEAD),
        10289: Code("cash quantity is not allowed", _DEAD),
        10293: Code("not for this kind of instrument", _DEAD),
        10318: Code("fractional shares are not supported", _DEAD),
        **{
            code: Code("fractional shares are not supported", _DEAD)
            for code in range(10243, 10253)
        },
        100: Code("IB takes no more messages for a moment", _DEAD),
        # Orders: not a verdict, look (R11, R12; presets whose refusal needs proof).
        103: Code("the order id was used before", _LOOK),
        104: Code("the order was filled before it could change", _LOOK),
        105: Code("another order has this id", _LOOK),
        106: Code("the order could not be transmitted", _LOOK),
        107: Code("the order was incomplete", _LOOK),
        109: Code("the price is outside the gateway's limits", _LOOK),
        133: Code("submitting the order failed", _LOOK),
        135: Code("IB finds no order with this id", _LOOK),
        161: Code("the order cannot be cancelled in its state", _LOOK),
        163: Code("the price is outside the gateway's limits", _LOOK),
        382: Code("the price is outside the gateway's limits", _LOOK),
        481: Code("IB reduced the order's size", _LOOK),
        10147: Code("IB finds no order to cancel", _LOOK),
        10148: Code("the order can no longer be cancelled", _LOOK),
        10328: Code("the connection broke while the order was sent", _LOOK),
        10335: Code("the gateway's presets could not be applied", _LOOK),
        10347: Code("IB warns of limited liquidity", _LOOK),
        # Orders: alive (R14), waiting, or over.
        202: Code("IB cancelled the order", Meaning.CANCELLED),
        399: Code("IB holds the order"),  # HELD when the text says until when
        404: Code("IB is looking for shares to borrow"),
        2109: Code("the outside-hours flag was ignored"),
        2161: Code("IB may cap the price"),
        10311: Code("direct routing carries a higher fee"),
        10349: Code("the gateway's preset changed the time in force"),
        # Quotes.
        101: Code("no market data line is free", for_row=RowFate.DEAD),
        354: Code("not subscribed to market data", _LOOK, RowFate.DEAD),
        10089: Code("needs a further market data subscription", for_row=RowFate.WAITS),
        10090: Code("part of the data is not subscribed", for_row=RowFate.WAITS),
        10091: Code("needs a further market data subscription", for_row=RowFate.WAITS),
        10167: Code("not subscribed: delayed data", for_row=RowFate.DELAYED),
        10168: Code("not subscribed, and delayed data is off", for_row=RowFate.DEAD),
        10182: Code("the quote was lost with the connection", for_row=RowFate.DEAD),
        10186: Code("not subscribed, and delayed data is off", for_row=RowFate.DEAD),
        10197: Code(
            "somebody is logged in elsewhere and receives the data",
            for_row=RowFate.DEAD,
        ),
        # History and the scanner; the text tells which of many causes it was.
        162: Code("IB's history service refused"),
        322: Code("all scanner slots are in use"),
        300: Code("IB finds no such quote to cancel"),
        366: Code("IB finds no such history request"),
        # The line.
        326: Code("the client id is in use"),
        1100: Code(
            "the gateway has lost IB", for_row=RowFate.WAITS, for_line=LineNews.LOST
        ),
        1101: Code("IB is back, subscriptions lost", for_line=LineNews.BACK_EMPTY),
        1102: Code("IB is back", for_line=LineNews.BACK),
        2103: Code(
            "market data is down", for_row=RowFate.WAITS, for_line=LineNews.FARM_DOWN
        ),
        2104: Code("market data is up", for_line=LineNews.FARM_UP),
        2105: Code("history is down", for_line=LineNews.FARM_DOWN),
        2106: Code("history is up", for_line=LineNews.FARM_UP),
        2107: Code("history sleeps until asked", for_line=LineNews.FARM_UP),
        2108: Code("market data sleeps until asked", for_line=LineNews.FARM_UP),
        2110: Code(
            "the gateway has lost IB's servers",
            for_row=RowFate.WAITS,
            for_line=LineNews.LOST,
        ),
        2157: Code("contract definitions are down", for_line=LineNews.FARM_DOWN),
        2158: Code("contract definitions are up", for_line=LineNews.FARM_UP),
    }
)

TOO_MANY_MESSAGES: Final = 100
CLIENT_ID_IN_USE: Final = 326
SERVICE: Final = 162
"""An error of IB's history and scanner service; its text tells which."""

NOTICE: Final = 165
"""A message of the same service that is no error."""

_ASIDE: Final = frozenset(
    {TOO_MANY_MESSAGES, NOTICE, 300, 366, 492, *range(2100, 2200)}
)
"""Codes that leave a request as it is: notices, and receipts of late cancels."""

ACCOUNT_LOST: Final = frozenset({2100, 2101})
"""The account subscription has ended: another program requested one, or IB refused."""

SUBSCRIPTION_LOST: Final = 10182
"""Sent to every request after 1101: IB has dropped it."""

LOGGED_IN_ELSEWHERE: Final = 10197
"""Another session of the same user receives the market data for the time being."""

FOR_ALL: Final = frozenset(
    {TOO_MANY_MESSAGES, 1100, 2103, 2110, 10167, LOGGED_IN_ELSEWHERE}
)
"""Codes with request id -1 that concern every request."""

_UNKNOWN: Final = Code()


def code(number: int) -> Code:
    """The entry of a code; an unknown code is a note that changes nothing."""
    return CODES.get(number, _UNKNOWN)


def meaning_of(number: int, text: str) -> Meaning:
    """The meaning of a code on an order; of a 399 its text tells it."""
    if says_held(number, text):
        return Meaning.HELD
    return code(number).for_order


def held_until(number: int, text: str) -> datetime | None:
    """The open (UTC) that a 399 names; None if it cannot be read."""
    return moment_within(text) if says_held(number, text) else None


SANDBOX_FARM: Final = "openbell-sandbox"
"""The farm that only our simulated gateway names, to every client at its start."""


_COLONS: Final = re.compile("[:\uff1a\ufe55]")


def farm_of(text: str) -> str:
    """The farm in the text of a code 2103 to 2158: what follows the last colon, which
    in some of IB's languages is a wide one."""
    return _COLONS.split(text)[-1].strip(" .\u3002")


def is_receipt(number: int, text: str) -> bool:
    """Whether a 162 only confirms our own cancel."""
    lowered = text.lower()
    return number == SERVICE and ("cancelled" in lowered or "canceled" in lowered)


def is_empty(number: int, text: str) -> bool:
    """Whether IB says that nothing matched: 165 of a scan, 162 of history."""
    lowered = text.lower()
    return (number == NOTICE and "no items" in lowered) or (
        number == SERVICE and "no data" in lowered
    )


def is_passing(number: int, text: str) -> bool:
    """Whether a refusal of bars says nothing of the stock, so that they can be asked for
    again: too much was asked, the line broke, or somebody is logged in elsewhere."""
    is_pacing = number == SERVICE and "pacing" in text.lower()
    return is_pacing or number in {SUBSCRIPTION_LOST, LOGGED_IN_ELSEWHERE}


def is_notice(number: int, text: str) -> bool:
    """Whether a request goes on after this code: its answer is still to come."""
    return (
        number in _ASIDE
        or code(number).for_row in {RowFate.WAITS, RowFate.DELAYED}
        or is_receipt(number, text)
    )


def scan_refusal(number: int, text: str) -> str:
    """Why the scanner refused, in words for the owner."""
    lowered = text.lower()
    if number == SERVICE and "disabled" in lowered:
        return "IB has switched off one of the scan's filters for this account"
    if number == SERVICE and "configured" in lowered:
        return "this account may not scan that location"
    if number == SERVICE and "duplicate" in lowered:
        return "the same scan is already running"
    if number == SERVICE:
        return "the market scanner refused"
    return code(number).words or "the market scanner refused"
