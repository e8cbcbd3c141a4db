"""/start: what this is, and what to try first."""

from bot.handlers.services import Heard, Services, reply
from bot.outgoing.page import Page
from bot.views import welcome


async def start(heard: Heard, services: Services) -> None:
    """Say it, and show him his commands: his chat may have been opened just now."""
    await reply(heard, Page(text=welcome.welcome(services.queries.status())))
    await services.show_menu(heard.message.chat.id)
