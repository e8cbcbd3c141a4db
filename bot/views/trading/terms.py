"""Texts that all cards share: the account, the orders, what keeps them back, and how
the offer ended.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from bot.views import words
from core.model.card import Card
from core.model.market import Freshness, OrderType, Side
from core.model.money import Money
from core.model.proposal import Leg, Proposal, ProposalState, Purpose
from core.rules.figures import fees, percent
from core.rules.figures.terms import AT_THE_OPEN


MOST_NAMED: Final = 3
"""More orders than these are counted, not named."""

_FITTING: Final = {
    Side.BUY: "What would fit: {only} alone.",
    Side.SELL: "Yes sells {only}.",
}


def account_line(proposal: Proposal) -> str:
    """Which account the card trades, and whether it is paper."""
    mode = words.bold(words.mode_word(proposal.mode))
    return f"{mode} · {words.safe(proposal.account)}"


def orders_of(proposal: Proposal) -> str:
    """What Yes would place, in short."""
    if len(proposal.wanted) > MOST_NAMED:
        return f"{proposal.purpose.side} of {len(proposal.wanted)} stocks"
    return f"{proposal.purpose.side} {stocks_of(proposal)}"


def stocks_of(proposal: Proposal) -> str:
    """Shares and symbols: ``100 QRVX and 100 FDMX``."""
    parts = (
        f"{leg.shares:,} {words.safe(leg.instrument.symbol)}" for leg in proposal.wanted
    )
    return " and ".join(parts)


def amount(proposal: Proposal) -> str:
    """The estimated dollars: of a purchase with its fees, of a sale after them."""
    if proposal.purpose.sells:
        return brings(proposal)
    return _costs(proposal)


def brings(proposal: Proposal) -> str:
    """The estimated proceeds of a sale, after IB's fee and the fees passed on; in each
    currency its own."""
    legs = [leg for leg in proposal.wanted if not leg.is_abroad]
    told = [_brings_abroad(leg) for leg in proposal.wanted if leg.is_abroad]
    if legs or not told:
        charged = fees.fees(legs, proposal.session_day)
        after = Money(fees.cost(legs) - charged)
        told.insert(0, f"{words.dollars(after)} after {fee(charged)} fees")
    return f"brings about {' and '.join(told)}"


def _brings_abroad(leg: Leg) -> str:
    currency, charged = words.safe(leg.instrument.currency), fees.fee_abroad(leg)
    if charged is None:
        return f"{words.money(leg.estimate, currency)} before fees, not known here"
    after = words.money(leg.estimate - charged, currency)
    return f"{after} after {words.money_exact(charged, currency)} fees"


def own_hours(legs: Sequence[Leg]) -> str:
    """When an order executes that does not wait for New York's exchanges."""
    if not any(leg.has_own_hours for leg in legs):
        return ""
    return "Its exchange has its own hours: outside of them IB holds the order."


def own_hours_among(legs: Sequence[Leg]) -> str:
    """Which sales of several do not wait for New York's exchanges; empty without any."""
    own = [leg for leg in legs if leg.has_own_hours]
    if not own:
        return ""
    who = named(own) if len(own) <= MOST_NAMED else f"{len(own)} of them"
    goes = (
        "goes by its own exchange's" if len(own) == 1 else "go by their own exchanges'"
    )
    return f"{who} {goes} hours: sold at once in them, else held by IB until then."


def named(legs: Iterable[Leg]) -> str:
    """The symbols of *legs*: ``QRVX and FDMX``."""
    return words.safe(" and ".join(leg.instrument.symbol for leg in legs))


def rate_of(leg: Leg) -> str:
    """What one unit of a sale's currency is in dollars, by IB, and what it would bring
    in dollars; empty for dollars."""
    if not leg.is_abroad:
        return ""
    rate = leg.holding.rate if leg.holding else None
    currency = words.safe(leg.instrument.currency)
    if rate is None:
        return f"IB has not sent the rate of {currency}."
    worth = words.dollars(leg.estimate * rate)
    return f"1 {currency} is {words.dollar_rate(rate)} by IB: {worth}"


