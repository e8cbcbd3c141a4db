"""What IBKR charges for an order: its fixed plan and, of a sale, the fees passed on, by
the published prices (core/model/fees/published.py)."""

from datetime import datetime
from decimal import Decimal

from core.model.fees.published import commission, sale_fees
from core.sandbox.market.hours import NEW_YORK
from core.sandbox.trading.tickets import Side


def charge(side: Side, shares: float, value: float, at: datetime) -> float:
    """IBKR's charge in dollars for one order that traded *shares* worth *value* dollars
    in all, the last of them at *at* (UTC). One figure, as in the commission report, to
    a millionth of a dollar, because IB does not round it.
    """
    traded, worth = Decimal(str(shares)), Decimal(str(value))
    whole = commission(traded, worth)
    if side is Side.SELL:
        day = at.astimezone(NEW_YORK).date()
        return round(float(whole + sale_fees(traded, worth, day)), 6)
    return round(float(whole), 6)
