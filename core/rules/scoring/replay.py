"""Replay: other rankings, filters and exits applied to one's own recordings.

The result is in-sample: the parameters are chosen after the outcome is known. Therefore
later days are shown separately from earlier ones (walk-forward), and every set of parameters
ever tried raises the corrected p."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from core.model.market import ConId, Quote, RankBy, Snapshot
from core.model.scoring.following import Followed, FollowedRow, Horizon
from core.model.scoring.score import PRIMARY, DayFigure, Result
from core.rules.figures.facts import spread
from core.rules.figures.percent import moved, part
from core.rules.ranking import KEEP
from core.rules.scoring.intervals import Resample
from core.rules.scoring.outcomes import (
    Outcome,
    ScoredScan,
    entry_shown,
    gain_after_costs,
    spy_gain,
)
from core.rules.scoring.results import results_of
from core.rules.scoring.tally import Tally


EARLIER: Final = Decimal("0.6")
"""The share of the days that counts as the earlier ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Rows whose *figure* is above (or below) *limit* are not picked; ``spread>2``."""

    figure: str
    above: bool
    limit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayParameters:
    """The replay's settings. ``stop`` and ``target`` are in percent of the price paid,
    None for none. A row that lacks the figure of an exclusion is not picked."""

    rank_by: RankBy
    stop: Decimal | None = None
    target: Decimal | None = None
    exclude: tuple[Exclusion, ...] = ()


def _gain(quote: Quote) -> Decimal | None:
    if quote.open is None or quote.last is None:
        return None
    return moved(quote.open, quote.last)


FIGURES: Final[Mapping[str, Callable[[Quote], Decimal | None]]] = MappingProxyType(
    {
        "spread": spread,  # in percent of the ask, as on the card
        "gain": _gain,  # since the open, in percent
        "price": lambda quote: quote.last,  # dollars
        "volume": lambda quote: None if quote.volume is None else Decimal(quote.volume),
    }
)
"""What a row can be excluded by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The primary measure with other parameters: over all days, and over the earlier and the
    later days separately. Each p is corrected for the number of sets tried.

    ``since`` is the session (New York) of the first recording, ``border`` that of the
    first later day, None without any outcome. ``days`` are those with a pick.
    """

    parameters: ReplayParameters
    tried: int
    since: date
    border: date | None
    days: tuple[DayFigure, ...]
    all: Result | None
    earlier: Result | None
    later: Result | None


def replay(
    scored_scans: Iterable[ScoredScan],
    parameters: ReplayParameters,
    *,
    tried: int,
    choices: Resample,
) -> Replayed | None:
    """The result of *parameters* on *scored_scans* (in order of recording); None
    without recordings. *tried* is how many sets of parameters were tried, including
    this one. *scored_scans* is iterated only once, and none is kept."""
    since, tally = None, Tally()
    for scored_scan in scored_scans:
        since = since or scored_scan.recording.session_day
        for each in _outcomes(scored_scan, parameters):
            tally.add(each, picked=each.picked)
    if since is None:
        return None
    days = tally.days()
    border = days[int(len(days) * EARLIER)] if days else None

    def of(part: Tally) -> Result | None:
        found = results_of(part, choices=choices)
        return _corrected(found[0], tried) if found else None

    return Replayed(
        parameters=parameters,
        tried=tried,
        since=since,
        border=border,
        days=tally.at_the_close(),
        all=of(tally),
        earlier=of(tally.within(date.min, border or date.min)),
        later=of(tally.within(border or date.max, date.max)),
    )


def _corrected(result: Result, tried: int) -> Result:
    """Bonferroni: among many sets of parameters, some look good by chance."""
    return replace(result, corrected=min(1.0, result.p * tried))


def _outcomes(
    scored_scan: ScoredScan, parameters: ReplayParameters
) -> Iterator[Outcome]:
    rows = {row.instrument.con_id: row for row in scored_scan.recording.rows}
    picked = set(picks(scored_scan.recording.rows, parameters))
    for became in scored_scan.followed:
        if became.horizon is PRIMARY.horizon:
            yield from _of(became, rows, picked, scored_scan, parameters)


def _of(
    became: Followed,
    rows: Mapping[ConId, Snapshot],
    picked: set[ConId],
    scored_scan: ScoredScan,
    parameters: ReplayParameters,
) -> Iterator[Outcome]:
    spy = spy_gain(became)
    for row in became.rows:
        entry = entry_shown(rows[row.con_id], scored_scan.recording.shares)
        if spy is not None and entry is not None and row.price is not None:
            sold = _exit(row, entry.price * row.factor, parameters)
            yield Outcome(
                proposal_id=scored_scan.recording.proposal_id,
                day=scored_scan.recording.session_day,
                con_id=row.con_id,
                horizon=Horizon.CLOSE,
                picked=row.con_id in picked,
                bought=False,
                gain=gain_after_costs(
                    entry, sold, row.factor, day=scored_scan.recording.session_day
                ),
                spy=spy,
            )


def _exit(row: FollowedRow, start: Decimal, parameters: ReplayParameters) -> Decimal:
    """The selling price after buying at *start*. If stop and target were both reached
    on the way, the stop is assumed to have come first: the bars do not show the
    order."""
    assert row.price is not None
    if parameters.stop is not None and row.worst is not None:
        stop = start - part(start, parameters.stop)
        if row.worst <= stop:
            return stop
    if parameters.target is not None and row.best is not None:
        target = start + part(start, parameters.target)
        if row.best >= target:
            return target
    return row.price


def picks(rows: Iterable[Snapshot], parameters: ReplayParameters) -> tuple[ConId, ...]:
    """The largest gain in dollars and in percent since the open, of the five that lead
    by the ranking and are not excluded; only gains are picked."""
    five = _five(
        [row for row in rows if _may_be_picked(row, parameters)], parameters.rank_by
    )
    found = (
        max(five, key=_dollars, default=None),
        max(five, key=_percent, default=None),
    )
    gains = (row for row in found if row is not None and _dollars(row) > 0)
    return tuple(dict.fromkeys(row.instrument.con_id for row in gains))


def _five(rows: Sequence[Snapshot], rank_by: RankBy) -> Sequence[Snapshot]:
    if rank_by is RankBy.OPEN:
        return sorted(rows, key=_percent, reverse=True)[:KEEP]
    return sorted(rows, key=lambda row: row.rank)[:KEEP]


def _may_be_picked(row: Snapshot, parameters: ReplayParameters) -> bool:
    quote = row.quote
    if quote is None or quote.halted or _gain(quote) is None:
        return False
    return not any(_is_excluded(quote, each) for each in parameters.exclude)


def _is_excluded(quote: Quote, rule: Exclusion) -> bool:
    value = FIGURES[rule.figure](quote)
    if value is None:
        return True
    return value > rule.limit if rule.above else value < rule.limit


def _percent(row: Snapshot) -> Decimal:
    gain = _gain(row.quote) if row.quote else None
    return Decimal("-Infinity") if gain is None else gain


def _dollars(row: Snapshot) -> Decimal:
    quote = row.quote
    if quote is None or quote.open is None or quote.last is None:
        return Decimal("-Infinity")
    return quote.last - quote.open
