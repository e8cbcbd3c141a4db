"""The protocol as a machine: every step that the bot, IB, the owner or fate can take.

What is concluded is concluded by the product's own functions: events_of, undecided,
judge and advance. Only the order in which things happen is the model's.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import tzinfo
from enum import Enum, auto
from functools import cache
from typing import Final, NamedTuple

from core.model.order import (
    Acked,
    Filled,
    HumanClosed,
    Lapsed,
    Order,
    OrderEvent,
    OrderState,
    Sent,
    WentSilent,
)
from core.rules.new_york import day_of
from core.rules.order_states import advance
from core.rules.reconciliation import DAY_ZONES, events_of, judge, undecided
from tests.builders import IDENTITY, NOW, ORDER_ID, PERM_ID, an_order
from tests.model.gateway import (
    DAY,
    SHARES,
    Book,
    Gateway,
    fill_heard,
    listings,
)


class Phase(Enum):
    """Where the bot's process is."""

    DEAD = auto()
    ALONE = auto()  # it runs, without a line
    COMPARING = auto()  # there is a line; no pass yet
    SETTLING = auto()  # a first pass has left the order open
    READY = auto()  # reconciled
    COMMITTED = auto()  # W2 is on disk, the bytes have not left
    WAITING = auto()  # sent; IB's first word is awaited


class Luck(NamedTuple):
    """What fate and the owner may still do."""

    taps: int = 2
    redeliveries: int = 1
    crashes: int = 2
    restarts: int = 1
    midnights: int = 1
    trades: int = 1


class State(NamedTuple):
    """``order`` is the journal's, None before the first Yes. ``wire`` is whether its
    frame is on its way; ``epoch`` counts the handshakes; ``earlier`` is what the first
    pass saw; ``told`` is whether the owner has been asked about a doubt."""

    order: Order | None = None
    phase: Phase = Phase.DEAD
    wire: bool = False
    epoch: int = 0
    earlier: Gateway | None = None
    earlier_day: int = 0
    gateway: Gateway = Gateway()
    day: int = 0
    told: bool = False
    luck: Luck = Luck()


class Rules(NamedTuple):
    """The protocol's rules; a removal names what is left out."""

    fence: bool = True
    """A handshake ends only when the old socket has been read to its end."""
    zones: tuple[tzinfo, ...] = DAY_ZONES
    """Whose midnights make listings worthless."""
    never_resend: bool = True


Step = tuple[str, State]

_CONNECTED: Final = frozenset(
    {
        Phase.COMPARING,
        Phase.SETTLING,
        Phase.READY,
        Phase.COMMITTED,
        Phase.WAITING,
    }
)
_HEARS: Final = _CONNECTED - {Phase.COMMITTED}


# the bot


@cache
def _learn(order: Order, event: OrderEvent) -> Order:
    """The product's step; what it says in words makes no other state."""
    return replace(advance(order, event), reason=None)


def learned(state: State, events: Iterable[OrderEvent]) -> State:
    """What the ledger does with events: learn them, and ask the owner when in doubt."""
    order, told = state.order, state.told
    assert order is not None
    for event in events:
        after = _learn(order, event)
        told = told or (isinstance(event, WentSilent) and after.state != order.state)
        order = after
    return state._replace(order=order, told=told)


@cache
def _shown(
    order: Order, gateway: Gateway, day: int, epoch: int
) -> tuple[OrderEvent, ...]:
    return events_of(order, listings(gateway, day=day, epoch=epoch))


@cache
def _open(order: Order, gateway: Gateway, day: int, epoch: int) -> bool:
    return undecided(order, listings(gateway, day=day, epoch=epoch))


def _looked(state: State) -> State:
    """After one pass over the listings."""
    assert state.order is not None
    seen = _shown(state.order, state.gateway, state.day, state.epoch)
    return learned(state, seen)


def _leaves_open(state: State) -> bool:
    assert state.order is not None
    return _open(state.order, state.gateway, state.day, state.epoch)


def _start(state: State, _rules: Rules) -> Iterator[Step]:
    if state.phase is Phase.DEAD:
        yield "start", state._replace(phase=Phase.ALONE)


