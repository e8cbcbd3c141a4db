"""The whole scan as a table: the order of its rows, and figures of one row."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from core.model.market import Quote, Snapshot
from core.model.ranking import Change, Ranking
from core.rules.figures import facts
from core.rules.ranking import change


class SortBy(StrEnum):
    """What the rows are sorted by. The letters are sent in a button's callback data."""

    RANK = "r"  # IB's
    CHANGE = "c"  # since the open, the largest gain first
    VOLUME = "v"  # in usual days, the largest first
    SPREAD = "s"  # in percent, the narrowest first


def sorted_rows(rows: Iterable[Snapshot], by: SortBy) -> tuple[Snapshot, ...]:
    """*rows* sorted *by* that figure; rows without it come last, by rank."""
    by_rank = sorted(rows, key=lambda row: row.rank)
    if by is SortBy.RANK:
        return tuple(by_rank)
    figures = [(_figure(row.quote, by), row) for row in by_rank]
    known = [(figure, row) for figure, row in figures if figure is not None]
    known.sort(key=lambda pair: pair[0])
    unknown = (row for figure, row in figures if figure is None)
    return (*(row for _, row in known), *unknown)


def _figure(quote: Quote | None, by: SortBy) -> Decimal | None:
    """The sort key: the smallest comes first."""
    match by:
        case SortBy.SPREAD:
            return facts.spread(quote)
        case SortBy.CHANGE:
            gained = since_open(quote)
            return -gained.percent if gained else None
        case _:
            days = facts.quoted_volume(quote)
            return None if days is None else -days


def since_open(quote: Quote | None) -> Change | None:
    """The change since the open in its quote."""
    if quote is None or quote.open is None or quote.last is None:
        return None
    return change(quote.open, quote.last)


def since_close(quote: Quote | None) -> Change | None:
    """The change since the close of the session before."""
    if quote is None or quote.close is None or quote.last is None:
        return None
    return change(quote.close, quote.last)


def row_of(con_id: int, ranking: Ranking) -> Snapshot | None:
    """The row of that stock."""
    found = (row for row in ranking.rows if row.instrument.con_id == con_id)
    return next(found, None)
