"""The only source of chance: names that nobody can guess are made from it."""

from collections.abc import Callable
from secrets import token_bytes
from typing import Final


RandomBytes = Callable[[int], bytes]
"""So many random bytes, fit for secrets."""

random_bytes: Final[RandomBytes] = token_bytes
"""The operating system's."""
