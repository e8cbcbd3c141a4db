"""/orders and /cancel: our orders as far as evidence goes, and everybody else's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.views import portfolio, words
from bot.views.orders import order_words
from bot.views.scans import card
from core.model.order import FINAL, WORKING, Order, OrderState
from core.model.portfolio import OpenOrder
from core.model.proposal import Mode
from core.model.status import Status
from core.rules.listings.unknown_orders import is_copy


_NONE_OF_OURS: Final = "Nothing of mine is working, and I sent nothing today."
_MOST: Final = 12
"""So many orders, with a sentence each, fit into one message."""


def orders(
    ours: Sequence[Order],
    listed: Sequence[OpenOrder],
    *,
    mode: Mode,
    missing: str | None,
    at: datetime,
) -> str:
    """Our orders from the journal as of *at* (UTC), then those of others that IB
    lists, copies of ours too. ``missing`` says why IB's list is not here."""
    known = {str(order.ref): order for order in ours}
    others = [
        each
        for each in listed
        if each.ref not in known or is_copy(known[each.ref], each)
    ]
    shown, more = words.first(ours, _MOST)
    not_asked = (
        f"IB's own list is missing. {words.sentence(missing)}" if missing else ""
    )
    return words.paragraphs(
        f"<b>Orders</b> · {words.bold(words.mode_word(mode))}",
        words.lines(card.order_block(tuple(shown)) or _NONE_OF_OURS, more),
        words.lines(order_words.explained(shown), order_words.quoted(shown)),
        portfolio.open_orders(others, head="Not placed by me") if others else "",
        not_asked,
        f"as of {words.clock_time(at)}",
    )


def cancellable(ours: Sequence[Order], *, mode: Mode) -> str:
    """What /cancel could ask IB to cancel: *ours*."""
    if not ours:
        return "Nothing to cancel: no order of mine is working."
    return words.paragraphs(
        f"<b>Cancel which?</b> · {words.bold(words.mode_word(mode))}",
        card.order_block(tuple(ours[:_MOST])),
    )


def cancel_asked(order: Order, *, is_near: bool = True) -> str:
    """The plain answer to a tap on Cancel; *is_near* as by that function."""
    what = f"{order.shares - order.filled:,} {order.instrument.symbol}"
    if order.state is OrderState.PLANNED:
        return f"{what} will not be sent."
    if order.state in WORKING and order.order_id is None:
        return (
            f"Not cancelled: {what} work at IB, and only an older copy of my files sent "
            "that order. Cancel it in TWS."
        )
    if order.state in WORKING and is_near:
        return f"Asked IB to cancel {what}. I'll say when it is done."
    if order.state not in FINAL:
        return (
            f"Not cancelled yet: {what} may work at IB. I ask IB as soon as it can be "
            "reached, and again until it confirms."
        )
    return f"{order.instrument.symbol}: {', '.join(order_words.state_words(order))}."


def is_near(order: Order, status: Status) -> bool:
    """Whether IB can be asked about *order* now: the session is of its name, and has
    shown it."""
    return status.reconciled and order.is_of(status.line.identity)
