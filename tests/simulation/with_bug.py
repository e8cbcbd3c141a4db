"""Plays days of the universe with one seeded bug: the module is compiled from its
changed text, in a process of its own, and no file is changed.
"""

import asyncio
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Final

from tests.teeth.bug import Bug


ROOT: Final = Path(__file__).parents[2]
_OURS: Final = ("bot", "core", "tests")


class _Changed(Loader):
    """Loads one module from another text than that of its file."""

    def __init__(self, file: Path, text: str) -> None:
        self._file, self._text = file, text

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._text, self._file, "exec"), module.__dict__)  # noqa: S102  our own words


class _Finder(MetaPathFinder):
    def __init__(self, name: str, loader: _Changed) -> None:
        self._name, self._loader = name, loader

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_loader(fullname, self._loader)


def first_failure(bug: Bug | None, days: Sequence[int]) -> tuple[int, str]:
    """The first of *days* (seeds) that fails with *bug*, and its violation; (0, "")
    where none does. If the bug's text is not in the file, day -1 fails.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(writing, bug, days)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answers:
        said = answers.read()
    os.waitpid(child, 0)
    day, what = json.loads(said or '[-1, "the process ended"]')
    return int(day), str(what)


def _answer(writing: int, bug: Bug | None, days: Sequence[int]) -> None:
    """In the child: play, write the result, and end at once."""
    try:
        found = _play(bug, days)
    except BaseException as error:  # noqa: BLE001  whatever it is, the parent is told
        found = (-1, f"did not run: {error!r}")
    os.write(writing, json.dumps(found).encode())
    os._exit(0)


def _play(bug: Bug | None, days: Sequence[int]) -> tuple[int, str]:
    _forget_ours()
    if bug is not None:
        _put_in(bug)
    found = _until_wrong()
    played = import_module("tests.simulation.day").played  # with the bug in it
    plan = import_module("tests.simulation.directed").plan
    for day in days:
        try:
            played(plan(day))
        except RuntimeError:
            if not found:
                raise
        if found:
            return day, found[0]
    return 0, ""


def _until_wrong() -> list[str]:
    """The violations from now on; the first ends its day, whose rest shows no more."""
    found: list[str] = []

    def wrong(_: object, what: str) -> None:
        found.append(what)
        with suppress(RuntimeError):  # the day has ended already
            asyncio.get_running_loop().stop()

    import_module("tests.simulation.auditor").Auditor.wrong = wrong
    return found


def _forget_ours() -> None:
    """Have the product's modules imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
        del sys.modules[name]


def _put_in(bug: Bug) -> None:
    file = ROOT / bug.file
    text = file.read_text()
    if bug.old not in text:
        raise LookupError(f"{bug.file} has no such text any more")
    name = bug.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    changed = _Changed(file, text.replace(bug.old, bug.new))
    sys.meta_path.insert(0, _Finder(name, changed))
