"""Every step that IB, the owner, another tool or fate can take."""

from collections.abc import Iterator
from dataclasses import replace

from core.model.order import FINAL, OrderState
from core.model.order_events import CancelAsked, HumanClosed
from tests.builders import an_order
from tests.model.bot import connected, ended_by_cancel, learned
from tests.model.gateway import OF_THE_TOOL, SHARES, Book, Session, Tool
from tests.model.state import (
    CONNECTED,
    RECEIVES,
    Judged,
    Phase,
    Rules,
    State,
    Step,
)


# the owner


def tap(state: State, rules: Rules) -> Iterator[Step]:
    """A tap needs a process; W1 is compare-and-set, so only the first makes an order,
    however many there are, delivered once or again."""
    if state.phase in {Phase.DEAD, Phase.COMMITTED}:
        return
    if state.order is None:
        yield "tap", state._replace(order=an_order())
    elif not rules.one_winner and state.order.order_id is not None:
        yield "another tap", state._replace(order=an_order())


def cancel(state: State, _rules: Rules) -> Iterator[Step]:
    """He wants it cancelled, and is told that it is on its way; again if he likes."""
    order = state.order
    if order is None or order.state in FINAL:
        return
    if state.phase not in {Phase.DEAD, Phase.COMMITTED}:
        wanted = CancelAsked(ref=order.ref, by="the owner")
        yield (
            "cancel",
            learned(state, [wanted])._replace(wanted=True, asked=False),
        )


def halt(state: State, _rules: Rules) -> Iterator[Step]:
    """Of any meaning only for an order that has not left."""
    order = state.order
    if order is None or order.state is not OrderState.PLANNED:
        return
    if state.phase in {Phase.DEAD, Phase.COMMITTED}:
        return
    if state.budget.halts:
        yield "halt", state._replace(halted=True, budget=state.budget._replace(halts=0))
    elif state.halted:
        yield "resume", state._replace(halted=False)


def settle(state: State, _rules: Rules) -> Iterator[Step]:
    """The owner looked, and says what is."""
    order = state.order
    if order is None or order.state is not OrderState.UNKNOWN or not state.told:
        return
    if state.phase is Phase.READY and not state.wire:
        there = state.gateway.orders > 0
        closed = HumanClosed(ref=order.ref, there=there, reason="looked")
        yield "owner settles", learned(state, [closed])


def visit(state: State, _rules: Rules) -> Iterator[Step]:
    """The bot comes up in another name, which no old socket can hold back; and at any
    time it comes home."""
    if state.phase is Phase.ALONE and state.budget.visits:
        budget = state.budget._replace(visits=0)
        for session in set(Session) - {Session.OWN}:
            yield (
                f"connect: {session.name}",
                connected(state, session)._replace(budget=budget),
            )
    if state.session is not Session.OWN and state.phase in RECEIVES:
        yield "come home", _cut(state, Phase.ALONE)


# fate


def fall(state: State, rules: Rules) -> Iterator[Step]:
    """kill -9, or the cable."""
    if state.phase is not Phase.DEAD and state.budget.crashes:
        budget = state.budget._replace(crashes=state.budget.crashes - 1)
        dead = _cut(state, Phase.DEAD)._replace(judged=None, budget=budget)
        yield "crash", dead if rules.keeps_cancels else _without_cancel(dead)
        if state.phase in RECEIVES:
            yield "cut", _cut(state, Phase.ALONE)._replace(budget=budget)


def _without_cancel(state: State) -> State:
    if state.order is None:
        return state
    return state._replace(order=replace(state.order, cancel_asked=False))


def _cut(state: State, phase: Phase) -> State:
    """Without a line, or without a process."""
    return state._replace(
        phase=phase,
        session=Session.OWN,
        earlier=None,
        earlier_day=0,
        epoch=0,
        judged=Judged.ON_ANOTHER_LINE if state.judged else None,
    )


