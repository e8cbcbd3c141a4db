"""/start: what the bot does, and what to try first."""

from bot.handlers.keyboard import keys_for
from bot.handlers.services import Received, Services, reply
from bot.outgoing.page import Page
from bot.views import welcome


async def start(received: Received, services: Services) -> None:
    """Send the introduction, and show the sender his menu and keys, as this phone may
    be new.
    """
    wanted = services.keyboard_of(received.answers.sender).is_on
    keys = keys_for(received.answers) if wanted else None
    text = welcome.welcome(
        services.queries.status(), automatic=services.queries.planned().automatic
    )
    await reply(received, Page(text=text, keys=keys))
    await services.show_menu(received.message.chat.id)
