"""The profit of one day in one stock.

IB's own Daily P&L is the same sum: "PositionNow * PriceNow - positionAtResetTime *
priceAtResetTime + NetAmountTraded"
(ibkrguides.com/traderworkstation/profit-and-loss.htm). Shares bought today do not take
part in the move from that close to their price."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.model.fills import Trade
from core.model.money import Money, Price
from core.model.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class DayProfit:
    """``amount`` is in dollars after fees; ``basis`` is the amount that it is a
    percentage of."""

    amount: Money
    basis: Money


def day_profit(
    held: Decimal, trades: Sequence[Trade], *, last: Price, prior_close: Price | None
) -> DayProfit | None:
    """The day's profit of *held* shares at the price *last*, with all *trades* of the
    day. None if the prior close is not known although shares were held at it, or if a
    trade is known only from the owner, so that its price and day are a guess."""
    morning = held - sum((trade.signed for trade in trades), Decimal(0))
    if any(trade.fill.by_word for trade in trades) or (morning and not prior_close):
        return None
    was = morning * (prior_close or Decimal(0))
    spent = sum((trade.signed * trade.fill.price for trade in trades), Decimal(0))
    fees = sum(
        (trade.fill.dollars_charged or Decimal(0) for trade in trades), Decimal(0)
    )
    put_in = sum(
        (
            trade.shares * trade.fill.price
            for trade in trades
            if (trade.signed > 0) == (held > 0)
        ),
        Decimal(0),
    )
    return DayProfit(
        amount=Money(held * last - was - spent - fees), basis=Money(abs(was) + put_in)
    )


def trades_of(orders: Iterable[Order], listed: Iterable[Trade]) -> tuple[Trade, ...]:
    """Every fill once: those of our *orders*, which have the best fees and corrections,
    and those that only IB has *listed*."""
    ours = [
        Trade(
            con_id=order.instrument.con_id,
            side=order.side,
            shares=Decimal(fill.shares),
            fill=fill,
        )
        for order in orders
        for fill in order.fills
    ]
    known: dict[str, Trade] = {}
    for trade in (*ours, *listed):
        before = known.get(trade.fill.stem)
        known[trade.fill.stem] = trade if before is None else before.amended(trade)
    return tuple(known.values())
