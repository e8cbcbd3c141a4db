"""Charts: one picture with five charts of a card's stocks, over two sessions."""

import logging
from contextlib import suppress
from typing import Final

from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.drawing import DrawingFailed, drawn
from bot.handlers.services import Services, Tapped, follow, toast
from bot.outgoing.delivery import Delivery
from bot.outgoing.page import Page, Picture
from bot.views import toasts
from bot.views.scans import chart
from core.model.chart import Charts
from core.model.proposal import Proposal


_log: Final = logging.getLogger(__name__)


async def show_charts(proposal: Proposal, tapped: Tapped, services: Services) -> None:
    """Answer the tap at once; the picture follows as a reply to its card."""
    if services.drawing.locked():
        await toast(tapped, toasts.STILL_DRAWING)
        return
    async with services.drawing:
        await toast(tapped, toasts.DRAWING)
        await _show_busy(tapped)
        await _show(await services.queries.charts(proposal), tapped)


async def _show_busy(tapped: Tapped) -> None:
    message = tapped.query.message
    assert message
    with suppress(TelegramError):
        await tapped.query.get_bot().send_chat_action(
            message.chat.id, ChatAction.UPLOAD_PHOTO
        )


async def _show(charts: Charts, tapped: Tapped) -> None:
    if not chart.drawable(charts):
        await follow(tapped, Page(text=chart.no_bars(charts)))
        return
    try:
        picture = await drawn(chart.sketch(charts))
    except DrawingFailed as failed:
        _log.error("charts not drawn: %s", failed)
        await follow(tapped, Page(text=chart.not_drawn()))
        return
    page = Page(
        text=chart.caption(charts),
        silent=True,
        reply_to=tapped.on,
        attached=Picture(data=picture),
    )
    delivered = await tapped.answers.post(page)
    if delivered.outcome is Delivery.REFUSED:
        _log.error("charts refused: %s", delivered.why)
        await follow(tapped, Page(text=chart.not_drawn()))
