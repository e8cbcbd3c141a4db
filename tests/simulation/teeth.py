"""`python -m tests.simulation.teeth`: puts each seeded bug into a copy of the checkout, and
counts the days that the universe needs to find it.

What a day without any bug finds wrong as well does not count. Bugs of the surroundings,
which no simulated day can meet, are named with the reason and not tried.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.copies import copy_the_checkout
from tests.teeth.bug import Bug
from tests.teeth.bugs import BUGS


_FOUND: Final = re.compile(r"^(\d+): (.+)$", re.MULTILINE)
_LONG: Final = 80

NOT_TRIED: Final[Mapping[str, str]] = {
    "core/loopback.py": "every name is this machine",
    "bot/bot_api/way.py": "no proxy stands in the simulated network",
    "bot/loop_watchdog.py": "its thread and the process's clock are not simulated",
    "bot/sandbox/origin.py": "the chat page has no browser here",
    "core/store/disk.py": "no second process; a commit is on disk or it is not",
    "core/model/errors.py": "no other program locks the journal here",
    "core/broker/codes.py": "the sandbox speaks English",
    "core/broker/texts.py": "the sandbox's gateway is in one time zone",
    "core/broker/raw_fields.py": "the sandbox names every commission",
    "core/broker/exchange_rates.py": "the account is in dollars",
    "core/broker/translate.py": "the market has neither fractions nor euros",
    "core/broker/account.py": "figures for the eye are not judged",
    "core/model/order.py": "fees are in dollars",
    "core/rules/figures/day_profit.py": "figures for the eye are not judged",
    "core/rules/reporting.py": "figures for the eye are not judged",
    "core/rules/ranking.py": "the market has no warrants and no splits",
    "core/rules/scanned_rows.py": "the market has each number once",
}
"""Files whose bugs no day can show, and why."""


def main() -> int:
    """Print a line for each bug; the names given choose among them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    chosen = [b for b in BUGS if not arguments.names or b.name in arguments.names]
    bugs = [bug for bug in chosen if bug.file not in NOT_TRIED]
    with TemporaryDirectory() as directory:
        checkout = Path(directory)
        copy_the_checkout(checkout)
        usual = [day for day, _ in _wrong(checkout, arguments)]
        print(f"without a bug these days fail: {' '.join(usual) or 'none'}", flush=True)
        options = ["--until-wrong", *(("--but", *usual) if usual else ())]
        found = sum(_is_found(bug, checkout, arguments, options) for bug in bugs)
    for bug in chosen:
        if bug.file in NOT_TRIED:
            print(f"{bug.name:55} not tried: {NOT_TRIED[bug.file]}")
    print(f"{found} of {len(bugs)} bugs are found in {arguments.seeds} days each")
    return 0


def _is_found(
    bug: Bug, checkout: Path, arguments: argparse.Namespace, options: Sequence[str]
) -> bool:
    file = checkout / bug.file
    whole = file.read_text()
    file.write_text(whole.replace(bug.old, bug.new))
    wrong = _wrong(checkout, arguments, *options)
    file.write_text(whole)
    how = f"day {wrong[0][0]:>3}: {wrong[0][1][:_LONG]}" if wrong else "not found"
    print(f"{bug.name:55} {how}", flush=True)
    return bool(wrong)


def _wrong(
    checkout: Path, arguments: argparse.Namespace, *options: str
) -> list[tuple[str, str]]:
    """The days that fail, and what they say."""
    command = [sys.executable, "-B", "-m", "tests.simulation.universe"]
    numbers = ["--seeds", f"{arguments.seeds}", "--jobs", f"{arguments.jobs}"]
    told = subprocess.run(  # noqa: S603  our own words
        [*command, *numbers, *options],
        cwd=checkout,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode not in {0, 1}:
        return [("0", f"did not run: {told.stderr[-200:]}")]
    return _FOUND.findall(told.stdout)


if __name__ == "__main__":
    sys.exit(main())
