"""The picks of a card in words: why each was picked, and what is wrong with it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from bot.views import words
from bot.views.scans import facts_words, scan_words
from core.model.card import Card
from core.model.proposal import Leg, Pick, Proposal
from core.model.ranking import Candidate, Change, Ranking


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


def lead(proposal: Proposal) -> str:
    """The card's first line, which the lock screen shows: each pick, and the figure that
    made it one."""
    if not proposal.legs:
        return "<b>No offer</b>"
    told = (f"{leg.instrument.symbol} {_decided(leg)}" for leg in proposal.legs)
    return words.bold(" · ".join(told))


def _decided(leg: Leg) -> str:
    gain = leg.change or _NONE
    figures = {
        Pick.DOLLARS: words.signed(gain.dollars),
        Pick.PERCENT: words.percent(gain.percent),
    }
    return ", ".join(figures[pick] for pick in leg.picks)


def _pick(leg: Leg, card: Card) -> Iterator[str]:
    ranking = card.proposal.ranking
    yield from _reasons(leg, ranking)
    if not scan_words.is_of_today(ranking):
        yield f"since {scan_words.the_open(ranking)}"
    yield from _facts(leg, card)


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
    """``was`` if another candidate leads by the newer prices; else empty."""
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


def _facts(leg: Leg, card: Card) -> Iterator[str]:
    """Spread, volume and gap; what is held; then what is wrong. What is not known is
    left out."""
    found = _candidate(leg, card.proposal.ranking)
    if found is not None:
        yield facts_words.joined(
            facts_words.spread(found.quote), facts_words.volume(found)
        )
        yield facts_words.joined(facts_words.gap(found.month), _held(leg, card))
        yield from facts_words.flags(found, shares=leg.shares)
    else:
        yield _held(leg, card)


def _held(leg: Leg, card: Card) -> str:
    con_id = leg.instrument.con_id
    rows = (p.shares for p in card.held if p.instrument.con_id == con_id)
    held = sum(rows, Decimal(0))
    return f"you hold {words.shares(held)}" if held else ""
