"""Converts a setting's value, and what a person types, to text as in .env."""

import re
from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from enum import Enum
from typing import Any, Final, get_args

from pydantic.fields import FieldInfo


_NUMBER: Final = re.compile(
    r"\$?\s*([+\u2212-]?\s*(?:\d[\d,]*(?:\.\d+)?|\.\d+))\s*(%|\$|[a-z ]*)",
    re.IGNORECASE | re.ASCII,
)
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_CLOCK: Final = re.compile(
    r"(\d{1,2}):(\d\d)(?::\d\d)?(?: *(?:et|ny|new york))?", re.IGNORECASE
)
_UNITS: Final = frozenset(
    [
        "shares",
        "share",
        "minutes",
        "minute",
        "mins",
        "min",
        "m",
        "seconds",
        "second",
        "secs",
        "sec",
        "s",
        "percent",
        "pct",
        "dollars",
        "dollar",
        "usd",
        "days",
        "day",
        "years",
        "year",
        "rows",
        "row",
        "million",
    ]
)
_AROUND_COMMAS: Final = re.compile(r" *, *")
_NONE: Final = frozenset({"", "none", "off", "no"})
_YES_OR_NO: Final[Mapping[str, str]] = {
    **dict.fromkeys(("true", "yes", "on", "1", "y", "t"), "true"),
    **dict.fromkeys(("false", "no", "off", "0", "n", "f"), "false"),
}
_NUMBERS: Final = (int, float, Decimal)


def text_of(value: object) -> str:
    """*value* as .env has it; "" for none."""
    if isinstance(value, Enum):
        return str(value.value)
    return _TEXTS.get(type(value), str)(value)


_ROUND: Final = 1e6
"""From here on %g would write a power of ten."""

_TEXTS: Final[Mapping[type, Callable[[Any], str]]] = {
    type(None): lambda _: "",
    bool: lambda is_so: "true" if is_so else "false",
    time: lambda at: f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}",
    float: lambda x: f"{x:g}" if abs(x) < _ROUND else f"{x:.0f}",
    Decimal: lambda exact: f"{exact:f}",
}


def typed(text: str, field: FieldInfo) -> str:
    """What a person typed for *field*, as it would be written in .env: without unit,
    dollar sign and commas between thousands. Other text is returned unchanged."""
    words, kind = " ".join(text.split()), kind_of(field)
    if is_optional(field) and words.lower() in _NONE:
        return ""
    if kind in _NUMBERS:
        return _number(words)
    if kind is time:
        return _clock(words)
    if kind is str:
        return _AROUND_COMMAS.sub(",", words)
    if kind is bool:
        return _YES_OR_NO.get(words.lower(), words)
    return _option(words, field)


def options_of(field: FieldInfo) -> tuple[str, ...]:
    """All its values if they are few, else empty."""
    kind = kind_of(field)
    if kind is bool:
        return ("true", "false")
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(each.value) for each in kind)
    literals = get_args(kind)
    return tuple(literals) if all(isinstance(each, str) for each in literals) else ()


def can_be_none(field: FieldInfo) -> bool:
    return type(None) in get_args(field.annotation)


def is_optional(field: FieldInfo) -> bool:
    """Whether it may be None or an empty text."""
    return can_be_none(field) or field.default == ""


def kind_of(field: FieldInfo) -> Any:
    """The type of its values, without None."""
    kinds = [each for each in get_args(field.annotation) if each is not type(None)]
    kind = kinds[0] if can_be_none(field) else field.annotation
    return getattr(kind, "__origin__", kind) if hasattr(kind, "__metadata__") else kind


def _number(words: str) -> str:
    found = _NUMBER.fullmatch(words)
    if found is None or not _is_unit(found[2]):
        return words
    digits = found[1].replace(" ", "").replace("\N{MINUS SIGN}", "-")
    return digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else digits


def _is_unit(word: str) -> bool:
    return word in {"", "%", "$"} or all(
        each in _UNITS for each in word.lower().split()
    )


def _clock(words: str) -> str:
    found = _CLOCK.fullmatch(words)
    return words if found is None else f"{int(found[1]):02}:{found[2]}"


def _option(words: str, field: FieldInfo) -> str:
    """*words* in the spelling of one of the options, ignoring case."""
    fitting: list[Any] = [o for o in options_of(field) if o.lower() == words.lower()]
    return str(fitting[0]) if fitting else words
