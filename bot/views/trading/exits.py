"""Exits in text: of a card and of an order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot.views import words
from bot.views.orders.order_words import NOT_CONFIRMED, PLEASE_LOOK
from bot.views.trading import terms
from core.model.card import Card
from core.model.exits.plan import NO_EXITS, Distance, ExitKind, ExitPlan, Unit
from core.model.market import ConId, TrailingDistance
from core.model.order import FINAL, WORKING, Order, OrderState
from core.model.proposal import Leg, ProposalState
from core.model.status import ExitsWait
from core.rules.exits.prices import dollars_of
from core.rules.figures.amounts import in_all


NO_PLAN: Final = "no exits"

WHAT_A_STOP_IS: Final = (
    "A stop works in regular hours only; after a gap or a halt it sells lower."
)

WHAT_A_TIMED_EXIT_IS: Final = (
    "I send the timed exit myself, in the last ten minutes of its session: if I am off"
    " then, before the close of the next session that I see."
)


def plan_words(plan: ExitPlan) -> str:
    """``stop 5%, target $0.50 above``; "no exits" where there is none."""
    if plan == NO_EXITS:
        return NO_PLAN
    exits = (
        ("stop", plan.stop, "below"),
        ("trailing stop", plan.trail, "below"),
        ("target", plan.target, "above"),
    )
    parts = [
        f"{name} {_away(each, side)}" for name, each, side in exits if each is not None
    ]
    if plan.sessions is not None:
        parts.append(f"sold before {_close(plan.sessions)}")
    return ", ".join(parts)


def _close(number: int) -> str:
    """Number 1 may not be today's: what is bought after a close counts from the next."""
    return "the next close" if number == 1 else f"the close of session {number}"


def _away(distance: Distance, side: str) -> str:
    """Dollars could be read as the price itself, so they say on which side they are."""
    return f"{distance} {side}" if distance.unit is Unit.DOLLARS else f"{distance}"


def of_card(legs: Sequence[Leg], covered: Collection[ConId] = ()) -> str:
    """A line about the exits of a card's purchases, with their prices at the card's
    price; of the stocks *covered*, the exits of what is held are for more, too."""
    bare = [leg.instrument.con_id for leg in legs if leg.exits == NO_EXITS]
    plans = dict.fromkeys(leg.exits for leg in legs)
    if len(bare) == len(legs) and not set(bare) & set(covered):
        return f"{NO_PLAN}: nothing is sold by itself"
    if not bare and len(plans) == len(legs) == 1:
        return f"exits: {plan_words(legs[0].exits)}{_at(legs[0])}"
    if not bare and len(plans) == 1:
        return f"exits of each: {plan_words(legs[0].exits)}"
    return "; ".join(_of_leg(leg, covered) for leg in legs)


def _of_leg(leg: Leg, covered: Collection[ConId]) -> str:
    joins = leg.exits == NO_EXITS and leg.instrument.con_id in covered
    plan = "exits of what you hold cover it" if joins else plan_words(leg.exits)
    return f"{words.safe(leg.instrument.symbol)}: {plan}"


def of_queued(legs: Sequence[Leg]) -> str:
    """The exits of a purchase that waits for an open; empty without exits."""
    if all(leg.exits == NO_EXITS for leg in legs):
        return ""
    return f"{of_card(legs)}. This bot sends them once the open has filled: keep it running."


def _at(leg: Leg) -> str:
    return f" ({where})" if (where := _where(leg)) else ""


def _stop_at(leg: Leg) -> str:
    return f"stop at {where}" if (where := _where(leg)) else ""


def _where(leg: Leg) -> str:
    """The stop's price at the card's price; "" if that is not known."""
    stop = leg.exits.stop
    if stop is None or stop.unit is Unit.ATR:
        return ""
    at = leg.reference - dollars_of(stop, leg.reference)
    loss = in_all(leg.shares, dollars_of(stop, leg.reference))
    if at <= 0:
        return ""
    return f"about {words.price(at)}, {words.dollars(loss)} less"


def order_name(order: Order) -> str:
    """``stop 4.59``: the kind of exit, and its price."""
    at = order.stop or order.limit
    if at is not None:
        return f"{order.exit} {words.order_price(at)}"
    if order.distance is not None:
        return f"{order.exit} {how_far(order.distance)}"
    return f"{order.exit}"


def how_far(of: TrailingDistance) -> str:
    """How far a trailing stop follows: "3%" or "0.50"."""
    return f"{of}" if of.amount is None else words.order_price(of.amount)


def standing(orders: Iterable[Order]) -> str:
    """A line for each exit of an approved card; empty without any."""
    lines = (
        f"{order.shares:,} {words.safe(order.instrument.symbol)}: "
        f"{order_name(order)}, {_state(order)}"
        for order in orders
        if order.state not in FINAL or order.filled
    )
    return words.lines(*lines)


