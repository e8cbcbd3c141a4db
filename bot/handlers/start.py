"""/start: what this is, and what to try first."""

from bot.handlers.keyboard import keys_for
from bot.handlers.services import Heard, Services, reply
from bot.outgoing.page import Page
from bot.views import welcome


async def start(heard: Heard, services: Services) -> None:
    """Say it, and show him his commands and keys: this phone may be a new one."""
    wanted = services.keyboard_of(heard.answers.sender).is_on
    keys = keys_for(heard.answers) if wanted else None
    text = welcome.welcome(
        services.queries.status(), automatic=services.queries.planned().automatic
    )
    await reply(heard, Page(text=text, keys=keys))
    await services.show_menu(heard.message.chat.id)
