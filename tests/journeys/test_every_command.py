"""Each command has a journey over both sandboxes: what is typed, and the first line of what
comes. A command without one fails here.

What is bought and sold on the way has journeys of its own beside this one.
"""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.handlers.commands import COMMANDS
from bot.sandbox.api_types import Message, User
from bot.sandbox.phone import Phone
from bot.views.toasts import LOOK_ONLY
from bot.views.words import WIDTH
from tests.harness.product import MOST_PERCENT, WARM, at, opened
from tests.journeys.test_selling import bought


HELD: Final = MOST_PERCENT
LETTERS: Final = 4096
"""Telegram's limit of a message."""

JOURNEYS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "scan": (("/scan", "A Yes would not be sent."), ("find gainers", "A Yes")),
        "report": (("/report", "Good morning"), ("morning summary", "Good morning")),
        "why": (("/why", "Why these?"), ("why this pick?", "Why these?")),
        "positions": (("/positions", "Positions"), ("what do I hold?", "Positions")),
        "account": (("/account", "Account"), ("how much cash", "Account")),
        "quote": (
            ("/quote", "Of which stock?"),
            (HELD.lower(), f"{HELD} · live"),
            (f"price of {HELD}", f"{HELD} · live"),
            ("/quote ZZZZZ", "IB knows no stock ZZZZZ"),
        ),
        "chart": (
            ("/chart", "Of which stock?"),
            (HELD, f"{HELD} · SANDBOX · 1-minute candles"),
            (f"show me a chart of {HELD}", f"{HELD} · SANDBOX · 1-minute candles"),
        ),
        "score": (("/score", "Picks against SPY"), ("performance", "Picks against")),
        "history": (
            ("/history", "Past picks"),
            (f"history {HELD}", "Past picks"),
        ),
        "pnl": (("/pnl", "Profit and loss"), ("what did I make today", "Profit and")),
        "orders": (("/orders", "Orders"), ("my orders please", "Orders")),
        "buy": (
            ("/buy", "Buy what, and how many?"),
            ("50", "Buy 50 of which stock?"),
            (HELD, f"Buy 50 {HELD}?"),
            (f"buy 10 shares of {HELD.lower()}", f"Buy 10 {HELD}?"),
        ),
        "sell": (
            (f"/sell {HELD} lots", f"Sell how many {HELD}?"),
            ("half", f"Sell 50 of 100 {HELD}?"),
            ("/sell", "Positions"),
            (f"{HELD} 10", f"Sell 10 of 100 {HELD}?"),
            ("/sell ZZZZ", "No card. IB lists no ZZZZ"),
        ),
        "exits": (
            ("/exits", "Exits"),
            (f"/exits {HELD} tight", "Which exits?"),
            ("stop 5%", f"Exits for 100 {HELD}: stop 5%?"),
        ),
        "cancel": (("/cancel", "Nothing to cancel"), ("cancel all", "Nothing to")),
        "filled": (
            ("/filled", "No order is in doubt"),
            (f"filled {HELD} 40 4.81", "No order is in doubt"),
        ),
        "status": (("/status", "Ready to trade"), ("are you ready?", "Ready to")),
        "panic": (("STOP!", "Stopped: I send nothing new"),),
        "halt": (("/halt", "Halted."), ("please pause", "Halted.")),
        "resume": (("/resume", "Ready to trade again"),),
        "schedule": (
            ("/schedule", "Nothing is scheduled."),
            ("/schedule scan 10:30", "Added: scan 10:30 ET."),
            ("schedule remove 1", "Removed"),
        ),
        "settings": (
            ("/settings", "All settings are as .env has them."),
            ("/settings shares", "shares: 100"),
            ("50", "Shares 100 → 50?"),
        ),
        "people": (
            ("/people", "1 person may see this account"),
            ("/people add 4004 viewer", "Add 4004 as viewer?"),
            ("/people add him", "Nothing was changed."),
        ),
        "noise": (("/noise", "No hours of quiet"), ("what rings?", "No hours")),
        "mute": (
            ("/mute", "Mute for how long?"),
            ("2h", "Muted until"),
            ("/noise", "Muted until"),
            ("/mute off", "Not muted any more."),
        ),
        "keyboard": (
            ("/keyboard", "The six keys are off."),
            ("on", "Six keys stand below now."),
            ("keyboard off", "The keys are gone."),
        ),
        "health": (("/health", "Healthy"),),
        "log": (
            ("/log", "No lines since the start."),
            ("/log errors", "No warnings and errors"),
        ),
        "export": (("/export", "Audit trail, whole"),),
        "version": (("/version", "Openbell"), ("which version is this", "Openbell")),
        "about": (("/about", "Openbell buys and sells only what"),),
        "help": (("/help", "Look"), ("/help scan", "/scan: find top gainers")),
        "start": (("/start", "Openbell"), ("hello", "Openbell")),
    }
)
"""In the order of /help: each with what is typed and how the answer begins."""

LAST: Final = ("halt", "panic", "resume")
"""These change what the others say: they come in the end, in this order."""


def test_every_command_has_a_journey() -> None:
    assert set(JOURNEYS) == {command.name for command in COMMANDS}


def in_order() -> list[str]:
    return [*(name for name in JOURNEYS if name not in LAST), *LAST]


def first_line(message: Message) -> str:
    return message.text.partition("\n")[0]


def columns(message: Message) -> int:
    """Of its widest row in monospace."""
    blocks = re.findall(r"<pre>(.*?)</pre>", message.html, re.DOTALL)
    rows = [row for block in blocks for row in unescape(block).split("\n")]
    return max((len(re.sub(r"<[^>]+>", "", row)) for row in rows), default=0)


async def answer(phone: Phone, said: str, begins: str) -> str:
    """Why it is not the right one; "" when it is."""
    sent = await phone.send(said)

    def look(phone: Phone) -> Message | None:
        new = (m for m in phone.received if m.message_id > sent.message_id)
        return next((m for m in new if first_line(m).startswith(begins)), None)

    try:
        message = await phone.wait_for(look, within=WARM)
    except TimeoutError:
        new = [m for m in phone.received if m.message_id > sent.message_id]
        return f"{said!r}: not {begins!r} but {[first_line(m) for m in new]}"
    if len(message.text) > LETTERS or columns(message) > WIDTH:
        return f"{said!r}: too long or too wide"
    return ""


async def test_each_journey_is_walked(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)
        wrong = [
            problem
            for name in in_order()
            for said, begins in JOURNEYS[name]
            if (problem := await answer(product.phone, said, begins))
        ]

    assert wrong == []


async def test_a_viewer_looks_at_all_that_looks_and_at_nothing_else(
    tmp_path: Path,
) -> None:
    vi = User(id=4004, first_name="Vi")
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)
        asked = await product.asked(f"/people add {vi.id} viewer")
        await product.phone.tap(asked, "Add as viewer", within=WARM)
        await product.phone.reads(f"{vi.id} is viewer", within=WARM)
        product.chat.chats.meet(vi, started=True)
        phone = Phone(product.chat.chats, vi)
        looks = {command.name: command.looks for command in COMMANDS}
        wrong = [
            problem
            for name in in_order()
            for said, begins in JOURNEYS[name][:1]
            if (
                problem := await answer(
                    phone, said, begins if looks[name] else LOOK_ONLY
                )
            )
        ]

    assert wrong == []
