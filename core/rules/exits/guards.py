"""The guards of an exit. Neither a halt nor a closed market holds it back: it was
approved with the purchase and waits at IB. What it must not do is sell what is not
held.

Tested by tests/core/flows/exits/test_keeper.py.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from core.model.instructions import Limits
from core.model.order import Order
from core.model.status import Readiness
from core.rules.circumstances import Circumstances, Reason, Refusal, RefusalKind
from core.rules.common_guards import (
    BEFORE_ANY_ORDER,
    market_is_known,
    not_halted,
)
from core.rules.exits.coverage import group_has_sold
from core.rules.order_guards import (
    order_is_of_this_account,
    owner_still_wants_it,
)
from core.rules.selling.holding import orders_in, sellable_shares


BEFORE_AN_EXIT: Final[tuple[Callable[[Readiness, Limits], Iterator[Reason]], ...]] = (
    tuple(g for g in BEFORE_ANY_ORDER if g not in {not_halted, market_is_known})
)


def never_short(order: Order, c: Circumstances) -> Iterator[Reason]:
    """Together with everything else that sells (its own OCA group left out) it must not
    exceed what IB lists on request. The account window may not include the fill yet."""
    group = order.oca_group or order.ref
    free = sellable_shares(
        order.instrument,
        held=None,
        ours=orders_in(order.account, c.counting),
        inventory=c.inventory,
        now=c.now,
        without=lambda other: (other.oca_group or other.ref) == group,
    )
    if order.shares > free:
        symbol = order.instrument.symbol
        yield (
            RefusalKind.SHORT,
            f"{free:,} {symbol} are free to be sold, {order.shares:,} would be.",
        )


def its_group_is_whole(order: Order, c: Circumstances) -> Iterator[Reason]:
    """Otherwise IB would let it sell shares that another exit of its group has sold."""
    listed = c.inventory.open_orders if c.inventory is not None else ()
    if group_has_sold(order, c.counting, listed):
        symbol = order.instrument.symbol
        yield RefusalKind.SHORT, f"Another exit of {symbol} was filled meanwhile."


EXIT_GUARDS: Final[tuple[Callable[[Order, Circumstances], Iterator[Reason]], ...]] = (
    owner_still_wants_it,
    order_is_of_this_account,
    never_short,
    its_group_is_whole,
)


def exit_refusals(
    orders: Sequence[Order], circumstances: Circumstances
) -> tuple[Refusal, ...]:
    """Every reason why *orders*, all of them exits, may not be sent."""
    readiness, limits = circumstances.readiness, circumstances.limits
    shared = (reason for ask in BEFORE_AN_EXIT for reason in ask(readiness, limits))
    common = [Refusal(kind=kind, ref=None, text=text) for kind, text in shared]
    own = [
        Refusal(kind=kind, ref=order.ref, text=text)
        for order in orders
        for guard in EXIT_GUARDS
        for kind, text in guard(order, circumstances)
    ]
    return (*common, *own)
