"""What was bought and sold in the account today, from IB's list and from our journal."""

import asyncio
import logging
from typing import Final

from core.model.errors import BrokerAway, BrokerSilent
from core.model.fills import Trade
from core.ports.account import AccountReader
from core.ports.journal import OrderReader
from core.ports.market import Calendar, Clock
from core.rules.figures.day_profit import trades_of
from core.rules.sessions import day_began


_log: Final = logging.getLogger(__name__)


async def trades_today(
    broker: AccountReader,
    orders: OrderReader,
    *,
    account: str,
    calendar: Calendar,
    clock: Clock,
    within: float,
) -> tuple[Trade, ...] | None:
    """All of the day in *account*; None where that cannot be known: IB did not list them
    within *within* seconds, or there is no session today that they could belong to."""
    since = day_began(calendar.sessions(), clock.now())
    if since is None:
        return None
    try:
        async with asyncio.timeout(within):
            listed = await broker.trades()
    except (BrokerAway, BrokerSilent, TimeoutError) as problem:
        _log.warning("the day's profit is not known: %r", problem)
        return None
    ours = orders.counting_since(since)
    found = trades_of((each for each in ours if each.account == account), listed)
    return tuple(trade for trade in found if trade.fill.at >= since)
