"""/panic, "stop", "sell all": nothing new, everything cancelled, then a question."""

from bot.handlers.desk import Desk, Heard, reply
from bot.outgoing.page import Page
from bot.views.trading import answers


async def panic(heard: Heard, desk: Desk) -> None:
    """The halt and the cancels are on disk before anything is said; the card that asks
    whether to sell comes by itself."""
    wanted = desk.engine.named.panic(by=heard.by, key=f"panic:{heard.number}")
    await reply(heard, Page(text=answers.panic(wanted, desk.queries.status())))
