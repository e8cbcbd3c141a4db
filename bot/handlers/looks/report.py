"""/report: the morning report of this moment, and a card."""

from bot.handlers.desk import Desk, Heard


async def report(heard: Heard, desk: Desk) -> None:
    await desk.engine.report(key=f"report:{heard.number}")
