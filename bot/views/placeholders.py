"""The silent lines that stand in the chat until their result comes.

Tested by tests/bot/outgoing/test_outbox.py.
"""

from typing import Final

from bot.views import trouble
from bot.views.scans import scanning


_WAITING: Final = {
    "scan": scanning.waiting(),
    "report": "The report is on its way …",
    "brief": "Looking at the morning …",
    "summary": "Adding up the day …",
    "buy": "Looking at the price …",
    "sell": "Looking at what you hold …",
    "panic": "Looking at what you hold …",
    "exits": "Looking at the price …",
    "again": "The price has moved: a new card is on its way …",
    "moved": "The card's message is gone: it comes again here …",
}

_NO_RESULT: Final = {
    "scan": trouble.interrupted("scan"),
    "report": trouble.interrupted("report"),
    "brief": trouble.interrupted("schedule"),
    "summary": trouble.interrupted("schedule"),
    "again": trouble.interrupted("scan"),
    "buy": trouble.interrupted("buy"),
    "sell": trouble.interrupted("sell"),
    "panic": trouble.interrupted("panic"),
    "exits": trouble.interrupted("exits"),
}

BELOW: Final = "It stands below."
"""What an old placeholder says that Telegram no longer deletes (after 48 h)."""


def waiting(kind: str) -> str:
    """The line that stands for a result of *kind* until it comes."""
    return _WAITING.get(kind, "One moment …")


def no_result(kind: str) -> str | None:
    """What it says if no result came; None if it is never given up."""
    return _NO_RESULT.get(kind)
