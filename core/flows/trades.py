"""What was bought and sold in the account today, from IB's list and from our journal."""

import asyncio
import logging
from datetime import datetime
from decimal import Decimal
from typing import Final

from core.model.errors import BrokerAway, BrokerSilent
from core.model.fills import Trade
from core.model.market import ConId
from core.ports.account import PositionReader, TradeReader
from core.ports.market import Calendar, Clock
from core.ports.orders import CountedOrders, OrderLists
from core.rules.exits.splits import SplitFound, in_shares_of_now, split_of_holding
from core.rules.figures.day_profit import trades_of
from core.rules.selling.holding import orders_in
from core.rules.sessions import day_began


_log: Final = logging.getLogger(__name__)


async def trades_today(
    broker: TradeReader,
    orders: CountedOrders,
    *,
    account: str,
    calendar: Calendar,
    clock: Clock,
    within: float,
) -> tuple[Trade, ...] | None:
    """All trades of the day in *account*, counted in the shares of after a split; None if
    they cannot be known: IB did not list them within *within* seconds, or there is no
    session today that they could belong to."""
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
    splits = _splits_since(since, broker, orders, account=account, now=clock.now())
    return tuple(
        in_shares_of_now(trade, *splits[trade.con_id])
        if trade.con_id in splits
        else trade
        for trade in found
        if trade.fill.at >= since
    )


def _splits_since(
    since: datetime,
    broker: PositionReader,
    orders: OrderLists,
    *,
    account: str,
    now: datetime,
) -> dict[ConId, tuple[SplitFound, Decimal]]:
    """The splits since an order of the day, and what IB lists as held after them."""
    found = {}
    for position in broker.positions() or ():
        con_id = position.instrument.con_id
        ours = orders_in(account, orders.of_stock(con_id))
        split = split_of_holding(position, ours, now=now)
        if split is not None and split.sent_at >= since:
            found[con_id] = split, position.shares
    return found
