"""How fresh a scan's quotes are, and of which day its open is."""

from collections.abc import Sequence
from typing import Final

from bot.views import words
from core.model.market import Freshness, Quote, Snapshot
from core.model.ranking import Ranking
from core.rules.new_york import day_of


_NAMED: Final = 5
"""So many of those that are left out are named; the others are counted."""


def freshness(quotes: Sequence[Quote | None], worst: Freshness) -> str:
    """The *worst* freshness of *quotes* in a word. "live" stands alone only where each
    of them has a bid and an ask: else it is said how many have not."""
    if worst is not Freshness.LIVE:
        return worst.value
    bare = sum(not _has_both_sides(quote) for quote in quotes)
    if bare == 0 and quotes:
        return worst.value
    if bare == len(quotes):
        return "no bid and ask"
    return f"{worst.value}, {bare} of {len(quotes)} without bid and ask"


def _has_both_sides(quote: Quote | None) -> bool:
    return quote is not None and quote.bid is not None and quote.ask is not None


def is_of_today(ranking: Ranking) -> bool:
    """Whether the scan was made on the day of the session that it counts from."""
    return ranking.session_day == day_of(ranking.at)


def the_open(ranking: Ranking) -> str:
    """The open that changes count from, to stand in a sentence."""
    if is_of_today(ranking):
        return "today's open"
    return f"the open of {words.long_day(ranking.session_day)}"


def prior_open(ranking: Ranking) -> str:
    """The open of the trade day before, to stand in a sentence."""
    day = ranking.prior_day
    return f"{words.weekday(day)}'s open" if day else "the open before"


def of_an_earlier_day(ranking: Ranking) -> str:
    """That no session has opened today and whose open stands instead; "" if one has."""
    if is_of_today(ranking):
        return ""
    day = words.long_day(ranking.session_day)
    return f"No session has opened today: {words.bold(day)} is compared."


def left_out(ranking: Ranking) -> str:
    """What the scanner listed and is no stock to be bought in dollars; "" for none."""
    unfit = [row for row in ranking.rows if row.unfit is not None]
    named = [f"{name(row)} ({row.unfit})" for row in unfit[:_NAMED]]
    more = f" and {len(unfit) - _NAMED} more" if len(unfit) > _NAMED else ""
    return f"Left out: {words.safe(', '.join(named))}{more}." if unfit else ""


def name(row: Snapshot) -> str:
    """The row's symbol, or its place where IB named none."""
    return row.instrument.symbol.strip() or f"row {row.rank}"
