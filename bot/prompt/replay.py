"""`openbell replay`: applies other rankings, filters and exits to one's own recordings.
The output says that this is in-sample."""

import argparse
import asyncio
import fcntl
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from bot.drawing import DrawingFailed, drawn
from bot.exits import ENV_FILE, OK, WRONG
from bot.views import words
from bot.views.scores.in_words import LEAST_SPREAD
from bot.views.scores.sketch import PAINTER, sketch_replay
from core.model.errors import NoJournal, SettingsWrong, StoreError
from core.model.market import RankBy
from core.model.scoring.score import Result
from core.rules.scoring.replay import FIGURES, Exclusion, Replayed, ReplayParameters
from core.settings.loading import load_settings
from core.store.scores import replay_of


TRIED: Final = "replays.json"
"""The file next to the journal with every set of parameters ever tried on it."""

PICTURE: Final = "replay.png"
"""The default file of the picture, next to the journal."""

A_COURSE: Final = 2
"""The least number of days with a pick for a picture."""

PATIENT: Final = 60.0
"""Seconds that drawing the picture may take; longer than in the bot, where others wait."""

_RULE: Final = re.compile(r"(\w+)\s*([<>])\s*(-?\d+(?:\.\d+)?)\s*%?", re.ASCII)
_COLUMNS: Final = (
    words.Column(width=9, right=False),
    *(words.Column(width=8) for _ in range(2)),
    words.Column(width=18),
    words.Column(width=8),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        *("--rank-by",),
        type=_rank_by,
        default=RankBy.SCANNER,
        metavar="scanner|open",
        help="the scanner's first five, or the five largest gains since the open",
    )
    parser.add_argument(
        "--stop", type=_percent, metavar="5%", help="sell this far below the price paid"
    )
    parser.add_argument(
        "--target", type=_percent, metavar="10%", help="sell this far above it"
    )
    parser.add_argument(
        *("--exclude",),
        type=_exclusion,
        action="append",
        default=[],
        metavar="RULE",
        help=f"leave out rows, such as 'spread>2%%'; one of {', '.join(FIGURES)}",
    )
    parser.add_argument(
        *("--picture",),
        type=Path,
        metavar="FILE.png",
        help=f"where to save the picture (default: {PICTURE} beside the journal)",
    )


def _rank_by(text: str) -> RankBy:
    try:
        return RankBy(text.strip().lower())
    except ValueError:
        known = " or ".join(RankBy)
        raise argparse.ArgumentTypeError(f"{text!r} is no ranking: {known}") from None


def _percent(text: str) -> Decimal:
    try:
        value = Decimal(text.strip().removesuffix("%"))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is no percentage") from None
    if not (value.is_finite() and 0 < value < 100):  # noqa: PLR2004  percent
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 100 percent")
    return _shortest(value)


def _shortest(value: Decimal) -> Decimal:
    """5 for 5.0 and 5.00: the same set of parameters counts once."""
    return Decimal(f"{value.normalize():f}")


def _once_each(rules: Iterable[Exclusion]) -> tuple[Exclusion, ...]:
    """In one order: the same rules said otherwise are the same set of parameters."""
    return tuple(sorted(set(rules), key=repr))


def _exclusion(text: str) -> Exclusion:
    found = _RULE.fullmatch(text.strip())
    if found is None or found[1] not in FIGURES:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no rule: one of {', '.join(FIGURES)}, then > or <, then a number"
        )
    return Exclusion(
        figure=found[1], above=found[2] == ">", limit=_shortest(Decimal(found[3]))
    )


