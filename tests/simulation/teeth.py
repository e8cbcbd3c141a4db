"""`python -m tests.simulation.teeth`: puts each seeded bug into a copy, and
counts the days that the universe needs to find it."""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.copies import copy_the_checkout
from tests.teeth.bug import Bug
from tests.teeth.bugs import BUGS


_FOUND: Final = re.compile(r"^(\d+): (.+)$", re.MULTILINE)
_LONG: Final = 90


def main() -> int:
    """Print a line for each bug; the names given choose among them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    bugs = [b for b in BUGS if not arguments.names or b.name in arguments.names]
    with TemporaryDirectory() as directory:
        copy = Path(directory)
        copy_the_checkout(copy)
        found = sum(_found(bug, copy, arguments) for bug in bugs)
    print(f"{found} of {len(bugs)} bugs are found in {arguments.seeds} days each")
    return 0


def _found(bug: Bug, copy: Path, arguments: argparse.Namespace) -> bool:
    file = copy / bug.file
    whole = file.read_text()
    file.write_text(whole.replace(bug.old, bug.new))
    said = "\n".join(_universe(copy, arguments))
    file.write_text(whole)
    hit = _FOUND.search(said)
    how = f"day {hit[1]:>3}: {hit[2][:_LONG]}" if hit else "not found"
    print(f"{bug.name:45} {how}", flush=True)
    return hit is not None


def _universe(copy: Path, arguments: argparse.Namespace) -> Iterator[str]:
    command = [sys.executable, "-B", "-m", "tests.simulation.universe"]
    options = ["--seeds", f"{arguments.seeds}", "--jobs", f"{arguments.jobs}"]
    told = subprocess.run(  # noqa: S603  our own words
        [*command, *options, "--until-wrong"],
        cwd=copy,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    yield told.stdout
    if told.returncode not in {0, 1}:
        yield f"0: did not run: {told.stderr[-200:]}"


if __name__ == "__main__":
    sys.exit(main())
