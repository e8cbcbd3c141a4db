"""/cancel and the Cancel buttons: ask IB to cancel an order of ours."""

from bot import keyboards
from bot.delivery import Page
from bot.handlers.desk import Desk, Heard, Tapped, follow, reply, toast
from bot.keyboards import CancelOrder
from bot.views import orders, trouble
from core.model.errors import BrokerError


async def cancel(heard: Heard, desk: Desk) -> None:
    """List what can be cancelled, each with its button."""
    ours = desk.engine.orders()
    text = orders.cancellable(ours, mode=desk.engine.status().mode)
    await reply(heard, Page(text=text, keyboard=keyboards.for_cancelling(ours)))


async def cancel_order(chosen: CancelOrder, tapped: Tapped, desk: Desk) -> None:
    """Asking is all that can be claimed: evidence alone says that it is cancelled."""
    try:
        order = desk.engine.cancel(chosen.ref, by=tapped.by)
    except LookupError:
        await toast(tapped, "That order is not working any more. /orders tells.")
    except BrokerError as away:
        await toast(tapped, "Not cancelled.")
        await follow(tapped, Page(text=trouble.not_cancelled(str(away))))
    else:
        await toast(tapped, orders.cancel_asked(order))