def run(arguments: argparse.Namespace) -> int:
    """Replay, and print a table; the picture goes to a file. Returns the process's exit
    code."""
    parameters = ReplayParameters(
        rank_by=arguments.rank_by,
        stop=arguments.stop,
        target=arguments.target,
        exclude=_once_each(arguments.exclude),
    )
    try:
        journal = load_settings(ENV_FILE).journal
        replayed = _counted(journal, parameters)
    except (SettingsWrong, StoreError) as problem:
        print(problem, file=sys.stderr)
        return WRONG
    if replayed is None:
        print("Nothing is recorded and followed yet: there is nothing to replay.")
        return OK
    for line in _said(replayed):
        print(line)
    print(_drawn(replayed, arguments.picture or journal.with_name(PICTURE)))
    return OK


def _counted(journal: Path, parameters: ReplayParameters) -> Replayed | None:
    """The replay, once *parameters* are counted; one process after the other, so that
    none overwrites what another has counted. None without a recording. Raises
    StoreError."""
    kept = journal.with_name(TRIED)
    with _alone_in(journal.parent):
        tried = _tried(kept, parameters)
        replayed = replay_of(journal, parameters, tried=len(tried))
        if replayed is not None:
            _replace(kept, json.dumps(tried, indent=1))
        return replayed


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other replay is in *folder*; the lock ends with the process."""
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError as problem:
        raise NoJournal(f"There is no journal in {folder}: {problem}") from problem
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _drawn(replayed: Replayed, to: Path) -> str:
    """Draw the picture. Returns the sentence that says where it is."""
    if len(replayed.days) < A_COURSE:
        return "There is no picture of less than two sessions with a pick."
    sketch = sketch_replay(replayed)
    try:
        to.write_bytes(asyncio.run(drawn(sketch, painter=PAINTER, within=PATIENT)))
    except (DrawingFailed, OSError) as problem:
        return f"There is no picture: {problem}"
    return f"Picture: {to}"


def _tried(path: Path, parameters: ReplayParameters) -> list[str]:
    """Every set of parameters ever tried, including *parameters*. Raises StoreError."""
    name = json.dumps(asdict(parameters), default=str, sort_keys=True)
    try:
        before = json.loads(path.read_text()) if path.exists() else []
    except (OSError, ValueError) as problem:
        raise StoreError(f"{path} cannot be read: {problem}") from problem
    if not isinstance(before, list):
        raise StoreError(f"{path} cannot be read: it is no list")
    return list(dict.fromkeys([*before, name]))


def _replace(path: Path, text: str) -> None:
    """Replace the file atomically: half a file would lose what was tried. Raises
    StoreError."""
    new = path.with_suffix(".new")
    try:
        new.write_text(text)
        new.replace(path)
    except OSError as problem:
        raise StoreError(
            f"Nothing is shown, for it cannot be counted: {problem}"
        ) from problem


def _said(replayed: Replayed) -> Iterator[str]:
    since = f"{words.long_day(replayed.since)} {replayed.since.year}"
    yield f"In-sample, over your own recordings from {since} on."
    yield f"{_sets(replayed.tried)} tried so far: p is corrected for that."
    yield ""
    heads = ("sessions", "vs SPY", "95 %", "p")
    yield words.row(("", *heads), _COLUMNS)
    named = (
        ("all", replayed.all),
        ("earlier", replayed.earlier),
        ("later", replayed.later),
    )
    for name, result in named:
        yield words.row((name, *_cells(result)), _COLUMNS)
    yield ""
    yield (
        "The close against SPY, % points a day after costs. A stop or a target is taken "
        "to fill at its price, the stop first: a gap would be worse."
    )


def _sets(number: int) -> str:
    return (
        "1 set of parameters was"
        if number == 1
        else f"{number} sets of parameters were"
    )


def _cells(result: Result | None) -> tuple[str, ...]:
    if result is None:
        return ("0", words.UNKNOWN, words.UNKNOWN, words.UNKNOWN)
    low, high = result.interval.low, result.interval.high
    has_spread = result.days >= LEAST_SPREAD
    return (
        str(result.days),
        f"{result.mean:+.2f}",
        f"{low:+.2f} to {high:+.2f}" if has_spread else words.UNKNOWN,
        f"{result.corrected:.3f}",
    )
