"""The first words of an approved card and of the message about its end: what became
of its orders, and no more than their states and fills hold."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from bot.views import words
from core.model.market import Side
from core.model.money import Money
from core.model.order import FINAL, WORKING, Order, OrderState as S


_ONE_END: Final = {
    frozenset({S.REJECTED}): "Refused",
    frozenset({S.CANCELLED}): "Cancelled",
    frozenset({S.ABSENT}): "Not sent: it never reached IB",
    frozenset({S.LAPSED}): "Not sent",
    frozenset({S.CLOSED_BY_HUMAN}): "Closed by you",
}
"""What is said where all of a card's orders came to the same end without a fill."""


def answer(orders: Sequence[Order]) -> str:
    """What became of *orders*, in a few words; the first one answers."""
    states = {order.state for order in orders}
    if S.UNKNOWN in states:
        return "Please look: IB does not say whether it has the order"
    if states and states == {S.FILLED}:
        return done(orders).capitalize()
    if any(order.filled for order in orders):
        return f"Part {done(orders)}"
    if states <= FINAL:
        return _ended(orders)
    return _waiting(orders, states)


def done(orders: Sequence[Order]) -> str:
    """What *orders* of one card do, in a word: all buy, or all sell."""
    return next((order.side for order in orders), Side.BUY).done


def moved(order: Order) -> Money:
    """Dollars that it took, with its fees, or brought without them."""
    traded = sum((fill.shares * fill.price for fill in order.fills), Decimal(0))
    fees = order.commission or 0
    return Money(traded + fees if order.side is Side.BUY else traded - fees)


def _ended(orders: Sequence[Order]) -> str:
    """Without a fill. What the owner closed may have been bought: nobody knows."""
    states = frozenset(order.state for order in orders)
    if states == {S.NEEDS_RECONFIRM}:
        return f"Not {done(orders)}: asked again"
    mixed = "Closed" if S.CLOSED_BY_HUMAN in states else f"Nothing {done(orders)}"
    return _ONE_END.get(states, mixed)


def _waiting(orders: Sequence[Order], states: set[S]) -> str:
    """Without a fill, and not all at their end."""
    if S.SENDING in states:
        return "Waiting: sent, and IB has not confirmed it"
    if not states & WORKING:
        return "Waiting: not sent yet"
    opens = {order.held_until for order in orders if order.state in WORKING}
    held = opens.pop() if len(opens) == 1 else None
    return f"Waiting for {words.day_time(held)}" if held else "Waiting: IB has it"