def _connect(state: State, rules: Rules) -> Iterator[Step]:
    """A handshake under the same client id waits for the old socket's last byte."""
    if state.phase is not Phase.ALONE or (state.wire and rules.fence):
        return
    sent = state.order is not None and state.order.epoch is not None
    epoch = 2 if sent else 1  # of another session than the order, or the order's
    yield "connect", state._replace(phase=Phase.COMPARING, epoch=epoch)


def _compare(state: State, rules: Rules) -> Iterator[Step]:
    if state.phase is not Phase.COMPARING:
        return
    if state.order is None:
        yield "compare", state._replace(phase=Phase.READY)
        return
    after = _looked(state)
    if not _leaves_open(after):
        yield "compare", after._replace(phase=Phase.READY)
    elif rules.never_resend:
        yield (
            "first pass",
            after._replace(
                phase=Phase.SETTLING,
                earlier=state.gateway,
                earlier_day=state.day,
            ),
        )
    else:
        yield "resend", after._replace(order=an_order(), phase=Phase.READY)


def _judge(state: State, rules: Rules) -> Iterator[Step]:
    if state.phase is not Phase.SETTLING:
        return
    assert state.earlier is not None
    after = _looked(state)
    assert after.order is not None
    verdict = judge(
        after.order,
        listings(state.gateway, day=state.day, epoch=state.epoch),
        earlier=listings(state.earlier, day=state.earlier_day, epoch=state.epoch),
        zones=rules.zones,
    )
    yield (
        "second pass",
        learned(after, verdict)._replace(
            phase=Phase.READY, earlier=None, earlier_day=0
        ),
    )


def _send(state: State, _rules: Rules) -> Iterator[Step]:
    """W2; or a guard says no."""
    order = state.order
    if state.phase is not Phase.READY or order is None:
        return
    if order.state is OrderState.PLANNED:
        sent = Sent(
            ref=order.ref,
            order_id=ORDER_ID,
            identity=IDENTITY,
            position_before=state.gateway.held,
            at=NOW + state.day * DAY,
            day=day_of(NOW + state.day * DAY),
            epoch=1,
        )
        yield "W2", learned(state, [sent])._replace(phase=Phase.COMMITTED, epoch=1)
        lapsed = Lapsed(ref=order.ref, reason="a guard")
        yield "lapse", learned(state, [lapsed])


def _place(state: State, _rules: Rules) -> Iterator[Step]:
    if state.phase is Phase.COMMITTED:
        yield "send", state._replace(phase=Phase.WAITING, wire=True)


def _hear(state: State, _rules: Rules) -> Iterator[Step]:
    """IB's words may come at any time, or never."""
    order = state.order
    if state.phase not in _HEARS or order is None:
        return
    if state.gateway.book is Book.OPEN:
        acked = Acked(ref=order.ref, perm_id=PERM_ID)
        yield from _if_news("hear ack", state, acked)
    if state.gateway.book is Book.FILLED and state.gateway.ended_on == state.day:
        yield from _if_news(
            "hear fill", state, Filled(ref=order.ref, fill=fill_heard().fill)
        )


def _if_news(name: str, state: State, event: OrderEvent) -> Iterator[Step]:
    after = learned(state, [event])
    if after.order != state.order:
        if state.phase is Phase.WAITING:
            after = after._replace(phase=Phase.READY)
        yield name, after


def _time_out(state: State, _rules: Rules) -> Iterator[Step]:
    """R15: look, tell, drop the socket."""
    if state.phase is not Phase.WAITING:
        return
    after = _looked(state)
    assert after.order is not None
    if after.order.state is not OrderState.SENDING:
        yield "ack timeout, found", after._replace(phase=Phase.READY)
        return
    silent = WentSilent(ref=after.order.ref, reason="no word")
    yield "ack timeout, told", learned(after, [silent])._replace(phase=Phase.ALONE)


# the owner


def _tap(state: State, _rules: Rules) -> Iterator[Step]:
    """A tap needs a process; W1 is compare-and-set, so only the first makes an order."""
    if state.phase in {Phase.DEAD, Phase.COMMITTED}:
        return
    order = state.order or an_order()
    taps, again = state.luck.taps, state.luck.redeliveries
    if taps:
        yield (
            "tap",
            state._replace(order=order, luck=state.luck._replace(taps=taps - 1)),
        )
    if again and state.order is not None:
        yield (
            "redelivered tap",
            state._replace(luck=state.luck._replace(redeliveries=again - 1)),
        )


