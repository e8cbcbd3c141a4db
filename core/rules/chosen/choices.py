"""What the owner chose in the chat, at any moment: the changes, one after another."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from core.model.chosen.setting import SettingChange, SettingQuestion


QUESTION_LIFE: Final = timedelta(minutes=10)
"""A Yes to a question that was put longer ago changes nothing."""


def chosen(changes: Iterable[SettingChange]) -> dict[str, str]:
    """The chat's word for each setting that it has one for, after *changes* (in the
    order in which they were made)."""
    last = {change.name: change.value for change in changes}
    return {name: value for name, value in last.items() if value is not None}


def chosen_at(changes: Iterable[SettingChange], at: datetime) -> dict[str, str]:
    """The same as it was right before *at* (UTC)."""
    return chosen(change for change in changes if change.at < at)


def is_over(question: SettingQuestion, now: datetime) -> bool:
    """Whether *question* is too old to be answered, or of a later time than *now*."""
    return not question.at <= now < question.at + QUESTION_LIFE


def chosen_after(before: Mapping[str, str], change: SettingChange) -> dict[str, str]:
    """What the chat's words are when *change* was made after *before*."""
    others = {name: word for name, word in before.items() if name != change.name}
    return others if change.value is None else {**others, change.name: change.value}