def _state(order: Order) -> str:
    sold = f"sold {order.filled:,} @ {words.price(order.average_price)}"
    if order.state is OrderState.UNKNOWN:
        return f"{sold}, rest {PLEASE_LOOK}" if order.filled else PLEASE_LOOK
    if order.filled:
        return sold
    if order.cancel_asked:
        return "cancel not confirmed"
    if order.state is OrderState.SENDING:
        return NOT_CONFIRMED
    if order.state not in WORKING:
        return "not at IB yet"
    is_shortened = order.tif == "DAY" and order.exit is not ExitKind.CLOSE
    return "at IB, only until the next close" if is_shortened else "at IB"


def exits_card(card: Card) -> str:
    """The card that asks for other exits, before and after its decision."""
    proposal = card.proposal
    leg = proposal.legs[0]
    symbol = words.safe(leg.instrument.symbol)
    if proposal.state is ProposalState.APPROVED:
        by, at = words.safe(proposal.decided_by or ""), proposal.decided_at
        said = f"Yes, said {by} · {words.clock_time(at)}" if at else ""
        return words.paragraphs(
            words.lines(
                f"<b>Exits of {symbol}: {plan_words(leg.exits)}</b>",
                said,
                terms.account_line(proposal),
            ),
            standing(card.exits) or _nothing_stands(card),
            WHAT_A_TIMED_EXIT_IS if leg.exits.sessions else "",
        )
    return words.paragraphs(
        terms.ended(proposal) or words.bold(_question(leg)),
        terms.noted(proposal) if proposal.state is ProposalState.OFFERED else "",
        terms.refused(card),
        terms.not_live(proposal),
        _why_none(card),
        words.lines(
            terms.account_line(proposal),
            f"you hold {leg.shares:,}, last {words.price(leg.reference)}",
            _stop_at(leg),
            _CANCELLED if leg.exits == NO_EXITS else _PLACED,
            WHAT_A_STOP_IS if leg.exits.stop or leg.exits.trail else "",
            WHAT_A_TIMED_EXIT_IS if leg.exits.sessions else "",
            terms.ends(proposal) if proposal.state is ProposalState.OFFERED else "",
        ),
    )


_CANCELLED: Final = "Those of mine that stand are cancelled, and none is placed."
_PLACED: Final = (
    "Exits that stand are cancelled first. Each sells no more than you hold."
)


def _nothing_stands(card: Card) -> str:
    if card.exits:
        return "None of them is at IB now. /exits shows what protects it."
    if why := _why_none(card):
        return why
    plan = card.proposal.legs[0].exits
    if not (plan.stop or plan.trail or plan.target):
        return "What stood is being cancelled. /exits shows it."
    return (
        "They are placed once no other order at IB, mine or not, may sell these shares."
        " /exits shows it."
    )


def _why_none(card: Card) -> str:
    """Rule S15: what keeps the exits of an open or approved card back; empty if nothing
    does.
    """
    is_over = card.proposal.state not in _COUNTS
    takes_off = card.proposal.legs[0].exits == NO_EXITS
    if is_over or (takes_off and card.exits_wait is ExitsWait.PANIC):
        return ""
    return WAITS.get(card.exits_wait, "")


def _question(leg: Leg) -> str:
    symbol = words.safe(leg.instrument.symbol)
    if leg.exits == NO_EXITS:
        return f"Take the exits of {symbol} off?"
    return f"Exits for {leg.shares:,} {symbol}: {plan_words(leg.exits)}?"


WAITS: Final[Mapping[ExitsWait | None, str]] = MappingProxyType(
    {
        ExitsWait.PANIC: "No exit is placed while trading is halted by /panic: all is to"
        " be sold. /resume ends the halt, and places them.",
        ExitsWait.OLD_COPY: "No exit is placed or ended now: these plans may be of an old"
        " copy. /resume says why, and lets them go on.",
    }
)

_COUNTS: Final = frozenset({ProposalState.OFFERED, ProposalState.APPROVED})
"""Of a card: what it asks for can still come about."""


def how_to_set() -> str:
    """How to ask for exits."""
    return words.lines(
        "<b>Which exits?</b> For example:",
        "<code>/exits QRVX stop 5%</code>, <code>/exits QRVX trail 0.50 target 10%</code>, "
        "<code>/exits QRVX stop 2atr</code>,",
        "<code>/exits QRVX stop 5% close 2</code> (sold before the close of the next "
        "session),",
        "<code>/exits QRVX none</code>. A card asks first; nothing was changed.",
    )


def no_card(problem: str) -> str:
    """Why there is no card for exits."""
    return words.lines(
        f"<b>No card.</b> {words.sentence(problem)}",
        "Nothing was changed. /exits shows what you hold.",
    )
