"""Which settings can be changed in the chat, in which direction each loosens, and their
combination with .env."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from core.model.chosen.setting import InForce, Loosens
from core.model.errors import SettingsWrong
from core.settings.connection import ConnectionSettings
from core.settings.loading import in_words
from core.settings.marks import FILE_ONLY, FROM_CHAT, chat_mark_of, loosens_of
from core.settings.noise import NoiseSettings
from core.settings.operation import OperationSettings
from core.settings.reporting import ReportSettings
from core.settings.scanning import ScanSettings
from core.settings.settings import Settings
from core.settings.texts import can_be_none
from core.settings.trading import TradingSettings


_KNOWN: Final[Mapping[str, tuple[type[BaseModel], InForce]]] = {
    "trading": (TradingSettings, InForce.AT_ONCE),
    "scanning": (ScanSettings, InForce.NEXT_SCAN),
    "reporting": (ReportSettings, InForce.AT_ONCE),
    "noise": (NoiseSettings, InForce.AT_ONCE),
    "operation": (OperationSettings, InForce.RESTART),
    "keeping": (ConnectionSettings, InForce.AT_ONCE),
}
"""The declared groups, and when a change in each takes effect."""


GROUPS: Final[Mapping[str, tuple[type[BaseModel], InForce]]] = {
    **_KNOWN,
    **{
        base.__name__.removesuffix("Settings").lower(): (base, InForce.RESTART)
        for base in Settings.__bases__
        if base not in {kind for kind, _ in _KNOWN.values()}
    },
}
"""All groups of settings; a change in an undeclared one takes effect at the next
start."""


def with_words(base: Settings, chosen: Mapping[str, str]) -> Settings:
    """*base* with the *chosen* values on top, checked together.

    Raises:
        SettingsWrong: one line for each setting that is wrong.
    """
    if not chosen:
        return base
    kept = {name: getattr(base, name) for name in Settings.model_fields}
    if chosen.get("automatic") == "false":
        kept["automatic_live"] = False  # without the one there is no other
    words = {name: value_of(name, text) for name, text in chosen.items()}
    try:
        return Settings(**(kept | words))
    except ValidationError as error:
        raise SettingsWrong("\n".join(in_words(error))) from None


def with_words_of_then(base: Settings, chosen: Mapping[str, str]) -> Settings:
    """*base* with those earlier *chosen* values that are still valid with it: .env or
    the version may have changed since.

    Raises:
        SettingsWrong: *base* alone is not valid.
    """
    known: dict[str, str] = {}
    for name, word in chosen.items():
        with suppress(SettingsWrong):
            if from_chat(name):
                with_words(base, {**known, name: word})
                known[name] = word
    return with_words(base, known)


def value_of(name: str, word: str) -> str | None:
    """The value to validate for a chosen *word*: the word, or None if it stands for
    none."""
    is_none = not word and can_be_none(Settings.model_fields[name])
    return None if is_none else word


def is_looser(name: str, value: Any, than: Any) -> bool:
    """Whether *value* of the setting *name* lets the bot do more *than* the other."""
    if value is None or than is None:  # none is no limit
        is_gone = value is None and than is not None
        way = loosens(name)
        return (
            value is not than
            if way is Loosens.ANY
            else is_gone and way is not Loosens.NOTHING
        )
    match loosens(name):
        case Loosens.MORE | Loosens.YES:
            return bool(value > than)
        case Loosens.LESS:
            return bool(value < than)
        case Loosens.ANY:
            return bool(value != than)
        case Loosens.NOTHING:
            return False


def min_of(name: str, one: Any, other: Any) -> Any:
    """The stricter of two values; *other* if neither is."""
    return (
        one
        if is_looser(name, other, one) and not is_looser(name, one, other)
        else other
    )


def loosens(name: str) -> Loosens:
    """Which change of the setting lets the bot do more. In the trading group that is
    any change, unless its mark says otherwise."""
    marked = loosens_of(Settings.model_fields[name])
    of_trading = name in TradingSettings.model_fields
    return marked or (Loosens.ANY if of_trading else Loosens.NOTHING)


def from_chat(name: str) -> bool:
    """Whether this setting can be changed in the chat."""
    return name in CHOOSABLE


def _is_for_the_chat(kind: type[BaseModel], field: FieldInfo) -> bool:
    mark = chat_mark_of(field)
    return mark is FROM_CHAT if kind is ConnectionSettings else mark is not FILE_ONLY


CHOOSABLE: Final[dict[str, tuple[str, FieldInfo]]] = {
    name: (group, Settings.model_fields[name])
    for group, (kind, _) in GROUPS.items()
    for name, field in kind.model_fields.items()
    if _is_for_the_chat(kind, field)
}
"""The settings that can be changed in the chat: the group of each, and its field."""


def all_names() -> tuple[str, ...]:
    """The names of all settings, including those that the chat cannot change."""
    return tuple(Settings.model_fields)
