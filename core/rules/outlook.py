"""What would refuse a Yes on a card, as far as it is known before the tap."""

from dataclasses import dataclass
from typing import Final

from core.model.order import Order
from core.model.proposal import Purpose
from core.rules.circumstances import Circumstances, Refusal, RefusalKind
from core.rules.exits.guards import exit_refusals
from core.rules.guards import refusals
from core.rules.selection import planned


LASTING: Final = frozenset(
    {
        *(RefusalKind.HALTED, RefusalKind.ACCOUNT, RefusalKind.MODE),
        *(RefusalKind.IN_DOUBT, RefusalKind.ALREADY_WORKING, RefusalKind.READ_ONLY),
        *(RefusalKind.HELD, RefusalKind.SHORT),
        *(RefusalKind.ORDER_CAP, RefusalKind.DAY_CAP, RefusalKind.FUNDS),
        *(RefusalKind.LOSS, RefusalKind.BUYS, RefusalKind.POSITIONS),
        *(RefusalKind.LATE, RefusalKind.STOCK_CAP, RefusalKind.SPREAD),
        *(RefusalKind.PRICE_STEP, RefusalKind.SIZE, RefusalKind.EXIT_DISTANCE),
        RefusalKind.ORDER_IDS,
    }
)
"""Refusals that do not go away during the life of an offer. The line, a quote or the
comparison of orders may be back at the next tap; those are reported at the tap."""


_NO_JOURNAL: Final = ""
"""These orders are hypothetical: no journal holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """``refused`` says why a card's legs would not all be sent together; ``fitting``
    are the numbers of those that would be sent alone."""

    refused: tuple[str, ...]
    fitting: tuple[int, ...]


def outlook(c: Circumstances) -> Outlook:
    """The outlook of a Yes at this moment."""
    legs = c.proposal.wanted
    orders = [planned(leg, c.proposal, journal=_NO_JOURNAL) for leg in legs]
    together = _lasting(orders, c)
    return Outlook(
        refused=tuple(dict.fromkeys(refusal.text for refusal in together)),
        fitting=tuple(order.leg for order in orders if not _lasting([order], c)),
    )


def _lasting(orders: list[Order], c: Circumstances) -> tuple[Refusal, ...]:
    known = c.account is not None and c.account.available_funds is not None
    kinds = LASTING if known else LASTING - {RefusalKind.FUNDS}
    is_exits = c.proposal.purpose is Purpose.EXITS  # no order of its own, and no price
    found = exit_refusals((), c) if is_exits else refusals(orders, c)
    return tuple(refusal for refusal in found if refusal.kind in kinds)
