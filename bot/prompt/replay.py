"""Replay: what other rankings, filters and exits would have made of one's own
recordings. Said to be in-sample, since it is."""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from bot.exits import ENV_FILE, OK, WRONG
from bot.views import words
from core.chance import repeatable
from core.model.errors import SettingsWrong, StoreError
from core.model.market import RankBy
from core.model.scoring.score import Result
from core.rules.scoring.outcomes import Story
from core.rules.scoring.replay import FIGURES, Exclusion, Knobs, Replayed, replay
from core.settings.loading import load_settings
from core.store.scores import stories_of


TRIED: Final = "replays.json"
"""Beside the journal: every set of knobs that was ever tried on it."""

_RULE: Final = re.compile(r"(\w+)\s*([<>])\s*([\d.]+)\s*%?$")
_COLUMNS: Final = (
    words.Column(width=9, right=False),
    *(words.Column(width=8) for _ in range(2)),
    words.Column(width=18),
    words.Column(width=8),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rank-by", type=RankBy, default=RankBy.SCANNER, metavar="scanner|open"
    )
    parser.add_argument("--stop", type=_percent, metavar="5%")
    parser.add_argument("--target", type=_percent, metavar="10%")
    parser.add_argument(
        *("--exclude",),
        type=_exclusion,
        action="append",
        default=[],
        metavar="RULE",
        help=f"such as 'spread>2%%'; one of {', '.join(FIGURES)}",
    )


def _percent(text: str) -> Decimal:
    try:
        value = Decimal(text.strip().removesuffix("%"))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is no percentage") from None
    if not 0 < value < 100:  # noqa: PLR2004  percent
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 100 percent")
    return value


def _exclusion(text: str) -> Exclusion:
    found = _RULE.match(text.strip())
    if found is None or found[1] not in FIGURES:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no rule: one of {', '.join(FIGURES)}, then > or <, then a number"
        )
    return Exclusion(figure=found[1], above=found[2] == ">", limit=Decimal(found[3]))


def run(arguments: argparse.Namespace) -> int:
    """Replay, and print a table. Returns the process's exit code."""
    knobs = Knobs(
        rank_by=arguments.rank_by,
        stop=arguments.stop,
        target=arguments.target,
        exclude=tuple(arguments.exclude),
    )
    try:
        settings = load_settings(ENV_FILE)
        stories = stories_of(settings.journal)
    except (SettingsWrong, StoreError) as problem:
        print(problem, file=sys.stderr)
        return WRONG
    if not stories:
        print("Nothing is recorded and followed yet: there is nothing to replay.")
        return OK
    tried = _tried(settings.journal.with_name(TRIED), knobs)
    choices = repeatable(len(stories))
    for line in _said(replay(stories, knobs, tried=tried, choices=choices), stories):
        print(line)
    return OK


def _tried(path: Path, knobs: Knobs) -> int:
    """Note that *knobs* were tried; how many different sets have been."""
    name = json.dumps(asdict(knobs), default=str, sort_keys=True)
    before: list[str] = json.loads(path.read_text()) if path.exists() else []
    known = list(dict.fromkeys([*before, name]))
    _replace(path, json.dumps(known, indent=1))
    return len(known)


def _replace(path: Path, text: str) -> None:
    """At once or not at all: half a file would forget what was tried."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


def _said(replayed: Replayed, stories: Sequence[Story]) -> Iterator[str]:
    first = stories[0].recording.session_day
    yield f"In-sample, over your own recordings from {words.long_day(first)} on."
    yield f"{replayed.tried} sets of knobs were tried so far: p is corrected for them."
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


def _cells(result: Result | None) -> tuple[str, ...]:
    if result is None:
        return ("0", words.UNKNOWN, words.UNKNOWN, words.UNKNOWN)
    low, high = result.interval.low, result.interval.high
    return (
        str(result.days),
        f"{result.mean:+.2f}",
        f"{low:+.2f} to {high:+.2f}",
        f"{result.corrected:.3f}",
    )
