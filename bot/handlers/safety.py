"""/halt, /resume and /health: whether orders may be sent."""

import asyncio
from collections.abc import Sequence

from telegram import InlineKeyboardMarkup

from bot import keyboards
from bot.callback_data import EndHalts
from bot.handlers.services import Received, Services, Tapped, redraw, reply, toast
from bot.handlers.urgency import says_more
from bot.outgoing.page import Page
from bot.views import alarms, health as health_view, status
from bot.views.schedule import last_report
from core.model.status import Halt
from core.rules.halts import need_a_look


async def halt(received: Received, services: Services) -> None:
    """/halt: send no orders from now on, also after a restart."""
    services.engine.halt(by=received.by, reason=alarms.by_command(received.by))
    await reply(received, Page(text=status.halted(services.queries.status())))


async def health(received: Received, services: Services) -> None:
    """/health: the state of the process, and what needs to be mended; "/health report"
    says first what became of the morning report."""
    await asyncio.gather(services.queries.see_data(), services.greet())
    asks_for_report = "report" in map(str.lower, received.arguments)
    view = last_report.last_report if asks_for_report else health_view.health
    await reply(received, Page(text=view(services.health())))


async def resume(received: Received, services: Services) -> None:
    """/resume: allow orders again. Halts that the bot set itself are named, and asked
    about, first. Extra words that mean a later time allow nothing.
    """
    if says_more("resume", "resume", received.arguments):
        await reply(received, Page(text=status.RESUMES_NOW))
        return
    halts = services.queries.halts()
    if need_a_look(halts):
        await reply(received, _question(halts, services))
        return
    services.engine.resume(by=received.by, named=halts)
    await reply(received, Page(text=status.resumed(services.queries.status())))


def _question(halts: Sequence[Halt], services: Services) -> Page:
    """The question whether to end those halts; it loses its button once none of them
    holds.
    """
    until = halts[-1].at
    keyboard = keyboards.for_resume(until=until)

    def follows() -> InlineKeyboardMarkup | None:
        holds = any(each.at <= until for each in services.queries.halts())
        return keyboard if holds else None

    text = status.asks_to_resume(halts)
    return Page(
        text=text, keyboard=keyboard, follows=follows, over=status.ASKED_NO_MORE
    )


async def end_halts(chosen: EndHalts, tapped: Tapped, services: Services) -> None:
    """End the halts that the message named; later ones stay."""
    named = [each for each in services.queries.halts() if each.at <= chosen.until]
    services.engine.resume(by=tapped.by, named=named)
    await toast(tapped)
    await redraw(tapped, Page(text=status.resumed(services.queries.status())))
