"""The buttons under /settings, and their encoding in 64 bytes.

The value that a button proposes is computed when it is tapped; the button only says
which one it is."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class To(StrEnum):
    """What a setting would be set to."""

    HALF = "h"
    DOUBLE = "d"
    DEFAULT = "r"
    FROM_FILE = "f"  # follow .env again


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowGroup:
    """Show the settings of a group; all groups where it is empty."""

    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSetting:
    """Show one setting, and ask for its value."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTo:
    """Ask whether to set it; ``option`` is the index (from 0) among its values."""

    name: str
    to: To | None = None
    option: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSetting:
    """Yes or No to the question about a setting, at that stage of it."""

    token: str
    stage: int
    yes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSettings:
    """Send them as a .env text."""


SettingsPress = ShowGroup | ShowSetting | SetTo | AnswerSetting | ExportSettings

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,45}", re.ASCII)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)


def written(press: SettingsPress) -> str:
    match press:
        case ShowGroup(group=group):
            return f"g:{group}"
        case ShowSetting(name=name):
            return f"e:{name}"
        case SetTo(name=name, to=to, option=option):
            return f"w:{name}:{to.value if to else option}"
        case AnswerSetting(token=token, stage=stage, yes=yes):
            return f"q:{token}:{stage}:{'y' if yes else 'n'}"
        case ExportSettings():
            return "x:"


def read(kind: str, *parts: str) -> SettingsPress:
    """Raises KeyError, TypeError or ValueError for what was never written."""
    match kind, parts:
        case "g", (group,):
            return ShowGroup(group=_fits(_NAME, group) if group else "")
        case "e", (name,):
            return ShowSetting(name=_fits(_NAME, name))
        case "w", (name, digit) if digit.isascii() and digit.isdigit():
            return SetTo(name=_fits(_NAME, name), option=int(digit))
        case "w", (name, to):
            return SetTo(name=_fits(_NAME, name), to=To(to))
        case "q", (token, ("1" | "2") as stage, ("y" | "n") as said):
            token = _fits(_TOKEN, token)
            return AnswerSetting(token=token, stage=int(stage), yes=said == "y")
        case "x", ("",):
            return ExportSettings()
        case _:
            raise ValueError(kind)


def _fits(pattern: re.Pattern[str], text: str) -> str:
    if pattern.fullmatch(text) is None:
        raise ValueError(text)
    return text
