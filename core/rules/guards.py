"""Every reason not to send an order; no reason at all means go.

A guard is a function that names what it finds. All of them are always asked, because
people act on complete answers.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from core.model.limits import Limits
from core.model.order import Order
from core.model.status import Readiness
from core.rules.circumstances import Circumstances, Reason, Refusal, RefusalKind, spent
from core.rules.common_guards import (
    BEFORE_A_YES,
    BEFORE_ANY_ORDER,
    card_is_of_this_account,
    market_is_open_or_awaited,
)
from core.rules.order_guards import (
    data_is_live,
    day_is_within_its_cap,
    funds_are_enough,
    order_is_of_this_account,
    order_is_within_its_cap,
    owner_still_wants_it,
    price_is_known,
    price_is_the_cards,
    stock_has_no_order_of_ours,
    stock_is_not_halted,
    stock_is_not_held,
    stock_is_not_in_doubt,
)


__all__ = [
    "GUARDS",
    "ORDER_GUARDS",
    "SUM_GUARDS",
    "Circumstances",
    "Refusal",
    "RefusalKind",
    "refusals",
    "spent",
    "standing_blocks",
]

GUARDS: Final[tuple[Callable[[Circumstances], Iterator[Reason]], ...]] = (
    card_is_of_this_account,
    market_is_open_or_awaited,
)
ORDER_GUARDS: Final[tuple[Callable[[Order, Circumstances], Iterator[Reason]], ...]] = (
    owner_still_wants_it,
    order_is_of_this_account,
    stock_is_not_in_doubt,
    stock_has_no_order_of_ours,
    stock_is_not_held,
    price_is_known,
    data_is_live,
    stock_is_not_halted,
    price_is_the_cards,
    order_is_within_its_cap,
)
SUM_GUARDS: Final[
    tuple[Callable[[Sequence[Order], Circumstances], Iterator[Reason]], ...]
] = (
    day_is_within_its_cap,
    funds_are_enough,
)


def refusals(
    orders: Sequence[Order], circumstances: Circumstances
) -> tuple[Refusal, ...]:
    """Every reason why *orders*, all planned and of one proposal, may not leave."""
    readiness, limits = circumstances.readiness, circumstances.limits
    shared = (reason for ask in BEFORE_ANY_ORDER for reason in ask(readiness, limits))
    of_card = (reason for guard in GUARDS for reason in guard(circumstances))
    common = (
        Refusal(kind=kind, ref=None, text=text) for kind, text in (*shared, *of_card)
    )
    own = (
        Refusal(kind=kind, ref=order.ref, text=text)
        for order in orders
        for order_guard in ORDER_GUARDS
        for kind, text in order_guard(order, circumstances)
    )
    together = (
        Refusal(kind=kind, ref=None, text=text)
        for sum_guard in SUM_GUARDS
        for kind, text in sum_guard(orders, circumstances)
    )
    return (*common, *own, *together)


def standing_blocks(readiness: Readiness, limits: Limits) -> tuple[str, ...]:
    """Why a Yes would not be sent at this moment, whatever it were for; empty means
    ready. The one answer for a Yes, /status and the card."""
    found = (reason for ask in BEFORE_A_YES for reason in ask(readiness, limits))
    return tuple(text for _, text in found)
