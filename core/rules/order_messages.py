"""From IB's messages about one order to its events. A message that is not a verdict
never ends an order; it causes a pass over IB's listings instead."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from core.model.evidence import (
    ChargeMessage,
    CodeMessage,
    FillMessage,
    Meaning,
    StatusMessage,
)
from core.model.fills import with_fill
from core.model.identity import Names, Terms
from core.model.market import TrailingDistance
from core.model.money import Price, Shares
from core.model.order import FINAL, Order, OrderState
from core.model.order_events import (
    Acked,
    Amended,
    Cancelled,
    Charged,
    Filled,
    Held,
    Noted,
    OrderEvent,
    Refused,
    Rejected,
)
from core.model.portfolio import OpenOrder
from core.rules.listings.unknown_orders import fill_in, is_copy


OrderMessage = StatusMessage | FillMessage | ChargeMessage | CodeMessage

CANCELLED_WORD: Final = "Cancelled"
FILLED_WORD: Final = "Filled"
FEWER_FILLED: Final = "IB has filled fewer shares than you said"
REST_TAKEN_OFF: Final = "another exit of its group has sold the rest"
UNSETTLED_WORDS: Final = frozenset({"Inactive", "ApiCancelled"})
"""IB's statuses that are no verdict: Inactive is a rejection, or an order that is held
and comes back; ApiCancelled was cancelled before it was acknowledged. Every other
status with a permId proves that the order exists; PendingCancel can still fill."""

ENDED_AT_IB: Final = frozenset(
    {OrderState.CANCELLED, OrderState.REJECTED, OrderState.PARTIAL_DONE}
)
_NEW: Final = frozenset({OrderState.SENDING, OrderState.UNKNOWN})


def events_of_message(order: Order, message: OrderMessage) -> tuple[OrderEvent, ...]:
    """The events of *order* in *message*; empty if it is about another order."""
    match message:
        case StatusMessage():
            return tuple(_of_status(order, message))
        case FillMessage():
            return tuple(_of_fill(order, message))
        case ChargeMessage():
            charge = Charged(
                ref=order.ref,
                exec_id=message.exec_id,
                commission=message.commission,
                currency=message.currency,
            )
            return (charge,)
        case _:
            return tuple(_of_code(order, message))


def wants_evidence(order: Order, message: OrderMessage) -> bool:
    """Whether, after *message*, only IB's listings can tell the state of *order*.

    R11, R12: codes that are no verdict. R13: a refusal. A status that is no verdict. A
    sign of life from an order that had ended at IB.
    """
    match message:
        case StatusMessage() if is_of(order, message.names, message.terms):
            return is_resized_without_echo(order, message) or _is_no_verdict(
                order, message
            )
        case StatusMessage() if may_be_of(order, message.names):
            return not _shows_it_lives(message) and order.state not in FINAL
        case CodeMessage() if message.names is None or is_of(order, message.names):
            is_against_word = message.meaning is Meaning.CANCELLED and order.is_by_word
            is_open = not _is_verdict(message) and order.state not in FINAL
            return is_against_word or is_open
        case _:
            return False


def _is_no_verdict(order: Order, message: StatusMessage) -> bool:
    if is_rest_taken_off(order, message.status, message.filled):
        return order.state not in FINAL
    if message.status == CANCELLED_WORD:
        return order.is_by_word
    if order.state in ENDED_AT_IB or (
        is_filled_by_word(order) and message.status != FILLED_WORD
    ):
        return _shows_it_lives(message)
    return message.status in UNSETTLED_WORDS and order.state not in FINAL


def counted_as_filled(order: Order, message: StatusMessage) -> Decimal:
    """The shares of *order* that IB counts as filled in *message*; 0 where it is about
    another order, or counts none."""
    if not is_of(order, message.names, message.terms):
        return Decimal(0)
    is_whole = message.status == FILLED_WORD and not order.oca_group
    return message.filled or Decimal(order.shares if is_whole else 0)


def is_filled_by_word(order: Order) -> bool:
    """Whether only the owner says that it was filled."""
    return order.state is OrderState.FILLED and order.is_by_word


def is_of(order: Order, names: Names, terms: Terms | None = None) -> bool:
    """Whether a message with these *names* is about *order*: by our ref, or, if it has
    no ref at all, by the permId, or by the ids together with the *terms*. An order with
    another ref is never ours, whatever its ids, and an id alone proves nothing."""
    if names.ref:
        return names.ref == order.ref
    if names.perm_id and order.perm_id:
        return names.perm_id == order.perm_id
    return _has_ids(order, names) and terms == order.terms


def may_be_of(order: Order, names: Names) -> bool:
    """Whether an id alone suggests that a message is about *order*, and nothing
    contradicts it: a reason to ask for evidence, but not to learn anything."""
    contradicts = names.perm_id and order.perm_id and names.perm_id != order.perm_id
    return not names.ref and not contradicts and _has_ids(order, names)


def is_anothers(names: Names, orders: Iterable[Order]) -> bool:
    """Whether an execution under *names* is of none of *orders*, which are all of ours
    in its stock. Without a ref, whatever was done under a client id of ours may be
    ours; without ref and permId nobody can say."""
    if names.ref:
        return all(names.ref != order.ref for order in orders)
    return names.perm_id != 0 and all(
        names.perm_id != order.perm_id and names.client_id != order.client_id
        for order in orders
    )


def _has_ids(order: Order, names: Names) -> bool:
    ours = (order.client_id, order.order_id)
    return names.order_id != 0 and (names.client_id, names.order_id) == ours


def changed_terms(
    order: Order, echo: StatusMessage | OpenOrder, *, account: str | None
) -> Iterator[str]:
    """How the terms in IB's *echo* differ from what was sent; what is None or empty was not
    echoed."""
    if echo.tif and echo.tif != order.tif:
        yield f"IB changed {order.tif} to {echo.tif}"
    if echo.order_type and not _is_type_of(order, echo.order_type):
        at = f" at {echo.limit:f}" if echo.limit and order.limit is None else ""
        yield f"IB changed {order.order_type} to {echo.order_type}{at}"
    if echo.shares is not None and not _is_size_of(order, echo.shares):
        yield _other_size(order, echo.shares)
    if order.limit is not None and _limit_in(order, echo) != order.limit:
        yield f"IB has its limit at {echo.limit:f}, not {order.limit:f}"
    if order.stop is not None and _stop_in(order, echo) != order.stop:
        yield f"IB has its stop at {echo.stop:f}, not {order.stop:f}"
    if _distance_in(order, echo) != order.distance:
        yield f"IB lets it follow at {echo.distance}, not {order.distance}"
    if account and account != order.account:
        yield f"IB has it in the account {account}"


def _other_size(order: Order, shares: Decimal) -> str:
    return f"IB has it for {shares} shares, not {order.shares}"


def resized(order: Order, shares: Shares) -> Amended:
    """IB has *order* for other shares, it turns out."""
    reason = _other_size(order, Decimal(shares))
    return Amended(ref=order.ref, shares=shares, limit=order.limit, reason=reason)


def as_changed(
    order: Order, changes: Iterable[str], *, echo: StatusMessage | OpenOrder
) -> Iterator[Noted | Amended]:
    """The *changes*, in words. Where IB's *echo* of *order* has other whole shares,
    another price or another time in force, these are the order's own from now on; only
    an openOrder is one."""
    words = "; ".join(changes)
    is_echo = _is_echo(echo) and echo.status != CANCELLED_WORD
    shares = _size_in(order, echo) if is_echo else order.shares
    limit = _limit_in(order, echo) if is_echo else order.limit
    stop = _stop_in(order, echo) if is_echo else order.stop
    distance = _distance_in(order, echo) if is_echo else order.distance
    tif = (echo.tif if is_echo else None) or order.tif
    now = Amended(
        ref=order.ref,
        shares=shares,
        limit=limit,
        stop=stop,
        tif=tif,
        distance=distance,
        reason=words,
    )
    was = (order.shares, order.limit, order.stop, order.tif, order.distance)
    if (shares, limit, stop, tif, distance) != was:
        yield now
    elif words:
        yield Noted(ref=order.ref, reason=words)


def is_resized_without_echo(order: Order, message: StatusMessage) -> bool:
    """Whether an orderStatus counts other shares than *order* is for: its echo, which
    names the size, was lost. Only a listing says which size it has."""
    if _is_echo(message) or order.state is OrderState.PLANNED:
        return False
    is_whole = message.status == FILLED_WORD and not order.oca_group
    counted = message.filled if is_whole and message.shares is None else message.shares
    return counted is not None and not _is_size_of(order, counted)


def _is_echo(message: StatusMessage | OpenOrder) -> bool:
    return isinstance(message, OpenOrder) or message.terms is not None


def _size_in(order: Order, echo: StatusMessage | OpenOrder) -> Shares:
    shares = echo.shares
    if shares is None or _is_size_of(order, shares) or shares != int(shares):
        return order.shares
    return Shares(int(shares))


def _limit_in(order: Order, echo: StatusMessage | OpenOrder) -> Price | None:
    return order.limit if order.limit is None else echo.limit or order.limit


def _stop_in(order: Order, echo: StatusMessage | OpenOrder) -> Price | None:
    return order.stop if order.stop is None else echo.stop or order.stop


def _distance_in(
    order: Order, echo: StatusMessage | OpenOrder
) -> TrailingDistance | None:
    """A distance that IB does not name, or of an order that is no trailing stop here, is
    as before."""
    return order.distance and (echo.distance or order.distance)


def _is_type_of(order: Order, order_type: str) -> bool:
    return order_type == order.order_type or order.exit is not None


def _is_size_of(order: Order, shares: Decimal) -> bool:
    """In an OCA group, IB reduces an order by what another one has filled. A listing
    that names no size has 0."""
    is_taken_off = bool(order.oca_group) and shares < order.shares
    return shares in {0, order.shares} or is_taken_off


def is_rest_taken_off(order: Order, status: str, filled: Decimal | None) -> bool:
    """Whether IB calls an order of an OCA group filled although it has filled less than
    was sent: other orders of its group have sold the rest."""
    if not order.oca_group or status != FILLED_WORD or filled is None:
        return False
    return filled < order.shares


def _shows_it_lives(message: StatusMessage) -> bool:
    silent = {CANCELLED_WORD, *UNSETTLED_WORDS}
    return message.names.perm_id != 0 and message.status not in silent


def _of_status(order: Order, message: StatusMessage) -> Iterator[OrderEvent]:
    if not is_of(order, message.names, message.terms):
        return
    if message.status == CANCELLED_WORD:
        if order.is_by_word and message.filled == order.listed:
            yield Cancelled(ref=order.ref, reason=FEWER_FILLED, refutes_word=True)
        yield over(order, message.warning)
    elif is_rest_taken_off(order, message.status, message.filled):
        if message.filled == order.filled:
            yield Cancelled(ref=order.ref, reason=REST_TAKEN_OFF)
    elif _shows_it_lives(message) and order.state not in ENDED_AT_IB:
        yield Acked(ref=order.ref, perm_id=message.names.perm_id)
    notes = [
        *changed_terms(order, message, account=message.account),
        *([message.warning] if message.warning else []),
    ]
    yield from as_changed(order, notes, echo=message)


def over(order: Order, reason: str | None) -> Cancelled | Rejected:
    """The event for what IB calls cancelled: Rejected if it had refused the order."""
    if order.refused:
        return Rejected(ref=order.ref, reason=order.refused)
    return Cancelled(ref=order.ref, reason=reason)


def _of_fill(order: Order, message: FillMessage) -> Iterator[OrderEvent]:
    """A fill needs our ref or permId: an execution does not say how many shares its
    order is for, and IB may have given our order id to another order."""
    if not is_of(order, message.names) or not is_same_trade(order, message):
        return
    fill = fill_in(message, order)
    is_alive = order.state not in ENDED_AT_IB and not is_copy(order, message.names)
    is_news = with_fill(order.fills, fill) != order.fills
    if message.names.perm_id and is_alive and is_news:
        yield Acked(ref=order.ref, perm_id=message.names.perm_id)
    yield Filled(ref=order.ref, fill=fill)


def is_same_trade(order: Order, message: FillMessage) -> bool:
    """Whether a fill is of this order's stock and side."""
    ours = (order.instrument.con_id, order.side)
    return (message.con_id, message.side) == ours


def _of_code(order: Order, message: CodeMessage) -> Iterator[OrderEvent]:
    """By the order that IB has shown under this id in this session; if it has shown
    none, by our own use of the id."""
    if message.names is not None and not is_of(order, message.names):
        return
    text = f"{message.text} (TWS {message.code})"
    match message.meaning:
        case Meaning.HELD:
            yield Held(ref=order.ref, until=message.until, text=text)
        case Meaning.CANCELLED if _is_verdict(message) or order.state in ENDED_AT_IB:
            yield over(order, text)
        case Meaning.DEAD if is_new(order):
            yield Refused(ref=order.ref, reason=text)
        case Meaning.LOOK:
            return
        case _:
            yield Noted(ref=order.ref, reason=text)


def _is_verdict(message: CodeMessage) -> bool:
    """Whether a code needs no further evidence: a note, because it changes nothing, and
    a cancellation if IB has shown which order has the id."""
    if message.meaning is Meaning.CANCELLED:
        return message.names is not None
    return message.meaning not in {Meaning.LOOK, Meaning.DEAD}


def is_new(order: Order) -> bool:
    """R13: IB has not confirmed it yet, and nothing was filled."""
    return order.state in _NEW and not order.perm_id and not order.fills
