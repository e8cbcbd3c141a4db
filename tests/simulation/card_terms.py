"""How the orders are priced that a card asks about, read as the owner reads it."""

import re
from collections.abc import Iterator
from typing import Final


_PRICED: Final = "limit order, "
_TERMS: Final = {
    "market order, ": ("GTC", "MKT"),
    "limit order, ": ("GTC", "LMT"),
    "limit order for the open": ("OPG", "LMT"),
}
_SYMBOL: Final = re.compile(r"\b[A-Z][A-Z.]+\b")
_AT_MOST: Final = re.compile(r"(?:([A-Z][A-Z.]*) )?at most \$?([\d,.]+\d)")


def limits_on(text: str) -> Iterator[tuple[str, float]]:
    """The limits that a card names, by the stock's symbol: behind the line that asks."""
    asks = ""
    for line in text.splitlines():
        if not line.startswith(_PRICED):
            asks = line
            continue
        symbols = _SYMBOL.findall(asks)
        for symbol, at_most in _AT_MOST.findall(line):
            if name := symbol or (symbols[-1] if symbols else ""):
                yield name, float(at_most.replace(",", ""))


def terms_on(text: str) -> set[tuple[str, str]]:
    """The time in force and the type of the orders that a card asks about."""
    named = {terms for words, terms in _TERMS.items() if f"\n{words}" in text}
    return named or {("GTC", "MKT")}
