"""`python -m tests.teeth.run`: write each bug into a copy of the checkout, and see that
its test fails. Non-zero when one survives. Numbers choose the bugs of some lines of
docs/safety.md only: `make teeth ARGS="6 7 10"`. JOBS=2 plays two at once."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Final

from tests.copies import copy_the_checkout
from tests.teeth.bug import Bug
from tests.teeth.bugs import BUGS


PASSED: Final = 0
FAILED: Final = 1
"""pytest's exit code when a test failed; others mean that none ran."""


LONG: Final = 60
"""Seconds after which one test has noticed a bug by not ending. Without a bug the
suite's own limit holds: the longest, a model, takes up to half a minute under load."""

HANGS: Final = 300
"""Seconds after which a run that does not end has noticed the bug."""


def main(arguments: list[str]) -> int:
    """Print a table of the bugs and what caught them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", nargs="*", type=int, help="lines of docs/safety.md")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(arguments)
    bugs = [bug for bug in BUGS if not given.lines or bug.line in given.lines]
    if not bugs:
        parser.error(f"no bug is of {given.lines}")
    with TemporaryDirectory() as directory:
        copies = [_copied(Path(directory) / str(n)) for n in range(given.jobs)]
        tests = dict.fromkeys(bug.test for bug in bugs)
        code, said = _pytest(copies[0], tests, f"-n{given.jobs}")
        if code != PASSED:
            print(said, "the tests fail without any bug", sep="\n")
            return 1
        survivors = _survivors(bugs, copies)
    print(f"{len(bugs) - len(survivors)} of {len(bugs)} bugs are caught")
    return int(bool(survivors))


def _copied(to: Path) -> Path:
    to.mkdir()
    copy_the_checkout(to)
    return to


def _survivors(bugs: list[Bug], copies: list[Path]) -> list[Bug]:
    """The bugs that no test catches, each played in a copy that is free."""
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def is_caught(bug: Bug) -> bool:
        copy = free.get()
        try:
            return _is_caught(bug, copy)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        caught = list(pool.map(is_caught, bugs))
    return [bug for bug, was_caught in zip(bugs, caught, strict=True) if not was_caught]


def _is_caught(bug: Bug, copy: Path) -> bool:
    file = copy / bug.file
    whole = file.read_text()
    file.write_text(whole.replace(bug.old, bug.new))
    code, said = _pytest(copy, [bug.test], f"--timeout={LONG}", within=HANGS)
    file.write_text(whole)
    caught = code == FAILED
    by = bug.test.rpartition("::")[2] + " (by time)" * ("Timeout (>" in said)
    print(
        f"{bug.line or '':>2} {bug.name:60} {by if caught else f'SURVIVES ({code})'}",
        flush=True,
    )
    return caught


def _pytest(
    copy: Path, tests: Iterable[str], *options: str, within: float | None = None
) -> tuple[int, str]:
    """pytest's exit code, and what it said."""
    quiet = ("-q", "-x", "-p", "no:cacheprovider", *options)
    command = [sys.executable, "-B", "-m", "pytest", *quiet, *tests]
    try:
        done = subprocess.run(  # noqa: S603  our own tests
            command, cwd=copy, check=False, stdout=subprocess.PIPE, timeout=within
        )
    except subprocess.TimeoutExpired:
        return FAILED, "Timeout (>"
    return done.returncode, done.stdout.decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
