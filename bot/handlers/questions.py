"""What each chat was asked last: what is typed next may be the answer.

Tested by tests/bot/handlers/test_follow_up.py.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


PATIENCE: Final = timedelta(minutes=5)
"""So long what is typed may be the answer to the question before."""

_ASKS: Final = frozenset({"buy", "sell", "mute"})
"""Commands that ask when nothing stands behind them. Each ends in a card that asks, or
changes what rings: no answer places an order."""

_ANSWER: Final = re.compile(r"[A-Za-z0-9.,:$% -]{1,30}", re.ASCII)
_LONGEST: Final = 4  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    name: str
    at: datetime


class Questions:
    """What each chat was asked last; forgotten at a restart, when it is asked anew."""

    def __init__(self) -> None:
        self._open: dict[int, _Question] = {}

    def note(self, chat: int, name: str, behind: tuple[str, ...], at: datetime) -> None:
        """The command *name* was answered; without words behind it, by a question."""
        self._open.pop(chat, None)
        if name in _ASKS and not behind:
            self._open[chat] = _Question(name=name, at=at)

    def answered(self, chat: int, text: str, now: datetime) -> str | None:
        """The command that *text* answers the question of; None when nothing was asked
        lately, or it is none."""
        question = self._open.get(chat)
        said = text.split()
        if question is None or now - question.at > PATIENCE:
            return None
        if len(said) > _LONGEST or not _ANSWER.fullmatch(text.strip()):
            return None
        return question.name
