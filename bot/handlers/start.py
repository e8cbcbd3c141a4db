"""/start: what this is, and what to try first."""

from bot.handlers.desk import Desk, Heard, reply
from bot.outgoing.page import Page
from bot.views import welcome


async def start(heard: Heard, desk: Desk) -> None:
    """Say it, and show him his commands: his chat may have been opened just now."""
    await reply(heard, Page(text=welcome.welcome(desk.queries.status())))
    await desk.show_menu(heard.message.chat.id)
