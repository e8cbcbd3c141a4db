"""Loads Settings from the environment and a file, or says what is wrong with each."""

import os
from collections.abc import Mapping
from errno import ENAMETOOLONG
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from core.env_file import text_of, unknown, values_in
from core.model.errors import SettingsWrong
from core.settings.settings import PREFIX, Settings


LONGEST: Final = 480
"""Bytes of a journal's path: SQLite takes 512 with what it appends (os_unix.c)."""


def load_settings(env_file: Path) -> Settings:
    """Settings from *env_file*, if it exists, overridden by the environment.

    Raises:
        SettingsWrong: one line for each wrong setting: its name, and what it accepts.
    """
    return settings_of(text_of(env_file), env_file=env_file)


def settings_of(text: str, *, env_file: Path) -> Settings:
    """The same, if *text* were in *env_file*.

    Raises:
        SettingsWrong: one line for each wrong setting: its name, and what it accepts.
    """
    known = frozenset(PREFIX + field.upper() for field in Settings.model_fields)
    ours = {k: v for k, v in os.environ.items() if k.upper().startswith(PREFIX)}
    of_file = values_in(text, env_file=env_file)
    wrong = [
        *unknown(ours, known=known, where="the environment"),
        *unknown(of_file, known=known, where=str(env_file)),
    ]
    try:
        settings = Settings(**_by_field(of_file, known) | _by_field(ours, known))
    except ValidationError as error:
        raise SettingsWrong(
            "\n".join([*wrong, *in_words(error)])
        ) from None  # it shows the values
    wrong += _of_the_journal(settings.journal)
    if wrong:
        raise SettingsWrong("\n".join(wrong))
    return settings


def _of_the_journal(path: Path) -> list[str]:
    """A sentence if no file can be at *path*: a folder on the way may not be entered, or
    the path is too long."""
    why = ""
    try:
        path.exists()
    except OSError as problem:
        why = problem.strerror or ""
    if len(os.fsencode(path.absolute())) > LONGEST:
        why = os.strerror(ENAMETOOLONG)
    return [f"{PREFIX}DATA_DIR cannot be used: {why}."] if why else []


def _by_field(values: Mapping[str, str], known: frozenset[str]) -> dict[str, Any]:
    """The values by the field that each is for. An empty one means the default."""
    return {
        name.upper().removeprefix(PREFIX).lower(): value
        for name, value in values.items()
        if value and name.upper() in known
    }


def in_words(error: ValidationError) -> list[str]:
    """A sentence for each error."""
    return [
        sentence
        for found in error.errors()
        for sentence in _sentences(found["loc"], found["msg"])
    ]


def _sentences(where: tuple[int | str, ...], message: str) -> list[str]:
    if not where:
        return [
            f"{each}." for each in message.removeprefix("Value error, ").split("; ")
        ]
    field = Settings.model_fields[str(where[0])]
    return [f"{PREFIX}{str(where[0]).upper()} takes {field.description}."]
