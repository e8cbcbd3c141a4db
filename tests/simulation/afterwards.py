"""Checks what others change of the bot's orders and holdings once they stand: somebody in
the terminal, or a split of the stock. The owner must be told, and of a split as of one.

It shares no code with the product.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderTicket
from tests.simulation.book import Book, name_of


_SYMBOL: Final = r"([A-Z][A-Z.]*)"
_CHANGED: Final = re.compile(rf"{_SYMBOL}: the (.+)\.$", re.MULTILINE)
_FACTS: Final = {
    "stop": re.compile(r"is at \$?([\d.,]+) now"),
    "distance": re.compile(r"follows at ([\d.]+)% now"),
    "shares": re.compile(r"is for ([\d,]+) shares now"),
    "end": re.compile(r"\((DAY|GTC), not"),
}
_SPLIT: Final = re.compile(rf"{_SYMBOL} was split, ")
_IN_DOUBT: Final = re.compile(
    rf"I can\'t tell what became of this order: SELL [\d,]+ {_SYMBOL}\.\n.*"
    r"as after a split, ",
    re.DOTALL,
)
_CUT: Final = re.compile(
    rf"{_SYMBOL} (?:has no exit now|lacks an exit)\b.*IB has it for ([\d,]+) shares",
    re.DOTALL,
)
_NO_EXIT: Final = re.compile(rf"{_SYMBOL} (?:has no exit now|lacks an exit)")
_GONE: Final = re.compile(rf"No whole share of {_SYMBOL} is held any more")
_AS_A_SPLIT: Final = "a split, "


@dataclass(slots=True, kw_only=True)
class Afterwards:
    """What was changed in one world. ``wrong`` notes a violation."""

    book: Book
    wrong: Callable[[str], None]

    _changed: dict[tuple[str, str], str] = field(default_factory=dict)
    """What an order was given in the terminal, by its stock and what was changed."""

    _told: dict[tuple[str, str], str] = field(default_factory=dict)
    _told_as_split: set[str] = field(default_factory=set)
    _gone: set[str] = field(default_factory=set)
    """Stocks of which nothing is held any more since shares left without a trade."""

    _told_gone: set[str] = field(default_factory=set)

    def changed(self, before: BookOrder, after: OrderTicket) -> None:
        """Somebody has given the bot's order *before* the terms *after*. Of an order of a
        card its fills tell how many shares it came to be."""
        if not name_of(before).startswith("EXIT "):
            return
        symbol, was = name_of(before).split()[-1], _terms(before.ticket)
        for what, value in _terms(after).items():
            if what == "shares" and self._has_sold(after.oca_group):
                continue  # it is told with those that others of its group have sold
            if value != was[what]:
                self._changed[symbol, what] = value

    def _has_sold(self, group: str) -> bool:
        now = self.book.gateway.clock.now()
        return bool(group) and self.book.group_has_sold(group, by=now)

    def moved(self, symbol: str) -> None:
        """Shares have left the account, or come to it, without a trade."""
        if self.book.held_of(symbol) <= 0:
            self._gone.add(symbol)

    def read(self, text: str) -> None:
        """Take the text of a message of the bot's."""
        self._told_gone.update(_GONE.findall(text))
        for symbol, words in _CHANGED.findall(text):
            for what, fact in _FACTS.items():
                if said := fact.search(words):
                    self._told[symbol, what] = _plain(said[1])
        self._told_as_split.update(_SPLIT.findall(text))
        if found := _IN_DOUBT.match(text):
            self._told_as_split.add(found[1])
        if found := _NO_EXIT.match(text):
            self._ended(found[1], text)
        if found := _CUT.match(text):
            self._told[found[1], "shares"] = _plain(found[2])

    def _ended(self, symbol: str, text: str) -> None:
        is_split = self.book.split_at(symbol) is not None
        if _AS_A_SPLIT in text:
            self._told_as_split.add(symbol)
            if not is_split:
                self.wrong(f"{symbol}: told as a split, and there was none")
        elif is_split and symbol not in self._told_as_split:
            self.wrong(f"{symbol}: told as ended by others, and a split ended them")

    def close(self) -> None:
        """Check the calm end: the owner knows all of it."""
        for (symbol, what), value in self._changed.items():
            if self._told.get((symbol, what)) != value:
                self.wrong(f"{symbol}: {what} {value} in TWS, and it was not told so")
        for symbol in self._gone - self._told_gone:
            self.wrong(f"{symbol}: is gone with its exits, and nobody was told")
        for symbol in self.book.splits:
            if symbol not in self._told_as_split and self.book.has_bought(symbol):
                self.wrong(f"{symbol}: was split, and the owner was not told")


def _terms(ticket: OrderTicket) -> dict[str, str]:
    """What of it somebody can change in the terminal, as a message says it."""
    is_stop = ticket.order_type == "STP"
    return {
        "stop": _number(ticket.aux_price) if is_stop else "",
        "distance": _number(ticket.trail_percent),
        "shares": _number(ticket.quantity),
        "end": ticket.tif,
    }


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _plain(said: str) -> str:
    """A figure as _number writes it; other words as they are."""
    figure = said.replace(",", "")
    return _number(float(figure)) if figure[0].isdigit() else said