def _costs(proposal: Proposal) -> str:
    part = _of_account(proposal)
    return f"{cost(proposal)} · {part}" if part else cost(proposal)


def cost(proposal: Proposal) -> str:
    """The dollars of a purchase, and its fees beside them."""
    legs = proposal.legs
    charged = fee(fees.fees(legs, proposal.session_day))
    return f"about {words.dollars(fees.cost(legs))} + {charged} fees"


def fee(charged: Decimal) -> str:
    """A fee in dollars, to the cent: ``$1``, ``$0.24``."""
    return words.cents(charged).removesuffix(".00")


def money_after(proposal: Proposal) -> str:
    """What part of the account a purchase takes, and the funds available."""
    free = f"funds free {words.dollars(proposal.funds)}" if proposal.funds else ""
    return " · ".join(filter(None, (_of_account(proposal), free)))


def _of_account(proposal: Proposal) -> str:
    worth = proposal.net_liquidation
    if not worth:
        return ""
    part = words.rounded(percent.share(fees.cost(proposal.legs), worth), words.TENTH)
    return words.together(f"{part:,}% of account")


def ends(proposal: Proposal) -> str:
    """When the offer ends: New York time, the reader's own time behind a tap, and the
    time left, where his client counts it down.
    """
    at = proposal.expires_at
    life = words.age((at - proposal.made_at).total_seconds())
    return (
        f"offer ends {words.moment(at)} · "
        f"{words.countdown(at, f'{life} after the card')}"
    )


def ended(proposal: Proposal) -> str:
    """How an offer ended that was not approved; empty while it is open."""
    at = proposal.decided_at or proposal.expires_at
    by = words.safe(proposal.decided_by or "")
    nothing = f"Nothing was {proposal.purpose.done}."
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


def noted(proposal: Proposal) -> str:
    """What the core says first of it."""
    return words.strong(words.sentence(proposal.note or ""))


def refused(card: Card) -> str:
    """Why a Yes would not be sent, and which part of the card would be."""
    if not card.refused:
        return ""
    fitting = [leg for leg in card.proposal.legs if leg.number in card.fitting]
    also = " and " if card.proposal.purpose.sells else " or "
    only = also.join(f"{leg.shares:,} {leg.instrument.symbol}" for leg in fitting)
    left = _FITTING[card.proposal.purpose.side].format(only=words.safe(only))
    head = _refused_head(card.proposal, fits=bool(only))
    reasons = (words.sentence(reason) for reason in card.refused)
    return words.lines(words.bold(head), *reasons, left if only else "")


def _refused_head(proposal: Proposal, *, fits: bool) -> str:
    if not fits:
        return "A Yes would not be sent."
    if proposal.purpose is Purpose.SELL_ALL:
        return "Not all of it would be sold."
    return "Both together would not be sent."


def halted(proposal: Proposal) -> str:
    """That a Yes sends nothing for a halted stock until it trades again; /panic sells
    it nevertheless.
    """
    names = [leg.instrument.symbol for leg in proposal.wanted if leg.halted]
    is_open = proposal.state is ProposalState.OFFERED
    if not names or not is_open or proposal.purpose is Purpose.SELL_ALL:
        return ""
    return f"{words.safe(' and '.join(names))} is halted: a Yes counts once it trades."


def not_live(proposal: Proposal) -> str:
    """Of which stocks the prices on the card are not of this moment; a sale goes even so
    (S4)."""
    old = [leg for leg in proposal.wanted if leg.freshness is not Freshness.LIVE]
    if not old or proposal.state is not ProposalState.OFFERED:
        return ""
    named = ", ".join(f"{leg.instrument.symbol} ({leg.freshness})" for leg in old)
    return f"<b>The price is not live: {words.safe(named)}.</b>"


