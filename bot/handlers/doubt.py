"""It is there, It is not there, Ask me later: the owner looked at IB himself."""

from bot.delivery import Page
from bot.handlers.desk import Desk, Tapped, redraw, toast
from bot.keyboards import Doubt, Seen
from bot.views import trouble


async def settle(doubt: Doubt, tapped: Tapped, desk: Desk) -> None:
    if doubt.seen is Seen.LATER:
        await toast(
            tapped, "It stays open, and the stock stays blocked. /orders asks again."
        )
        return
    there = doubt.seen is Seen.THERE
    try:
        order = desk.engine.settle(doubt.ref, there=there, by=tapped.by)
    except LookupError:
        await toast(tapped, "That is settled already. /orders shows how.")
        return
    await toast(tapped, "Written down.")
    text = trouble.doubt_settled(order, there=there, by=tapped.by)
    await redraw(tapped, Page(text=text))
