"""The card: what is offered, and, in the same place, what became of it."""

from decimal import Decimal
from typing import Final

from bot.views import market, words
from bot.views.orders import order_words, outcome
from bot.views.scans import scan_words, scanning
from bot.views.scores import in_words
from bot.views.trading import purchase, sale, terms
from core.model.card import Card
from core.model.market import Freshness
from core.model.order import Order
from core.model.proposal import Leg, Pick, Proposal, ProposalState, Purpose
from core.model.ranking import Change, Ranking


_WIDEST_LABEL: Final = 20
_NONE: Final = Change(dollars=Decimal(0), percent=Decimal(0))


def card(card: Card, *, scan_code: str) -> str:
    """The card as HTML. ``scan_code`` is the scanner's code that it came from."""
    match card.proposal.state:
        case ProposalState.APPROVED:
            return _approved(card)
        case ProposalState.OFFERED if card.proposal.queue_for:
            return _queue_question(card)
        case _ if card.proposal.purpose.sells:
            return sale.sale(card)
        case _ if card.proposal.purpose is Purpose.BUY:
            return purchase.purchase(card)
        case _:
            return _offer(card, scan_code)


def _offer(card: Card, scan_code: str) -> str:
    proposal = card.proposal
    if not proposal.ranking.rows:
        return words.paragraphs(
            _head(proposal, scan_code),
            "The scanner found no stock that fits the filters. No offer.",
        )
    return words.paragraphs(
        terms.ended(proposal) or terms.noted(proposal),
        terms.refused(card),
        _head(proposal, scan_code),
        words.lines(
            market.five(proposal.ranking),
            _picks(proposal),
            scan_words.left_out(proposal.ranking),
        ),
        words.lines(
            _terms(card), in_words.line(card.score), market.details(proposal.ranking)
        ),
    )


def _head(proposal: Proposal, scan_code: str) -> str:
    ranking = proposal.ranking
    name = scanning.scan_name(scan_code)
    name = name if name == scan_code else name.capitalize()
    at = words.clock_time(ranking.at)
    quotes = [candidate.quote for candidate in ranking.candidates]
    fresh = scan_words.freshness(quotes, ranking.freshness)
    if fresh != Freshness.LIVE:
        fresh = words.bold(fresh)
    head = f"<b>{words.safe(name)}</b> · {at} · {fresh}"
    return words.lines(
        head, terms.purse(proposal), scan_words.of_an_earlier_day(ranking)
    )


def _picks(proposal: Proposal) -> str:
    if len(proposal.legs) == 1 and len(proposal.legs[0].picks) > 1:
        leg = proposal.legs[0]
        gain = leg.change or _NONE
        name = words.bold(leg.instrument.symbol)
        since = scan_words.the_open(proposal.ranking)
        return (
            f"{name} leads in $ and in %: {words.signed(gain.dollars)}, "
            f"{words.percent(gain.percent)} since {since}. "
            f"One order, {leg.shares:,} shares."
        )
    return words.lines(
        *(
            _pick(leg, pick, proposal.ranking)
            for leg in proposal.legs
            for pick in leg.picks
        )
    )


def _pick(leg: Leg, pick: Pick, ranking: Ranking) -> str:
    """Why it was picked; a price that moved since may have given the lead away."""
    gain = _figure(leg.change, pick)
    figure = words.signed(gain) if pick is Pick.DOLLARS else words.percent(gain)
    ahead = max(
        (_figure(c.since_open, pick) for c in ranking.candidates if c.flaw is None),
        default=Decimal(0),
    )
    was = "was " if gain < ahead else ""
    name = words.bold(leg.instrument.symbol)
    return f"{was}{pick}: {name} {figure} since {scan_words.the_open(ranking)}"


def _figure(change: Change | None, pick: Pick) -> Decimal:
    change = change or _NONE
    return change.dollars if pick is Pick.DOLLARS else change.percent


def _terms(card: Card) -> str:
    proposal = card.proposal
    if not proposal.legs:
        return _no_offer(proposal)
    if proposal.state is not ProposalState.OFFERED:
        return f"Offered: {terms.orders_of(proposal)}, {terms.amount(proposal)}"
    return words.lines(
        f"<b>{'Offered' if card.refused else 'Yes'}: {terms.orders_of(proposal)}</b>",
        "market order, good till cancelled",
        terms.amount(proposal),
        f"{terms.funds(proposal)}offer ends {words.moment(proposal.expires_at)}",
        terms.outside_hours(card),
    )


def _no_offer(proposal: Proposal) -> str:
    since = scan_words.the_open(proposal.ranking)
    if proposal.note:  # asked again, and nothing was left to ask about
        return f"No pick is above {since} any more. No offer."
    changes = [candidate.since_open for candidate in proposal.ranking.candidates]
    if not changes:
        return "The scanner found no stock that can be bought in dollars. No offer."
    if all(change is not None and change.dollars <= 0 for change in changes):
        return f"Nobody in the top five is above {since}. No offer."
    return "None of the five can be picked. No offer."


def _queue_question(card: Card) -> str:
    proposal = card.proposal
    assert proposal.queue_for
    opens = words.day_moment(proposal.queue_for)
    return words.paragraphs(
        f"{terms.purse(proposal)}\n<b>Queue: {terms.orders_of(proposal)}?</b>",
        words.sentence(proposal.note or ""),
        terms.refused(card),
        terms.what_queueing_means(card, opens),
        words.lines(
            terms.amount(proposal),
            f"offer ends {words.moment(proposal.expires_at)}",
            market.details(proposal.ranking),
        ),
    )


def _approved(card: Card) -> str:
    proposal = card.proposal
    at = words.clock_time(proposal.decided_at or proposal.made_at)
    by = words.safe(proposal.decided_by or "the owner")
    mode = words.bold(words.mode_word(proposal.mode))
    return words.paragraphs(
        words.lines(
            f"{words.bold(outcome.answer(card.orders))} · {mode}",
            f"Yes, said {by} · {at}",
        ),
        words.lines(
            order_block(card.orders),
            order_words.explained(card.orders),
            order_words.quoted(card.orders),
            market.details(proposal.ranking),
        ),
    )


def order_block(orders: tuple[Order, ...]) -> str:
    """Each order in monospace: what it is, and where it stands beside it."""
    labels = [f"{o.instrument.symbol} {o.side} {o.shares:,}" for o in orders]
    width = min(max(map(len, labels), default=0) + 1, _WIDEST_LABEL)
    rows: list[str] = []
    for label, order in zip(labels, orders, strict=True):
        for number, text in enumerate(order_words.state_words(order)):
            rows += words.beside("" if number else label, text, width=width)
    return words.pre(rows) if rows else ""
