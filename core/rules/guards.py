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
from core.rules.house_guards import (
    account_fits_the_mode,
    card_is_of_this_account,
    clocks_agree,
    gateway_stays,
    line_is_up,
    market_is_known,
    market_is_open_or_awaited,
    not_halted,
    nothing_is_being_sent,
    of_a_halt,
    of_reconciliation,
    of_the_account,
    of_the_calendar,
    of_the_clock,
    of_the_line,
    orders_are_compared,
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
    line_is_up,
    orders_are_compared,
    not_halted,
    account_fits_the_mode,
    card_is_of_this_account,
    clocks_agree,
    gateway_stays,
    nothing_is_being_sent,
    market_is_known,
    market_is_open_or_awaited,
)
ORDER_GUARDS: Final[tuple[Callable[[Order, Circumstances], Iterator[Reason]], ...]] = (
    owner_still_wants_it,
    order_is_of_this_account,
    stock_is_not_in_doubt,
    stock_has_no_order_of_ours,
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
    common = (
        Refusal(kind=kind, ref=None, text=text)
        for guard in GUARDS
        for kind, text in guard(circumstances)
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
    """Why no order at all could be sent now, whatever it were; empty means ready."""
    line = readiness.line
    found = (
        *of_the_line(line),
        *of_reconciliation(line, reconciled=readiness.reconciled),
        *of_a_halt(readiness.halted),
        *of_the_account(line, limits),
        *of_the_clock(line, limits),
        *of_the_calendar(readiness.market),
    )
    return tuple(text for _, text in found)
