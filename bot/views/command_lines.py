"""What each command does for the owner: its line in the menu and in /help.

Tested by tests/bot/handlers/test_commands.py.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


LINES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scan": "find top gainers, offer to buy",
        "report": "the morning report now, and a card",
        "why": "why these five, and why two",
        "positions": "what you hold; buttons to sell",
        "account": "what it is worth, what is free",
        "quote": "one stock's price now, e.g. /quote MACV",
        "chart": "its session in candles, e.g. /chart MACV",
        "score": "have the picks been good?",
        "history": "earlier picks, what became of them",
        "pnl": "what trading brought, after fees",
        "orders": "what works, filled or in doubt",
        "buy": "buy a stock you name; asks first",
        "sell": "sell of what you hold; asks first",
        "exits": "stops and targets of what you hold",
        "cancel": "take an order back",
        "filled": "what IB filled of an order in doubt",
        "status": "would a Yes be sent now?",
        "panic": "stop all, then ask whether to sell all",
        "halt": "send nothing more, till /resume",
        "resume": "allow orders again",
        "schedule": "scans and reports by themselves",
        "settings": "limits, scans, report: change them",
        "people": "who may look, and who may act",
        "noise": "what rings, and when it is quiet",
        "mute": "no ring for a while, e.g. /mute 2h",
        "keyboard": "six keys below the message box",
        "health": "line, data, journal, disk, clock",
        "log": "the last lines of the log",
        "export": "the audit trail as a file",
        "version": "which Openbell this is",
        "about": "what is trusted, what it can't do",
        "help": "this list; examples with /help scan",
        "start": "what this bot does",
    }
)
