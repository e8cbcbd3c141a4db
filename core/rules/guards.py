"""Every reason not to send an order; none means that it may be sent.

A guard is a function that yields the reasons it finds. All guards are always evaluated,
so that the owner gets a complete answer.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from core.model.instructions import Limits
from core.model.market import Side
from core.model.order import Order
from core.model.proposal import Purpose
from core.model.status import Readiness
from core.rules.circumstances import Circumstances, Reason, Refusal, RefusalKind, spent
from core.rules.common_guards import (
    BEFORE_A_YES,
    BEFORE_ANY_ORDER,
    ReadinessGuard,
    card_is_of_this_account,
    market_is_open_or_awaited,
    not_halted,
)
from core.rules.exits.guards import BEFORE_AN_EXIT
from core.rules.limits.session import (
    buys_are_within_their_limit,
    it_is_early_enough,
    loss_is_within_its_limit,
    positions_are_within_their_limit,
)
from core.rules.limits.stock import (
    exits_have_a_distance,
    limit_reaches_the_ask,
    price_step_is_known,
    size_is_a_share,
    spread_is_narrow,
    stock_is_within_its_cap,
    volume_is_large_enough,
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
from core.rules.selling.guards import SALE_GUARDS


__all__ = [
    "GUARDS",
    "ORDER_GUARDS",
    "SALE_GUARDS",
    "SUM_GUARDS",
    "Circumstances",
    "Refusal",
    "RefusalKind",
    "refusals",
    "spent",
    "yes_blocks",
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
    stock_is_within_its_cap,
    spread_is_narrow,
    volume_is_large_enough,
    limit_reaches_the_ask,
    price_step_is_known,
    exits_have_a_distance,
    size_is_a_share,
)
SUM_GUARDS: Final[
    tuple[Callable[[Sequence[Order], Circumstances], Iterator[Reason]], ...]
] = (
    day_is_within_its_cap,
    funds_are_enough,
    loss_is_within_its_limit,
    buys_are_within_their_limit,
    positions_are_within_their_limit,
    it_is_early_enough,
)


def refusals(
    orders: Sequence[Order], circumstances: Circumstances
) -> tuple[Refusal, ...]:
    """Every reason why *orders*, all planned and of one proposal, may not be sent."""
    readiness, limits = circumstances.readiness, circumstances.limits
    asked = before_an_order(circumstances.proposal.purpose)
    shared = (reason for ask in asked for reason in ask(readiness, limits))
    of_card = (reason for guard in GUARDS for reason in guard(circumstances))
    common = (
        Refusal(kind=kind, ref=None, text=text) for kind, text in (*shared, *of_card)
    )
    own = (
        Refusal(kind=kind, ref=order.ref, text=text)
        for order in orders
        for order_guard in _GUARDS_OF[order.side]
        for kind, text in order_guard(order, circumstances)
    )
    together = (
        Refusal(kind=kind, ref=None, text=text)
        for sum_guard in _SUM_GUARDS_OF[circumstances.proposal.purpose.side]
        for kind, text in sum_guard(orders, circumstances)
    )
    return (*common, *own, *together)


_GUARDS_OF: Final = {Side.BUY: ORDER_GUARDS, Side.SELL: SALE_GUARDS}
_SUM_GUARDS_OF: Final = {Side.BUY: SUM_GUARDS, Side.SELL: ()}


def before_an_order(purpose: Purpose) -> tuple[ReadinessGuard, ...]:
    """The guards before any order of such a card. The sales of /panic are sent although
    trading is halted: they are the way out, whatever the halt is for."""
    if purpose is not Purpose.SELL_ALL:
        return BEFORE_ANY_ORDER
    return tuple(each for each in BEFORE_ANY_ORDER if each is not not_halted)


def yes_blocks(
    readiness: Readiness, limits: Limits, purpose: Purpose
) -> tuple[str, ...]:
    """Why a Yes to such a card would not be sent now. A sale needs no funds, no room in
    the day's limit, and no live price."""
    guards = before_an_order(purpose) if purpose.sells else BEFORE_A_YES
    if purpose is Purpose.EXITS:
        guards = BEFORE_AN_EXIT
    found = (reason for ask in guards for reason in ask(readiness, limits))
    return tuple(text for _, text in found)
