"""The owner's answers about an order in doubt, after a look at IB: It is there, It is
not there, It was filled, Ask me later, and /filled for shares and price.
"""

import re
from decimal import Decimal
from typing import Final

from bot import keyboards
from bot.callback_data import ConfirmFilled, Doubt
from bot.handlers.looks.overviews import renew_orders
from bot.handlers.services import (
    Received,
    Services,
    Tapped,
    answer,
    redraw,
    reply,
    toast,
)
from bot.outgoing.page import Page
from bot.presses.kinds import DoubtAnswer
from bot.views import toasts, trouble
from core.model.money import Price, Shares
from core.model.order import Order, OrderRef, OrderState
from core.model.order_events import WordOfFill
from core.rules.order_states import can_be_so, whole


_FILLED: Final = re.compile(
    r"(\S.*?)\s+(\d[\d,]{0,8})\s+(?:at\s+|@\s*)?\$?(\d{1,6}(?:\.\d{1,4})?)",
    re.IGNORECASE | re.ASCII,
)
"""The stock, how many shares in all, the price in dollars."""


async def record_filled(received: Received, services: Services) -> None:
    """/filled QRVX 40 4.81: show how it was understood; written once confirmed."""
    doubtful = [o for o in services.queries.orders() if o.state is OrderState.UNKNOWN]
    meant = _meant(" ".join(received.arguments), doubtful)
    if meant is None:
        await reply(received, Page(text=trouble.filled_usage(doubtful)))
        return
    order, word = meant
    text = trouble.ask_filled(order, shares=word.shares, price=word.price)
    await reply(received, Page(text=text, keyboard=keyboards.for_word(word)))


def _meant(text: str, doubtful: list[Order]) -> tuple[Order, WordOfFill] | None:
    """The order in doubt that *text* is about, and the fill; None when that is not
    clear.
    """
    said = _FILLED.fullmatch(text)
    if said is None:
        return None
    symbol, shares, price = said.groups()
    for order in doubtful:
        word = WordOfFill(
            ref=order.ref,
            shares=Shares(int(shares.replace(",", ""))),
            price=Price(Decimal(price)),
        )
        if order.instrument.is_named(symbol) and can_be_so(word, order):
            return order, word
    return None


async def confirm_filled(
    said: ConfirmFilled, tapped: Tapped, services: Services
) -> None:
    """Write the fill that was typed, now confirmed."""
    try:
        order = services.engine.settle_filled(said.word, by=tapped.by)
    except LookupError:
        await answer(tapped, toasts.SETTLED)
        await redraw(tapped, Page(text=toasts.SETTLED))
        return
    await toast(tapped, toasts.WRITTEN_DOWN)
    await redraw(tapped, Page(text=trouble.doubt_closed(order)))


async def settle(doubt: Doubt, tapped: Tapped, services: Services) -> None:
    """Write the owner's answer about an order in doubt."""
    if doubt.seen is DoubtAnswer.LATER:
        await toast(tapped, toasts.STAYS_OPEN)
        return
    try:
        order = _settled(doubt, tapped, services)
    except LookupError:
        await answer(tapped, toasts.SETTLED)
        await renew_orders(tapped, services)
        return
    await toast(tapped, toasts.WRITTEN_DOWN)
    if not await renew_orders(tapped, services):
        await redraw(tapped, Page(text=trouble.doubt_closed(order)))


def _settled(doubt: Doubt, tapped: Tapped, services: Services) -> Order:
    """Write the answer. Raises LookupError: the order is not in doubt."""
    if doubt.seen is DoubtAnswer.FILLED:
        word = whole(_in_doubt(doubt.ref, services))
        return services.engine.settle_filled(word, by=tapped.by)
    there = doubt.seen is DoubtAnswer.THERE
    return services.engine.settle(doubt.ref, there=there, by=tapped.by)


def _in_doubt(ref: OrderRef, services: Services) -> Order:
    for order in services.queries.orders():
        if order.ref == ref:
            return order
    raise LookupError(ref)
