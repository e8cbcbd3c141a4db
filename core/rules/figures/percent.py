"""Percent, worked out in one place."""

from decimal import Decimal
from typing import Final


HUNDRED: Final = Decimal(100)


def share(part: Decimal, whole: Decimal) -> Decimal:
    """*part* as percent of *whole*, which is not zero."""
    return part / whole * HUNDRED


def moved(since: Decimal, now: Decimal) -> Decimal:
    """The change from *since* to *now* in percent: (now / since - 1) x 100."""
    return share(now - since, since)
