"""The card: what is offered, and, in the same place, what became of it."""

from decimal import Decimal
from typing import Final

from bot.views import (
    market,
    order_words,
    outcome,
    scan_words,
    scanning,
    words,
)
from core.model.card import Card
from core.model.market import Freshness
from core.model.order import Order
from core.model.proposal import Leg, Pick, Proposal, ProposalState
from core.model.ranking import Change, Ranking
from core.rules.figures import fees, percent


_WIDEST_LABEL: Final = 20
_NONE: Final = Change(dollars=Decimal(0), percent=Decimal(0))


def card(card: Card, *, scan_code: str) -> str:
    """The card as HTML. ``scan_code`` is the scanner's code that it came from."""
    match card.proposal.state:
        case ProposalState.APPROVED:
            return _approved(card)
        case ProposalState.OFFERED if card.proposal.queue_for:
            return _queue_question(card)
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
        _ended(proposal) or _noted(proposal),
        _refused(card),
        _head(proposal, scan_code),
        words.lines(
            market.five(proposal.ranking),
            _picks(proposal),
            scan_words.left_out(proposal.ranking),
        ),
        words.lines(_terms(card), market.details(proposal.ranking)),
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
    return words.lines(head, _purse(proposal), scan_words.of_an_earlier_day(ranking))


def _purse(proposal: Proposal) -> str:
    mode = words.bold(words.mode_word(proposal.mode))
    return f"{mode} · {words.safe(proposal.account)}"


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
        return f"Offered: {_buys(proposal)}, {_cost(proposal)}"
    return words.lines(
        f"<b>{'Offered' if card.refused else 'Yes'}: {_buys(proposal)}</b>",
        "market order, good till cancelled",
        _cost(proposal),
        f"{_funds(proposal)}offer ends {words.moment(proposal.expires_at)}",
        _outside_hours(card),
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


def _buys(proposal: Proposal) -> str:
    parts = [
        f"{leg.shares:,} {words.safe(leg.instrument.symbol)}" for leg in proposal.legs
    ]
    return f"BUY {' and '.join(parts)}"


def _cost(proposal: Proposal) -> str:
    amount, worth = fees.cost(proposal.legs), proposal.net_liquidation
    charged = words.dollars(fees.fees(proposal.legs))
    part = words.rounded(percent.share(amount, worth), words.TENTH) if worth else None
    of_all = f" · {part}% of account" if part is not None else ""
    return f"about {words.dollars(amount)} + {charged} fees{of_all}"


def _funds(proposal: Proposal) -> str:
    return f"funds free {words.dollars(proposal.funds)} · " if proposal.funds else ""


def _ended(proposal: Proposal) -> str:
    """How an offer ended that was not approved; empty while it stands."""
    at = proposal.decided_at or proposal.expires_at
    by = words.safe(proposal.decided_by or "")
    nothing = f"Nothing was {proposal.purpose.side.done}."
    match proposal.state:
        case ProposalState.DECLINED:
            return f"<b>No</b>, said {by} · {words.clock_time(at)}. {nothing}"
        case ProposalState.EXPIRED:
            ended = words.minute(proposal.expires_at)
            again = "/positions" if proposal.purpose.sells else "/scan"
            return f"<b>Offer ended</b> {ended}. {nothing} {again} for a new one."
        case ProposalState.SUPERSEDED:
            why = f" ({by})" if by else ""
            return f"<b>No longer open</b>{why} · {words.clock_time(at)}. {nothing}"
        case _:
            return ""


def _noted(proposal: Proposal) -> str:
    note = words.sentence(proposal.note or "")
    return f"<b>{note}</b>" if note else ""


def _refused(card: Card) -> str:
    """Why a Yes would not be sent, and what of the card would be."""
    if not card.refused:
        return ""
    fitting = [leg for leg in card.proposal.legs if leg.number in card.fitting]
    only = " or ".join(f"{leg.shares:,} {leg.instrument.symbol}" for leg in fitting)
    left = f"What would fit: {words.safe(only)} alone." if only else ""
    head = "Both together would not be sent." if only else "A Yes would not be sent."
    reasons = (words.sentence(reason) for reason in card.refused)
    return words.lines(words.bold(head), *reasons, left)


def _outside_hours(card: Card) -> str:
    if card.closes:
        return f"The market closes at {words.minute(card.closes)}: Yes asks once more."
    if card.opens:
        opens = words.day_moment(card.opens)
        return f"The market opens {opens}: Yes asks once more."
    return ""


def _queue_question(card: Card) -> str:
    proposal = card.proposal
    assert proposal.queue_for
    opens = words.day_moment(proposal.queue_for)
    return words.paragraphs(
        f"{_purse(proposal)}\n<b>Queue: {_buys(proposal)}?</b>",
        words.sentence(proposal.note or ""),
        _refused(card),
        _what_queueing_means(card, opens),
        words.lines(
            _cost(proposal),
            f"offer ends {words.moment(proposal.expires_at)}",
            market.details(proposal.ranking),
        ),
    )


def _what_queueing_means(card: Card, opens: str) -> str:
    if card.closes is None:
        return (
            f"The market opens {opens}. A market order sent now waits for that open, "
            "at whatever price it brings. Queue it?"
        )
    return (
        f"The market closes at {words.minute(card.closes)}. Nothing is sent yet: a "
        "market order sent now is filled right before that, or it waits for the open "
        f"{opens}, at whatever price that brings. Queue it?"
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
