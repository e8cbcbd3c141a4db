"""What Interactive Brokers' fixed plan charges for stocks in other currencies.

Canada: 0.01 CAD a share, at least 1.00 CAD an order, at most 0.5 % of its value. Europe
in euros, routed by SMART: 0.05 % of the value, at least 3.00 EUR. London in pounds: the
same in pounds (the least is assumed). Looked up on 2026-11-30 in IB's price lists
(interactivebrokers.com/en/pricing/commissions-stocks.php and -stocks-europe.php).
Exchange fees are included; taxes on purchases are not. Of other currencies nothing is
known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An amount ``a_share`` and a part ``of_value`` of what is traded, at least
    ``least``, at most a part ``most_of_value``; in the currency that it trades in."""

    a_share: Decimal = Decimal(0)
    of_value: Decimal = Decimal(0)
    least: Decimal
    most_of_value: Decimal = Decimal(1)


PLANS: Final[Mapping[str, Plan]] = MappingProxyType(
    {
        "CAD": Plan(
            a_share=Decimal("0.01"), least=Decimal(1), most_of_value=Decimal("0.005")
        ),
        "EUR": Plan(of_value=Decimal("0.0005"), least=Decimal(3)),
        "GBP": Plan(of_value=Decimal("0.0005"), least=Decimal(3)),
    }
)


def commission_in(
    currency: str, shares: Decimal | int, amount: Decimal
) -> Decimal | None:
    """The commission for an order of *shares* that trades *amount*, both money in
    *currency*; None where its price list is not known here."""
    plan = PLANS.get(currency)
    if plan is None:
        return None
    charged = max(plan.least, plan.a_share * shares + plan.of_value * amount)
    return min(charged, amount * plan.most_of_value)
