"""Loads Settings from the environment and a file, or says what is wrong with each."""

import os
from pathlib import Path

from pydantic import ValidationError

from core.env_file import names_in, unknown
from core.model.errors import SettingsWrong
from core.settings.settings import PREFIX, Settings


def load_settings(env_file: Path) -> Settings:
    """Settings from *env_file*, if it exists, overridden by the environment.

    Raises:
        SettingsWrong: one line for each wrong setting: its name, and what it accepts.
    """
    known = frozenset(PREFIX + field.upper() for field in Settings.model_fields)
    ours = [name for name in os.environ if name.upper().startswith(PREFIX)]
    wrong = [*unknown(ours, known=known, where="the environment")]
    if env_file.exists():
        wrong += unknown(names_in(env_file), known=known, where=str(env_file))
    try:
        settings = Settings(_env_file=env_file, _env_file_encoding="utf-8")
    except ValidationError as error:
        raise SettingsWrong(
            "\n".join([*wrong, *in_words(error)])
        ) from None  # it shows the values
    if wrong:
        raise SettingsWrong("\n".join(wrong))
    return settings


def in_words(error: ValidationError) -> list[str]:
    """A sentence for each error, except for unknown names, which already have one."""
    return [
        sentence
        for found in error.errors()
        if found["type"] != "extra_forbidden"
        for sentence in _sentences(found["loc"], found["msg"])
    ]


def _sentences(where: tuple[int | str, ...], message: str) -> list[str]:
    if not where:
        return [
            f"{each}." for each in message.removeprefix("Value error, ").split("; ")
        ]
    field = Settings.model_fields[str(where[0])]
    return [f"{PREFIX}{str(where[0]).upper()} takes {field.description}."]
