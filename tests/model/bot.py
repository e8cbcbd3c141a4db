"""Every step that the bot can take.

What is concluded is concluded by the product's own functions: out_of_date, events_of,
undecided, judge, belongs_to, unknown_orders and advance. Only the order in which things
happen is the model's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Final

from core.model.order import FINAL, WORKING, Order, OrderState
from core.model.order_events import (
    Acked,
    Filled,
    Lapsed,
    NotSent,
    OrderEvent,
    Sent,
    WentSilent,
)
from core.rules.listings.absence import judge, undecided
from core.rules.listings.reconciliation import belongs_to, events_of
from core.rules.listings.unknown_orders import unknown_orders
from core.rules.new_york import day_of
from core.rules.order_states import advance
from core.rules.sending import Judgement, Moment, out_of_date
from tests.builders import (
    IDENTITY,
    JOURNAL,
    NOW,
    ORDER_ID,
    PERM_ID,
    a_line,
    an_order,
)
from tests.model.gateway import (
    DAY,
    IDENTITIES,
    Book,
    Gateway,
    Pass,
    Session,
    Tool,
    fill_message,
    listings,
)
from tests.model.state import RECEIVES, Judged, Phase, Rules, State, Step


_SLEPT: Final = timedelta(minutes=1)
_FIRST: Final = 1
"""The epoch of the session that the order is sent in."""


# learning


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


# comparing


def _pass(state: State, rules: Rules) -> Pass:
    return Pass(
        gateway=state.gateway,
        day=state.day,
        epoch=state.epoch,
        session=state.session,
        by_id_alone=rules.by_id_alone,
        as_one=not rules.identity,
    )


@cache
def _shown(order: Order, at: Pass) -> tuple[OrderEvent, ...]:
    """What one pass teaches; an order of another name becomes a doubt (R18)."""
    evidence = listings(at)
    belongs = belongs_to(order, evidence.identity)
    if belongs is not None and order.state is OrderState.SENDING:
        return (WentSilent(ref=order.ref, reason=belongs),)
    return events_of(order, evidence)


@cache
def _leaves_open(order: Order, at: Pass) -> bool:
    return undecided(order, listings(at))


@cache
def _halts(order: Order, at: Pass) -> bool:
    found = unknown_orders(
        listings(at), known=lambda ref: ref == order.ref, journal=[JOURNAL]
    )
    return any(stranger.halts for stranger in found)


def _looked(state: State, rules: Rules) -> State:
    """After one pass over the listings: cancels that are wanted are asked again."""
    assert state.order is not None
    at = _pass(state, rules)
    after = learned(state, _shown(state.order, at))
    wrong = "another tool's order halts us" if _halts(state.order, at) else state.wrong
    return after._replace(asked=state.asked and not rules.asks_again, wrong=wrong)


def start(state: State, _rules: Rules) -> Iterator[Step]:
    if state.phase is Phase.DEAD:
        yield "start", state._replace(phase=Phase.ALONE)


def connect(state: State, rules: Rules) -> Iterator[Step]:
    """A handshake under the same client id waits for the old socket's last byte."""
    if state.phase is Phase.ALONE and not (state.wire and rules.fence):
        yield "connect", connected(state, Session.OWN)


def connected(state: State, session: Session) -> State:
    """Behind a handshake: of another session than the order was sent in, or of the
    one that it will be sent in."""
    sent = state.order is not None and state.order.epoch is not None
    epoch = _FIRST + 1 if sent or session is not Session.OWN else _FIRST
    return state._replace(phase=Phase.COMPARING, session=session, epoch=epoch)


def compare(state: State, rules: Rules) -> Iterator[Step]:
    """The pass of a new line, or of a new day."""
    if state.phase not in {Phase.COMPARING, Phase.READY}:
        return
    if state.order is None:
        yield "compare", state._replace(phase=Phase.READY)
        return
    after = _looked(state, rules)
    assert after.order is not None
    if not _leaves_open(after.order, _pass(after, rules)):
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


def conclude(state: State, rules: Rules) -> Iterator[Step]:
    """The second pass, and the verdict on what both leave open."""
    if state.phase is not Phase.SETTLING:
        return
    assert state.earlier is not None
    after = _looked(state, rules)
    assert after.order is not None
    second = _pass(state, rules)
    first = second._replace(gateway=state.earlier, day=state.earlier_day)
    verdict = judge(
        after.order, listings(second), earlier=listings(first), zones=rules.zones
    )
    yield (
        "second pass",
        learned(after, verdict)._replace(
            phase=Phase.READY, earlier=None, earlier_day=0
        ),
    )


# sending


def judge_order(state: State, _rules: Rules) -> Iterator[Step]:
    """The guards say yes, or no. They see a halt and a cancel, and that the session
    is not in the order's name."""
    order = state.order
    if state.phase is not Phase.READY or order is None or state.judged:
        return
    if order.state is OrderState.PLANNED:
        lapsed = Lapsed(ref=order.ref, reason="a guard")
        yield "lapse", learned(state, [lapsed])
        is_clear = not (order.cancel_asked or state.halted)
        if is_clear and state.session is Session.OWN:
            yield "guards say yes", state._replace(judged=Judged.JUST_NOW)


