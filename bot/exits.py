"""How a command ends, and where it reads its settings from."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final


OK: Final = 0
BROKE: Final = 1
"""Something contradicted the journal, or broke: start again to reconcile."""

WRONG: Final = 2
"""The settings, or another process, stood in the way: nothing was started."""

ENV_FILE: Final = Path(".env")
"""Read from where the bot is started, below the environment itself."""


def singly(error: Exception) -> Iterator[Exception]:
    """Every error of *error*, however deep the task group that it comes from."""
    if not isinstance(error, ExceptionGroup):
        yield error
        return
    for each in error.exceptions:
        yield from singly(each)
