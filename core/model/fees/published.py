"""What trading US stocks at Interactive Brokers costs, by published price lists.

The commission is that of IB's fixed plan, the default of new accounts: $0.005 a share,
at least $1 an order, at most 1 % of its value
(interactivebrokers.com/en/pricing/commissions-stocks.php). Exchange and regulatory
fees on purchases are included. Of sales, two fees are passed on whose rates change from
year to year: the SEC's under section 31 of the Exchange Act, on the dollars sold, and
FINRA's trading activity fee, on the shares, with a maximum. The table below was looked
up on 2026-11-30; for a later day the last known rate is used. IB multiplies without
rounding (its article on the section 31 fee: $0.0000218 of $25,870 is $0.563966) and
reports commission and fees as one figure.

Left out: the consolidated audit trail's fee, less than a hundredth of a cent a share
(FINRA rule 6897), and what the tiered plan charges.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from core.model.money import Money


A_SHARE: Final = Decimal("0.005")
LEAST: Final = Decimal(1)
MOST_OF_VALUE: Final = Decimal("0.01")

_MILLION: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleFees:
    """The fees passed on for sales ``since`` a New York date: the SEC's in dollars per
    million dollars sold, FINRA's in dollars a share, at most ``most`` an order."""

    since: date
    sec: Decimal
    taf: Decimal
    most: Decimal


SALE_FEES: Final = (
    SaleFees(  # before the first change below: as in 2024 and 2025
        since=date.min,
        sec=Decimal("27.80"),
        taf=Decimal("0.000166"),
        most=Decimal("8.30"),
    ),
    SaleFees(
        since=date(2025, 5, 14),
        sec=Decimal(0),
        taf=Decimal("0.000166"),
        most=Decimal("8.30"),
    ),
    SaleFees(
        since=date(2026, 1, 1),
        sec=Decimal(0),
        taf=Decimal("0.000195"),
        most=Decimal("9.79"),
    ),
    SaleFees(
        since=date(2026, 4, 4),
        sec=Decimal("20.60"),
        taf=Decimal("0.000195"),
        most=Decimal("9.79"),
    ),
)
"""By day. SEC: its orders that adjust the rate each fiscal year, releases 34-99973, 89 FR
29402 (2024); 34-102779, 90 FR 15492 (2025, to zero on 2025-05-14); 34-104909, 91 FR 10643
(2026, to $20.60 on 2026-04-04). FINRA: SR-FINRA-2024-019, 89 FR 93709
(section 1(b) of schedule A to its by-laws)."""


def commission(shares: Decimal | int, amount: Decimal) -> Money:
    """The commission in dollars for an order of *shares* that trades *amount*
    dollars."""
    return Money(min(max(LEAST, shares * A_SHARE), amount * MOST_OF_VALUE))


def sale_fees(shares: Decimal | int, amount: Decimal, day: date) -> Money:
    """The fees passed on, in dollars, for a sale of *shares* that brings *amount*
    dollars on *day* (New York)."""
    rates = [each for each in SALE_FEES if each.since <= day][-1]
    of_shares = min(shares * rates.taf, rates.most)
    return Money(amount * rates.sec / _MILLION + of_shares)
