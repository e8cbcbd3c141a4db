"""An order has one step of each kind ahead of it, and keeps its commission reports."""

from datetime import timedelta

from core.sandbox.trading.events import Commission
from core.sandbox.trading.order_timers import OrderTimers, Step
from core.sandbox.trading.tickets import OrderKey
from tests.harness.exchange import LATER, NOW


ONE, TWO = OrderKey(7, 1), OrderKey(7, 2)


def taken(timers: OrderTimers) -> list[tuple[Step, OrderKey]]:
    """Everything due within the minute."""
    return [(timer.what.step, timer.what.key) for timer in timers.due(LATER)]


def test_what_is_due_comes_by_time_and_then_by_age() -> None:
    timers = OrderTimers()
    timers.plan(Step.MATCH, ONE, LATER)
    timers.plan(Step.ACKNOWLEDGE, TWO, NOW)
    timers.plan(Step.MATCH, TWO, LATER)
    timers.plan(Step.CANCEL, ONE, LATER + timedelta(seconds=1))

    assert timers.next_at() == NOW
    assert taken(timers) == [
        (Step.ACKNOWLEDGE, TWO),
        (Step.MATCH, ONE),
        (Step.MATCH, TWO),
    ]


def test_a_new_time_replaces_the_old_one() -> None:
    timers = OrderTimers()
    timers.plan(Step.MATCH, ONE, NOW)
    timers.plan(Step.RELEASE, ONE, LATER)

    assert timers.next_at() == LATER
    assert taken(timers) == [(Step.RELEASE, ONE)]


def test_a_finished_order_is_forgotten_but_its_reports_are_not() -> None:
    report = Commission(at=LATER, key=ONE, exec_id="x", amount=1.0, realized_pnl=None)
    timers = OrderTimers()
    timers.plan(Step.MATCH, ONE, NOW)
    timers.plan(Step.EXPIRE, ONE, NOW)
    timers.plan(Step.REPORT, ONE, LATER, report)

    timers.forget_order(ONE)

    assert [timer.what.report for timer in timers.pending()] == [report]
    assert taken(timers) == [(Step.REPORT, ONE)]
    assert timers.next_at() is None
