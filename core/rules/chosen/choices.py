"""The settings chosen in the chat at any moment, from the sequence of changes."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from core.model.chosen.setting import SettingChange, SettingQuestion


QUESTION_LIFE: Final = timedelta(minutes=10)
"""A Yes to an older question changes nothing."""


def chosen(changes: Iterable[SettingChange]) -> dict[str, str]:
    """The chosen value of each setting that has one, after *changes* (oldest first)."""
    last = {change.name: change.value for change in changes}
    return {name: value for name, value in last.items() if value is not None}


def chosen_at(changes: Iterable[SettingChange], at: datetime) -> dict[str, str]:
    """The chosen values right before *at* (UTC)."""
    return chosen(change for change in changes if change.at < at)


def is_over(question: SettingQuestion, now: datetime) -> bool:
    """Whether *question* is too old to be answered, or was asked after *now*."""
    return not question.at <= now < question.at + QUESTION_LIFE


def chosen_after(before: Mapping[str, str], change: SettingChange) -> dict[str, str]:
    """The chosen values *before*, with *change* applied."""
    others = {name: word for name, word in before.items() if name != change.name}
    return others if change.value is None else {**others, change.name: change.value}