def _settle(state: State, _rules: Rules) -> Iterator[Step]:
    """The owner looked, and says what is."""
    order = state.order
    if order is None or order.state is not OrderState.UNKNOWN or not state.told:
        return
    if state.phase is Phase.READY and not state.wire:
        there = state.gateway.orders > 0
        closed = HumanClosed(ref=order.ref, there=there, reason="looked")
        yield "owner settles", learned(state, [closed])


# fate


def _fall(state: State, _rules: Rules) -> Iterator[Step]:
    """kill -9, or the cable."""
    if state.phase is not Phase.DEAD and state.luck.crashes:
        luck = state.luck._replace(crashes=state.luck.crashes - 1)
        yield "crash", _cut(state, Phase.DEAD)._replace(luck=luck)
        if state.phase in _HEARS:
            yield "cut", _cut(state, Phase.ALONE)._replace(luck=luck)


def _cut(state: State, phase: Phase) -> State:
    return state._replace(phase=phase, earlier=None, earlier_day=0, epoch=0)


def _frame(state: State, _rules: Rules) -> Iterator[Step]:
    """The frame arrives, or is swallowed; or it dies with its socket, which looks the
    same as one that was swallowed and not counted."""
    if not state.wire:
        return
    there, gateway = state._replace(wire=False), state.gateway
    arrived = gateway._replace(book=Book.OPEN, orders=gateway.orders + 1)
    yield "deliver", there._replace(gateway=arrived._replace(counted=True))
    yield "deliver, counter lags", there._replace(gateway=arrived)
    yield "swallow", there._replace(gateway=gateway._replace(counted=True))
    yield "swallow, counter lags", there


def _ib(state: State, _rules: Rules) -> Iterator[Step]:
    """The order fills, or somebody cancels it in TWS; the counter catches up."""
    gateway = state.gateway
    if gateway.book is Book.OPEN:
        ended = gateway._replace(ended_on=state.day)
        yield (
            "fill",
            state._replace(
                gateway=ended._replace(book=Book.FILLED, held=gateway.held + SHARES)
            ),
        )
        yield (
            "cancel by hand",
            state._replace(gateway=ended._replace(book=Book.CANCELLED)),
        )


def _restart_gateway(state: State, _rules: Rules) -> Iterator[Step]:
    """Its socket dies with all that is on it; its id counter may fall back."""
    if not state.luck.restarts or state.phase is Phase.COMMITTED:
        return
    cut = _cut(state, Phase.ALONE) if state.phase in _CONNECTED else state
    cut = cut._replace(wire=False, luck=state.luck._replace(restarts=0))
    yield "gateway restarts", cut
    if state.gateway.counted:
        back = state.gateway._replace(counted=False)
        yield "gateway restarts, counter rolls back", cut._replace(gateway=back)


def _midnight(state: State, _rules: Rules) -> Iterator[Step]:
    if state.luck.midnights:
        luck = state.luck._replace(midnights=0)
        yield "midnight", state._replace(day=1, luck=luck)


def _trade_by_hand(state: State, _rules: Rules) -> Iterator[Step]:
    if state.luck.trades:
        for shares in (SHARES, -SHARES):
            gateway = state.gateway._replace(held=state.gateway.held + shares)
            luck = state.luck._replace(trades=0)
            yield (
                f"trade {shares:+} by hand",
                state._replace(gateway=gateway, luck=luck),
            )


STORIES: Final[tuple[Callable[[State, Rules], Iterator[Step]], ...]] = (
    _start,
    _connect,
    _compare,
    _judge,
    _send,
    _place,
    _hear,
    _time_out,
    _tap,
    _settle,
    _fall,
    _frame,
    _ib,
    _restart_gateway,
    _midnight,
    _trade_by_hand,
)


def steps(state: State, rules: Rules) -> Iterator[Step]:
    """All that can happen next."""
    for story in STORIES:
        yield from story(state, rules)
