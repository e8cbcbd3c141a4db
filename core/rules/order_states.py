"""How an order's state follows from its events: one table, and one rule about fills.

A pair of state and event that is not in the table changes nothing, because events
arrive twice and late. Only evidence of the order itself at IB leads out of a final
state."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from core.model.fills import BY_WORD, Fill, with_fill
from core.model.market import OrderType, TrailingDistance
from core.model.money import Money, Shares
from core.model.order import FINAL, Order, OrderState as S
from core.model.order_events import (
    Acked,
    Amended,
    CancelAsked,
    Cancelled,
    Charged,
    Filled,
    FilledByWord,
    FoundAbsent,
    Held,
    HumanClosed,
    Lapsed,
    Noted,
    NotSent,
    OrderEvent,
    PriceMoved,
    Refused,
    Rejected,
    Sent,
    WentSilent,
    WithReason,
    WordOfFill,
)


_NEVER_SENT: Final = (S.PLANNED, S.LAPSED, S.NEEDS_RECONFIRM)
_NOT_SEEN: Final = (*_NEVER_SENT, S.SENDING, S.UNKNOWN, S.ABSENT, S.CLOSED_BY_HUMAN)
_ALIVE: Final = (S.ACKED, S.PARTIAL)
_ENDED_AT_IB: Final = (S.CANCELLED, S.REJECTED, S.PARTIAL_DONE)
_OURS: Final = (S.PLANNED, S.SENDING, *_ALIVE, S.UNKNOWN)

_THERE: Final = (S.SENDING, *_ALIVE, S.FILLED)
_NEVER_THERE: Final = (*_NEVER_SENT, S.ABSENT, S.CLOSED_BY_HUMAN)
_WITH_FILLS: Final = (S.PARTIAL, S.FILLED, S.PARTIAL_DONE, S.UNKNOWN, S.CLOSED_BY_HUMAN)
"""The states in which some of the shares can have been filled."""

_SHOWN_BY_IB: Final = (*_ALIVE, S.FILLED, *_ENDED_AT_IB)

Transitions = Mapping[tuple[S, type[OrderEvent]], S]


def _lead(event: type[OrderEvent], states: Iterable[S], *, to: S) -> Transitions:
    return {(state, event): to for state in states}


def _stay(event: type[OrderEvent], states: Iterable[S]) -> Transitions:
    return {(state, event): state for state in states}


STEPS: Final[Transitions] = {
    # what we do
    **_lead(Sent, [S.PLANNED], to=S.SENDING),
    **_lead(Lapsed, [S.PLANNED], to=S.LAPSED),
    **_lead(NotSent, [S.SENDING], to=S.LAPSED),
    **_lead(PriceMoved, [S.PLANNED], to=S.NEEDS_RECONFIRM),
    **_stay(CancelAsked, _OURS),
    # what IB shows: late evidence counts in every state that does not know better
    **_lead(Acked, [*_NOT_SEEN, *_ALIVE, *_ENDED_AT_IB], to=S.ACKED),
    **_stay(Acked, [S.FILLED]),
    **_stay(Held, [S.SENDING, *_ALIVE, S.UNKNOWN]),
    **_stay(Refused, [S.SENDING, S.UNKNOWN]),
    **_lead(Filled, [*_NOT_SEEN, *_ALIVE], to=S.PARTIAL),
    **_lead(Filled, _ENDED_AT_IB, to=S.PARTIAL_DONE),
    **_stay(Filled, [S.FILLED]),
    **_stay(Charged, _WITH_FILLS),
    **_lead(Cancelled, [*_NOT_SEEN, *_ALIVE], to=S.CANCELLED),
    **_stay(Cancelled, [S.CANCELLED, S.PARTIAL_DONE]),
    **_lead(Rejected, [*_NOT_SEEN, *_ALIVE, *_ENDED_AT_IB], to=S.REJECTED),
    **_stay(Noted, _OURS),
    **_stay(Amended, [S.SENDING, *_ALIVE, S.UNKNOWN]),
    **_lead(Amended, [S.FILLED], to=S.PARTIAL),  # before its fills are counted
    # what nobody shows
    **_lead(WentSilent, [S.SENDING, *_ALIVE, S.UNKNOWN], to=S.UNKNOWN),
    **_lead(FoundAbsent, [S.SENDING, S.UNKNOWN], to=S.ABSENT),
    **_lead(HumanClosed, [S.UNKNOWN], to=S.CLOSED_BY_HUMAN),
    **_lead(FilledByWord, [S.UNKNOWN], to=S.CANCELLED),  # before it is counted
}
"""The state that each event leads to, before fills are counted."""

_BY_FILLS: Final = {
    S.ACKED: S.PARTIAL,
    S.CANCELLED: S.PARTIAL_DONE,
    S.REJECTED: S.PARTIAL_DONE,
    S.ABSENT: S.UNKNOWN,  # what was filled cannot be absent
    S.FILLED: S.PARTIAL_DONE,  # a correction to fewer shares: IB works no rest of it
}
"""What a state becomes once some of the shares are filled."""

_WITHOUT_FILLS: Final = {
    S.PARTIAL: S.ACKED,
    S.PARTIAL_DONE: S.CANCELLED,
    S.FILLED: S.CANCELLED,
}
"""What a state becomes when all its fills were taken back."""

_TAKEN_BACK: Final = "IB has changed its fills since it was filled"


def advance(order: Order, event: OrderEvent) -> Order:
    """*order* after *event*; the same object if the event adds nothing."""
    is_by_word = any(fill.by_word for fill in order.fills)
    order = _without_refuted_word(order, event)
    to = STEPS.get((order.state, type(event)))
    if to is None:
        return order
    learned = _learn(order, event)
    if isinstance(event, Filled) and learned.fills == order.fills:
        return order  # each new connection of the day tells it again
    is_as_filled = to is S.FILLED and learned.fills == order.fills
    state = to if is_as_filled else _counted(to, learned)
    changes: dict[str, Any] = {"state": state}
    by_word = isinstance(event, FilledByWord)
    if state in _THERE and order.state not in _THERE and not by_word:
        changes["reason"] = None  # what was thought of it was wrong
    has_ended = order.state in (*_ENDED_AT_IB, S.LAPSED) and not is_by_word
    if has_ended and state in _ALIVE:
        changes["cancel_asked"] = False  # that cancel had ended it
    was_changed = isinstance(event, Amended)
    if order.state is S.FILLED and state is not S.FILLED and not was_changed:
        changes["reason"] = _TAKEN_BACK
    return replace(learned, **changes)


def _without_refuted_word(order: Order, event: OrderEvent) -> Order:
    """*order* before the owner said that it was filled, if *event* shows that it was
    not: it works, or it is over with fewer shares."""
    fills = tuple(fill for fill in order.fills if not fill.by_word)
    match event:
        case Acked(works=True) if order.state is S.FILLED and fills != order.fills:
            return replace(order, fills=fills, state=S.CANCELLED)
        case Cancelled(refutes_word=True) if fills != order.fills:
            return replace(order, fills=fills, state=S.CANCELLED)
        case _:
            return order


def is_unwanted(before: Order, after: Order) -> bool:
    """R16. Whether it was sent, was reported as never having arrived, and is alive at
    IB.

    An order that this journal never sent has no order id to cancel it by; that is left
    to the owner."""
    was_sent = before.order_id is not None
    return was_sent and before.state in _NEVER_THERE and after.state in _ALIVE


def is_ghost(before: Order, after: Order) -> bool:
    """R16. Whether IB shows an order that was never sent or never arrived, or one alive
    that had ended, so that what we reported of it was wrong."""
    if before.state in _NEVER_THERE:
        return after.state in _SHOWN_BY_IB
    if is_larger(before, after):
        return False
    return before.state in FINAL and after.state not in FINAL


def is_larger(before: Order, after: Order) -> bool:
    """Whether an order that was filled turns out to be for more shares: somebody made
    it larger at IB, and nothing that was reported of its fills was wrong."""
    return before.state is S.FILLED and after.shares > before.shares


def is_changed_at_ib(before: Order, after: Order) -> bool:
    """Whether an order that works has another size, price or time in force at IB, which
    the owner is told. A market order that fills at once does so under any."""
    if before.state in FINAL or before.state is S.PLANNED:
        return False
    rests = after.order_type is not OrderType.MARKET or after.held_until is not None
    was_tif = before.tif if rests else after.tif
    was = (before.shares, before.limit, before.stop, was_tif, before.distance)
    now = (after.shares, after.limit, after.stop, after.tif, after.distance)
    return was != now


def _counted(state: S, order: Order) -> S:
    """The rule about fills: when all shares are filled, the order is FILLED."""
    if order.filled >= order.shares:
        return S.FILLED
    names = _BY_FILLS if order.filled else _WITHOUT_FILLS
    return names.get(state, state)


def changed_fill(before: Order, after: Order) -> tuple[Fill, Fill] | None:
    """The fill that IB has changed in shares or price between *before* and *after*: its
    old and its new version; None if it has not."""
    was = {fill.stem: fill for fill in before.fills if not fill.by_word}
    for fill in after.fills:
        old = was.get(fill.stem, fill)
        if (old.shares, old.price) != (fill.shares, fill.price):
            return old, fill
    return None


def _learn(order: Order, event: OrderEvent) -> Order:
    match event:
        case Sent():
            learned = _sent(order, event)
        case Acked():
            perm_id = event.perm_id or order.perm_id
            learned = replace(order, perm_id=perm_id, refused=None)
        case Held():
            learned = replace(order, held_until=event.until, reason=event.text)
        case Filled() | FilledByWord():
            learned = _filled(order, event)
        case Charged():
            learned = replace(order, fills=_charged(order.fills, event))
        case CancelAsked():
            learned = replace(order, cancel_asked=True)
        case _:
            learned = _with_reason(order, event)
    return learned


def _with_reason(order: Order, event: WithReason) -> Order:
    reason = event.reason or _still_so(order, event)
    match event:
        case Amended():
            return replace(_amended(order, event), reason=reason)
        case Refused():
            return replace(order, reason=reason, refused=reason)
        case _:
            return replace(order, reason=reason)


def _amended(order: Order, event: Amended) -> Order:
    """*order* as it was changed at IB. Its estimate is the cost at the new limit, or, if
    the limit stays, the old estimate in proportion to the shares."""
    cost = order.estimate * event.shares / order.shares
    if event.limit is not None and event.limit != order.limit:
        cost = event.shares * event.limit
    distance = event.distance or order.distance or TrailingDistance()
    return replace(
        order,
        shares=event.shares,
        limit=event.limit,
        estimate=Money(cost),
        tif=event.tif or order.tif,
        stop=event.stop or order.stop,
        trail_percent=distance.percent,
        trail_amount=distance.amount,
    )


def _still_so(order: Order, event: OrderEvent) -> str | None:
    """The reason that *order* keeps if *event* has none: a note on the way does not say
    why it was cancelled."""
    was_on_the_way = order.state not in _ENDED_AT_IB
    return None if isinstance(event, Cancelled) and was_on_the_way else order.reason


def _sent(order: Order, sent: Sent) -> Order:
    return replace(
        order,
        order_id=sent.order_id,
        gateway=sent.identity.gateway,
        login=sent.identity.accounts,
        client_id=sent.identity.client_id,
        position_before=sent.position_before,
        sent_at=sent.at,
        sent_day=sent.day,
        epoch=sent.epoch,
    )


def _filled(order: Order, event: Filled | FilledByWord) -> Order:
    if isinstance(event, Filled):
        fills, reason = with_fill(order.fills, event.fill), order.reason
    else:
        fills, reason = with_fill(order.fills, _told(event)), event.reason
    return replace(order, fills=fills, reason=reason, held_until=None, refused=None)


def _told(word: FilledByWord) -> Fill:
    return Fill(
        exec_id=f"{BY_WORD}{word.ref}",
        shares=word.shares,
        price=word.price,
        at=word.at,
    )


def _charged(fills: tuple[Fill, ...], charged: Charged) -> tuple[Fill, ...]:
    return tuple(
        replace(fill, commission=charged.commission, currency=charged.currency)
        if fill.exec_id == charged.exec_id
        else fill
        for fill in fills
    )


# what the owner says was filled


def whole(order: Order) -> WordOfFill:
    """The owner's answer that all of *order* was filled, at its estimated price."""
    return WordOfFill(ref=order.ref, shares=order.shares, price=order.about)


def can_be_so(word: WordOfFill, order: Order) -> bool:
    """Whether *word* says more than IB has listed, and no more than was ordered."""
    return order.listed < word.shares <= order.shares and word.price > 0


def filled_by(word: WordOfFill, order: Order, *, by: str, at: datetime) -> FilledByWord:
    """The event for *word*, said *at* (UTC), with the shares that IB has not listed.

    Raises:
        LookupError: *word* is not possible (see ``can_be_so``).
    """
    if not can_be_so(word, order):
        raise LookupError(word.ref)
    part = "" if word.shares == order.shares else f" of {order.shares}"
    return FilledByWord(
        ref=order.ref,
        shares=Shares(word.shares - order.listed),
        price=word.price,
        at=at,
        reason=f"{by} says it was filled: {word.shares}{part} at about {word.price}",
    )
