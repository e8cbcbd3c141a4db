"""Settings that the owner can change in the chat: current values, and changes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Loosens(StrEnum):
    """Which change of a setting lets the bot do more: spend more, wait longer, look
    less closely. Such a change asks twice."""

    MORE = "a larger value"
    LESS = "a smaller value"
    YES = "true"
    ANY = "any other value"  # not declared which direction is looser
    NOTHING = "no value"


class InForce(StrEnum):
    """When a changed setting takes effect."""

    AT_ONCE = "at once"
    NEXT_SCAN = "from the next scan"
    RESTART = "after a restart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting as it is now. ``value``, ``default`` and ``from_file`` (the value
    that counts if nothing is chosen in the chat) are written as in .env. ``takes``
    describes the values it accepts, ``bounds`` their range ("" if unbounded).
    ``options`` lists all values if they are few, else it is empty. ``is_chosen`` is
    whether the value was chosen in the chat."""

    name: str
    group: str
    value: str
    default: str
    from_file: str
    takes: str
    bounds: str
    options: tuple[str, ...]
    in_force: InForce
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSetting:
    """A valid change of the setting *name* from ``was`` to ``value``. ``to`` is what
    would be stored as chosen in the chat, None to follow .env again. ``loosens`` is
    whether it lets the bot do more."""

    name: str
    to: str | None
    was: str
    value: str
    loosens: bool
    in_force: InForce


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """The owner's choice ``at`` (UTC): ``value``, or None to follow .env again. ``was``
    is what was chosen before, None if nothing was."""

    at: datetime
    by: str
    name: str
    value: str | None
    was: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingQuestion:
    """The last question to the owner about a setting, ``at`` (UTC). At ``stage`` 0 a
    value is awaited; after that it is the number of Yes answers still needed. ``value``
    is what would be chosen, None to follow .env again (``reset``). ``loosens`` is
    whether the question said that the change lets the bot do more."""

    token: str
    at: datetime
    name: str
    value: str | None = None
    reset: bool = False
    loosens: bool = False
    stage: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """A chosen value that this version no longer accepts, and ``why``."""

    name: str
    value: str
    why: str
