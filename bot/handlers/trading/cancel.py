"""/cancel and the Cancel buttons: ask IB to cancel an order of ours."""

from collections.abc import Sequence
from typing import Final

from bot import keyboards
from bot.callback_data import CancelOrder
from bot.handlers.looks.overviews import renew_orders
from bot.handlers.services import Received, Services, Tapped, answer, reply, toast
from bot.handlers.vocabulary import FILLERS, bare
from bot.outgoing.page import Page
from bot.views import toasts
from bot.views.orders import order_words, overview
from bot.views.trading import answers
from core.model.order import Order, OrderState


async def cancel(received: Received, services: Services) -> None:
    """/cancel all, /cancel SYMBOL (or several): ask IB to cancel these orders; without
    arguments, show those that can be cancelled, each with its button.
    """
    said = received.arguments
    if said:
        symbols = _symbols(said)
        wanted = [
            order
            for symbol in symbols or (None,)
            for order in services.engine.named.cancel_all(by=received.by, symbol=symbol)
        ]
        identity = services.queries.status().line.identity
        text = answers.cancelled_all(
            wanted,
            symbols=symbols,
            identity=identity,
            closed=_closed(symbols, services),
        )
        await reply(received, Page(text=text))
        return
    ours = [o for o in services.queries.orders() if order_words.can_be_cancelled(o)]
    text = overview.cancellable(ours, mode=services.queries.status().mode)
    keyboard = keyboards.for_orders(ours) if ours else None
    page = Page(
        text=text,
        keyboard=keyboard,
        follows=lambda: keyboards.for_orders(services.queries.orders()),
    )
    await reply(received, page if ours else Page(text=text))


def _closed(symbols: Sequence[str], services: Services) -> Sequence[Order]:
    """The orders of *symbols*, or of all stocks, that the owner closed by his word: they
    are not followed, and may be at IB all the same."""
    return [
        order
        for order in services.queries.orders()
        if order.state is OrderState.CLOSED_BY_HUMAN
        and (not symbols or any(map(order.instrument.is_named, symbols)))
    ]


def _symbols(said: Sequence[str]) -> tuple[str, ...]:
    """The stocks that are named, in capitals; none for all of them: "all", "all open
    orders". "All macv" is of that one.
    """
    words = [bare(word).lower() for word in said]
    ignored = _AROUND_ALL if "all" in words else _BETWEEN
    named = (word.upper() for word in words if word and word not in ignored)
    return tuple(dict.fromkeys(named))


_BETWEEN: Final = frozenset({"and", "&", "+", "then"})
_AROUND_ALL: Final = (
    _BETWEEN
    | FILLERS
    | {
        *("all", "everything", "open", "working", "pending", "orders", "order", "now"),
        *("right", "immediately", "asap", "today", "at", "once"),
    }
)
"""What may stand beside "all" and names no stock."""


async def cancel_order(chosen: CancelOrder, tapped: Tapped, services: Services) -> None:
    """Ask IB to cancel an order. The answer says only that: that it is cancelled shows
    later, in IB's reports.
    """
    try:
        order = services.engine.cancel(chosen.ref, by=tapped.by)
    except LookupError:
        await answer(tapped, toasts.NOT_WORKING)
    else:
        is_near = overview.is_near(order, services.queries.status())
        await toast(tapped, overview.cancel_asked(order, is_near=is_near))
    await renew_orders(tapped, services)
