"""/halt and /resume: whether anything may be sent."""

from collections.abc import Sequence

from telegram import InlineKeyboardMarkup

from bot import keyboards
from bot.callback_data import EndHalts
from bot.handlers.desk import Desk, Heard, Tapped, redraw, reply, toast
from bot.health.page import health as show_health
from bot.outgoing.page import Page
from bot.views import status
from core.model.halt import Halt
from core.rules.halts import need_a_look


async def halt(heard: Heard, desk: Desk) -> None:
    """Stop sending orders, now and after a restart."""
    desk.engine.halt(by=heard.by, reason=f"/halt by {heard.by}")
    await reply(heard, Page(text=status.halted(desk.queries.status())))


async def health(heard: Heard, desk: Desk) -> None:
    """How the process is, and what would have to be mended."""
    await desk.queries.see_data()
    await reply(heard, Page(text=show_health(desk.health())))


async def resume(heard: Heard, desk: Desk) -> None:
    """Allow orders again; what the bot found wrong is named first, and asked about."""
    halts = desk.queries.halts()
    if need_a_look(halts):
        await reply(heard, _question(halts, desk))
        return
    desk.engine.resume(by=heard.by, named=halts)
    await reply(heard, Page(text=status.resumed(desk.queries.status())))


def _question(halts: Sequence[Halt], desk: Desk) -> Page:
    """Whether to end what it names; without its button once none of that holds."""
    until = halts[-1].at
    keyboard = keyboards.for_resume(until=until)

    def follows() -> InlineKeyboardMarkup | None:
        holds = any(each.at <= until for each in desk.queries.halts())
        return keyboard if holds else None

    text = status.asks_to_resume(halts)
    return Page(text=text, keyboard=keyboard, follows=follows)


async def end_halts(chosen: EndHalts, tapped: Tapped, desk: Desk) -> None:
    """End what the message named; what came after it holds."""
    named = [each for each in desk.queries.halts() if each.at <= chosen.until]
    desk.engine.resume(by=tapped.by, named=named)
    await toast(tapped)
    await redraw(tapped, Page(text=status.resumed(desk.queries.status())))
