"""How a button and a keyboard are made.

Tested by tests/bot/test_keyboards.py.
"""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.callback_data import Press, write


def button(
    label: str, press: Press, style: KeyboardButtonStyle | None = None
) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=write(press), style=style)


def markup(
    *rows: Sequence[InlineKeyboardButton],
) -> InlineKeyboardMarkup | None:
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None
