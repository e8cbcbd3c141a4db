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
from bot.handlers.text_commands import words_after
from bot.handlers.trading.buy import buy
from bot.handlers.trading.cancel import cancel
from bot.handlers.trading.doubt import record_filled
from bot.handlers.trading.exits import exits
from bot.handlers.trading.panic import panic
from bot.handlers.trading.sell import sell
from bot.outgoing.page import Page
from bot.views import welcome


GROUPS: Final = ("Look", "Trade", "Schedule", "Safety", "System")
"""In which order /help lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its name, and the group and line under which /help lists it. A
    ``perishable`` one is not run when its update was received too late; one that
    ``looks`` only reads, and viewers may send it.
    """

    name: str
    group: str
    line: str
    answer: Callable[[Received, Services], Awaitable[None]]
    perishable: bool = False
    looks: bool = False


async def help_(received: Received, _services: Services) -> None:
    """/help: every command, grouped, with a line each; /help NAME: one with examples."""
    wanted = [word.lower().lstrip("/") for word in words_after(received)]
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
        line="find top gainers, offer to buy",
        answer=scan,
        perishable=True,
    ),
    Command(
        name="report",
        group="Look",
        line="the morning report now, and a card",
        answer=report,
        perishable=True,
    ),
    Command(
        name="why",
        group="Look",
        line="why these five, and why two",
        answer=why,
        looks=True,
    ),
    Command(
        name="positions",
        group="Look",
        line="what you hold; buttons to sell",
        answer=positions,
        looks=True,
    ),
    Command(
        name="account",
        group="Look",
        line="what it is worth, what is free",
        answer=show_account,
        looks=True,
    ),
    Command(
        name="quote",
        group="Look",
        line="one stock's price now, e.g. /quote MACV",
        answer=quote,
        looks=True,
    ),
    Command(
        name="chart",
        group="Look",
        line="its session in candles, e.g. /chart MACV",
        answer=chart,
        looks=True,
    ),
    Command(
        name="score",
        group="Look",
        line="have the picks been good?",
        answer=score,
        looks=True,
    ),
    Command(
        name="history",
        group="Look",
        line="earlier picks, what became of them",
        answer=past,
        looks=True,
    ),
    Command(
        name="pnl",
        group="Look",
        line="what trading brought, after fees",
        answer=pnl,
        looks=True,
    ),
    Command(
        name="orders",
        group="Trade",
        line="what works, filled or in doubt",
        answer=list_orders,
        looks=True,
    ),
    Command(
        name="buy",
        group="Trade",
        line="buy a stock you name; asks first",
        answer=buy,
        perishable=True,
    ),
    Command(
        name="sell",
        group="Trade",
        line="sell of what you hold; asks first",
        answer=sell,
        perishable=True,
    ),
    Command(
        name="exits",
        group="Trade",
        line="stops and targets of what you hold",
        answer=exits,
        perishable=True,
    ),
    Command(name="cancel", group="Trade", line="take an order back", answer=cancel),
    Command(
        name="filled",
        group="Trade",
        line="what IB filled of an order in doubt",
        answer=record_filled,
    ),
    Command(
        name="status",
        group="Safety",
        line="would a Yes be sent now?",
        answer=show_status,
        looks=True,
    ),
    Command(
        name="panic",
        group="Safety",
        line="stop all, then ask whether to sell all",
        answer=panic,
    ),
    Command(
        name="halt", group="Safety", line="send nothing more, till /resume", answer=halt
    ),
    Command(
        name="resume",
        group="Safety",
        line="allow orders again",
        answer=resume,
        perishable=True,
    ),
    Command(
        name="schedule",
        group="Schedule",
        line="scans and reports by themselves",
        answer=schedule,
    ),
    Command(
        name="settings",
        group="System",
        line="limits, scans, report: change them",
        answer=settings,
    ),
    Command(
        name="people",
        group="System",
        line="who may look, and who may act",
        answer=people,
    ),
    Command(
        name="noise",
        group="System",
        line="what rings, and when it is quiet",
        answer=noise,
        looks=True,
    ),
    Command(
        name="mute",
        group="System",
        line="no ring for a while, e.g. /mute 2h",
        answer=mute,
    ),
    Command(
        name="keyboard",
        group="System",
        line="six keys below the message box",
        answer=keyboard,
        looks=True,
    ),
    Command(
        name="health",
        group="System",
        line="line, data, journal, disk, clock",
        answer=health,
        looks=True,
    ),
    Command(name="log", group="System", line="the last lines of the log", answer=log),
    Command(
        name="export", group="System", line="the audit trail as a file", answer=export
    ),
    Command(
        name="version",
        group="System",
        line="which Openbell this is",
        answer=version,
        looks=True,
    ),
    Command(
        name="about",
        group="System",
        line="what is trusted, what it can't do",
        answer=about,
        looks=True,
    ),
    Command(
        name="help",
        group="System",
        line="this list; examples with /help scan",
        answer=help_,
        looks=True,
    ),
    Command(
        name="start",
        group="System",
        line="what this bot does",
        answer=start,
        looks=True,
    ),
)
