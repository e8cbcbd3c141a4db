"""The average true range of a stock that no scan has looked at, where exits need it.

Tested by tests/core/flows/named/test_purchases.py.
"""

from datetime import date
from decimal import Decimal

from core.model.exits.plan import ExitPlan, Unit
from core.model.market import Instrument
from core.ports.market import MarketData
from core.rules.figures.month import atr


def needs_ranges(plan: ExitPlan) -> bool:
    """Whether a distance of *plan* is in average true ranges."""
    distances = (plan.stop, plan.trail, plan.target)
    return any(each.unit is Unit.ATR for each in distances if each is not None)


async def ranges_of(
    market: MarketData, stock: Instrument, *, today: date, within: float
) -> Decimal | None:
    """Dollars a share, of the sessions before *today* (New York); None where too few are
    known.

    Raises:
        BrokerAway, BrokerSilent, BrokerSaidNo: IB could not be asked.
    """
    bars = await market.daily_bars(stock, within=within)
    return atr([bar for bar in bars if bar.day < today])
