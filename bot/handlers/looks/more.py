"""All 50 and Charts: what a card has no room for."""

from bot.callback_data import Extra, More
from bot.handlers.desk import Desk, Tapped, answer, follow, toast
from bot.handlers.looks.charts import show_charts
from bot.outgoing.page import Page
from bot.views.scans import table
from core.model.proposal import Proposal


async def show_more(more: More, tapped: Tapped, desk: Desk) -> None:
    proposal = desk.queries.proposal(more.token)
    if proposal is None:
        await answer(tapped, "That scan is gone. /scan makes a new one.")
    elif more.what is Extra.CHARTS:
        await show_charts(proposal, tapped, desk)
    else:
        await _show_table(proposal, tapped)


async def _show_table(proposal: Proposal, tapped: Tapped) -> None:
    await toast(tapped)
    text = table.table(proposal.ranking)
    await follow(tapped, Page(text=text, silent=True, reply_to=tapped.on))
