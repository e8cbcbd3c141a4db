"""The facts beside a stock's price on a card; none costs a request of its own."""

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from core.model.market import Bar, Quote
from core.model.ranking import Candidate
from core.rules.figures import percent


WIDE_SPREAD: Final = Decimal(1)
"""In percent of the ask: from here on the card warns."""

LARGE_PART: Final = Decimal(1)
"""In percent of today's volume: a larger order moves the price by itself."""


class Flag(Enum):
    """What is wrong with buying a stock at the market."""

    WIDE_SPREAD = auto()
    THIN_ASK = auto()
    THIN_VOLUME = auto()


def spread(quote: Quote | None) -> Decimal | None:
    """(ask - bid) / ask in percent; None if a side is unknown or they are crossed."""
    if quote is None or not quote.bid or not quote.ask or quote.ask < quote.bid:
        return None
    return percent.share(quote.ask - quote.bid, quote.ask)


def traded(quote: Quote | None, today: Bar | None) -> int | None:
    """Shares traded in the session so far, from the bar if there is one, since the
    month's volumes are bars', too. None if unknown, never 0."""
    volume = today.volume if today else quote.volume if quote else None
    return volume or None


def relative_volume(candidate: Candidate) -> Decimal | None:
    """The volume so far in usual whole days: the quote's volume by IB's average, as in
    the table; without that average, the bar's volume by the month's average."""
    quoted, month = quoted_volume(candidate.quote), candidate.month
    if quoted is not None:
        return quoted
    if candidate.today is None or month is None or month.usual_volume is None:
        return None
    return candidate.today.volume / month.usual_volume or None


def quoted_volume(quote: Quote | None) -> Decimal | None:
    """The quote's volume in average days; both figures are IB's, in the same unit."""
    if quote is None or not quote.volume or not quote.average_volume:
        return None
    return Decimal(quote.volume) / quote.average_volume


def flags(candidate: Candidate, *, shares: int) -> Iterator[Flag]:
    """The warnings for an owner who buys *shares* at the market."""
    quote = candidate.quote
    share = spread(quote)
    if share is not None and share >= WIDE_SPREAD:
        yield Flag.WIDE_SPREAD
    if quote and quote.ask_size and quote.ask_size < shares:
        yield Flag.THIN_ASK
    part = part_of_volume(candidate, shares=shares)
    if part is not None and part >= LARGE_PART:
        yield Flag.THIN_VOLUME


def part_of_volume(candidate: Candidate, *, shares: int) -> Decimal | None:
    """*shares* in percent of what was traded today."""
    volume = traded(candidate.quote, candidate.today)
    return percent.share(Decimal(shares), Decimal(volume)) if volume else None
