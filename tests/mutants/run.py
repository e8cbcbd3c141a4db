"""`python -m tests.mutants.run [FILES]`: how much of what could be wrong is noticed.

Each file where money moves is taken, one thing in it is made wrong, and the tests
that speak of it must fail. Non-zero when fewer mutants than the mark are noticed, or
when tests fail without any.
"""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.copies import copy_the_checkout
from tests.memory import MEMORY
from tests.mutants.files import FILES


MARK: Final = 85.0
"""Percent of all mutants that must be noticed."""

AT_ONCE: Final = 2 * (os.cpu_count() or 1)
"""Processes: half of the time a test with a mutant only waits for what never comes."""

ENVIRONMENT: Final = {
    **os.environ,
    "PYTHONHASHSEED": "0",
    "HYPOTHESIS_PROFILE": "mutants",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONDONTWRITEBYTECODE": "",  # what is compiled once is read again in each fork
    "OPENBLAS_NUM_THREADS": "1",  # a fork keeps no threads
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of the mutants of one file: how many of each outcome, and those
    that nobody noticed. None of it if its tests fail without a mutant."""

    file: str
    counts: Mapping[str, int]
    survivors: Sequence[str]

    def __str__(self) -> str:
        if not self.counts:
            return f"{self.file:30} its tests fail without any mutant"
        return _row(self.file, self.counts)


def main(argv: Sequence[str]) -> int:
    """Print a table of the files, and every mutant that survives."""
    options = _options(argv)
    record: Path | None = options.record
    known = {each.file: each for each in _recorded(record)}
    files = options.files or FILES
    judged = [known[file] for file in files if file in known]
    print(f"{'':30} mutants   killed survived timeouts   score")
    for each in judged:
        print(each, flush=True)
    for each in _judged([file for file in files if file not in known], options):
        judged.append(each)
        _keep(each, record)
        print(each, *each.survivors, sep="\n      ", flush=True)
    total = _sum(each.counts for each in judged)
    print(_row("total", total))
    return int(not all(each.counts for each in judged) or score(total) < MARK)


def _options(argv: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.mutants.run", description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--jobs", type=int, default=AT_ONCE)
    parser.add_argument(
        "--every", type=int, default=1, help="only every so many of the mutants"
    )
    parser.add_argument(
        "--record",
        type=Path,
        help="gets a line of JSON for each file; those that it has are not judged again",
    )
    return parser.parse_args(argv)


def _judged(files: Iterable[str], options: Namespace) -> Iterator[Judged]:
    """In a copy of the checkout, so many *files* at once; as they end."""
    with (
        TemporaryDirectory(dir=MEMORY) as directory,
        ThreadPoolExecutor(options.jobs) as pool,
    ):
        copy = Path(directory)
        copy_the_checkout(copy)
        judged = [pool.submit(judge, file, copy, options.every) for file in files]
        for done in as_completed(judged):
            yield done.result()


def _recorded(record: Path | None) -> Iterator[Judged]:
    if record is None or not record.exists():
        return
    for line in record.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        del told["commit"]
        yield Judged(**told)


def _keep(judged: Judged, record: Path | None) -> None:
    """Not what failed without a mutant: that is to be judged again."""
    if record is None or not judged.counts:
        return
    line = json.dumps({"commit": _commit(), **asdict(judged)})
    with record.open("a", encoding="utf-8") as lines:
        lines.write(f"{line}\n")


def _commit() -> str:
    command = ("git", "rev-parse", "HEAD")
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    return run.stdout.strip()


def judge(file: str, copy: Path, every: int = 1) -> Judged:
    command = [sys.executable, "-m", "tests.mutants.worker", file, str(every)]
    run = subprocess.run(  # noqa: S603  our own words
        command,
        cwd=copy,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    told = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode or not told:
        return Judged(file=file, counts={}, survivors=())
    return Judged(
        file=file,
        counts=dict(Counter(outcome for _, outcome in told)),
        survivors=[mutant for mutant, outcome in told if outcome == "survived"],
    )


def _sum(counts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def score(counts: Mapping[str, int]) -> float:
    """Percent that is noticed: killed, or never ending."""
    everything = sum(counts.values())
    return 100 * (1 - counts.get("survived", 0) / everything) if everything else 0.0


def _row(name: str, counts: Mapping[str, int]) -> str:
    numbers = (counts.get(word, 0) for word in ("killed", "survived", "timeout"))
    killed, survived, timeouts = numbers
    return (
        f"{name:30} {sum(counts.values()):7} {killed:8} {survived:8} {timeouts:8}"
        f" {score(counts):6.1f}%"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
