"""What the owner can choose in the chat: one setting as it stands, and one change of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Loosens(StrEnum):
    """Which change of a setting lets the bot do more: spend more, wait longer, look less
    closely. Such a change asks twice."""

    MORE = "a larger value"
    LESS = "a smaller value"
    YES = "true"
    ANY = "any other value"  # nobody has said which way is the looser one
    NOTHING = "no value"


class InForce(StrEnum):
    """From when on a change of a setting counts."""

    AT_ONCE = "at once"
    NEXT_SCAN = "from the next scan"
    RESTART = "after a restart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting as it stands. ``value``, ``default`` and ``from_file`` (what counts
    without the chat's word) are texts as .env has them; ``takes`` says in words what it
    takes, ``bounds`` from where to where ("" without bounds). ``options`` are all its
    values where they are few, else empty. ``is_chosen`` is whether its value comes from
    the chat."""

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
class Judged:
    """A change that could be made: *name* from ``was`` to ``value``. ``to`` is what the
    chat's word would be, None to follow .env again. ``loosens`` is whether it lets the
    bot do more."""

    name: str
    to: str | None
    was: str
    value: str
    loosens: bool
    in_force: InForce


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """What the owner chose ``at`` (UTC): ``value``, or None to follow .env again; ``was``
    is the chat's word before, None when there was none."""

    at: datetime
    by: str
    name: str
    value: str | None
    was: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingQuestion:
    """What the owner was asked last about a setting, ``at`` (UTC). While ``stage`` is 0 a
    value is awaited; then it counts the Yes that are still asked for. ``value`` is the
    chat's word to be, None to follow .env again (``reset``); ``loosens`` is whether
    it was asked as one that lets the bot do more."""

    token: str
    at: datetime
    name: str
    value: str | None = None
    reset: bool = False
    loosens: bool = False
    stage: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """A chat's word that this Openbell does not take any more, and ``why``."""

    name: str
    value: str
    why: str
