"""What the buttons about people carry.

Tested by tests/bot/test_callback_data.py.
"""

import re
from dataclasses import dataclass
from typing import Final

from core.model.identity import Rights


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit:
    """Let somebody look or act; *sure* after the second question."""

    number: int
    rights: Rights
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss:
    """Take all rights away from somebody."""

    number: int


_NUMBER: Final = re.compile(r"\d{1,17}", re.ASCII)


def admit(number: str, rights: str, sure: str) -> Admit:
    """Raises ValueError for what was never written."""
    if sure not in {"0", "1"} or _NUMBER.fullmatch(number) is None:
        raise ValueError(number)
    return Admit(number=int(number), rights=Rights(rights), sure=sure == "1")
