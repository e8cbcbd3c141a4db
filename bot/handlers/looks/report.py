"""/report: the morning report as of now, and a card."""

from bot.handlers.services import Received, Services


async def report(received: Received, services: Services) -> None:
    """/report: have the report of this moment and a card put into the chat."""
    key = f"report:{received.number}"
    with services.awaited(received.answers.sender, key):
        await services.engine.report(key=key)
