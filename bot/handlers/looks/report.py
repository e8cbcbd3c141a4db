"""/report: the morning report as of now, and a card."""

from dataclasses import replace

from bot.handlers.schedule.schedule import schedule
from bot.handlers.schedule.spoken_times import is_timed
from bot.handlers.services import Received, Services


async def report(received: Received, services: Services) -> None:
    """/report: have the report of this moment and a card put into the chat; with a
    time (report at 10am) it is scheduled instead."""
    if is_timed(received.arguments):
        await schedule(
            replace(received, arguments=("report", *received.arguments)), services
        )
        return
    key = f"report:{received.number}"
    with services.awaited(received.answers.sender, key):
        await services.engine.report(key=key)
