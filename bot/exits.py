"""Exit codes, and where the settings file is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final


OK: Final = 0
BROKE: Final = 1
"""A contradiction with the journal, or an unexpected error: start again to
reconcile."""

WRONG: Final = 2
"""The settings are wrong, another Openbell is running, a newer one has written the
journal, or there can be none where it belongs: nothing was started."""

ENV_FILE: Final = Path(".env")
"""Read from the working directory; environment variables override it."""


def singly(error: Exception) -> Iterator[Exception]:
    """The errors in *error*, however deeply exception groups are nested."""
    if not isinstance(error, ExceptionGroup):
        yield error
        return
    for each in error.exceptions:
        yield from singly(each)
