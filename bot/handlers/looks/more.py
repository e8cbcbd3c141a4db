"""The buttons "All 50" and "Charts" of a card."""

from dataclasses import replace

from bot.callback_data import More
from bot.handlers.looks.charts import show_charts
from bot.handlers.looks.table import table_page
from bot.handlers.services import Services, Tapped, answer, follow, toast
from bot.presses.kinds import Extra
from bot.views import toasts
from core.model.proposal import Proposal


async def show_more(more: More, tapped: Tapped, services: Services) -> None:
    """Show what *more* asks for: the scan's table or the charts."""
    proposal = services.queries.proposal(more.token)
    if proposal is None:
        await answer(tapped, toasts.SCAN_GONE)
    elif more.what is Extra.CHARTS:
        await show_charts(proposal, tapped, services)
    else:
        await _show_table(proposal, tapped)


async def _show_table(proposal: Proposal, tapped: Tapped) -> None:
    await toast(tapped)
    await follow(tapped, replace(table_page(proposal), reply_to=tapped.on))
