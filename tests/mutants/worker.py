"""`python -m tests.mutants.worker FILE`, in a copy: judge the mutants of one file.

Nothing is written. Each mutant runs in a fork of this process, which has loaded all
that does not depend on the file; there it stands in the place of its module. Only the
tests that run its function are run, until one fails.
"""

import gc
import json
import pickle
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from tests.mutants.files import FILES
from tests.mutants.forks import in_a_fork
from tests.mutants.sites import Mutant, mutants_of
from tests.mutants.trial import IMPORT, Passed, fails_with, load, without_mutant


LONGEST: Final = 300.0
"""Seconds for all tests of a file, without a mutant."""


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
    for mutant in mutants_of(Path(file).read_text(encoding="utf-8"), name=file):
        outcome = _outcome_of(mutant, file, _tests_of(mutant, passed))
        print(json.dumps([str(mutant), outcome]), flush=True)
    return 0


def _tests_of(mutant: Mutant, passed: Passed) -> Mapping[str, float]:
    """Those that run the mutant's function; all, for what runs at the import."""
    if mutant.function is None:
        return passed.seconds
    ran = (passed.by_line.get(line, frozenset()) for line in mutant.function)
    names: frozenset[str] = frozenset().union(*ran)
    if IMPORT in names:
        return passed.seconds
    return {name: passed.seconds[name] for name in names}


def _outcome_of(mutant: Mutant, file: str, tests: Mapping[str, float]) -> Outcome:
    if not tests:
        return Outcome.SURVIVED

    def trial() -> bytes:
        return b"" if fails_with(mutant.code, file=file, tests=tests) else b"passed"

    told = in_a_fork(trial, within=10 + 5 * sum(tests.values()) + len(tests))
    if told is None:
        return Outcome.TIMEOUT
    return Outcome.SURVIVED if told else Outcome.KILLED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
