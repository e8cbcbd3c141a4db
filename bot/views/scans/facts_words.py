"""What stands beside a stock's price, in words; "" or nothing where it is not known."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from bot.views import words
from core.model.market import Quote
from core.model.ranking import Candidate, Month
from core.rules.figures import facts
from core.rules.figures.facts import Flag


_MANY: Final = 10
_HEADLINE: Final = 110
_PROVIDER: Final = 12
"""Letters of a headline, and of who wrote it, that are shown."""
_SOME: Final = Decimal("0.05")


def spread(quote: Quote | None) -> str:
    """Nothing where it is wide: then it is a flag."""
    share = facts.spread(quote)
    if share is None or share >= facts.WIDE_SPREAD:
        return ""
    return f"spread {words.spread(share)}"


def volume(candidate: Candidate) -> str:
    days = facts.relative_volume(candidate)
    return "" if days is None else f"volume {words.safe(usual(days))} usual days"


def usual(days: Decimal) -> str:
    """So many usual days' volume: ``0.3``, ``12``; never zero, for there was some."""
    if days < _SOME:
        return f"<{words.TENTH}"
    return f"{words.rounded(days, words.TENTH if days < _MANY else Decimal(1)):,}"


def gap(month: Month | None) -> str:
    """How far the session opened from the close before."""
    if month is None or month.gap is None:
        return ""
    return f"gap {words.percent(month.gap)}"


def flags(candidate: Candidate, *, shares: int) -> Iterator[str]:
    """What is wrong with buying *shares* of it at the market, a line each."""
    for flag in facts.flags(candidate, shares=shares):
        yield f"! {_flag(flag, candidate, shares)}"


def _flag(flag: Flag, candidate: Candidate, shares: int) -> str:
    quote = candidate.quote
    match flag:
        case Flag.WIDE_SPREAD:
            wide = words.rounded(facts.spread(quote) or Decimal(0), words.TENTH)
            return f"spread {wide}%: a market order pays it twice"
        case Flag.THIN_ASK:
            size = quote.ask_size if quote else None
            return f"{size:,} shares at the ask: the rest pays more"
        case Flag.THIN_VOLUME:
            part = facts.part_of_volume(candidate, shares=shares) or Decimal(0)
            return (
                f"{shares:,} are {words.rounded(part, words.TENTH)}% of today's volume"
            )


def more(candidate: Candidate) -> Iterator[str]:
    """What a card has no room for."""
    yield _prices(candidate)
    yield _month(candidate.month)
    yield joined(volume(candidate), _ask_size(candidate.quote))
    yield _short(candidate)
    yield from written(candidate)


def written(candidate: Candidate) -> Iterator[str]:
    """The newest headline of the last day, and how many more there are."""
    if not candidate.headlines:
        return
    newest, *others = candidate.headlines
    more = f", {len(others)} more" if others else ""
    text = words.safe(words.fit(newest.text, _HEADLINE))
    yield f"“{text}” · {words.safe(words.fit(newest.provider, _PROVIDER))}{more}"


def of_month(candidate: Candidate) -> Iterator[str]:
    """What only bars and the lender tell."""
    month = candidate.month
    atr = f"ATR {words.exact(month.atr)}" if month and month.atr else ""
    yield joined(atr, gap(month))
    yield _month(month)
    yield _short(candidate)
    yield from written(candidate)


def _prices(candidate: Candidate) -> str:
    quote, month = candidate.quote, candidate.month
    vwap = quote.vwap if quote else None
    atr = month.atr if month else None
    return joined(
        f"VWAP {words.price(vwap)}" if vwap else "",
        f"ATR {words.exact(atr)}" if atr else "",
        gap(month),
    )


def _month(month: Month | None) -> str:
    if month is None or month.high is None or month.low is None:
        return ""
    low, high = words.alike(month.low, month.high)
    return f"20 days before: {low} to {high}"


def _ask_size(quote: Quote | None) -> str:
    size = quote.ask_size if quote else None
    return f"{size:,} at the ask" if size else ""


def _short(candidate: Candidate) -> str:
    quote, month = candidate.quote, candidate.month
    lending = quote.lending if quote else None
    restricted = month is not None and month.short_restricted
    return joined(
        lending.value if lending is not None else "",
        "short sales restricted" if restricted else "",
    )


def joined(*parts: str) -> str:
    """Each part stays whole where the line wraps: no "ask" stands alone."""
    return " · ".join(map(words.together, filter(None, parts)))
