"""Every command: who answers it, and how it is listed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.handlers.desk import Desk, Heard, reply
from bot.handlers.export import export
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
from bot.handlers.safety import halt, health, resume
from bot.handlers.said import words_after
from bot.handlers.start import start
from bot.handlers.trading.buy import buy
from bot.handlers.trading.cancel import cancel
from bot.handlers.trading.doubt import say_filled
from bot.handlers.trading.panic import panic
from bot.handlers.trading.sell import sell
from bot.outgoing.page import Page
from bot.views import welcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its name, and the group and line that /help lists it with. One that
    is ``perishable`` is not run when it has waited for long before it was heard."""

    name: str
    group: str
    line: str
    answer: Callable[[Heard, Desk], Awaitable[None]]
    perishable: bool = False


async def help_(heard: Heard, _desk: Desk) -> None:
    """/help: every command, grouped, with a line each; /help NAME: one with examples."""
    wanted = [word.lower().lstrip("/") for word in words_after(heard)]
    for command in COMMANDS:
        if command.name in wanted:
            text = welcome.command(command.name, command.line)
            await reply(heard, Page(text=text))
            return
    listed = [(each.group, each.name, each.line) for each in COMMANDS]
    await reply(heard, Page(text=welcome.commands(listed)))


COMMANDS: Final = (
    Command(
        name="scan", group="Look", line="rank and offer", answer=scan, perishable=True
    ),
    Command(
        name="report",
        group="Look",
        line="morning report now",
        answer=report,
        perishable=True,
    ),
    Command(name="why", group="Look", line="why these five?", answer=why),
    Command(name="positions", group="Look", line="what you hold", answer=positions),
    Command(name="account", group="Look", line="value and funds", answer=show_account),
    Command(name="score", group="Look", line="are the picks good?", answer=score),
    Command(name="history", group="Look", line="picks of earlier cards", answer=past),
    Command(name="pnl", group="Look", line="what trading brought", answer=pnl),
    Command(name="orders", group="Trade", line="orders and fills", answer=list_orders),
    Command(
        name="buy",
        group="Trade",
        line="a stock that you name",
        answer=buy,
        perishable=True,
    ),
    Command(
        name="sell",
        group="Trade",
        line="sell of a holding",
        answer=sell,
        perishable=True,
    ),
    Command(name="cancel", group="Trade", line="take an order back", answer=cancel),
    Command(name="filled", group="Trade", line="what IB has filled", answer=say_filled),
    Command(name="status", group="Safety", line="ready or not", answer=show_status),
    Command(name="health", group="Safety", line="the machine below", answer=health),
    Command(name="panic", group="Safety", line="stop, then sell all?", answer=panic),
    Command(name="halt", group="Safety", line="send nothing more", answer=halt),
    Command(
        name="resume",
        group="Safety",
        line="allow orders again",
        answer=resume,
        perishable=True,
    ),
    Command(name="export", group="Safety", line="audit trail, a file", answer=export),
    Command(name="help", group="Help", line="this list", answer=help_),
    Command(name="start", group="Help", line="what this bot does", answer=start),
)
