"""The buttons under /settings.

Tested by tests/bot/handlers/settings/test_settings.py.
"""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.presses.making import button
from bot.presses.settings import (
    AnswerSetting,
    ExportSettings,
    SetTo,
    ShowGroup,
    ShowSetting,
    To,
)
from bot.views import labels
from core.ledger.choices import Asked
from core.model.chosen.setting import Setting


ButtonRow = list[InlineKeyboardButton]


def overview(settings: Sequence[Setting]) -> InlineKeyboardMarkup:
    """A button for each group, and the export."""
    groups = dict.fromkeys(each.group for each in settings)
    buttons = [button(labels.group(group), ShowGroup(group=group)) for group in groups]
    return InlineKeyboardMarkup(
        _in_rows([*buttons, button(labels.EXPORT, ExportSettings())])
    )


def group(name: str, settings: Sequence[Setting]) -> InlineKeyboardMarkup:
    """A button for each setting of the group."""
    of_it = [each for each in settings if each.group == name]
    buttons = [
        button(labels.setting(one.name), ShowSetting(name=one.name)) for one in of_it
    ]
    return InlineKeyboardMarkup(
        [*_in_rows(buttons), [button(labels.ALL_GROUPS, ShowGroup(group=""))]]
    )


def setting(one: Setting, *, counts: bool) -> InlineKeyboardMarkup:
    """The values that can be chosen, and the way back; *counts* if it is a number."""
    rows = [_options(one) or (_steps(one) if counts else []), _resets(one)]
    back = button(labels.group(one.group), ShowGroup(group=one.group))
    return InlineKeyboardMarkup([*(row for row in rows if row), [back]])


def question(asked: Asked, *, sure: bool) -> InlineKeyboardMarkup:
    """Yes and No; *sure* is the second question, whose Yes is red."""
    token, stage = asked.question.token, asked.question.stage
    yes = labels.yes_to_value(asked.judged.value, sure=sure)
    style = KeyboardButtonStyle.DANGER if sure else KeyboardButtonStyle.SUCCESS
    return InlineKeyboardMarkup(
        [
            [
                button(yes, AnswerSetting(token=token, stage=stage, yes=True), style),
                button(labels.NO, AnswerSetting(token=token, stage=stage, yes=False)),
            ]
        ]
    )


def _in_rows(buttons: Sequence[InlineKeyboardButton]) -> list[ButtonRow]:
    """Two buttons in a row where neither label is cut at half the width of a phone: the
    next short one stands beside a short one, also over a long one between them."""
    rows: list[ButtonRow] = []
    alone: ButtonRow | None = None
    for each in buttons:
        is_short = len(each.text) <= _HALF
        if is_short and alone:
            alone.append(each)
            alone = None
        else:
            rows.append([each])
            alone = rows[-1] if is_short else alone
    return rows


_HALF = 15
"""Letters."""


def _options(one: Setting) -> ButtonRow:
    return [
        button(labels.setting_value(option), SetTo(name=one.name, option=number))
        for number, option in enumerate(one.options)
        if option != one.value
    ]


def _steps(one: Setting) -> ButtonRow:
    return [
        button(labels.HALF, SetTo(name=one.name, to=To.HALF)),
        button(labels.DOUBLE, SetTo(name=one.name, to=To.DOUBLE)),
    ]


def _resets(one: Setting) -> ButtonRow:
    """Back to the default, and to the value in .env, unless they are the same."""
    row = []
    if one.value != one.default:
        row.append(
            button(labels.default(one.default), SetTo(name=one.name, to=To.DEFAULT))
        )
    if one.is_chosen and (one.from_file != one.default or not row):
        row.append(
            button(
                labels.from_file(one.from_file), SetTo(name=one.name, to=To.FROM_FILE)
            )
        )
    return row
