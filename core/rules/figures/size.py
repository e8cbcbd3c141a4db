"""The size of an order as typed by the owner, encoded in a button, and shown on a
card."""

import re
from decimal import Decimal
from typing import Final

from core.model.money import Money, Shares, Size
from core.rules.figures.in_words import dollars
from core.rules.figures.percent import HUNDRED


WHOLE: Final = r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})"
"""A whole number, with or without commas between thousands; "1,5" does not match."""

_SIZE: Final = re.compile(rf"(\$?){WHOLE}", re.ASCII)
_RISK: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2})?) ?%(?: risk)?", re.ASCII)
_BUTTON: Final = re.compile(r"([dr]?)(\d{0,9})", re.ASCII)


def size_in(text: str) -> Size | None:
    """Parse "100", "$500", "1%" (at risk) or an empty text; None for anything else, and
    for zero."""
    word = text.strip()
    if not word:
        return Size()
    if risk := _RISK.fullmatch(word):
        return Size(risk=Decimal(risk[1])) if Decimal(risk[1]) else None
    match = _SIZE.fullmatch(word)
    number = int(match[2].replace(",", "")) if match else 0
    if match is None or number == 0:
        return None
    if match[1]:
        return Size(dollars=Money(Decimal(number)))
    return Size(shares=Shares(number))


def written(size: Size) -> str:
    """*size* encoded for a button, a risk in hundredths of a percent; ``read`` decodes
    it."""
    if size.dollars is not None:
        return f"d{size.dollars}"
    if size.risk is not None:
        return f"r{int(size.risk * HUNDRED)}"
    return f"{size.shares or ''}"


def read(text: str) -> Size | None:
    """What ``written`` wrote; None for anything else."""
    match = _BUTTON.fullmatch(text)
    if match is None:
        return None
    kind, digits = match.groups()
    if not digits:
        return None if kind else Size()
    return _of(kind, int(digits)) if int(digits) else None


def _of(kind: str, number: int) -> Size:
    if kind == "d":
        return Size(dollars=Money(Decimal(number)))
    if kind == "r":
        return Size(risk=number / HUNDRED)
    return Size(shares=Shares(number))


def said(size: Size) -> str:
    """The label of a button: "100", "$500", "1% risk"."""
    if size.dollars is not None:
        return dollars(size.dollars)
    if size.risk is not None:
        return f"{size.risk.normalize():f}% risk"
    return f"{size.shares:,}" if size.shares else "as set"
