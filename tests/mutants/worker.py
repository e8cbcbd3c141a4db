"""`python -m tests.mutants.worker FILE`, in a copy: judge the mutants of one file.

Nothing is written. Each mutant runs in a fork of this process. What is wrong inside a
function is put into the loaded program; what is wrong at the import (a table, say) stands
in the place of the module, with all loaded that does not depend on it. Only the tests
that run the function are run, those of the line first and the fastest of them, until one
fails.
"""

import gc
import json
import pickle
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final

from tests.mutants.files import FILES
from tests.mutants.forks import in_a_fork
from tests.mutants.sites import Mutant, mutants_of
from tests.mutants.swaps import Loaded, can_be_put, with_all_loaded
from tests.mutants.trial import IMPORT, Passed, fails_with, load, without_mutant


LONGEST: Final = 300.0
"""Seconds for all tests of a file, without a mutant."""

Tests = Mapping[str, float]
"""Their names, in the order to run them, and their seconds without a mutant."""


class Outcome(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    TIMEOUT = "timeout"


def main(file: str) -> int:
    """Print a line of JSON for each mutant. Returns 1 when tests fail without any."""
    told = in_a_fork(
        lambda: pickle.dumps(without_mutant(file, FILES[file])), within=LONGEST
    )
    passed: Passed | None = pickle.loads(told) if told else None  # noqa: S301  our fork
    if passed is None:
        return 1
    load(passed.modules, but=file)
    gc.freeze()
    source = Path(file).read_text(encoding="utf-8")
    original = compile(source, file, "exec")
    inside: list[Mutant] = []
    for mutant in mutants_of(source, name=file):
        if mutant.function and can_be_put(mutant.code, original):
            inside.append(mutant)
        else:
            _tell(mutant, passed, partial(fails_with, mutant.code, file=file))
    with_all_loaded(file, passed.seconds, partial(_judge, inside, file, passed))
    return 0


def _judge(
    mutants: Sequence[Mutant], file: str, passed: Passed, loaded: Loaded
) -> None:
    for mutant in mutants:
        _tell(mutant, passed, partial(loaded.fails_with, mutant.code, file=file))


def _tell(mutant: Mutant, passed: Passed, fails: Callable[..., bool]) -> None:
    outcome = _outcome_of(fails, _tests_of(mutant, passed))
    print(json.dumps([str(mutant), outcome]), file=sys.__stdout__, flush=True)


def _tests_of(mutant: Mutant, passed: Passed) -> Tests:
    """Those that run the mutant's function; all, for what runs at the import."""
    names = _names_of(mutant, passed)
    on_the_line = passed.by_line.get(mutant.line, frozenset())
    order = sorted(names, key=lambda n: (n not in on_the_line, passed.seconds[n]))
    return {name: passed.seconds[name] for name in order}


def _names_of(mutant: Mutant, passed: Passed) -> frozenset[str]:
    everything = frozenset(passed.seconds)
    if mutant.function is None:
        return everything
    ran = (passed.by_line.get(line, frozenset()) for line in mutant.function)
    names: frozenset[str] = frozenset().union(*ran)
    return everything if IMPORT in names else names


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
    sys.exit(main(sys.argv[1]))
