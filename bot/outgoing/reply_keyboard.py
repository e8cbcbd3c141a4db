"""Whether a chat has the six keys below its message box; off until asked for.

Tested by tests/bot/handlers/test_keyboard.py.
"""

from collections.abc import Sequence
from typing import Final

from telegram import KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove

from core.ports.memory import KeyboardMemory
from core.ports.transactions import Transactions


SIX: Final = 6
_IN_A_ROW: Final = 3


class ReplyKeyboard:
    """The choice for one chat, on disk. Telegram's clients keep the keys; a new phone
    gets them at /start."""

    def __init__(self, *, store: Transactions, memory: KeyboardMemory) -> None:
        self._store, self._memory = store, memory

    @property
    def is_on(self) -> bool:
        return self._memory.has_keyboard()

    def turn(self, *, on: bool) -> None:
        with self._store.transaction():
            self._memory.set_keyboard(on=on)


def keys(labels: Sequence[str]) -> ReplyKeyboardMarkup:
    """At most six keys, three beside each other: each sends its label as a message."""
    row_starts = range(0, min(len(labels), SIX), _IN_A_ROW)
    rows = [labels[start : start + _IN_A_ROW] for start in row_starts]
    return ReplyKeyboardMarkup(
        [[KeyboardButton(label) for label in row] for row in rows],
        resize_keyboard=True,
        is_persistent=True,
    )


def no_keys() -> ReplyKeyboardRemove:
    return ReplyKeyboardRemove()
