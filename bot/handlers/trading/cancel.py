"""/cancel and the Cancel buttons: ask IB to cancel an order of ours."""

from bot import keyboards
from bot.callback_data import CancelOrder
from bot.handlers.looks.overviews import renew_orders
from bot.handlers.services import Received, Services, Tapped, answer, reply, toast
from bot.handlers.text_commands import words_after
from bot.outgoing.page import Page
from bot.views import toasts
from bot.views.orders import order_words, overview
from bot.views.trading import answers


async def cancel(received: Received, services: Services) -> None:
    """/cancel all and /cancel SYMBOL; without arguments, the orders that can be
    cancelled, each with its button.
    """
    said = words_after(received)
    if said:
        symbol = None if said[0].lower() == "all" else said[0].upper()
        wanted = services.engine.named.cancel_all(by=received.by, symbol=symbol)
        session = services.queries.status().line.identity
        text = answers.cancelled_all(wanted, symbol=symbol, session=session)
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
