"""`python -m tests.teeth.run`: write each bug into a copy of the checkout, and see that
its test fails. Non-zero when one survives. Numbers choose the bugs of some lines of
docs/safety.md only: `make teeth ARGS="6 7 10"`."""

import argparse
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.copies import copy_the_checkout
from tests.teeth.bug import Bug
from tests.teeth.bugs import BUGS


FAILED: Final = 1
"""pytest's exit code when a test failed; others mean that none ran."""


HANGS: Final = 300
"""Seconds after which a test that does not end has noticed the bug."""


def main(arguments: list[str]) -> int:
    """Print a table of the bugs and what caught them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", nargs="*", type=int, help="lines of docs/safety.md")
    lines = parser.parse_args(arguments).lines
    bugs = [bug for bug in BUGS if not lines or bug.line in lines]
    if not bugs:
        parser.error(f"no bug is of {lines}")
    with TemporaryDirectory() as directory:
        copy = Path(directory)
        copy_the_checkout(copy)
        if _pytest(copy, dict.fromkeys(bug.test for bug in bugs)) != 0:
            print("the tests fail without any bug")
            return 1
        survivors = [bug for bug in bugs if not _is_caught(bug, copy)]
    print(f"{len(bugs) - len(survivors)} of {len(bugs)} bugs are caught")
    return int(bool(survivors))


def _is_caught(bug: Bug, copy: Path) -> bool:
    file = copy / bug.file
    whole = file.read_text()
    file.write_text(whole.replace(bug.old, bug.new))
    code = _pytest(copy, [bug.test], within=HANGS)
    file.write_text(whole)
    caught = code == FAILED
    by = bug.test.rpartition("::")[2]
    print(
        f"{bug.line or '':>2} {bug.name:60} {by if caught else f'SURVIVES ({code})'}",
        flush=True,
    )
    return caught


def _pytest(copy: Path, tests: Iterable[str], *, within: float | None = None) -> int:
    quiet = ("-q", "-x", "--timeout=20", "-p", "no:cacheprovider")
    command = [sys.executable, "-B", "-m", "pytest", *quiet, *tests]
    try:
        done = subprocess.run(  # noqa: S603  our own tests
            command, cwd=copy, check=False, stdout=subprocess.DEVNULL, timeout=within
        )
    except subprocess.TimeoutExpired:
        return FAILED
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
