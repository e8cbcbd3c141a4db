"""/halt and /resume: whether anything may be sent."""

from collections.abc import Sequence

from telegram import InlineKeyboardMarkup

from bot import keyboards
from bot.callback_data import EndHalts
from bot.handlers.services import Heard, Services, Tapped, redraw, reply, toast
from bot.handlers.urgency import says_more
from bot.health.page import health as show_health
from bot.outgoing.page import Page
from bot.views import status
from core.model.halt import Halt
from core.rules.halts import need_a_look


async def halt(heard: Heard, services: Services) -> None:
    """Stop sending orders, now and after a restart."""
    services.engine.halt(by=heard.by, reason=f"/halt by {heard.by}")
    await reply(heard, Page(text=status.halted(services.queries.status())))


async def health(heard: Heard, services: Services) -> None:
    """How the process is, and what would have to be mended."""
    await services.queries.see_data()
    await reply(heard, Page(text=show_health(services.health())))


async def resume(heard: Heard, services: Services) -> None:
    """Allow orders again; what the bot found wrong is named first, and asked about. With
    words about another time nothing is allowed."""
    if says_more("resume", "resume", heard.behind):
        await reply(heard, Page(text=status.RESUMES_NOW))
        return
    halts = services.queries.halts()
    if need_a_look(halts):
        await reply(heard, _question(halts, services))
        return
    services.engine.resume(by=heard.by, named=halts)
    await reply(heard, Page(text=status.resumed(services.queries.status())))


def _question(halts: Sequence[Halt], services: Services) -> Page:
    """Whether to end what it names; without its button once none of that holds."""
    until = halts[-1].at
    keyboard = keyboards.for_resume(until=until)

    def follows() -> InlineKeyboardMarkup | None:
        holds = any(each.at <= until for each in services.queries.halts())
        return keyboard if holds else None

    text = status.asks_to_resume(halts)
    return Page(text=text, keyboard=keyboard, follows=follows)


async def end_halts(chosen: EndHalts, tapped: Tapped, services: Services) -> None:
    """End what the message named; what came after it holds."""
    named = [each for each in services.queries.halts() if each.at <= chosen.until]
    services.engine.resume(by=tapped.by, named=named)
    await toast(tapped)
    await redraw(tapped, Page(text=status.resumed(services.queries.status())))
