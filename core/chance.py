"""The only source of chance: names that nobody can guess are made from it."""

from collections.abc import Callable
from random import Random
from secrets import token_bytes
from typing import Final

from core.rules.scoring.intervals import Choices


RandomBytes = Callable[[int], bytes]
"""So many random bytes, fit for secrets."""

random_bytes: Final[RandomBytes] = token_bytes
"""The operating system's."""


def repeatable(seed: int) -> Choices:
    """Draws for figures that must come out the same again; no name is made from them."""
    return Random(seed).choices  # noqa: S311  nothing here is a secret
