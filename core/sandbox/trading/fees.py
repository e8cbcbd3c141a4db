"""What IBKR charges for an order: its fixed plan and, of a sale, the fees passed on, by
the published prices (core/model/fees)."""

from datetime import datetime
from decimal import Decimal

from core.model.fees.abroad import commission_in
from core.model.fees.published import commission, sale_fees
from core.sandbox.market.abroad import currency_of
from core.sandbox.market.hours import NEW_YORK
from core.sandbox.trading.tickets import Side


def charge(
    side: Side, shares: float, value: float, at: datetime, *, con_id: int = 0
) -> float:
    """IBKR's charge for one order that traded *shares* worth *value* in all, the last of
    them at *at* (UTC); in the currency that the contract trades in. One figure, as in
    the commission report, to a millionth, because IB does not round it.
    """
    traded, worth = Decimal(str(shares)), Decimal(str(value))
    there = commission_in(currency_of(con_id), traded, worth)
    if there is not None:
        return round(float(there), 6)
    whole = commission(traded, worth)
    if side is Side.SELL:
        day = at.astimezone(NEW_YORK).date()
        return round(float(whole + sale_fees(traded, worth, day)), 6)
    return round(float(whole), 6)
