"""`python -m tests.mutants.worker FILE N`, in a copy: judge every Nth mutant of one file.

Each mutant runs in a fork of this process. What is wrong inside a
function is put into the loaded program; what is wrong at the import (a table, say) stands
in the place of the module, with all loaded that does not depend on it. Only the tests
that run its line are run, the fastest first, until one fails.
"""

import gc
import json
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final
from zlib import crc32

from tests.mutants.files import FILES
from tests.mutants.forks import in_a_fork
from tests.mutants.sites import Mutant, mutants_of
from tests.mutants.swaps import Loaded, can_be_put, with_all_loaded
from tests.mutants.trial import IMPORT, Passed, fails_with, load, without_mutant


LONGEST: Final = 900.0
"""Seconds for all tests of a file, without a mutant."""

Tests = Mapping[str, float]
"""Their names, in the order to run them, and their seconds without a mutant."""


class Outcome(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    TIMEOUT = "timeout"


def main(file: str, every: int) -> int:
    """Print a line of JSON for each mutant. Returns 1 when tests fail without any."""
    passed = _measured(FILES[file])
    if passed is None:
        return 1
    load(passed.modules, but=file)
    gc.freeze()
    _Trials(file, passed).of(every)
    return 0


def _measured(tests: Sequence[str]) -> Passed | None:
    """One run serves all files that have the same tests; it is kept in this directory."""
    kept = Path(f"{crc32(repr(tests).encode()):08x}.passed")
    if not kept.exists():
        files = [each for each in FILES if FILES[each] == tests]
        told = in_a_fork(
            lambda: pickle.dumps(without_mutant(files, tests)), within=LONGEST
        )
        whole = Path(f"{kept}.{os.getpid()}")
        whole.write_bytes(told or pickle.dumps(None))
        whole.replace(kept)
    passed: Passed | None = pickle.loads(kept.read_bytes())  # noqa: S301  our fork
    return passed


class _Trials:
    """Of the mutants of one file: those of the import first, while it is not loaded."""

    def __init__(self, file: str, passed: Passed) -> None:
        self._file = file
        self._seconds = passed.seconds
        self._lines = passed.by_line[file]

    def of(self, every: int) -> None:
        source = Path(self._file).read_text(encoding="utf-8")
        original = compile(source, self._file, "exec")
        inside: list[Mutant] = []
        for mutant in islice(mutants_of(source, name=self._file), 0, None, every):
            if mutant.function and can_be_put(mutant.code, original):
                inside.append(mutant)
            else:
                self._try(mutant, partial(fails_with, file=self._file))
        judge = partial(self._try_all, inside)
        with_all_loaded(self._file, self._seconds, judge)

    def _try_all(self, mutants: Sequence[Mutant], loaded: Loaded) -> None:
        for mutant in mutants:
            self._try(mutant, loaded.fails_with)

    def _try(self, mutant: Mutant, fails_with: Callable[..., bool]) -> None:
        fails = partial(fails_with, mutant.code)
        outcome = _outcome_of(fails, self._tests_of(mutant))
        print(json.dumps([str(mutant), outcome]), file=sys.__stdout__, flush=True)

    def _tests_of(self, mutant: Mutant) -> Tests:
        """Those that run its line, the fastest first; those of its function where a line
        is not known to run by itself, and all for what runs at the import."""
        names = self._lines.get(mutant.line) or self._of(mutant.function or ())
        if mutant.function is None or IMPORT in names:
            names = frozenset(self._seconds)
        order = sorted(names, key=lambda name: self._seconds[name])
        return {name: self._seconds[name] for name in order}

    def _of(self, lines: Iterable[int]) -> frozenset[str]:
        ran = (self._lines.get(line, frozenset()) for line in lines)
        return frozenset().union(*ran)


def _outcome_of(fails: Callable[..., bool], tests: Tests) -> Outcome:
    if not tests:
        return Outcome.SURVIVED

    def trial() -> bytes:
        return b"" if fails(tests=tests) else b"passed"

    told = in_a_fork(trial, within=10 + 5 * sum(tests.values()) + len(tests))
    if told is None:
        return Outcome.TIMEOUT
    return Outcome.SURVIVED if told else Outcome.KILLED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
