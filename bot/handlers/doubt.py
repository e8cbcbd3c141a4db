"""It is there, It is not there, It was filled, Ask me later: the owner looked at IB himself."""

from bot.callback_data import Doubt, Seen
from bot.handlers.desk import Desk, Tapped, redraw, toast
from bot.outgoing.delivery import Page
from bot.views import trouble


async def settle(doubt: Doubt, tapped: Tapped, desk: Desk) -> None:
    if doubt.seen is Seen.LATER:
        await toast(
            tapped, "It stays open, and the stock stays blocked. /orders asks again."
        )
        return
    try:
        text = _settled(doubt, tapped, desk)
    except LookupError:
        await toast(tapped, "That is settled already. /orders shows how.")
        return
    await toast(tapped, "Written down.")
    await redraw(tapped, Page(text=text))


def _settled(doubt: Doubt, tapped: Tapped, desk: Desk) -> str:
    """Write the answer down, and say what was written. Raises LookupError."""
    if doubt.seen is Seen.FILLED:
        order = desk.engine.settle_filled(doubt.ref, by=tapped.by)
        return trouble.doubt_filled(order, by=tapped.by)
    there = doubt.seen is Seen.THERE
    order = desk.engine.settle(doubt.ref, there=there, by=tapped.by)
    return trouble.doubt_settled(order, there=there, by=tapped.by)
