"""What another program did in this account is told once, and halts."""

from core.model.news import Ghost
from tests.harness.core import OWNER, Harness


def test_a_stranger_with_our_prefix_is_told_once(harness: Harness) -> None:
    others, halts = harness.others(), harness.halts()
    others.meet_ghost("tb-zzzzzzzzzz-1", "IB holds it")
    halts.resume(by=OWNER, named=halts.all())
    others.meet_ghost("tb-zzzzzzzzzz-1", "IB holds it")

    assert len(harness.news(Ghost)) == 1
    assert halts.halted is None
