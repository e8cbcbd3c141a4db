"""/log, /version and /about: about the program."""

from bot.handlers.services import Received, Services, reply
from bot.outgoing.page import Page
from bot.redact import recent
from bot.views import system


async def log(received: Received, _services: Services) -> None:
    """/log: the last lines of the log, without secrets; "errors" shows only warnings
    and errors.
    """
    bad_only = any(
        word.lower().startswith(("err", "warn")) for word in received.arguments
    )
    await reply(received, Page(text=system.log(recent(), bad_only=bad_only)))


async def version(received: Received, services: Services) -> None:
    """/version: the version that runs."""
    versions = services.health().versions
    text = system.version(
        openbell=versions.openbell, python=versions.python, api=versions.api
    )
    await reply(received, Page(text=text))


async def about(received: Received, services: Services) -> None:
    """/about: what the bot relies on, and what it cannot do."""
    text = system.about(
        services.queries.status(), automatic=services.queries.planned().automatic
    )
    await reply(received, Page(text=text))
