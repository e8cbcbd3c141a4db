"""The first words of an approved card, and of the message about its end: the outcome of
its orders, as far as their states and fills show it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from bot.views import words
from core.model.market import Side
from core.model.order import FINAL, WORKING, Order, OrderState as S
from core.rules.figures.amounts import moved


_ONE_END: Final = {
    frozenset({S.REJECTED}): "Refused",
    frozenset({S.CANCELLED}): "Cancelled",
    frozenset({S.ABSENT}): "Not sent: it never reached IB",
    frozenset({S.LAPSED}): "Not sent",
    frozenset({S.CLOSED_BY_HUMAN}): "Closed by you",
}
"""The text if all orders of a card ended in the same way without a fill."""


def answer(orders: Sequence[Order]) -> str:
    """The outcome of *orders* in a few words; the first word answers."""
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
    """The past participle for *orders* of one card, which all buy or all sell."""
    return next((order.side for order in orders), Side.BUY).done


def moved_in_all(orders: Sequence[Order]) -> str:
    """What all *orders* cost or brought, by currency."""
    of: dict[str, Decimal] = {}
    for order in orders:
        currency = order.instrument.currency
        of[currency] = of.get(currency, Decimal(0)) + moved(order)
    return " and ".join(words.money(of[each], words.safe(each)) for each in of)


def is_charged(orders: Sequence[Order]) -> bool:
    """Whether IB has told every fee, in the stock's currency."""
    return all(
        fill.commission is not None and fill.currency == order.instrument.currency
        for order in orders
        for fill in order.fills
    )


def _ended(orders: Sequence[Order]) -> str:
    """The text for ended orders without a fill. An order that the owner closed may have
    been filled."""
    states = frozenset(order.state for order in orders)
    if states == {S.NEEDS_RECONFIRM}:
        return f"Not {done(orders)}: asked again"
    mixed = "Closed" if S.CLOSED_BY_HUMAN in states else f"Nothing {done(orders)}"
    return _ONE_END.get(states, mixed)


def _waiting(orders: Sequence[Order], states: set[S]) -> str:
    """Without a fill, and not all at their end."""
    if S.SENDING in states:
        return "Waiting: unconfirmed"
    if not states & WORKING:
        return "Waiting: not sent yet"
    opens = {order.held_until for order in orders if order.state in WORKING}
    held = opens.pop() if len(opens) == 1 else None
    if held is None:
        return "Waiting: IB has it"
    return f"Waiting for {words.weekday_time(held)}"
