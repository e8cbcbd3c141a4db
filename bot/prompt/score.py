"""`openbell score`: the score of the picks as text, or every outcome as CSV."""

import csv
import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final

from bot.exits import ENV_FILE, OK, WRONG
from bot.views.scores import in_words
from core.model.errors import SettingsWrong, StoreError
from core.rules.scoring.outcomes import ScoredScan, outcomes
from core.settings.loading import load_settings
from core.settings.settings import Settings
from core.store.scores import score_of, scored_scans_of


COLUMNS: Final = (
    *("day", "card", "series", "rank", "symbol", "con_id", "picked", "bought"),
    *("horizon", "gain_percent", "spy_percent", "best", "worst", "problem", "renamed"),
)
"""``day`` is the New York date; gains are after costs; ``best`` and ``worst`` are bids
on the way, in dollars. A row without a gain has the reason in ``problem``; ``renamed``
is IB's later symbol, if it changed."""

_TAG: Final = re.compile(r"<[^>]+>")


def score(*, as_csv: bool) -> int:
    """Print the score, or every outcome. Returns the process's exit code."""
    try:
        settings = load_settings(ENV_FILE)
        if as_csv:
            write_csv(settings.journal)
        else:
            _say(settings)
    except (SettingsWrong, StoreError) as problem:
        print(problem, file=sys.stderr)
        return WRONG
    return OK


def _say(settings: Settings) -> None:
    text = in_words.score(score_of(settings.journal), mode=settings.mode)
    print(unescape(_TAG.sub("", text)))


def write_csv(journal: Path) -> None:
    """Print every outcome in *journal*. Raises StoreError."""
    table = csv.writer(sys.stdout)
    with scored_scans_of(journal) as scored_scans:
        table.writerow(COLUMNS)
        for scored_scan in scored_scans:
            table.writerows(_rows(scored_scan))


def _rows(scored_scan: ScoredScan) -> Iterator[tuple[object, ...]]:
    recording = scored_scan.recording
    known = {(each.con_id, each.horizon): each for each in outcomes(scored_scan)}
    for became in scored_scan.followed:
        for named, row in zip(recording.rows, became.rows, strict=True):
            outcome = known.get((row.con_id, became.horizon))
            yield (
                *(recording.session_day, recording.proposal_id, recording.series),
                *(named.rank, named.instrument.symbol, row.con_id),
                row.con_id in recording.picked,
                outcome.bought if outcome else "",
                became.horizon,
                f"{outcome.gain:.4f}" if outcome else "",
                f"{outcome.spy:.4f}" if outcome else "",
                *(row.best or "", row.worst or "", row.problem or ""),
                row.renamed or "",
            )
