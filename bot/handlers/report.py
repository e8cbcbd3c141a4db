"""/report: the morning report of this moment, and a card."""

from bot.handlers.desk import Desk, Heard, reply
from bot.outgoing.page import Page
from bot.views import trouble
from core.model.errors import NotifierAway


async def report(heard: Heard, desk: Desk) -> None:
    try:
        await desk.engine.report(key=f"report:{heard.number}")
    except NotifierAway as refused:
        await reply(heard, Page(text=trouble.no_place("report", str(refused))))
