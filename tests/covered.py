"""Which lines and branches of the product the tests run: a pytest plugin, and its sum.

A probe is put at each line and branch as a module is imported, and taken out when it was
met: what is met a second time costs nothing. (A tracer, which hears of each line of the
libraries too, made the tests take more than twice as long.) Each test process
writes what it saw to a folder; what the processes that a test starts run is not counted.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from functools import reduce
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from slipcover import (
    FileMatcher,
    Slipcover,
    merge_coverage,
    print_coverage,
)
from slipcover.importer import SlipcoverLoader


FOLDER: Final = "TESTS_COVERED"
"""The variable that names the folder. Without it nothing is watched."""

PRODUCT: Final = ["core", "bot"]
NO_BODY: Final = [r"^\s*(((async )?def .*?)?\)(\s*->.*?)?:\s*)?\.\.\.\s*(#|$)"]
"""A method of a protocol, which nobody calls."""

Figures = dict[str, Any]
"""As slipcover writes them."""


class Watch(MetaPathFinder):
    """What one test process meets: finds the product's modules, and puts probes in."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{os.getpid()}.json"
        self._probes = Slipcover(immediate=True, branch=True, exclude_also=NO_BODY)
        self._ours = FileMatcher(sources=PRODUCT)
        self._of_a_file = importlib.util.spec_from_file_location
        sys.meta_path.insert(0, self)
        importlib.util.spec_from_file_location = self._found_by_alembic

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in PRODUCT:
            return None
        return self._probed(PathFinder.find_spec(fullname, path, target))

    def _found_by_alembic(self, *words: Any, **named: Any) -> ModuleSpec | None:
        return self._probed(self._of_a_file(*words, **named))

    def _probed(self, spec: ModuleSpec | None) -> ModuleSpec | None:
        loader = spec.loader if spec else None
        if (
            spec
            and spec.origin
            and isinstance(loader, SourceFileLoader)
            and self._ours.matches(spec.origin)
        ):
            spec.loader = SlipcoverLoader(self._probes, loader, spec.origin)
        return spec

    def write(self) -> None:
        self._file.write_text(json.dumps(self._probes.get_coverage()), encoding="utf-8")


def figures_in(folder: Path) -> Figures:
    """What all processes that wrote there met together, of all that there is."""
    nothing = Slipcover(branch=True, source=PRODUCT, exclude_also=NO_BODY)
    met = (json.loads(file.read_bytes()) for file in sorted(folder.glob("*.json")))
    return reduce(merge_coverage, met, nothing.get_coverage())


def percent(figures: Figures, patterns: Iterable[str] = ("*",)) -> float:
    """Of the lines and branches in the files that a pattern names, so many were met."""
    wanted = [
        found["summary"]
        for file, found in figures["files"].items()
        if any(fnmatch(file, pattern) for pattern in patterns)
    ]
    met = sum(each["covered_lines"] + each["covered_branches"] for each in wanted)
    missed = sum(each["missing_lines"] + each["missing_branches"] for each in wanted)
    return float(100 * met / (met + missed))


def print_missing(figures: Figures) -> None:
    """A line for each file of which something was not met."""
    print_coverage(figures, skip_covered=True)


_watch: Final = Watch(Path(os.environ[FOLDER])) if FOLDER in os.environ else None
"""Made when pytest loads this, before the first import of the product."""


def pytest_sessionfinish(session: pytest.Session) -> None:
    del session
    if _watch:
        _watch.write()
