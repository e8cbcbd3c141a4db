"""How large a purchase is that the owner named."""

import re
from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import Final

from core.model.money import Money, Price, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """So many *shares*, or as many whole ones as *dollars* pay for; neither: as many
    as the owner's setting says."""

    shares: Shares | None = None
    dollars: Money | None = None

    def of(self, at: Price, *, otherwise: Shares) -> Shares:
        """Shares at the price *at*, rounded down: 0 where the dollars buy not one."""
        if self.dollars is not None:
            return Shares(floor(self.dollars / at))
        return self.shares or otherwise


WHOLE: Final = r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})"
"""A whole number, with commas between thousands or none: "1,5" is no 15."""

_SIZE: Final = re.compile(rf"(\$?){WHOLE}", re.ASCII)


def size_in(text: str) -> Size | None:
    """What "100", "$500" or nothing at all means; None for other words, and for zero."""
    word = text.strip()
    if not word:
        return Size()
    match = _SIZE.fullmatch(word)
    number = int(match[2].replace(",", "")) if match else 0
    if match is None or number == 0:
        return None
    if match[1]:
        return Size(dollars=Money(Decimal(number)))
    return Size(shares=Shares(number))


def written(size: Size) -> str:
    """*size* in the letters that a button may carry; as ``read`` takes them."""
    if size.dollars is not None:
        return f"d{size.dollars}"
    return f"{size.shares or ''}"


def read(text: str) -> Size | None:
    """What ``written`` wrote; None for anything else."""
    return size_in(text.replace("d", "$", 1))
