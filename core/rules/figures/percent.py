"""Percent, worked out in one place."""

from decimal import Decimal
from typing import Final


HUNDRED: Final = Decimal(100)


def share(part: Decimal, whole: Decimal) -> Decimal:
    """*part* as percent of *whole*, which is not zero."""
    return part / whole * HUNDRED


def of_fraction(fraction: float) -> Decimal:
    """*fraction* of one, such as 0.25, as percent."""
    return Decimal(str(fraction)) * HUNDRED


def part(whole: Decimal, percent: Decimal) -> Decimal:
    """*percent* percent of *whole*."""
    return whole * percent / HUNDRED


def moved(since: Decimal, now: Decimal) -> Decimal:
    """The change from *since* to *now* in percent: (now / since - 1) x 100."""
    return share(now - since, since)
