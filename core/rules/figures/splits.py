"""The effect of splits on shares and prices."""

from decimal import Decimal
from typing import Final


_COUNTS: Final = (*range(2, 11), 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)

FACTORS: Final[tuple[Decimal, ...]] = (
    *(Decimal(1) / each for each in _COUNTS),
    *(Decimal(each) for each in _COUNTS),
    Decimal(2) / 3,
)
"""The factors by which splits (2 for 1 to 100 for 1, 1 for 2 to 1 for 100, and 3 for 2)
change a price. They are far enough apart to be distinguished."""

_NEAR: Final = Decimal("0.20")
"""How far the price may have moved apart from the split, as a fraction of it."""


RISE: Final = 4
"""A gainer may rise to so many times its price within days without a split."""


def split_in_words(
    before: Decimal,
    now: Decimal,
    paid: Decimal,
    price: Decimal,
    cost: Decimal | None = None,
) -> str | None:
    """ "10 for 1" where split_between finds a split; else None."""
    factor = split_between(before, now, paid, price, cost)
    return None if factor is None else factor_in_words(factor)


def split_between(
    before: Decimal,
    now: Decimal,
    paid: Decimal,
    price: Decimal,
    cost: Decimal | None = None,
) -> Decimal | None:
    """The factor of a split on prices (1/10 for 10 for 1); None if there was none.

    It was a split if *before* shares have become *now*, and *paid*, what each had cost,
    stands to *price*, or to *cost* (IB's average), as that split makes it. Trades by hand
    look different: buying as many again halves neither price nor cost, and selling half
    at twice the price leaves IB's cost at what was paid.
    """
    by_price = split_factor(before, now, paid, price)
    if by_price is not None and not _is_sold(by_price, paid, cost):
        return by_price
    return split_factor(before, now, paid, cost) if cost is not None else None


def split_factor(
    before: Decimal, now: Decimal, paid: Decimal, price: Decimal
) -> Decimal | None:
    """What a split has made of a price (1/2 for 2 for 1), where shares and price fit one
    as in split_in_words; None where they do not. A few shares fit several: it was the
    one that the price fits best."""
    if before <= 0 or now <= 0 or paid <= 0 or price <= 0:
        return None
    off = {
        factor: abs(paid * factor / price - 1)
        for factor in FACTORS
        if whole_shares(before / factor) == whole_shares(now)
    }
    found = min(off, key=off.__getitem__, default=None)
    return None if found is None or off[found] > _NEAR else found


def is_of_before(close: Decimal, last: Decimal, factor: Decimal) -> bool:
    """Whether *close* is a price from before a split that has multiplied prices by
    *factor*: *last* is near it only after it is multiplied, too."""
    adjusted = abs(last / (close * factor) - 1)
    return adjusted <= _NEAR < abs(last / close - 1)


def by_shares_alone(before: Decimal, now: Decimal) -> str | None:
    """ "10 for 1" where *before* shares would be *now* after such a split, whatever the
    price says; None where after none."""
    if before <= 0 or now <= 0:
        return None
    fit = (f for f in FACTORS if whole_shares(before / f) == whole_shares(now))
    return next((factor_in_words(factor) for factor in fit), None)


def _is_sold(factor: Decimal, paid: Decimal, cost: Decimal | None) -> bool:
    is_rise = 1 < factor <= RISE
    return is_rise and cost is not None and abs(cost / paid - 1) <= _NEAR


def whole_shares(shares: Decimal) -> int:
    """Whole shares: a fraction is paid out in cash."""
    return int(shares + Decimal("0.000001"))


def factor_in_words(factor: Decimal) -> str:
    """ "10 for 1" for 1/10, "1 for 10" for 10."""
    if factor == FACTORS[-1]:
        return "3 for 2"
    more = round(1 / factor)
    return f"{more} for 1" if factor < 1 else f"1 for {round(factor)}"