def sleep(state: State, _rules: Rules) -> Iterator[Step]:
    """The machine sleeps, or the process stands still, on the way to the send."""
    if state.judged is Judged.JUST_NOW and state.budget.sleeps:
        budget = state.budget._replace(sleeps=0)
        yield "sleep", state._replace(judged=Judged.LONG_AGO, budget=budget)


def frame(state: State, _rules: Rules) -> Iterator[Step]:
    """The frame arrives, or is swallowed; or it dies with its socket, which looks the
    same as one that was swallowed and not counted. IB refuses an id that is taken."""
    if not state.wire:
        return
    there, gateway = state._replace(wire=False), state.gateway
    if not gateway.id_is_taken:
        arrived = gateway._replace(book=Book.OPEN, orders=gateway.orders + 1)
        yield "deliver", there._replace(gateway=arrived._replace(counted=True))
        yield "deliver, counter lags", there._replace(gateway=arrived)
    yield "swallow", there._replace(gateway=gateway._replace(counted=True))
    yield "swallow, counter lags", there


def at_ib(state: State, _rules: Rules) -> Iterator[Step]:
    """The order fills, or somebody cancels it in TWS."""
    gateway = state.gateway
    if gateway.book is Book.OPEN:
        filled = gateway._replace(
            book=Book.FILLED, ended_on=state.day, held=gateway.held + SHARES
        )
        yield "fill", state._replace(gateway=filled)
        cancelled = ended_by_cancel(gateway, state.day)
        yield "cancel by hand", state._replace(gateway=cancelled)


def restart_gateway(state: State, _rules: Rules) -> Iterator[Step]:
    """Its socket dies with all that is on it; its id counter may fall back."""
    if not state.budget.restarts or state.phase is Phase.COMMITTED:
        return
    cut = _cut(state, Phase.ALONE) if state.phase in CONNECTED else state
    cut = cut._replace(wire=False, budget=state.budget._replace(restarts=0))
    yield "gateway restarts", cut
    if state.gateway.counted:
        back = state.gateway._replace(counted=False)
        yield "gateway restarts, counter rolls back", cut._replace(gateway=back)


def midnight(state: State, _rules: Rules) -> Iterator[Step]:
    if state.budget.midnights:
        budget = state.budget._replace(midnights=0)
        yield "midnight", state._replace(day=1, budget=budget)


def trade_by_hand(state: State, _rules: Rules) -> Iterator[Step]:
    if state.budget.trades:
        for shares in (SHARES, -SHARES):
            gateway = state.gateway._replace(held=state.gateway.held + shares)
            budget = state.budget._replace(trades=0)
            yield (
                f"trade {shares:+} by hand",
                state._replace(gateway=gateway, budget=budget),
            )


def use_tool(state: State, _rules: Rules) -> Iterator[Step]:
    """While we have no line, another tool takes our client id, and IB, which has not
    counted our order's id, gives it to an order in the same stock. It may fill."""
    gateway = state.gateway
    if gateway.tool_works:
        held = gateway.held + OF_THE_TOOL
        filled = gateway._replace(tool=Tool.FILLED, held=held)
        yield "the tool's order fills", state._replace(gateway=filled)
    if gateway.id_is_taken or not _can_take_our_id(state):
        return
    for tool in (Tool.NAMELESS, Tool.ALIKE):
        name = f"a tool takes our id, {tool.name}"
        taken = gateway._replace(tool=tool)
        yield name, state._replace(gateway=taken._replace(counted=True))
        yield f"{name}, counter lags", state._replace(gateway=taken)


def _can_take_our_id(state: State) -> bool:
    """Its handshake waits for our old socket, as ours does; what IB has counted, or
    holds in its book, is given to nobody."""
    was_written = state.order is not None and state.order.order_id is not None
    is_free = state.phase in {Phase.DEAD, Phase.ALONE} and not state.wire
    gateway = state.gateway
    return was_written and is_free and not gateway.counted and gateway.orders == 0
