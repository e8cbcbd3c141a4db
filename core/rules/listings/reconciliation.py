"""What IB's listings prove about our orders: the decision table, rule by rule.

Each rule cites its number, R1 to R18 (R11, R12 and R14 are in order_messages). All but R17 and
R18 apply only to orders that were sent under the identity of the session whose listings
these are: the same gateway, login and client id. What the listings show is learned from
one pass. That something is *not* there takes two complete passes, and absence takes
complete evidence of the same day and client behind a fence (a new handshake). Anything
less is unknown, and the owner is asked. An incomplete pass (R10) never becomes an
Evidence, so it never gets here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Final

from core.model.evidence import CompletedOrder, Evidence
from core.model.identity import Identity
from core.model.money import Shares
from core.model.order import FINAL, Order, OrderState
from core.model.order_events import (
    Acked,
    Cancelled,
    Filled,
    FoundAbsent,
    OrderEvent,
    Rejected,
    WentSilent,
)
from core.rules.listings.found import Found, find
from core.rules.listings.unknown_orders import fill_in
from core.rules.new_york import NEW_YORK
from core.rules.order_messages import (
    CANCELLED_WORD,
    ENDED_AT_IB,
    FEWER_FILLED,
    FILLED_WORD,
    REST_TAKEN_OFF,
    as_changed,
    changed_terms,
    is_filled_by_word,
    is_new,
    is_rest_taken_off,
    over,
    resized,
)


DAY_ZONES: Final[tuple[tzinfo, ...]] = (NEW_YORK, UTC)
"""The zones whose midnight may empty IB's listings of completed orders and executions:
New York's, and the gateway's own, which is UTC unless its container says otherwise."""

CANCELLED_WORDS: Final = frozenset({CANCELLED_WORD, "ApiCancelled"})


# What one pass shows.


def events_of(order: Order, evidence: Evidence) -> tuple[OrderEvent, ...]:
    """R1 to R5, R13 and R16: what the listings show about *order*, ended or not;
    nothing if it was sent under another identity (R18)."""
    if not order.is_of(evidence.identity):
        return ()
    found = find(order, evidence)
    return (
        *_r1_open(order, found),
        *_r2_r3_fills(order, found),
        *_r4_r5_completed(order, found),
        *_r13_refused(order, found),
    )


def _r1_open(order: Order, found: Found) -> Iterator[OrderEvent]:
    """R1. It is among the open orders.

    R16: this also applies to an order that we ended before it was alive. An order that
    IB ended is only reopened by two passes, because its end may have come between the
    listing and now; so may the fills of one that is filled, or they are the owner's
    word.
    """
    if found.open is None or order.state in ENDED_AT_IB or _is_behind(order, found):
        return
    yield Acked(ref=order.ref, perm_id=found.open.perm_id)
    changes = changed_terms(order, found.open, account=None)
    yield from as_changed(order, changes, echo=found.open)


def _is_behind(order: Order, found: Found) -> bool:
    """Whether *order* is filled here, and IB lists it open with fewer shares filled."""
    is_filled, row = order.state is OrderState.FILLED, found.open
    return is_filled and row is not None and row.filled < order.filled


def _refutes_word(order: Order, found: Found) -> bool:
    """R16. Whether the owner said that *order* was filled, and it works unfilled."""
    return is_filled_by_word(order) and _is_behind(order, found)


def _r2_r3_fills(order: Order, found: Found) -> Iterator[OrderEvent]:
    """R2, R3. Each fill; the state table decides whether that fills the order."""
    for execution in found.fills:
        yield Filled(ref=order.ref, fill=fill_in(execution, order))


def _r4_r5_completed(order: Order, found: Found) -> Iterator[OrderEvent]:
    """R4, R5. It can no longer change, and its fills are all known."""
    completed = found.completed
    if completed is None or not found.accounted_for:
        return
    if found.refutes_word:
        yield Cancelled(ref=order.ref, reason=FEWER_FILLED, refutes_word=True)
    if completed.status in CANCELLED_WORDS:
        yield from _cancelled_in_another_size(order, completed)
        yield over(order, completed.reason or None)
    elif is_rest_taken_off(order, completed.status, Decimal(completed.filled)):
        yield Cancelled(ref=order.ref, reason=REST_TAKEN_OFF)
    elif completed.status == FILLED_WORD:
        yield from _filled_in_another_size(order, completed)
    else:
        reason = order.refused or completed.reason or completed.status
        yield Rejected(ref=order.ref, reason=reason)


def _cancelled_in_another_size(
    order: Order, completed: CompletedOrder
) -> Iterator[OrderEvent]:
    """What IB calls cancelled was not filled whole. With all the shares that it is for
    here it was made larger while nobody listened, to the size that IB names, if any."""
    size = max(int(completed.shares or 0), completed.filled)
    if completed.filled >= order.shares and size > order.shares:
        yield resized(order, Shares(size))


def _filled_in_another_size(
    order: Order, completed: CompletedOrder
) -> Iterator[OrderEvent]:
    """Filled whole with more or fewer shares than it is for here: its size was changed
    while nobody listened. Fewer of one that is filled here is a trade taken back."""
    is_taken_back = order.state is OrderState.FILLED and completed.filled < order.shares
    if completed.filled not in {0, order.shares} and not is_taken_back:
        yield resized(order, Shares(completed.filled))


def _r13_refused(order: Order, found: Found) -> Iterator[OrderEvent]:
    """R13. IB refused it before confirming it, and does not list it either."""
    if order.refused and is_new(order) and found.nothing:
        yield Rejected(ref=order.ref, reason=order.refused)


# What no pass shows.


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

    It should be at IB and is not listed; it is over there but not all of its fills are
    listed; or it had ended and is listed as open. Never for an order of another
    identity, about which these listings say nothing (R18).
    """
    if not order.is_of(evidence.identity):
        return False
    found = find(order, evidence)
    if order.state in ENDED_AT_IB or _refutes_word(order, found):
        return found.open is not None
    if order.state in FINAL or order.state is OrderState.PLANNED:
        return False
    return found.open is None and not found.booked


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


# Orders of another identity.


def belongs_to(order: Order, identity: Identity) -> str | None:
    """R18. How the identity that *order* was sent under differs from *identity*'s; None
    if they are the same. Nothing is concluded about such an order, and it is never
    cancelled from this session."""
    if order.order_id is None or order.is_of(identity):
        return None
    differences = "; ".join(_differences(order, identity))
    return f"This order belongs to another login or client id: {differences}"


def _differences(order: Order, identity: Identity) -> Iterator[str]:
    if order.client_id != identity.client_id:
        yield f"client id {order.client_id} (now {identity.client_id})"
    if order.identity is None:
        if order.account not in identity.accounts:
            yield f"account {order.account} (now {', '.join(identity.accounts)})"
        return
    if order.login != identity.accounts:
        there, here = ", ".join(order.login), ", ".join(identity.accounts)
        yield f"the login with {there} (now {here})"
    if order.gateway != identity.gateway:
        yield f"the gateway at {order.gateway} (now {identity.gateway})"
