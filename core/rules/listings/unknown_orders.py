"""R17. Orders at IB whose refs look like ours but are not in our journal, and copies of
ours."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from core.model.evidence import Evidence, FillMessage
from core.model.fills import Fill
from core.model.identity import Names
from core.model.order import JOURNAL_NAME, REF_PREFIX, Order, OrderRef
from core.model.portfolio import OpenOrder


class Origin(Enum):
    """Where an unknown order comes from, by its ref."""

    OURS = auto()  # this journal's own name: it is an old copy, or exists twice
    OPENBELL = auto()  # another Openbell trades in this account
    SIMILAR_REF = auto()  # another tool whose refs begin like ours


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownOrder:
    """An order at IB that our journal does not know; ``text`` says what it is."""

    ref: str
    origin: Origin
    text: str

    @property
    def halts(self) -> bool:
        """Whether it halts trading: two Openbells must not trade in one account, while
        another tool is only reported."""
        return self.origin is not Origin.SIMILAR_REF


_OPENBELL: Final = re.compile(
    rf"{REF_PREFIX}([0-9a-f]{{{JOURNAL_NAME}}}-)?[a-z2-7]{{10}}-\d{{1,3}}", re.ASCII
)
"""The format of order_ref: journal, proposal, leg. Older refs have no journal."""


def listed(evidence: Evidence) -> frozenset[OrderRef]:
    """Every ref in any listing: these orders exist at IB, whoever sent them and
    whatever the journal says about them (R16)."""
    refs = (
        *(listed_order.ref for listed_order in evidence.open_orders),
        *(completed.names.ref for completed in evidence.completed),
        *(execution.names.ref for execution in evidence.fills),
    )
    return frozenset(OrderRef(ref) for ref in refs if ref)


def unknown_orders(
    evidence: Evidence, *, known: Callable[[str], bool], journal: Sequence[str]
) -> tuple[UnknownOrder, ...]:
    """R17. The orders whose refs look like ours but are not *known* to the journal.
    *journal* are all names that this journal has had."""
    unknown = sorted(ref for ref in listed(evidence) if not known(ref))
    found = (unknown_order(ref, _where(ref, evidence), journal) for ref in unknown)
    return tuple(each for each in found if each is not None)


def _where(ref: str, evidence: Evidence) -> str:
    if any(listed_order.ref == ref for listed_order in evidence.open_orders):
        return "IB holds an open order"
    return "IB lists an order of today"


def unknown_order(ref: str, where: str, journal: Sequence[str]) -> UnknownOrder | None:
    """The order with the unknown *ref*, seen *where*, from the point of view of the
    *journal* with these names; None if the ref does not begin like ours."""
    if not ref.startswith(REF_PREFIX):
        return None
    origin = _origin(ref, journal)
    return UnknownOrder(ref=ref, origin=origin, text=f"{where} {ref} {_WORDS[origin]}")


def _origin(ref: str, journal: Sequence[str]) -> Origin:
    if any(ref.startswith(f"{REF_PREFIX}{name}-") for name in journal):
        return Origin.OURS
    return Origin.OPENBELL if _OPENBELL.fullmatch(ref) else Origin.SIMILAR_REF


_WORDS: Final = {
    Origin.OURS: "that carries this journal's own name and is not in it",
    Origin.OPENBELL: "that another Openbell sent, which trades in this account",
    Origin.SIMILAR_REF: "of another tool, whose name for it begins like ours",
}


def is_copy(order: Order, names: Names | OpenOrder) -> bool:
    """Whether an order with these *names* carries *order*'s ref under another permId:
    somebody made a copy of it in TWS, which keeps the ref. IB writes a permId with 32 or
    64 bits."""
    is_named = names.ref == order.ref and names.perm_id and order.perm_id
    return bool(is_named) and _low(names.perm_id) != _low(order.perm_id or 0)


def fill_in(message: FillMessage, order: Order) -> Fill:
    """The fill of *order* in *message*. A copy's counts as the order's own, but what IB
    counts with it is what the copy has filled."""
    if is_copy(order, message.names):
        return replace(message.fill, cumulative=None)
    return message.fill


def copies_of(order: Order, evidence: Evidence) -> frozenset[int]:
    """The permIds of the copies of *order* in the listings."""
    listed: tuple[Names | OpenOrder, ...] = (
        *evidence.open_orders,
        *(each.names for each in evidence.completed),
        *(each.names for each in evidence.fills),
    )
    return frozenset(each.perm_id for each in listed if is_copy(order, each))


def _low(perm_id: int) -> int:
    return perm_id & 0xFFFFFFFF
