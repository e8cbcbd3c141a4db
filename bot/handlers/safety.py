"""/halt and /resume: whether anything may be sent."""

from bot.delivery import Page
from bot.handlers.desk import Desk, Heard, reply
from bot.views import status


async def halt(heard: Heard, desk: Desk) -> None:
    """Stop sending orders, now and after a restart."""
    desk.engine.halt(by=heard.by, reason=f"/halt by {heard.by}")
    await reply(heard, Page(text=status.halted(desk.queries.status())))


async def resume(heard: Heard, desk: Desk) -> None:
    """Allow orders again."""
    desk.engine.resume(by=heard.by)
    await reply(heard, Page(text=status.resumed(desk.queries.status())))
