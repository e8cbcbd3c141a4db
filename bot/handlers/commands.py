"""The table of commands: which handler answers each, and how /help lists it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.handlers.export import export
from bot.handlers.keyboard import keyboard
from bot.handlers.looks.overviews import (
    list_orders,
    positions,
    show_account,
    show_status,
    why,
)
from bot.handlers.looks.report import report
from bot.handlers.looks.scan import scan
from bot.handlers.looks.score import past, pnl, score
from bot.handlers.looks.stock import chart, quote
from bot.handlers.noise import mute, noise
from bot.handlers.people import people
from bot.handlers.safety import halt, health, resume
from bot.handlers.schedule.schedule import schedule
from bot.handlers.services import Received, Services, reply
from bot.handlers.settings.settings import settings
from bot.handlers.start import start
from bot.handlers.system import about, log, version
from bot.handlers.trading.buy import buy
from bot.handlers.trading.cancel import cancel
from bot.handlers.trading.doubt import record_filled
from bot.handlers.trading.exits import exits
from bot.handlers.trading.panic import panic
from bot.handlers.trading.sell import sell
from bot.outgoing.page import Page
from bot.views import command_lines, welcome
from bot.views.help import glossary


GROUPS: Final = ("Look", "Trade", "Schedule", "Safety", "System")
"""In which order /help lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its name, and the group under which /help lists it. A ``refused_when_late``
    one is not run when its update was received too late. Viewers may send one that
    ``looks``: it changes nothing but the sender's own keys and menu.
    """

    name: str
    group: str
    answer: Callable[[Received, Services], Awaitable[None]]
    refused_when_late: bool = False
    looks: bool = False

    @property
    def line(self) -> str:
        """What it does, in the words of /help and the menu."""
        return command_lines.LINES[self.name]


async def help_(received: Received, _services: Services) -> None:
    """/help: every command, grouped, with a line each; /help NAME: one with examples, or
    a word of the card explained."""
    wanted = [word.lower().lstrip("/") for word in received.arguments]
    if name := glossary.named(" ".join(wanted)):
        await reply(received, Page(text=welcome.term(name)))
        return
    his = [each for each in COMMANDS if each.looks or received.answers.acts]
    for command in his:
        if command.name in wanted:
            text = welcome.command(command.name, command.line)
            await reply(received, Page(text=text))
            return
    ordered = sorted(his, key=lambda each: GROUPS.index(each.group))
    listed = [(each.group, each.name, each.line) for each in ordered]
    text = welcome.commands(listed, acts=received.answers.acts)
    await reply(received, Page(text=text))


COMMANDS: Final = (
    Command(
        name="scan",
        group="Look",
        answer=scan,
        refused_when_late=True,
    ),
    Command(
        name="report",
        group="Look",
        answer=report,
        refused_when_late=True,
    ),
    Command(
        name="why",
        group="Look",
        answer=why,
        looks=True,
    ),
    Command(
        name="positions",
        group="Look",
        answer=positions,
        looks=True,
    ),
    Command(
        name="account",
        group="Look",
        answer=show_account,
        looks=True,
    ),
    Command(
        name="quote",
        group="Look",
        answer=quote,
        looks=True,
    ),
    Command(
        name="chart",
        group="Look",
        answer=chart,
        looks=True,
    ),
    Command(
        name="score",
        group="Look",
        answer=score,
        looks=True,
    ),
    Command(
        name="history",
        group="Look",
        answer=past,
        looks=True,
    ),
    Command(
        name="pnl",
        group="Look",
        answer=pnl,
        looks=True,
    ),
    Command(
        name="orders",
        group="Trade",
        answer=list_orders,
        looks=True,
    ),
    Command(
        name="buy",
        group="Trade",
        answer=buy,
        refused_when_late=True,
    ),
    Command(
        name="sell",
        group="Trade",
        answer=sell,
        refused_when_late=True,
    ),
    Command(
        name="exits",
        group="Trade",
        answer=exits,
        refused_when_late=True,
    ),
    Command(name="cancel", group="Trade", answer=cancel),
    Command(
        name="filled",
        group="Trade",
        answer=record_filled,
    ),
    Command(
        name="status",
        group="Safety",
        answer=show_status,
        looks=True,
    ),
    Command(
        name="panic",
        group="Safety",
        answer=panic,
    ),
    Command(name="halt", group="Safety", answer=halt),
    Command(
        name="resume",
        group="Safety",
        answer=resume,
        refused_when_late=True,
    ),
    Command(
        name="schedule",
        group="Schedule",
        answer=schedule,
    ),
    Command(
        name="settings",
        group="System",
        answer=settings,
    ),
    Command(
        name="people",
        group="System",
        answer=people,
    ),
    Command(
        name="noise",
        group="System",
        answer=noise,
        looks=True,
    ),
    Command(
        name="mute",
        group="System",
        answer=mute,
    ),
    Command(
        name="keyboard",
        group="System",
        answer=keyboard,
        looks=True,
    ),
    Command(
        name="health",
        group="System",
        answer=health,
        looks=True,
    ),
    Command(name="log", group="System", answer=log),
    Command(name="export", group="System", answer=export),
    Command(
        name="version",
        group="System",
        answer=version,
        looks=True,
    ),
    Command(
        name="about",
        group="System",
        answer=about,
        looks=True,
    ),
    Command(
        name="help",
        group="System",
        answer=help_,
        looks=True,
    ),
    Command(
        name="start",
        group="System",
        answer=start,
        looks=True,
    ),
)
