"""Edits a .env file: changes some settings and leaves everything else as it is."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final


HEAD: Final = (
    "# Openbell's settings, written by `openbell setup`. Every other setting, with its\n"
    "# safe value and a sentence, stands in .env.example of the source.\n"
)


def with_values(text: str, values: Mapping[str, str]) -> str:
    """*text* with each name of *values* set: on its line if it has one, else at the
    end. A mark of the byte order at the start of *text* is dropped."""
    text = text.removeprefix("\ufeff") or HEAD
    for name, value in values.items():
        line = re.compile(
            rf"^[ \t]*(?:export\s+)?{re.escape(name)}\s*=.*$",
            re.MULTILINE | re.IGNORECASE,
        )
        written = f"{name}={value}"
        if line.search(text):
            text = line.sub(written.replace("\\", r"\\"), text)
        else:
            text = f"{text.rstrip()}\n{written}\n"
    return text


def write_privately(file: Path, text: str) -> None:
    """Write *text* to *file* whole or not at all, readable by its owner alone. Of a link
    the file that it points to is written, and the link stays.

    Raises:
        OSError: it cannot be written.
    """
    file = file.resolve()
    beside = file.with_name(f"{file.name}.new")
    beside.unlink(missing_ok=True)
    number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
    beside.replace(file)
