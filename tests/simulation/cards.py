"""What the cards say about their orders, by stock, read as the owner reads it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final


_ROW: Final = re.compile(r"^(\S+) (BUY|SELL) ([\d,]+)\b *(.*)$")
_FILLED: Final = re.compile(r"(?:filled|sold|bought) ([\d,]+)")
NEVER: Final = "never reached IB"
_PART: Final = "of "
_DEAD: Final = (NEVER, "not sent", "refused", "cancelled")
"""Words that say that IB works nothing, and nothing was bought."""

_DOUBT: Final = ("unknown", "placed, unconfirmed", "closed by you")
_ALL_DONE: Final = ("Bought · ", "Sold · ")
_APPROVED: Final = "\nYes, said "
_SCANNED: Final = re.compile(r"^Top gainers · ([\d:]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a card says about one order."""

    card: int
    symbol: str
    words: str

    @property
    def dead(self) -> bool:
        return self.words.startswith(_DEAD)

    @property
    def doubtful(self) -> bool:
        return any(word in self.words for word in _DOUBT)

    @property
    def filled(self) -> int:
        match = _FILLED.match(self.words)
        return int(match[1].replace(",", "")) if match else 0


@dataclass(slots=True)
class Cards:
    """Every approved card as it is shown now. The cost of a change is that of one card."""

    _of_card: dict[int, tuple[Claim, ...]] = field(default_factory=dict)
    _scans: dict[int, str] = field(default_factory=dict)
    """When (New York) the scan of each card was, as the card says."""

    _about: dict[str, dict[int, tuple[Claim, ...]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def read(self, card: int, text: str) -> set[str]:
        """Take the new text of message *card*; returns the stocks about which it has
        changed.
        """
        before = self._of_card.get(card, ())
        after = tuple(_claims(card, text)) if _APPROVED in text else ()
        if after == before:
            return set()
        self._of_card[card] = after
        changed = {claim.symbol for claim in (*before, *after)}
        for symbol in changed:
            self._about[symbol][card] = tuple(c for c in after if c.symbol == symbol)
        return changed

    def says_too_much(self, card: int, text: str) -> bool:
        """Whether its first word says that all was done, of which nothing was of one."""
        is_all = text.startswith(_ALL_DONE) and _APPROVED in text
        return is_all and any(not c.filled for c in self._of_card.get(card, ()))

    def is_another_scan(self, card: int, text: str) -> bool:
        """Whether message *card* shows another scan than before; each scan has its own
        card.
        """
        scanned = _SCANNED.search(text)
        if scanned is None:
            return False
        return self._scans.setdefault(card, scanned[1]) != scanned[1]

    def about(self, symbol: str) -> list[Claim]:
        """What all cards say about one stock."""
        return [each for claims in self._about[symbol].values() for each in claims]

    def words(self, symbol: str, card: int) -> list[str]:
        """What one card says about a stock and side."""
        return [claim.words for claim in self._about[symbol].get(card, ())]

    def all(self) -> Iterator[Claim]:
        """What all cards say."""
        for claims in self._of_card.values():
            yield from claims


def _claims(card: int, text: str) -> Iterator[Claim]:
    name, words = "", ""
    for line in (*text.splitlines(), "."):
        match = _ROW.match(line)
        if name and (match or not line.startswith(" ")):
            yield Claim(card=card, symbol=name, words=words)
            name = ""
        if match:
            name, words = named(match[1], match[2]), match[4]
            if words.startswith(_PART):  # 40 of 100 @ 4.82
                words = f"filled {match[3]} {words}"
        elif name:
            words += f" {line.strip()}"


def named(symbol: str, side: str) -> str:
    """The name of orders for one stock and side: for sales it includes the side."""
    return symbol if side == "BUY" else f"{side} {symbol}"
