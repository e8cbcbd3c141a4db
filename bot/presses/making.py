"""Makes buttons and keyboards.

Tested by tests/bot/test_keyboards.py.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.callback_data import Press, write


def button(
    label: str, press: Press, style: KeyboardButtonStyle | None = None
) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=write(press), style=style)


def side_by_side(
    buttons: Sequence[InlineKeyboardButton],
) -> list[Sequence[InlineKeyboardButton]]:
    """*buttons* in as few rows as possible, of nearly equal length: 3, 3, 2, 2."""
    count = -(-len(buttons) // MOST_IN_A_ROW)
    ends = [-(-len(buttons) * n // count) for n in range(count + 1)] if count else []
    return [buttons[a:b] for a, b in pairwise(ends)]


MOST_IN_A_ROW: Final = 3
"""The most symbols in a row: more would be cut on a narrow phone."""


def markup(
    *rows: Sequence[InlineKeyboardButton],
) -> InlineKeyboardMarkup | None:
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None
