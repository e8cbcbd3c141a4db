"""Picking the largest gain since the session's open, in dollars and in percent."""

from collections.abc import Callable
from decimal import Decimal

from core.model.exits.plan import NO_EXITS, ExitPlan
from core.model.money import Price, Shares
from core.model.order import Order, OrderState, order_ref
from core.model.proposal import Leg, Pick, Proposal
from core.model.ranking import Candidate, Change, Ranking
from core.rules.exits.prices import in_dollars


Gainer = tuple[Candidate, Change, Price]
"""A candidate that can be picked, its gain since the open, its last price."""


def picks(ranking: Ranking) -> tuple[tuple[Candidate, tuple[Pick, ...]], ...]:
    """The largest gain in dollars, then the largest in percent.

    One entry with both picks if the same stock wins both; empty if no candidate without
    a flaw is up. A tie goes to the better rank.
    """
    return tuple((winner, won) for (winner, _, _), won in _winners(ranking))


def legs(
    ranking: Ranking, shares: Shares, *, exits: ExitPlan = NO_EXITS
) -> tuple[Leg, ...]:
    """The orders that a Yes would place: *shares* of each pick, with their *exits*."""
    return tuple(
        Leg(
            number=number,
            instrument=winner.instrument,
            shares=shares,
            picks=won,
            change=gain,
            reference=last,
            ask=winner.quote.ask if winner.quote else None,
            atr=(atr := winner.month.atr if winner.month else None),
            exits=in_dollars(exits, atr),
        )
        for number, ((winner, gain, last), won) in enumerate(_winners(ranking), start=1)
    )


def planned(leg: Leg, proposal: Proposal, *, journal: str) -> Order:
    """The only order that *leg* of *proposal* can become; *journal* is the journal's
    name in its ref."""
    return Order(
        ref=order_ref(journal, proposal.id, leg.number),
        proposal_id=proposal.id,
        leg=leg.number,
        instrument=leg.instrument,
        side=leg.side,
        shares=leg.shares,
        account=proposal.account,
        state=OrderState.PLANNED,
        estimate=leg.estimate,
        tif=leg.tif,
        order_type=leg.order_type,
        limit=leg.limit,
        outside_hours=leg.outside_hours,
    )


def _winners(ranking: Ranking) -> tuple[tuple[Gainer, tuple[Pick, ...]], ...]:
    gainers = _gainers(ranking)
    if not gainers:
        return ()
    dollars = _first_by(gainers, lambda gain: gain.dollars)
    percent = _first_by(gainers, lambda gain: gain.percent)
    if dollars[0].instrument.con_id == percent[0].instrument.con_id:
        return ((dollars, (Pick.DOLLARS, Pick.PERCENT)),)
    return ((dollars, (Pick.DOLLARS,)), (percent, (Pick.PERCENT,)))


def _gainers(ranking: Ranking) -> tuple[Gainer, ...]:
    return tuple(
        (row, row.since_open, row.quote.last)
        for row in ranking.candidates
        if row.flaw is None
        and row.since_open is not None
        and row.since_open.dollars > 0
        and row.quote is not None
        and row.quote.last is not None
    )


def _first_by(
    gainers: tuple[Gainer, ...], figure: Callable[[Change], Decimal]
) -> Gainer:
    return min(gainers, key=lambda gainer: (-figure(gainer[1]), gainer[0].rank))
