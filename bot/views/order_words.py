"""The true word for where an order stands: nothing claims more than is known."""

import re
from typing import Final

from bot.views import words
from core.model.order import WORKING, Order, OrderState


NOT_CONFIRMED: Final = "placed, unconfirmed"
CHECKING: Final = f"unknown {words.DASH} checking"
PLEASE_LOOK: Final = f"unknown {words.DASH} please look"

_PLAIN: Final = {
    OrderState.PLANNED: "approved, not sent",
    OrderState.REJECTED: "refused",
    OrderState.CANCELLED: "cancelled",
    OrderState.UNKNOWN: PLEASE_LOOK,
    OrderState.ABSENT: "never reached IB",
    OrderState.LAPSED: "not sent",
    OrderState.NEEDS_RECONFIRM: "not sent, price moved",
    OrderState.CLOSED_BY_HUMAN: "closed by you",
}
"""States that one phrase says in full."""

_STORIES: Final = {
    OrderState.UNKNOWN: "{name}: {because} The order may exist, and I won't send it "
    "again. /orders asks what you see at IB.",
    OrderState.REJECTED: "{name}: refused by IB. {because} Nothing was bought.",
    OrderState.CANCELLED: "{name}: cancelled. {because} Nothing was bought.",
    OrderState.ABSENT: "{name}: never reached IB. Nothing was bought. /scan for a "
    "fresh card.",
    OrderState.LAPSED: "{name}: not sent. {because} Nothing was bought. /scan for a "
    "fresh card.",
    OrderState.NEEDS_RECONFIRM: "{name}: not sent. {because} A new card asks again.",
}
"""What happened; whether an order exists; what to do now."""

_CHECKING_STORY: Final = (
    "{name}: sent, not yet confirmed. {because} The order may exist. I won't send it "
    "again; asking IB now."
)


def state_words(order: Order) -> tuple[str, ...]:
    """Short lines for a column: first the state, then what belongs to it."""
    match order.state:
        case OrderState.SENDING:
            return (CHECKING if order.reason else NOT_CONFIRMED,)
        case OrderState.ACKED:
            return (_working(order),)
        case OrderState.PARTIAL:
            return (*_part_filled(order, _working(order)), *_fee(order))
        case OrderState.FILLED:
            average = words.price(order.average_price)
            return (f"filled {order.filled:,} @ {average}", *_fee(order))
        case OrderState.PARTIAL_DONE:
            return (*_part_filled(order, "the rest cancelled"), *_fee(order))
        case _:
            return (_PLAIN[order.state], *_fee(order))


def explained(order: Order) -> str:
    """What the state's own words leave open, as HTML; empty when that is nothing."""
    name = words.safe(f"{order.shares:,} {order.instrument.symbol}")
    because = words.sentence(_reason(order))
    story = _STORIES.get(order.state)
    if order.state is OrderState.SENDING and because:
        story = _CHECKING_STORY
    if story:
        return " ".join(story.format(name=name, because=because).split())
    because = _held(order) or because
    return f"{name}: {because}" if because else ""


def _reason(order: Order) -> str:
    """What is known beyond the state: IB's own words, without the part of them that
    only says the state again. A cancellation that was asked for needs none."""
    if order.cancel_asked and order.state in _CANCELLED:
        return ""
    reason = _STATE_AGAIN.sub("", order.reason or "").strip()
    return "" if _ONLY_A_CODE.fullmatch(reason) else reason


_CANCELLED: Final = frozenset({OrderState.CANCELLED, OrderState.PARTIAL_DONE})
_STATE_AGAIN: Final = re.compile(
    r"^Order (?:rejected|Cancell?ed) - reason:", re.IGNORECASE
)
_ONLY_A_CODE: Final = re.compile(r"\(TWS \d+\)")


def end_words(order: Order) -> str:
    """One phrase for the end of an order, to stand in a sentence."""
    symbol = order.instrument.symbol
    average = words.price(order.average_price)
    match order.state:
        case OrderState.FILLED:
            return f"{order.filled:,} {symbol} @ {average}"
        case OrderState.PARTIAL_DONE:
            return f"{order.filled:,} of {order.shares:,} {symbol} @ {average}"
        case _:
            return f"{symbol} {', '.join(state_words(order))}"


def can_be_cancelled(order: Order) -> bool:
    """Whether IB holds it or is still to get it, and nobody has asked to cancel yet."""
    return order.state in _CANCELLABLE and not order.cancel_asked


_CANCELLABLE: Final = frozenset({OrderState.PLANNED, *WORKING})


def _part_filled(order: Order, rest: str) -> tuple[str, ...]:
    average = words.price(order.average_price)
    return (f"filled {order.filled:,} of {order.shares:,}", f"@ {average}", rest)


def _working(order: Order) -> str:
    if order.cancel_asked:
        return "cancel asked for"
    if order.held_until:
        return f"queued for {words.weekday_time(order.held_until)}"
    return "working"


def _held(order: Order) -> str:
    if order.state is not OrderState.ACKED or order.held_until is None:
        return ""
    until = words.day_moment(order.held_until)
    return f"held by IB until {until}."


def _fee(order: Order) -> tuple[str, ...]:
    fee = order.commission
    return () if fee is None else (f"fee {words.exact(fee)}",)
