"""The card that buys a named stock: its price, its spread, and the cost."""

from collections.abc import Iterator
from typing import Final

from bot.views import words
from bot.views.trading import exits, terms
from core.model.card import Card
from core.model.money import Price
from core.model.proposal import Leg, Proposal, ProposalState
from core.rules.figures import percent
from core.rules.figures.amounts import in_all


_COLUMNS: Final = (
    words.Column(width=12, right=False),
    words.Column(width=9),
    words.Column(width=12),
)


def purchase(card: Card) -> str:
    """The card as HTML, while its offer is open and after it has ended."""
    proposal = card.proposal
    return words.paragraphs(
        terms.ended(proposal) or _asks(proposal),
        terms.noted(proposal) if proposal.state is ProposalState.OFFERED else "",
        terms.refused(card),
        terms.halted(proposal),
        terms.not_live(proposal),
        *(words.pre(_figures(leg)) for leg in proposal.legs),
        _terms(card),
    )


def _asks(proposal: Proposal) -> str:
    named = " and ".join(
        f"{leg.shares:,} {leg.instrument.symbol}" for leg in proposal.legs
    )
    companies = (words.company(leg.company) for leg in proposal.legs)
    return words.lines(
        words.bold(f"Buy {named}?"),
        *companies,
        terms.account_line(proposal),
    )


def _figures(leg: Leg) -> Iterator[str]:
    yield words.row(("", "a share", "in all"), _COLUMNS)
    yield _row("last", leg, leg.reference)
    if leg.ask is not None:
        yield _row("sellers ask", leg, leg.ask)
    if leg.bid is not None and leg.ask is not None and leg.ask >= leg.bid:
        spread = words.spread(percent.share(leg.ask - leg.bid, leg.ask))
        yield words.row(("spread", spread, ""), _COLUMNS)
    if leg.change is not None:
        moved = words.percent(leg.change.percent)
        yield words.row(("since open", moved, ""), _COLUMNS)


def _row(name: str, leg: Leg, price: Price) -> str:
    cells = (name, words.price(price), words.dollars(in_all(leg.shares, price)))
    return words.row(cells, _COLUMNS)


def _terms(card: Card) -> str:
    proposal = card.proposal
    if proposal.state is not ProposalState.OFFERED:
        return f"Offered: {terms.orders_of(proposal)}, {terms.amount(proposal)}"
    cost = terms.cost(proposal)
    return words.lines(
        f"<b>{cost[0].upper()}{cost[1:]}</b>",
        terms.kind_of_order(proposal),
        terms.works_on(card),
        terms.own_hours(proposal.legs),
        exits.of_card(proposal.legs, card.covered),
        terms.money_after(proposal),
        terms.ends(proposal),
        terms.outside_hours(card),
    )
