"""How much of a holding the owner wants to sell."""

import re
from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import Final

from core.model.money import Shares
from core.rules.figures.percent import HUNDRED, part
from core.rules.figures.size import WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number of *shares*, or *percent* of what can be sold if that is None."""

    shares: Shares | None = None
    percent: int = 100

    def of(self, free: Shares) -> Shares:
        """The shares out of *free*, rounded down, but at least one if there is one. A
        named number is returned even if it is more than *free*: it cannot be sold
        then."""
        if self.shares is not None:
            return self.shares
        return Shares(
            max(min(free, 1), floor(part(Decimal(free), Decimal(self.percent))))
        )


_WORDS: Final = {"all": 100, "half": 50, "": 100}
_NUMBER: Final = re.compile(rf"{WHOLE}(%?)", re.ASCII)


def amount_in(text: str) -> Amount | None:
    """Parse "100", "25%", "half", "all" or an empty text; None for anything else."""
    word = text.strip().lower()
    if word in _WORDS:
        return Amount(percent=_WORDS[word])
    match = _NUMBER.fullmatch(word)
    if match is None or not (number := int(match[1].replace(",", ""))):
        return None
    if match[2]:
        return Amount(percent=number) if number <= HUNDRED else None
    return Amount(shares=Shares(number))
