"""From an exit that has a price to the order for it.

Tested by tests/core/flows/exits/test_keeper.py.
"""

from dataclasses import dataclass

from core.model.exits.plan import ExitKind
from core.model.exits.protection import Protection
from core.model.market import Side
from core.model.money import Money, Price, Shares
from core.model.order import Order, OrderState, order_ref
from core.rules.exits.prices import PricedExit


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """So many ``shares`` that cost ``basis`` dollars each, to be sold together: by exits
    that join the OCA ``group``, or by one of their own where that is empty."""

    shares: Shares
    basis: Price
    group: str = ""


def planned_exit(
    protection: Protection,
    priced: PricedExit,
    lot: Lot,
    *,
    leg: int,
    first: int,
    journal: str,
) -> Order:
    """The order that *priced* asks for; an OCA group of its own is named by its *first*
    leg. What is sold before a close is not to rest until the next open."""
    card = protection.proposal_id
    group = lot.group or order_ref(journal, card, first)
    is_timed = priced.kind is ExitKind.CLOSE
    return Order(
        ref=order_ref(journal, card, leg),
        proposal_id=card,
        leg=leg,
        instrument=protection.instrument,
        side=Side.SELL,
        shares=lot.shares,
        account=protection.account,
        state=OrderState.PLANNED,
        estimate=Money(lot.shares * (priced.stop or priced.limit or lot.basis)),
        tif="DAY" if is_timed else "GTC",
        order_type=priced.order_type,
        limit=priced.limit,
        stop=priced.stop,
        trail_percent=priced.trail_percent,
        trail_amount=priced.trail_amount,
        exit=priced.kind,
        oca_group="" if is_timed else group,
    )
