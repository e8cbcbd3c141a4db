"""The names that are set in a .env file, and whether anybody knows them."""

import stat
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from dotenv.parser import parse_stream

from core.model.errors import SettingsWrong


_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def open_to_others(files: Iterable[Path]) -> tuple[str, ...]:
    """A sentence for each of *files* that other users of this machine may read or
    write: it holds what opens the bot."""
    return tuple(
        f"{file} can be read by other users of this machine: chmod 600 {file}"
        for file in files
        if file.stat().st_mode & _OTHERS
    )


def names_in(env_file: Path) -> tuple[str, ...]:
    """The names set in *env_file*.

    Raises:
        SettingsWrong: it cannot be read, or a line would be skipped in silence.
    """
    try:
        with env_file.open(encoding="utf-8") as lines:
            bindings = list(parse_stream(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"{env_file} cannot be read: {error}.") from error
    for binding in bindings:
        if binding.error or (binding.key and binding.value is None):
            line = binding.original.line
            raise SettingsWrong(f"Line {line} of {env_file} is not NAME=value.")
    return tuple(binding.key for binding in bindings if binding.key)


def unknown(
    names: Iterable[str], *, known: frozenset[str], where: str
) -> tuple[str, ...]:
    """A sentence for each of *names* that is not *known*."""
    return tuple(
        f"There is no setting {name} (in {where}){_meant(name, known)}"
        for name in names
        if name.upper() not in known
    )


def _meant(name: str, known: frozenset[str]) -> str:
    close = get_close_matches(name.upper(), known, n=1)
    return f"; did you mean {close[0]}?" if close else "."