@cache
def is_out_of_date(order: Order, judged: Judged, *, halted: bool) -> bool:
    """Whether the product refuses to act on that judgement now."""
    judgement = Judgement(
        of=Moment(at=NOW, boottime=0.0),
        line=a_line(epoch=_FIRST),
        deadline=NOW + 9 * DAY,
    )
    slept = _SLEPT if judged is Judged.LONG_AGO else timedelta(0)
    now = Moment(at=NOW + slept, boottime=slept.total_seconds())
    is_other = judged is Judged.ON_ANOTHER_LINE
    line = a_line(epoch=_FIRST + is_other)
    halt = "the owner" if halted else None
    return out_of_date(order, judgement, now=now, line=line, halted=halt) is not None


def write_ahead(state: State, rules: Rules) -> Iterator[Step]:
    """W2, on the judgement of some moment before."""
    order, judged = state.order, state.judged
    if state.phase is not Phase.READY or order is None or judged is None:
        return
    if rules.reads_again and is_out_of_date(order, judged, halted=state.halted):
        yield "W2 refuses", state._replace(judged=None)
        return
    sent = Sent(
        ref=order.ref,
        order_id=ORDER_ID,
        identity=IDENTITY,
        position_before=Decimal(state.gateway.held),
        at=NOW + state.day * DAY,
        day=day_of(NOW + state.day * DAY),
        epoch=_FIRST,
    )
    written = learned(state, [sent])
    yield "W2", written._replace(phase=Phase.COMMITTED, epoch=_FIRST)


def place(state: State, rules: Rules) -> Iterator[Step]:
    """The bytes leave, if the judgement is still young."""
    if state.phase is not Phase.COMMITTED:
        return
    assert state.order is not None
    done = state._replace(judged=None, budget=state.budget._replace(sleeps=0, halts=0))
    if rules.looks_at_the_clock and state.judged is Judged.LONG_AGO:
        kept = NotSent(ref=state.order.ref, reason="the machine stood still")
        yield "too late to send", learned(done, [kept])._replace(phase=Phase.READY)
        return
    yield (
        "send",
        done._replace(
            phase=Phase.WAITING, halted=False, wire=True, wrong=_wrong_to_send(state)
        ),
    )


def _wrong_to_send(state: State) -> str:
    assert state.order is not None
    reasons = {
        "sent after an accepted cancel": state.order.cancel_asked,
        "sent while halted": state.halted,
        "sent on an old judgement": state.judged is Judged.LONG_AGO,
        "sent on another line's judgement": state.judged is Judged.ON_ANOTHER_LINE,
    }
    return next((words for words, is_so in reasons.items() if is_so), state.wrong)


def time_out(state: State, rules: Rules) -> Iterator[Step]:
    """R15: look, tell, drop the socket."""
    if state.phase is not Phase.WAITING:
        return
    after = _looked(state, rules)
    assert after.order is not None
    if after.order.state is not OrderState.SENDING:
        yield "ack timeout, found", after._replace(phase=Phase.READY)
        return
    silent = WentSilent(ref=after.order.ref, reason="no word")
    yield "ack timeout, told", learned(after, [silent])._replace(phase=Phase.ALONE)


# hearing


def receive(state: State, rules: Rules) -> Iterator[Step]:
    """IB's words may come at any time, or never."""
    order = state.order
    if state.phase not in RECEIVES or order is None or not _is_own(state, rules):
        return
    if state.gateway.book is Book.OPEN:
        acked = Acked(ref=order.ref, perm_id=PERM_ID)
        yield from _if_news("hear ack", state, acked)
    if state.gateway.book is Book.FILLED and state.gateway.ended_on == state.day:
        fill = Filled(ref=order.ref, fill=fill_message().fill)
        yield from _if_news("hear fill", state, fill)


def _is_own(state: State, rules: Rules) -> bool:
    """Whether the session may speak of the order."""
    if not rules.identity:
        return True
    assert state.order is not None
    return state.order.is_of(IDENTITIES[state.session])


def _if_news(name: str, state: State, event: OrderEvent) -> Iterator[Step]:
    after = learned(state, [event])
    if after.order != state.order:
        if state.phase is Phase.WAITING:
            after = after._replace(phase=Phase.READY)
        yield name, after


# cancelling


_ASKS: Final = frozenset({Phase.SETTLING, Phase.READY, Phase.WAITING})


def ask_cancel(state: State, rules: Rules) -> Iterator[Step]:
    """Ask IB, which knows an order by its client's id and its own."""
    if _asks_now(state, rules):
        asked = state._replace(asked=True)
        yield "cancel arrives", _cancelled(asked)
        if state.budget.losses:
            budget = state.budget._replace(losses=0)
            yield "cancel is lost", asked._replace(budget=budget)


def _asks_now(state: State, rules: Rules) -> bool:
    order = state.order
    if order is None or not order.cancel_asked or state.asked:
        return False
    if state.phase not in _ASKS or not _is_own(state, rules):
        return False
    if rules.cancels_what_works:
        return order.state in WORKING
    return order.order_id is not None and order.state not in FINAL


def _cancelled(state: State) -> State:
    gateway = state.gateway
    if state.session is not Session.OWN:
        return state._replace(wrong="cancelled in another name")
    if gateway.tool_works:
        wrong = "another tool's order was cancelled"
        gateway = gateway._replace(tool=Tool.CANCELLED)
        return state._replace(wrong=wrong, gateway=gateway)
    return state._replace(gateway=ended_by_cancel(gateway, state.day))


def ended_by_cancel(gateway: Gateway, day: int) -> Gateway:
    """Our order is cancelled, if it works."""
    if gateway.book is not Book.OPEN:
        return gateway
    return gateway._replace(book=Book.CANCELLED, ended_on=day)
