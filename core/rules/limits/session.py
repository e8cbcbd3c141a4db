"""The owner's limits per session: loss, buys, positions, time of day.

Each is off until the owner sets it. A session's limit counts what executes in it,
whenever it was ordered: an order that waits for Monday's open counts on Monday. A
figure that is not known refuses the order. Sales are never held back."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from core.model.market import ConId, Side
from core.model.order import FINAL, Order
from core.model.status import MarketPhase
from core.rules.circumstances import (
    Circumstances,
    Reason,
    RefusalKind,
    may_execute_unseen,
)
from core.rules.figures.in_words import clock, day_name, dollars, minute
from core.rules.new_york import day_of, local
from core.rules.selling.holding import just_filled
from core.rules.sessions import AFTER_RESET, outside_hours_from


def loss_is_within_its_limit(
    _orders: Sequence[Order], c: Circumstances
) -> Iterator[Reason]:
    """By IB's profit of the day, which includes open positions. An order for a later
    day is not refused for today's loss."""
    limit = c.limits.max_loss
    if limit is None or not _profit_is_of_its_day(c):
        return
    profit = c.account.day_profit if c.account else None
    if profit is None:
        yield (
            RefusalKind.LOSS,
            (
                "IB has not sent the day's profit, so it is not known whether the loss is"
                f" below your limit of {dollars(limit)}."
            ),
        )
    elif -profit >= limit:
        yield (
            RefusalKind.LOSS,
            f"The day's loss is {dollars(-profit)}: buying stops at {dollars(limit)}.",
        )


def _profit_is_of_its_day(c: Circumstances) -> bool:
    """Whether IB's profit of the day is that of the session in which the orders can
    execute. Until the nightly reset is over it is still that of the day before."""
    is_night = local(c.now).time() < AFTER_RESET
    return c.day == day_of(c.now) and not is_night


def buys_are_within_their_limit(
    orders: Sequence[Order], c: Circumstances
) -> Iterator[Reason]:
    limit = c.limits.max_buys
    if limit is None:
        return
    day = c.day
    used = sum(1 for order in c.others if _buys_in(order, day))
    if used + len(orders) > limit:
        yield (
            RefusalKind.BUYS,
            (
                f"{_counted(len(orders), 'buy')} on top of {used} {_of_day(day, c.now)}:"
                f" the limit is {limit} a session."
            ),
        )


def _buys_in(order: Order, day: date) -> bool:
    """Whether *order* bought something in the session of *day*, or still may."""
    if order.side is not Side.BUY:
        return False
    days = [day_of(fill.at) for fill in order.fills if fill.shares]
    return may_still_buy(order, day) or any(each >= day for each in days)


def may_still_buy(order: Order, day: date) -> bool:
    """Whether *order* may still buy shares on *day*, as far as is known here."""
    return order.state not in FINAL or may_execute_unseen(order, day)


def positions_are_within_their_limit(
    orders: Sequence[Order], c: Circumstances
) -> Iterator[Reason]:
    """Buying a stock that is held, or already being bought, opens no new position."""
    limit = c.limits.max_positions
    if limit is None:
        return
    there = _positions(c)
    new = _stocks(orders) - there
    if new and len(there) + len(new) > limit:
        yield (
            RefusalKind.POSITIONS,
            (
                f"{_counted(len(new), 'new position')} on top of {len(there)} that are"
                f" open or being bought: the limit is {limit}."
            ),
        )


def _positions(c: Circumstances) -> set[ConId]:
    """The stocks that IB lists as held, that may still be bought, or that were bought
    too recently to be listed."""
    held = {each.instrument.con_id for each in c.held if each.shares != 0}
    day = c.day
    buys = [order for order in c.others if order.side is Side.BUY]
    coming = (order for order in buys if may_still_buy(order, day))
    lately = (order for order in buys if just_filled(order.fills, c.now))
    return held | _stocks(coming) | _stocks(lately)


def _stocks(orders: Iterable[Order]) -> set[ConId]:
    return {order.instrument.con_id for order in orders}


def it_is_early_enough(_orders: Sequence[Order], c: Circumstances) -> Iterator[Reason]:
    """An order that waits for an open counts by the time of that open."""
    limit, times = c.limits.no_buy_after, _execution_times(c)
    late = [at for at in times if limit is not None and local(at).time() >= limit]
    if limit is not None and late:
        could = "would" if len(times) == 1 else "could still"
        yield (
            RefusalKind.LATE,
            (
                f"It {could} be bought at {minute(late[0])}: nothing is bought from"
                f" {clock(limit)} ET on."
            ),
        )


def _execution_times(c: Circumstances) -> Sequence[datetime]:
    """Now or at the next open; what the owner queues right before a close may be filled
    at either."""
    opens = c.market.next_open
    if c.is_outside_hours:
        return [outside_hours_from(c.market, c.now)]
    if opens is None:
        return [c.now]
    if c.market.phase is MarketPhase.CLOSED:
        return [opens]
    if c.may_wait:
        return [opens] if c.is_for_an_open else [c.now, opens]
    return [c.now]


def _of_day(day: date, now: datetime) -> str:
    return "today" if day == day_of(now) else f"for {day_name(day)}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
