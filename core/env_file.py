"""What a .env file sets, and whether anybody knows those names."""

import re
import stat
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Final

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from core.model.errors import SettingsWrong


_OF_A_NAME: Final = re.compile(r"[\w.-]*")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def open_to_others(files: Iterable[Path]) -> tuple[str, ...]:
    """A sentence for each of *files* that other users of this machine may read or
    write: it holds what opens the bot."""
    return tuple(
        f"{file} can be read by other users of this machine: chmod 600 {file}"
        for file in files
        if file.stat().st_mode & _OTHERS
    )


def text_of(env_file: Path) -> str:
    """The text of *env_file*; "" where there is nothing of that name. Raises
    SettingsWrong if it cannot be read; a link to nothing is no file without settings.
    What is no regular file is not opened: a named pipe would be waited for without end.
    """
    try:
        if not _is_there(env_file):
            return ""
        if not stat.S_ISREG(env_file.stat().st_mode):
            raise SettingsWrong(f"{env_file} cannot be read: it is no regular file.")
        return env_file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsWrong(f"{env_file} cannot be read: it is not UTF-8.") from error
    except OSError as error:
        raise SettingsWrong(f"{env_file} cannot be read: {error.strerror}.") from error


def _is_there(file: Path) -> bool:
    """Whether anything has that name. Raises OSError where that cannot be looked for."""
    try:
        file.lstat()
    except FileNotFoundError:
        return False
    return True


def values_in(text: str, *, env_file: Path) -> Mapping[str, str]:
    """The values that the *text* of *env_file* sets, by their names. ``${NAME}`` stands
    for a value above, or for one of the environment.

    Raises:
        SettingsWrong: a line would be skipped in silence.
    """
    written = _written(list(parse_stream(StringIO(text))), env_file)
    values = {k: v or "" for k, v in dotenv_values(stream=StringIO(text)).items()}
    for name, value in values.items():
        if written[name] and not value:
            raise SettingsWrong(f"{name} in {env_file} is a variable that is not set.")
    return values


def _written(bindings: Sequence[Binding], env_file: Path) -> Mapping[str, str]:
    """The values by their names, as they are written. Raises SettingsWrong."""
    for binding in bindings:
        if binding.error or (binding.key and binding.value is None):
            line = binding.original.line
            raise SettingsWrong(f"Line {line} of {env_file} is not NAME=value.")
    written = {each.key: each.value or "" for each in bindings if each.key}
    times = Counter(each.key.upper() for each in bindings if each.key)
    if twice := [name for name, count in times.items() if count > 1]:
        raise SettingsWrong(
            "\n".join(f"{name} is set twice in {env_file}." for name in twice)
        )
    return written


def unknown(
    names: Iterable[str], *, known: frozenset[str], where: str
) -> tuple[str, ...]:
    """A sentence for each of *names* that is not *known*."""
    return tuple(
        f"There is no setting {_shown(name)} (in {where}){_meant(name, known)}"
        for name in names
        if name.upper() not in known
    )


def _shown(name: str) -> str:
    """*name* without what is in no name: a token may have come into it."""
    told = _OF_A_NAME.match(name)
    return name if told is None or told[0] == name else f"{told[0]}…"


def _meant(name: str, known: frozenset[str]) -> str:
    close = get_close_matches(name.upper(), known, n=1)
    return f"; did you mean {close[0]}?" if close else "."
