"""What IBKR charges: US stocks, fixed pricing, without the exchanges' own fees."""

from typing import Final


PER_SHARE: Final = 0.005
LEAST: Final = 1.00
MOST_OF_VALUE: Final = 0.01


def commission(shares: float, value: float) -> float:
    """Dollars for one order that traded so many shares worth so much in all.

    0.005 a share, at least 1.00, at most 1 % of the value, as on
    https://www.interactivebrokers.com/en/pricing/commissions-stocks.php (fixed).
    """
    return round(min(max(PER_SHARE * shares, LEAST), MOST_OF_VALUE * value), 6)
