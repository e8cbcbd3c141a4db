"""What stands behind a command, and what bare words mean."""

import re
from typing import Final

from bot.handlers.desk import Heard


_PANIC: Final = frozenset(
    {"panic", "stop", "sell all", "sell everything", "sell it all", "stop all"}
)
_WORDS: Final = re.compile(r"[a-z]+")


def words_after(heard: Heard) -> list[str]:
    """The words behind the command."""
    return (heard.message.text or "").split()[1:]


def is_panic(text: str | None) -> bool:
    """Whether the whole message is a word for wanting out, however it is written."""
    return " ".join(_WORDS.findall((text or "").lower())) in _PANIC
