"""The message budget: never over the rate, always in the order of urgency."""

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import example, given, settings, strategies as st

from core.broker.pacing import (
    BARS_FIRST_FOR,
    COOL_DOWN,
    MANY,
    ORDERS_WINDOW,
    RATE,
    ROOM_FOR_ORDERS,
    ROOM_FOR_PROOF,
    UNHURRIED_EVERY,
    WIDER_WINDOW,
    WINDOW,
    Budget,
    MessagePace,
    Urgency,
)
from core.broker.unread import CLOCK
from core.model.errors import BrokerAway
from tests.harness.waiting import turns


@dataclass(slots=True)
class Left:
    """What left, when, in a simulated run."""

    ordinary: list[tuple[float, Urgency, int]] = field(default_factory=list)
    orders: list[float] = field(default_factory=list)

    def moments(self) -> list[float]:
        return sorted([*(at for at, _, _ in self.ordinary), *self.orders])


pushes = st.lists(
    st.tuples(st.floats(0, 3), st.sampled_from(Urgency)), min_size=1, max_size=250
)
order_times = st.lists(st.floats(0, 3), max_size=12)


def run(
    asked: list[tuple[float, Urgency]], orders: list[float]
) -> tuple[Left, list[float]]:
    """Play the pushes and the orders; also the orders that found no room. The gateway
    answers at once."""
    budget, left, refused = Budget(), Left(), list[float]()
    waiting: dict[int, tuple[Urgency, int]] = {}
    pushed = [(at, urgency, number) for number, (at, urgency) in enumerate(asked)]
    agenda = deque(
        sorted([*pushed, *((at, None, -1) for at in orders)], key=lambda each: each[0])
    )
    now = 0.0
    while True:
        while agenda and agenda[0][0] <= now:
            _, urgency, number = agenda.popleft()
            if urgency is not None:
                ticket = budget.push(urgency, nothing, now=now, number=CLOCK)
                waiting[id(ticket)] = urgency, number
            elif budget.order_may_leave(now):
                budget.count(now, CLOCK)
                budget.unread.answer(CLOCK, now)
                left.orders.append(now)
            else:
                refused.append(now)
        while (leaving := budget.next(now)) is not None:
            budget.unread.answer(CLOCK, now)
            left.ordinary.append((now, *waiting[id(leaving)]))
        following = budget.next_at(now)
        moments = [agenda[0][0]] if agenda else []
        moments += [] if following is None else [following]
        if not moments:
            return left, refused
        now = max(now + 1e-9, min(moments))


def nothing() -> None:
    """A message; what it says is of no interest here."""


def most_within(moments: list[float], seconds: float) -> int:
    return max(
        (sum(1 for other in moments if at <= other < at + seconds) for at in moments),
        default=0,
    )


@settings(max_examples=60, deadline=None)
@given(asked=pushes, orders=order_times)
def test_no_second_ever_sees_more_messages_than_the_gateway_allows(
    asked: list[tuple[float, Urgency]], orders: list[float]
) -> None:
    left, _ = run(asked, orders)

    assert most_within(left.moments(), WINDOW - 1e-6) <= RATE


@settings(max_examples=60, deadline=None)
@given(asked=pushes)
def test_everything_leaves_in_the_end_and_only_once(
    asked: list[tuple[float, Urgency]],
) -> None:
    left, _ = run(asked, [])

    numbers = Counter(number for _, _, number in left.ordinary)
    assert numbers == Counter(range(len(asked)))


@settings(max_examples=60, deadline=None)
@given(asked=pushes)
@example(asked=[(0.0, urgency) for urgency in Urgency] * 60)
def test_an_order_finds_room_whatever_else_is_asked_for(
    asked: list[tuple[float, Urgency]],
) -> None:
    _, refused = run(asked, [0.5, 0.5, 1.2, 2.9])

    assert refused == []


@settings(max_examples=60, deadline=None)
@given(asked=pushes)
def test_nothing_leaves_while_something_more_urgent_waits(
    asked: list[tuple[float, Urgency]],
) -> None:
    left, _ = run(asked, [])

    for place, (at, urgency, number) in enumerate(left.ordinary):
        for later_at, more_urgent, other in left.ordinary[place + 1 :]:
            waited = asked[other][0] <= at < later_at
            assert not (waited and more_urgent < urgency), (number, other)


@settings(max_examples=60, deadline=None)
@given(asked=pushes)
def test_equals_leave_in_the_order_they_were_asked_for(
    asked: list[tuple[float, Urgency]],
) -> None:
    left, _ = run(asked, [])

    for urgency in Urgency:
        moments = [asked[n][0] for _, each, n in left.ordinary if each is urgency]
        assert moments == sorted(moments)


def test_leftovers_drip() -> None:
    left, _ = run([(0.0, Urgency.UNHURRIED)] * 5, [])

    moments = left.moments()
    gaps = [after - before for before, after in pairwise(moments)]
    assert all(gap >= UNHURRIED_EVERY - 1e-6 for gap in gaps)


def test_fifty_young_quotes_leave_room_for_the_bars_that_follow() -> None:
    left, _ = run(
        [(0.0, Urgency.QUOTES)] * 50 + [(0.01, Urgency.BARS)] * 5,
        [],
    )

    bars = [at for at, urgency, _ in left.ordinary if urgency is Urgency.BARS]
    assert max(bars) < 0.02


