"""/report: the morning report as of now, and a card."""

from bot.handlers.services import Heard, Services


async def report(heard: Heard, services: Services) -> None:
    key = f"report:{heard.number}"
    with services.awaited(heard.answers.sender, key):
        await services.engine.report(key=key)
