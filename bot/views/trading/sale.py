"""The card that sells: what is held, its cost, the market's price, and the proceeds."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from bot.views import words
from bot.views.trading import terms
from core.model.card import Card
from core.model.portfolio import Position
from core.model.proposal import Leg, Proposal, ProposalState, Purpose
from core.rules.figures import percent
from core.rules.figures.amounts import in_all


_COLUMNS: Final = (
    words.Column(width=12, right=False),
    words.Column(width=9),
    words.Column(width=10),
)
_MOST: Final = 20


def sale(card: Card) -> str:
    """The card as HTML, while its offer is open and after it has ended."""
    proposal = card.proposal
    is_all = proposal.purpose is Purpose.SELL_ALL
    return words.paragraphs(
        terms.ended(proposal) or _asks(proposal),
        _noted(proposal),
        terms.refused(card),
        terms.halted(proposal),
        terms.not_live(proposal),
        _all(proposal) if is_all else _one(proposal.legs[0]),
        _terms(card),
    )


def _asks(proposal: Proposal) -> str:
    return words.lines(f"<b>{_question(proposal)}</b>", terms.account_line(proposal))


def _question(proposal: Proposal) -> str:
    if proposal.purpose is Purpose.SELL_ALL:
        wanted, count = len(proposal.wanted), len(proposal.legs)
        if not wanted:
            return "Sell none of them? Every stock is left out."
        if wanted < count:
            return f"Sell {wanted} of the {count} stocks on this card?"
        return "Sell all that you hold?"
    leg = proposal.legs[0]
    name = words.safe(leg.instrument.symbol)
    return f"Sell {leg.shares:,}{_of(leg)} {name}?"


def _of(leg: Leg) -> str:
    """Of how many shares, if some are kept."""
    held = leg.holding.shares if leg.holding else Decimal(leg.shares)
    return "" if held == leg.shares else f" of {held:,f}"


def _noted(proposal: Proposal) -> str:
    is_over = proposal.state is not ProposalState.OFFERED
    return "" if is_over else terms.noted(proposal)


def _one(leg: Leg) -> str:
    position = leg.holding
    assert position is not None, "a sale is of a holding"
    return words.lines(words.pre(_figures(leg, position)), *_facts(leg, position))


def _figures(leg: Leg, position: Position) -> Iterator[str]:
    """Cost and price of one share, and the amount of the whole sale."""
    cost = position.average_cost
    currency = leg.instrument.currency if leg.is_abroad else ""
    yield words.row((currency, "a share", "in all"), _COLUMNS)
    if cost is not None:
        yield _row("cost", cost, _in_all(leg, cost))
    yield _row("last", leg.reference, _in_all(leg, leg.reference))
    if leg.bid is not None:
        yield _row("buyers pay", leg.bid, _in_all(leg, leg.bid))
    if cost is not None:
        paid = in_all(leg.shares, cost)
        gain = leg.estimate - paid
        share = words.percent(percent.share(gain, paid))
        yield words.row(("gain", share, words.signed(gain)), _COLUMNS)


def _in_all(leg: Leg, price: Decimal) -> str:
    """The amount for all shares; the head of the table names another currency than the
    dollar."""
    amount = in_all(leg.shares, price)
    return words.whole(amount) if leg.is_abroad else words.dollars(amount)


def _row(name: str, price: Decimal, amount: str) -> str:
    return words.row((name, words.price(price), amount), _COLUMNS)


def _facts(leg: Leg, position: Position) -> Iterator[str]:
    if leg.bid and leg.ask and leg.ask >= leg.bid:
        yield f"spread {words.spread(percent.share(leg.ask - leg.bid, leg.ask))}"
    else:
        yield "No quote: the market's price is not known here."
    yield _origin(leg, position)
    if leg.is_abroad:
        yield terms.rate_of(leg)
    yield terms.own_hours([leg])


def _origin(leg: Leg, position: Position) -> str:
    """Whether the bot bought it; it is sold even if not."""
    bought = leg.bought_here or 0
    if bought >= position.whole_shares:
        return ""
    if not bought:
        return "I did not buy it; I can sell it even so."
    return f"I bought {bought:,} of the {position.shares:,f}."


def _all(proposal: Proposal) -> str:
    shown, more = words.first(proposal.legs, _MOST)
    rows = [words.row(("", "last", "worth"), _COLUMNS)]
    for leg in shown:
        name = words.fit(f"{leg.instrument.symbol} {leg.shares:,}", 12)
        worth = words.money(leg.estimate, leg.instrument.currency)
        worth = "stays" if leg.left_out else worth
        rows.append(words.row((name, words.price(leg.reference), worth), _COLUMNS))
    hours = terms.own_hours_among(proposal.wanted)
    return words.lines(words.pre(rows), more, hours, _bare(proposal))


def _bare(proposal: Proposal) -> str:
    """Rule S15: /panic has cancelled the exits of the shares that are left out."""
    is_open = proposal.state is ProposalState.OFFERED
    stays = is_open and any(leg.left_out for leg in proposal.legs)
    return "What stays has no stop or target of mine until /resume." if stays else ""


def _terms(card: Card) -> str:
    proposal = card.proposal
    amount = terms.amount(proposal)
    if proposal.state is not ProposalState.OFFERED:
        return f"Offered: {terms.orders_of(proposal)}, {amount}"
    return words.lines(
        f"<b>{amount[0].upper()}{amount[1:]}</b>",
        "market order, good till cancelled: sold at what buyers pay then",
        f"offer ends {words.moment(proposal.expires_at)}",
        terms.outside_hours(card),
    )
