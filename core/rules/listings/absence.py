"""What two passes over IB's listings prove about an order that they do not show.

What the listings show is learned from one pass. That something is *not* there takes two
complete passes, and absence takes complete evidence of the same day and client behind a
fence (a new handshake). Anything less is unknown, and the owner is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Final

from core.model.evidence import Evidence
from core.model.order import FINAL, Order, OrderState
from core.model.order_events import Acked, FoundAbsent, OrderEvent, WentSilent
from core.rules.listings.found import Found, find
from core.rules.listings.reconciliation import is_behind
from core.rules.new_york import NEW_YORK
from core.rules.order_messages import ENDED_AT_IB, is_filled_by_word


DAY_ZONES: Final[tuple[tzinfo, ...]] = (NEW_YORK, UTC)
"""The zones whose midnight may empty IB's listings of completed orders and executions:
New York's, and the gateway's own, which is UTC unless its container says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One order that two passes in the same session with the gateway leave
    undecided."""

    order: Order
    evidence: Evidence
    found: Found
    zones: Sequence[tzinfo]

    @property
    def fenced(self) -> bool:
        """Whether a new handshake under the same client id came after the order was
        sent: the gateway had read the old socket to its end before, so nothing is still
        on its way. An epoch identifies one session with one gateway, also across our
        restarts."""
        return self.evidence.epoch != self.order.epoch

    @property
    def same_day(self) -> bool:
        """D: no midnight in *zones* since it was sent, by our clock or the
        gateway's."""
        sent = self.order.sent_at
        seen = (self.evidence.at, self.evidence.gateway_time)
        return sent is not None and all(
            moment.astimezone(zone).date() == sent.astimezone(zone).date()
            for zone in self.zones
            for moment in seen
        )

    @property
    def position_now(self) -> Decimal:
        return self.evidence.position_in(self.order.instrument, self.order.account)

    @property
    def same_position(self) -> bool:
        """P: the account holds what it held before."""
        return self.position_now == self.order.position_before

    @property
    def id_not_counted(self) -> bool:
        """N: the gateway has not counted our order id as used."""
        ours = self.order.order_id
        return ours is not None and self.evidence.next_valid_id <= ours

    @property
    def was_named(self) -> bool:
        """Whether IB had confirmed it before: then it cannot be absent."""
        return bool(self.order.perm_id or self.order.fills)


def undecided(order: Order, evidence: Evidence) -> bool:
    """Whether one pass leaves *order* undecided, so that a second one has to judge it.

    It should be at IB and is not listed, or as inactive; it is over there but not all of
    its fills are listed; or it had ended and is listed as open. Never for an order of
    another identity, about which these listings say nothing (R18).
    """
    if not order.is_of(evidence.identity):
        return False
    found = find(order, evidence)
    if order.state in ENDED_AT_IB or _refutes_word(order, found):
        return found.open is not None
    if order.state in FINAL or order.state is OrderState.PLANNED:
        return False
    return not found.booked and (found.open is None or found.open.is_inactive)


def _refutes_word(order: Order, found: Found) -> bool:
    """R16. Whether the owner said that *order* was filled, and it works unfilled."""
    return is_filled_by_word(order) and is_behind(order, found)


def judge(
    order: Order,
    evidence: Evidence,
    *,
    earlier: Evidence | None,
    zones: Sequence[tzinfo] = DAY_ZONES,
) -> tuple[OrderEvent, ...]:
    """The verdict on an *order* that is still undecided after learning from *evidence*.

    Empty without an *earlier* pass in the same session with the gateway that left it
    undecided as well, or if the order is no longer undecided.
    """
    if earlier is None or earlier.epoch != evidence.epoch:
        return ()
    if not (undecided(order, earlier) and undecided(order, evidence)):
        return ()
    case = Case(
        order=order, evidence=evidence, found=find(order, evidence), zones=zones
    )
    verdicts = (rule(case) for rule in VERDICTS)
    return (next(verdict for verdict in verdicts if verdict is not None),)


def kept_as_inactive(case: Case) -> OrderEvent | None:
    """IB lists it in both passes and does not work it: it was refused later, or is held,
    and may come back."""
    if case.found.open is None or not case.found.open.is_inactive:
        return None
    return _ask(case, "IB lists it as inactive: it does not work, and may come back")


def r16_ended_and_open(case: Case) -> OrderEvent | None:
    """R16. It is open in both passes, and was undecided only because it had ended."""
    if case.found.open is None:
        return None
    perm_id = case.found.open.perm_id
    return Acked(ref=case.order.ref, perm_id=perm_id, works=True)


def over_without_its_fills(case: Case) -> OrderEvent | None:
    """IB says how it ended, but does not list its executions."""
    if case.found.completed is None:
        return None
    return _ask(case, "IB says it is over, and does not show all of its fills")


def named_and_gone(case: Case) -> OrderEvent | None:
    """IB had confirmed it and no longer lists it, nor how it ended."""
    if not case.was_named:
        return None
    return _ask(case, "IB had confirmed it, and lists it no more")


def r7_midnight_passed(case: Case) -> OrderEvent | None:
    """R7. Not D: the listings of its day are gone."""
    if case.same_day:
        return None
    return _ask(case, "the answer was lost and the day has changed")


def r8_position_moved(case: Case) -> OrderEvent | None:
    """R8. Not P: likely filled, or a trade by hand."""
    if case.same_position:
        return None
    return _ask(case, "IB does not list it, and the position has changed")


def r9_id_counted(case: Case) -> OrderEvent | None:
    """R9. Not N: the gateway has counted our id, but lists nothing under it."""
    if case.id_not_counted:
        return None
    return _ask(case, "IB does not list it, and has counted its order id as used")


def name_not_kept(case: Case) -> OrderEvent | None:
    """R18. An order from before identities were kept: it is not known whether these
    listings are of its login and gateway, so what they leave out proves nothing."""
    if case.order.identity is not None:
        return None
    return _ask(case, "IB does not list it, and its login was not written down")


def r15_without_fence(case: Case) -> OrderEvent | None:
    """R15. The socket it was sent on is still open, so it may be on its way."""
    if case.fenced:
        return None
    return _ask(case, "IB has not confirmed it, nor lists it")


def r6_absent(case: Case) -> OrderEvent | None:
    """R6. D and P and N, behind the fence: it never reached IB."""
    return FoundAbsent(ref=case.order.ref, reason="It never reached IB.")


VERDICTS: Final[tuple[Callable[[Case], OrderEvent | None], ...]] = (
    kept_as_inactive,
    r16_ended_and_open,
    over_without_its_fills,
    named_and_gone,
    r7_midnight_passed,
    r8_position_moved,
    r9_id_counted,
    name_not_kept,
    r15_without_fence,
    r6_absent,
)
"""In order: the first that applies is the verdict. The last one is absence."""


def _ask(case: Case, reason: str) -> WentSilent:
    return WentSilent(ref=case.order.ref, reason=reason, position_now=case.position_now)
