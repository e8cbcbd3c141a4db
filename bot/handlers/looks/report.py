"""/report: the morning report of this moment, and a card."""

from bot.handlers.services import Heard, Services


async def report(heard: Heard, services: Services) -> None:
    await services.engine.report(key=f"report:{heard.number}")
