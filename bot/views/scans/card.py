"""The card: what is offered, and later, in the same message, the outcome."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.views import labels, words
from bot.views.orders import order_words, outcome
from bot.views.scans import details, five, picks, scan_words, scanning
from bot.views.scores import in_words
from bot.views.trading import exits, purchase, sale, terms
from core.model.card import Card
from core.model.market import Freshness
from core.model.order import Order, OrderState
from core.model.proposal import Proposal, ProposalState, Purpose


_WIDEST_LABEL: Final = 20
_BOLD: Final = 30
"""How many bold characters fit on a line of a narrow phone."""
_IN_PART: Final = frozenset({OrderState.PARTIAL, OrderState.PARTIAL_DONE})


def card(card: Card, *, scan_code: str) -> str:
    """The card as HTML. ``scan_code`` is the scanner's code that it came from."""
    match card.proposal.state:
        case _ if card.proposal.purpose is Purpose.EXITS:
            return exits.exits_card(card)
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
        _first(card),
        _head(proposal, scan_code),
        words.lines(
            five.five(proposal),
            picks.picks(card),
            scan_words.left_out(proposal.ranking),
        ),
        words.lines(_terms(card), in_words.line(card.score), details.details(proposal)),
    )


def _first(card: Card) -> str:
    """The first line: how it ended, why it asks again, or what would not be sent; else
    its picks, for the lock screen."""
    proposal = card.proposal
    said = terms.ended(proposal) or terms.noted(proposal)
    refused = terms.refused(card)
    if not (said or refused):
        return picks.lead(proposal)
    return words.paragraphs(said, refused)


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
        head, terms.account_line(proposal), scan_words.of_an_earlier_day(ranking)
    )


def _terms(card: Card) -> str:
    proposal = card.proposal
    if not proposal.legs:
        return _no_offer(proposal)
    if proposal.state is not ProposalState.OFFERED:
        return f"Offered: {terms.orders_of(proposal)}, {terms.amount(proposal)}"
    return words.lines(
        f"<b>{_asks(card)}</b>",
        terms.kind_of_order(proposal),
        terms.works_on(card),
        exits.of_card(proposal.legs, card.covered),
        terms.cost(proposal),
        terms.money_after(proposal),
        terms.ends(proposal),
        terms.outside_hours(card),
    )


def _asks(card: Card) -> str:
    """What a Yes to all legs would do; nothing if it is known to be refused."""
    if card.refused:
        return f"Offered: {terms.orders_of(card.proposal)}"
    asked = f"Yes buys {terms.stocks_of(card.proposal)}"
    return asked if len(asked) <= _BOLD else asked.replace(" and ", "\nand ")


def _no_offer(proposal: Proposal) -> str:
    since = scan_words.the_open(proposal.ranking)
    if proposal.note:  # asked again, and nothing was left to ask about
        return f"No pick is above {since} any more. No offer."
    changes = [candidate.since_open for candidate in proposal.ranking.candidates]
    if not changes:
        return "The scanner found no stock that can be bought in dollars."
    if all(change is not None and change.dollars <= 0 for change in changes):
        return f"None of the top five is above {since}."
    return "None of the five can be picked."


def _queue_question(card: Card) -> str:
    proposal = card.proposal
    assert proposal.queue_for
    opens = words.day_moment(proposal.queue_for)
    act = "Send" if proposal.is_mixed else "Queue"
    return words.paragraphs(
        words.lines(
            f"<b>{act}: {terms.orders_of(proposal)}?</b>", terms.account_line(proposal)
        ),
        words.sentence(proposal.note or ""),
        terms.refused(card),
        terms.what_queueing_means(card, opens),
        words.lines(
            exits.of_queued(proposal.legs),
            terms.amount(proposal),
            terms.ends(proposal),
            details.details(proposal),
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
            exits.standing(card.exits),
            order_words.quoted(card.orders),
            details.details(proposal),
        ),
    )


def order_block(orders: tuple[Order, ...]) -> str:
    """Each order in monospace, with its state beside it."""
    names = [f"{o.instrument.symbol} {_act(o)} {o.shares:,}" for o in orders]
    width = min(max(map(len, names), default=0) + 1, _WIDEST_LABEL)
    rows: list[str] = []
    for name, order in zip(names, orders, strict=True):
        said = order_words.state_words(order)
        rows += _of_a_part(order, said) or _beside(name, said, width)
    return words.pre(rows) if rows else ""


def _act(order: Order) -> str:
    """What it does: an exit in one word, since a stock can have several."""
    return labels.EXIT_KINDS[order.exit].upper() if order.exit else order.side


def _beside(label: str, said: Sequence[str], width: int) -> Iterator[str]:
    for number, text in enumerate(said):
        yield from words.beside("" if number else label, text, width=width)


def _of_a_part(order: Order, said: Sequence[str]) -> list[str]:
    """A part fill in one line, as far as it fits; empty for anything else. At its end the
    sentence below says that the rest is cancelled, and the fee."""
    if order.state not in _IN_PART:
        return []
    rest = said[1:] if order.state is OrderState.PARTIAL else ()
    line = f"{order.instrument.symbol} {_act(order)} {said[0]}"
    whole = " ".join((line, *rest))
    if len(whole) <= words.WIDTH:
        return [whole]
    if len(line) <= words.WIDTH:
        return [line, *_beside("", rest, 5)]
    shares, at, price = line.partition(" @ ")
    return [shares, *_beside("", (f"{at.strip()} {price}", *rest), 5)]
