"""The words of a card and of a status, each explained for /help WORD.

Tested by tests/bot/handlers/test_help.py.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


TERMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "yes": "It sends what its card or question says, once. Before each order I check price, "
        "funds, market and your limits; what does not pass is not sent, and the card says why.",
        "no": "It ends the offer or the question. Nothing is sent.",
        "offer": "A card counts until the time that stands on it; a later Yes sends nothing. "
        "/settings offer minutes changes how long.",
        "spread": "The lowest price asked less the highest bid, in percent: what buying "
        "and selling again at once would lose.",
        "gap": "Today's open against the last close before it, in percent.",
        "vwap": "Volume-weighted average price: what a share cost on average today.",
        "atr": "Average true range: by how many dollars the stock moves in a usual session, "
        "from the fourteen before today (Wilder).",
        "usual days": "Today's volume so far, in average whole days. Early in a session 1.0 is "
        "much.",
        "market order": "It is filled at once, at whatever price the market has. In a fast, "
        "small stock that can be far from the price on the card.",
        "limit order": "It is filled at its limit or better, or not at all.",
        "good till cancelled": "GTC: the order works until it is filled or cancelled, also "
        "on later days.",
        "stop": "An exit that sells at the market once the price falls to it. It limits a "
        "loss, but promises no price.",
        "trail": "A stop that follows the price up, at a set distance, and never down.",
        "target": "An exit that sells once the price has risen to it.",
        "funds free": "What IB calls available funds. I send no purchase that costs more than these.",
        "doubt": "I sent an order and got no answer: it may exist. I never send it again; I ask IB, "
        "and if IB cannot say, I ask you.",
        "sandbox": "A simulated market and account on this machine. No money.",
        "paper": "IB's account for practice: real prices, no real money.",
        "live": "Real money. It is switched on in .env only, never from the chat.",
    }
)
"""What each means."""

_ALSO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "expiry": "offer",
        "average true range": "atr",
        "market orders": "market order",
        "mkt": "market order",
        "limit orders": "limit order",
        "lmt": "limit order",
        "gtc": "good till cancelled",
        "stop loss": "stop",
        "stop order": "stop",
        "trailing stop": "trail",
        "trailing": "trail",
        "take profit": "target",
        "profit target": "target",
        "in doubt": "doubt",
        "relative volume": "usual days",
        "free funds": "funds free",
        "paper trading": "paper",
        "paper account": "paper",
        "live trading": "live",
    }
)
"""Other names of them."""

ANY: Final = "|".join(map(re.escape, sorted({*TERMS, *_ALSO}, key=len, reverse=True)))
"""A pattern that each name matches."""


def named(said: str) -> str:
    """The term that *said* is a name of; "" for none."""
    plain = " ".join(said.lower().split())
    return plain if plain in TERMS else _ALSO.get(plain, "")


def shown(name: str) -> str:
    """The *name* of a term as it is written: VWAP, spread."""
    return name.upper() if name in {"vwap", "atr"} else name
