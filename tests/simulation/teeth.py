"""`python -m tests.simulation.teeth`: puts each seeded bug into the product, and counts the
days that the universe needs to find it: those that were made for it come first, then
those directed at its kind, then all in turn. ``--jobs`` bugs are tried at a time.

What a day without any bug finds wrong as well does not count. Bugs that no simulated day
can show are named with the reason and not tried.
"""

import argparse
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from tests.simulation.directed import days_aimed_at, days_of
from tests.simulation.with_bug import first_failure
from tests.teeth.bug import Bug
from tests.teeth.bugs import BUGS


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
    "halt for a tool whose refs begin like ours": ("namesake",),
    "overlook that IB's count is ahead": ("old copy",),
    "let a hold stand as the reason of a cancellation": ("code placeOrder note 399",),
}
"""How the faults are called without which a bug shows nothing: the days that are directed
at them are tried first."""


CANNOT_SHOW: Final[Mapping[str, str]] = {
    "no compare-and-set on orders": "one process on one loop: nothing runs between the"
    " read and the write; make races has four processes",
    "no compare-and-set on taps": "as on orders",
    "send what was cancelled after it was judged": "the guards ask for the cancel again in"
    " that transaction: played, and not sent",
    "a tap counts after the offer's end": "the decision ends what is over before it looks;"
    " the statement's own check is for a second process",
    "do not wait for the first leg's answer": "the guards refuse a leg while another is in"
    " doubt: played, and not sent",
    "a tap counts wherever it comes from": "the statement that decides (W1) names the"
    " message, too: played, and refused",
    "absence without a fence": "R15 drops the line after ten seconds; two passes on it take"
    " twenty",
    "ignore the position": "the simulated gateway lists every fill on its day, so nothing"
    " false is told",
    "judge a sale by a moment before IB has listed": "the sale is only judged again",
    "sell what was sold and is still listed": "the simulated gateway lists what is held at"
    " the moment in which it answers",
}
"""Bugs that no day can show, and why."""


def main() -> int:
    """Print a line for each bug; the names given choose among them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    chosen = [b for b in BUGS if not arguments.names or b.name in arguments.names]
    bugs = [bug for bug in chosen if not why_not(bug)]
    with ThreadPoolExecutor(arguments.jobs) as several:
        lines = several.map(partial(_tried, number=arguments.seeds), bugs)
        found = sum(map(_said, lines))
    for bug in chosen:
        if why := why_not(bug):
            print(f"{bug.name:60} not tried: {why}")
    print(f"{found} of {len(bugs)} bugs are found in {arguments.seeds} days each")
    return 0


def why_not(bug: Bug) -> str:
    """Why no day can show it; empty where one may."""
    return CANNOT_SHOW.get(bug.name, "") or NOT_TRIED.get(bug.file, "")


def _tried(bug: Bug, number: int) -> tuple[bool, str]:
    """Whether it was found, and the line about it."""
    tried = days(bug, number)
    day, what = first_failure(bug, tried)
    if day > 0 and first_failure(None, [day])[0]:
        return False, f"{bug.name:60} day {day} fails without it, too"
    if day == 0:
        return False, f"{bug.name:60} not found in {' '.join(map(str, tried))}"
    count = tried.index(day) + 1 if day in tried else 0
    return day > 0, f"{bug.name:60} {count:>2} days ({day}): {what[:_LONG]}"


def _said(answer: tuple[bool, str]) -> bool:
    is_found, line = answer
    print(line, flush=True)
    return is_found


def days(bug: Bug, number: int) -> list[int]:
    """So many days: those made for it first, then those directed at its kind, then all
    in turn."""
    made = days_aimed_at(bug.name)
    likely = [day for what in LIKELY.get(bug.name, ()) for day in days_of(what)]
    return [*dict.fromkeys((*made, *likely, *range(1, number + 1)))][:number]


if __name__ == "__main__":
    sys.exit(main())