def outside_hours(card: Card) -> str:
    if card.closes:
        return f"The market closes at {words.minute(card.closes)}: Yes asks once more."
    if card.opens:
        opens = words.day_moment(card.opens)
        return f"The market opens {opens}: Yes asks once more."
    return ""


def kind_of_order(proposal: Proposal) -> str:
    """The orders' price terms and time in force, as text."""
    bound = [leg for leg in proposal.legs if leg.order_type is OrderType.LIMIT]
    if not bound:
        return "market order, good till cancelled"
    if lacks_limit(proposal):
        return "limit order, its limit not known yet (IB has not sent the price step)"
    most = " and ".join(_most(leg, proposal) for leg in bound)
    if any(leg.tif == AT_THE_OPEN for leg in bound):
        return f"limit order for the open, {most}: IB cancels what that does not fill"
    when = ", also outside of regular hours" if bound[0].outside_hours else ""
    return f"limit order, {most}, good till cancelled{when}"


def works_on(card: Card) -> str:
    """That an order may rest at IB beyond what stops new ones, if it may."""
    legs = (leg for leg in card.proposal.legs if leg.order_type is OrderType.LIMIT)
    if not card.buying_stops or all(leg.tif == AT_THE_OPEN for leg in legs):
        return ""
    return "Your last hour or loss limit does not end it: what rests at IB buys on."


def lacks_limit(proposal: Proposal) -> bool:
    """Whether the limit of one of its orders is still to come, and may change the size."""
    return any(
        leg.order_type is OrderType.LIMIT and leg.limit is None for leg in proposal.legs
    )


def _most(leg: Leg, proposal: Proposal) -> str:
    assert leg.limit is not None
    name = f"{words.safe(leg.instrument.symbol)} " if len(proposal.legs) > 1 else ""
    return f"{name}at most {words.order_price(leg.limit)}{_gap(leg)}"


def _gap(leg: Leg) -> str:
    """How far above the card's price an order for the open may pay."""
    if leg.tif != AT_THE_OPEN or leg.limit is None or leg.limit < leg.reference:
        return ""
    more = words.rounded(percent.moved(leg.reference, leg.limit), words.TENTH)
    return f" ({more}% above the card's {words.price(leg.reference)})"


def _bounds_of_the_auction(proposal: Proposal) -> str:
    """What Nasdaq's guide to its opening cross says of on-open orders: 09:28 is the last
    moment to cancel one, and one that comes later may be refused or priced anew."""
    if not any(leg.tif == AT_THE_OPEN for leg in proposal.legs):
        return ""
    return (
        "From 09:28 ET on the exchange cancels no such order any more, and it may refuse"
        " one that comes then. "
    )


def what_queueing_means(card: Card, opens: str) -> str:
    if any(leg.order_type is OrderType.LIMIT for leg in card.proposal.legs):
        order = kind_of_order(card.proposal)
        bounds = _bounds_of_the_auction(card.proposal)
        return f"The market opens {opens}. Sent now: {order}. {bounds}Queue it?"
    of, ask = _what_waits(card.proposal)
    if card.closes is None:
        return (
            f"The market opens {opens}. A market order{of} sent now waits for that open, "
            f"at whatever price it brings. {ask}"
        )
    return (
        f"The market closes at {words.minute(card.closes)}. Nothing is sent yet: a "
        f"market order{of} sent now is filled right before that, or it waits for the open "
        f"{opens}, at whatever price that brings. {ask}"
    )


def _what_waits(proposal: Proposal) -> tuple[str, str]:
    """Whose orders wait for New York's open, where not all do; and the question."""
    if not proposal.is_mixed:
        return "", "Queue it?"
    waits = [leg for leg in proposal.wanted if not leg.has_own_hours]
    of = named(waits) if len(waits) <= MOST_NAMED else f"{len(waits)} of them"
    return f" for {of}", f"{own_hours_among(proposal.wanted)} Send all?"
