"""The diary tells what is due, in order, and forgets what was called off."""

from datetime import timedelta

from core.sandbox.orders import Commission, OrderKey
from core.sandbox.trading.diary import Diary, Step
from tests.core.sandbox.stage import LATER, NOW


ONE, TWO = OrderKey(7, 1), OrderKey(7, 2)


def taken(diary: Diary) -> list[tuple[Step, OrderKey]]:
    """Everything due within the minute."""
    found = []
    while (entry := diary.due(LATER)) is not None:
        found.append((entry.step, entry.key))
    return found


def test_what_is_due_comes_by_time_and_then_by_age() -> None:
    diary = Diary()
    diary.add(Step.MATCH, ONE, LATER)
    diary.add(Step.ACKNOWLEDGE, TWO, NOW)
    diary.add(Step.MATCH, TWO, LATER)
    diary.add(Step.CANCEL, ONE, LATER + timedelta(seconds=1))

    assert diary.next_at() == NOW
    assert taken(diary) == [
        (Step.ACKNOWLEDGE, TWO),
        (Step.MATCH, ONE),
        (Step.MATCH, TWO),
    ]


def test_a_new_time_replaces_the_old_one() -> None:
    diary = Diary()
    diary.add(Step.MATCH, ONE, NOW)
    diary.add(Step.RELEASE, ONE, LATER)

    assert diary.next_at() == LATER
    assert taken(diary) == [(Step.RELEASE, ONE)]


def test_a_finished_order_is_forgotten_but_its_reports_are_not() -> None:
    report = Commission(at=LATER, key=ONE, exec_id="x", amount=1.0, realized_pnl=None)
    diary = Diary()
    diary.add(Step.MATCH, ONE, NOW)
    diary.add(Step.EXPIRE, ONE, NOW)
    diary.add(Step.REPORT, ONE, LATER, report)

    diary.forget(ONE)

    assert [entry.report for entry in diary.pending()] == [report]
    assert taken(diary) == [(Step.REPORT, ONE)]
    assert diary.next_at() is None
