"""/panic, "stop", "sell all": nothing new, everything cancelled, then a question."""

from bot.handlers.services import Heard, Services, reply
from bot.outgoing.page import Page
from bot.views.trading import answers


async def panic(heard: Heard, services: Services) -> None:
    """The halt and the cancels are on disk before anything is said; the card that asks
    whether to sell comes by itself."""
    wanted = services.engine.named.panic(by=heard.by, key=f"panic:{heard.number}")
    await reply(heard, Page(text=answers.panic(wanted, services.queries.status())))