def test_quotes_that_have_waited_use_the_room_that_bars_did_not_take() -> None:
    left, _ = run([(0.0, Urgency.QUOTES)] * 50, [])

    by_then = [at for at in left.moments() if at <= BARS_FIRST_FOR + 0.01]
    assert len(by_then) == RATE - ROOM_FOR_ORDERS - ROOM_FOR_PROOF


def test_after_a_complaint_nothing_leaves_for_a_while() -> None:
    budget = Budget()
    budget.push(Urgency.VITAL, nothing, now=0.0)

    budget.back_off(0.0)

    assert not budget.order_may_leave(COOL_DOWN - 0.01)
    assert budget.next(COOL_DOWN - 0.01) is None
    assert budget.next_at(0.0) == COOL_DOWN
    assert budget.next(COOL_DOWN) is not None
    assert budget.order_may_leave(COOL_DOWN)


def test_after_a_complaint_the_rest_of_the_session_leaves_the_gateway_more_time() -> (
    None
):
    budget = Budget()
    budget.back_off(0.0)
    at = COOL_DOWN
    for _ in range(RATE):
        budget.count(at, CLOCK)
        budget.unread.answer(CLOCK, at)

    assert not budget.order_may_leave(at + ORDERS_WINDOW)
    assert budget.order_may_leave(at + WIDER_WINDOW)


def test_a_withdrawn_message_never_leaves() -> None:
    budget, left = Budget(), list[str]()
    ticket = budget.push(Urgency.QUOTES, lambda: left.append("quote"), now=0.0)

    assert ticket.withdraw()
    assert budget.next(0.0) is None
    assert not ticket.withdraw()
    assert left == []


def test_a_message_that_has_left_cannot_be_withdrawn() -> None:
    budget = Budget()
    ticket = budget.push(Urgency.VITAL, lambda: None, now=0.0)

    assert budget.next(0.0) is ticket

    assert not ticket.withdraw()


async def test_what_is_asked_in_one_breath_leaves_by_urgency() -> None:
    pace, left, done = MessagePace(), list[str](), asyncio.Event()

    pace.send(Urgency.UNHURRIED, done.set)
    pace.send(Urgency.QUOTES, lambda: left.append("quote"))
    pace.send(Urgency.BARS, lambda: left.append("bars"))
    pace.send(Urgency.VITAL, lambda: left.append("cancel"))
    pace.overtake(lambda: left.append("order"))
    await done.wait()

    assert left == ["cancel", "order", "bars", "quote"]


async def test_what_is_vital_leaves_in_the_call_and_waits_only_for_the_rate() -> None:
    pace, left = MessagePace(), list[int]()

    for number in range(RATE):
        pace.send(Urgency.VITAL, partial(left.append, number))

    assert left == list(range(RATE - ROOM_FOR_ORDERS - ROOM_FOR_PROOF))


async def test_an_order_over_the_rate_is_not_sent() -> None:
    pace, left = MessagePace(), list[int]()
    for number in range(RATE):
        pace.overtake(partial(left.append, number))

    with pytest.raises(BrokerAway):
        pace.overtake(lambda: left.append(-1))

    assert len(left) == RATE
    assert not pace.room_for_order()


async def test_after_the_end_nothing_leaves() -> None:
    pace, left = MessagePace(), list[str]()
    pace.send(Urgency.BARS, lambda: left.append("before"))

    pace.close()
    late = pace.send(Urgency.VITAL, lambda: left.append("after"))
    await asyncio.sleep(0.01)

    assert left == []
    assert not late.withdraw()


@pytest.mark.attack(17)
def test_an_order_waits_while_fifty_messages_may_be_unread() -> None:
    budget = Budget()
    for _ in range(RATE):
        budget.count(0.0)
    much_later = 1000.0
    held = not budget.order_may_leave(much_later)
    budget.count(much_later, CLOCK)
    budget.unread.answer(CLOCK, much_later)

    assert held
    assert not budget.order_may_leave(much_later)
    assert not budget.order_may_leave(much_later + WINDOW)
    assert budget.order_may_leave(much_later + ORDERS_WINDOW)


async def test_much_that_nobody_has_answered_is_asked_about_once_a_turn() -> None:
    pace, asked = MessagePace(), list[int]()
    pace.when_unread = lambda: asked.append(1)
    for _ in range(MANY - 1):
        pace.send(Urgency.VITAL, nothing)
    await turns()
    too_few = len(asked)
    for _ in range(MANY):
        pace.send(Urgency.VITAL, nothing)
    await turns()

    assert (too_few, len(asked)) == (0, 1)


async def test_the_question_behind_a_burst_leaves_with_it_though_it_fills_the_window() -> (
    None
):
    pace, left = MessagePace(), list[str]()

    def ask_the_clock() -> None:
        pace.send(Urgency.PROOF, partial(left.append, "clock"), number=CLOCK)

    pace.when_unread = ask_the_clock
    for _ in range(RATE):
        pace.send(Urgency.QUOTES, partial(left.append, "quote"))
        pace.send(Urgency.VITAL, partial(left.append, "cancel"))
    await turns()

    assert len(left) == RATE - ROOM_FOR_ORDERS
    assert left[-1] == "clock"
    assert pace.room_for_order()
