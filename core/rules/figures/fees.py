"""What IB charges for an order, as an estimate before it is sent.

Interactive Brokers' fixed plan for US stocks, the default of new accounts: $0.005 a
share, at least $1 an order, at most 1 % of its value
(interactivebrokers.com/en/pricing/commissions-stocks.php). Exchange and regulatory
fees on purchases are inside it. On sales come the SEC's fee and FINRA's, whose rates
change from year to year: some cents in $1,000, not counted here. What was charged comes later, with IB's reports.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from core.model.money import Money
from core.model.proposal import Leg
from core.rules.figures.percent import HUNDRED


A_SHARE: Final = Decimal("0.005")
LEAST: Final = Decimal(1)
MOST_PERCENT: Final = Decimal(1)


def fee(leg: Leg) -> Money:
    """Dollars for *leg* at its estimated cost."""
    return fee_for(leg.shares, leg.estimate)


def fee_for(shares: int, amount: Decimal) -> Money:
    """Dollars for one order of *shares* that trades *amount* dollars."""
    most = amount * MOST_PERCENT / HUNDRED
    return Money(min(max(LEAST, shares * A_SHARE), most))


def fees(legs: Iterable[Leg]) -> Money:
    """Dollars for all of *legs*."""
    return Money(sum(map(fee, legs), Decimal(0)))


def cost(legs: Iterable[Leg]) -> Money:
    """Dollars that all of *legs* would cost (or bring), without fees."""
    return Money(sum((leg.estimate for leg in legs), Decimal(0)))
