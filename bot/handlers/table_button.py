"""All 50: every row of a card's scan."""

from bot.delivery import Page
from bot.handlers.desk import Desk, Tapped, follow, toast
from bot.keyboards import WholeTable
from bot.views import table


async def show_table(whole: WholeTable, tapped: Tapped, desk: Desk) -> None:
    proposal = desk.engine.proposal(whole.token)
    if proposal is None:
        await toast(tapped, "That scan is gone. /scan makes a new one.")
        return
    await toast(tapped)
    message = tapped.query.message
    assert message
    page = Page(
        text=table.table(proposal.ranking),
        silent=True,
        reply_to=message.message_id,
    )
    await follow(tapped, page)
