"""`python -m tests.simulation.teeth`: puts each seeded bug into a copy of the checkout, and
counts the days that the universe needs to find it: those that are directed at its kind
come first, then all in turn.

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
from tests.simulation.directed import days_of
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


_LOST, _LATE = ("order swallow", "order cut", "order drop"), ("order delay",)
_ABSENT: Final = ("scenario order-lost", "scenario ghost", "order delay and cut")
_CANCELS: Final = (
    "soon after tap cancel",
    "soon after order cancel",
    "scenario cancel",
)
_REFUSED: Final = ("scenario order-refused", "code placeOrder note 201")
_SLEEPS, _HANDS = ("soon after tap sleep",), ("soon after tap hand",)
_STOPS: Final = ("soon after tap halt", "soon after tap panic")

LIKELY: Final[Mapping[str, tuple[str, ...]]] = {
    "ignore midnight": ("soon after order sleep",),
    "ignore the position": ("soon after order hand BUY",),
    "ignore the gateway's count of ids": _LOST,
    "absence without a fence": (*_ABSENT, *_LATE),
    "one empty pass means absent": (*_ABSENT, *_LATE),
    "passes of two sessions are two passes": (*_ABSENT, *_LATE),
    "no new handshake after a silence": _LOST,
    "a listing that times out is empty": ("word openOrderEnd", "scenario open-orders"),
    "a silent gateway counts as compared": ("scenario open-orders", "scenario execut"),
    "a ghost is nothing special": _ABSENT,
    "let a ghost live": _ABSENT,
    "resend what is missing": _ABSENT,
    "send what was cancelled after it was judged": _CANCELS,
    "trust one's own cancel": _CANCELS,
    "ask for a cancel only once": _CANCELS,
    "forget a cancel that is wanted while the order is being sent": _CANCELS,
    "send on a judgement from before a sleep": _SLEEPS,
    "a halt does not keep a sale back": _STOPS,
    "panic is forgotten with its process": _STOPS,
    "panic asks before the cancels are confirmed": _STOPS,
    "forget sales by hand": _HANDS,
    "judge a sale by a moment before IB has listed": _HANDS,
    "any refusal ends any order": ("code placeOrder note", "scenario order-noted"),
    "believe a refusal at once": _REFUSED,
    "a refusal outweighs the listing": _REFUSED,
    "count a corrected fill twice": ("scenario fill-corrected",),
    "do not tell of a doubt": _LOST,
    "a tap counts wherever it comes from": ("stranger",),
    "halt for a tool whose refs begin like ours": ("namesake",),
    "overlook that IB's count is ahead": ("old copy",),
    "let a hold stand as the reason of a cancellation": ("code placeOrder note 399",),
}
"""How the faults are called without which a bug shows nothing: the days that are directed
at them are tried first."""


def main() -> int:
    """Print a line for each bug; the names given choose among them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    chosen = [b for b in BUGS if not arguments.names or b.name in arguments.names]
    bugs = [bug for bug in chosen if bug.file not in NOT_TRIED]
    with TemporaryDirectory() as directory:
        checkout = Path(directory)
        copy_the_checkout(checkout)
        days = {day for bug in bugs for day in _days(bug, arguments.seeds)}
        usual = [
            day for day, _ in _wrong(checkout, arguments, "--days", *map(str, days))
        ]
        print(f"without a bug these days fail: {' '.join(usual) or 'none'}", flush=True)
        found = sum(_is_found(bug, checkout, arguments, usual) for bug in bugs)
    for bug in chosen:
        if bug.file in NOT_TRIED:
            print(f"{bug.name:55} not tried: {NOT_TRIED[bug.file]}")
    print(f"{found} of {len(bugs)} bugs are found in {arguments.seeds} days each")
    return 0


def _is_found(
    bug: Bug, checkout: Path, arguments: argparse.Namespace, usual: Sequence[str]
) -> bool:
    file = checkout / bug.file
    whole = file.read_text()
    file.write_text(whole.replace(bug.old, bug.new))
    days = [day for day in _days(bug, arguments.seeds) if str(day) not in usual]
    wrong = _wrong(checkout, arguments, "--until-wrong", "--days", *map(str, days))
    file.write_text(whole)
    tried = days.index(int(wrong[0][0])) + 1 if wrong and wrong[0][0] != "0" else 0
    how = f"{tried:>3} days: {wrong[0][1][:_LONG]}" if wrong else "not found"
    print(f"{bug.name:55} {how}", flush=True)
    return bool(wrong)


def _days(bug: Bug, number: int) -> list[int]:
    """So many days: those directed at its kind first, then all in turn."""
    likely = [day for what in LIKELY.get(bug.name, ()) for day in days_of(what)]
    in_turn = [day for day in range(1, number + 1) if day not in likely]
    return [*dict.fromkeys(likely), *in_turn][:number]


def _wrong(
    checkout: Path, arguments: argparse.Namespace, *options: str
) -> list[tuple[str, str]]:
    """The days that fail, and what they say."""
    command = [sys.executable, "-B", "-m", "tests.simulation.universe"]
    numbers = ["--jobs", f"{arguments.jobs}"]
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
