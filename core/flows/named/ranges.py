"""The average true range of a stock outside of a scan, for its exits.

Tested by tests/core/flows/named/test_purchases.py.
"""

from datetime import date
from decimal import Decimal

from core.model.market import Instrument
from core.ports.market import BarSource
from core.rules.figures.month import atr


async def ranges_of(
    market: BarSource, stock: Instrument, *, today: date, within: float
) -> Decimal | None:
    """The average true range in dollars over the sessions before *today* (New York);
    None if too few are known.

    Raises:
        BrokerAway, BrokerSilent, BrokerSaidNo: IB could not be asked.
    """
    bars = await market.daily_bars(stock, within=within)
    return atr([bar for bar in bars if bar.day < today])
