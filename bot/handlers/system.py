"""/log, /version and /about: about the program."""

from bot.handlers.services import Heard, Services, reply
from bot.outgoing.page import Page
from bot.redact import recent
from bot.views import system


async def log(heard: Heard, _services: Services) -> None:
    """/log: the last lines of the log, without secrets; "errors" shows only warnings
    and errors.
    """
    bad_only = any(word.lower().startswith(("err", "warn")) for word in heard.behind)
    await reply(heard, Page(text=system.log(recent(), bad_only=bad_only)))


async def version(heard: Heard, services: Services) -> None:
    """/version: the version that runs."""
    versions = services.health().versions
    text = system.version(
        openbell=versions.openbell, python=versions.python, api=versions.api
    )
    await reply(heard, Page(text=text))


async def about(heard: Heard, services: Services) -> None:
    """/about: what the bot relies on, and what it cannot do."""
    text = system.about(
        services.queries.status(), automatic=services.queries.planned().automatic
    )
    await reply(heard, Page(text=text))
