"""The picks of a card in words: why each was picked, and what is wrong with it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from bot.views import words
from bot.views.scans import scan_words
from core.model.card import Card
from core.model.proposal import Leg, Pick
from core.model.ranking import Candidate, Change, Ranking
from core.rules.figures import percent


WIDE: Final = Decimal(1)
"""Percent of the price: a wider spread is a red flag."""

_LEADS: Final = {
    Pick.DOLLARS: "largest gain in $",
    Pick.PERCENT: "largest gain in %",
}
_NONE: Final = Change(dollars=Decimal(0), percent=Decimal(0))


def picks(card: Card) -> str:
    """Each pick: the reason, its figures and what the account holds, its red flags."""
    return words.lines(
        *(line for leg in card.proposal.legs for line in _pick(leg, card))
    )


def _pick(leg: Leg, card: Card) -> Iterator[str]:
    ranking = card.proposal.ranking
    yield from _reasons(leg, ranking)
    if not scan_words.is_of_today(ranking):
        yield f"since {scan_words.the_open(ranking)}"
    found = _candidate(leg, ranking)
    yield " · ".join([*_spread(found), *_held(leg, card)])
    yield from _flags(found)


def _reasons(leg: Leg, ranking: Ranking) -> Iterator[str]:
    name, gain = words.bold(leg.instrument.symbol), leg.change or _NONE
    if len(leg.picks) > 1:
        dollars, share = words.signed(gain.dollars), words.percent(gain.percent)
        yield f"{name} leads in $ and in %:"
        yield f"{dollars}, {share} · one order, {leg.shares:,} shares"
        return
    for pick in leg.picks:
        yield f"{name} {_was(leg, pick, ranking)}{_LEADS[pick]}: {_figure(gain, pick)}"


def _was(leg: Leg, pick: Pick, ranking: Ranking) -> str:
    """A price that moved since may have given the lead away."""
    ahead = max(
        (_gain(c.since_open, pick) for c in ranking.candidates if c.flaw is None),
        default=Decimal(0),
    )
    return "was " if _gain(leg.change, pick) < ahead else ""


def _gain(change: Change | None, pick: Pick) -> Decimal:
    change = change or _NONE
    return change.dollars if pick is Pick.DOLLARS else change.percent


def _figure(gain: Change, pick: Pick) -> str:
    if pick is Pick.DOLLARS:
        return words.signed(gain.dollars)
    return words.percent(gain.percent)


def _candidate(leg: Leg, ranking: Ranking) -> Candidate | None:
    con_id = leg.instrument.con_id
    found = (c for c in ranking.candidates if c.instrument.con_id == con_id)
    return next(found, None)


def _spread(candidate: Candidate | None) -> Iterator[str]:
    share = spread(candidate)
    if share is not None and share < WIDE:
        yield f"spread {words.rounded(share, words.TENTH)}%"


def _flags(candidate: Candidate | None) -> Iterator[str]:
    share = spread(candidate)
    if share is not None and share >= WIDE:
        wide = words.rounded(share, words.TENTH)
        yield f"! spread {wide}%: a market order pays it twice"


def spread(candidate: Candidate | None) -> Decimal | None:
    """Of the price, in percent of the ask; None where a side is not known."""
    quote = candidate.quote if candidate else None
    if quote is None or not quote.bid or not quote.ask or quote.ask < quote.bid:
        return None
    return percent.share(quote.ask - quote.bid, quote.ask)


def _held(leg: Leg, card: Card) -> Iterator[str]:
    for position in card.held:
        if position.instrument.con_id == leg.instrument.con_id:
            yield f"you hold {position.shares:,}"
