"""How long a judgement holds, and what ends it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.model.evidence import LineState
from core.model.order import OrderState
from core.rules.sending import (
    LATE_TAP,
    Judgement,
    Moment,
    deadline,
    late_yes,
    out_of_date,
)
from tests.builders import NOW, a_line, a_proposal, an_order


EPOCH = a_line().epoch


def judged(**named: Any) -> Judgement:
    until = NOW + timedelta(minutes=5)
    made = Judgement(of=Moment(at=NOW, boottime=100.0), line=a_line(), deadline=until)
    return replace(made, **named)


def against(
    judgement: Judgement,
    *,
    seconds: float = 0,
    awake: float | None = None,
    halted: str | None = None,
    **order: Any,
) -> str | None:
    """Why an order may not leave so many *seconds* after it was judged, of which the
    machine was *awake* for so many."""
    elapsed = seconds if awake is None else awake
    now = Moment(at=NOW + timedelta(seconds=seconds), boottime=100.0 + elapsed)
    return out_of_date(
        an_order(**order), judgement, now=now, line=a_line(), halted=halted
    )


@pytest.mark.attack(2)
@pytest.mark.parametrize(
    ("seconds", "awake", "why"),
    [
        (2.0, None, None),
        (2.1, None, "it was judged 2.1 s ago"),
        (3.0, None, "it was judged 3.0 s ago"),
        (0.0, 45.0, "it was judged 45.0 s ago"),  # the clock was set back
        (45.0, 0.0, "it was judged 45.0 s ago"),  # a virtual machine was paused
        (-45.0, 0.0, "it was judged 45.0 s ago"),
    ],
)
def test_a_judgement_holds_for_two_seconds_on_both_clocks(
    seconds: float, awake: float | None, why: str | None
) -> None:
    assert against(judged(), seconds=seconds, awake=awake) == why


@pytest.mark.attack(1)
@pytest.mark.parametrize(
    ("despite", "halted", "why"),
    [
        (False, None, None),
        (False, "by Sam", "trading is halted: by Sam"),
        (True, "by Sam", None),
        (True, None, None),
    ],
)
def test_only_what_panic_sells_leaves_despite_a_halt(
    halted: str | None, why: str | None, *, despite: bool
) -> None:
    assert against(judged(despite_halt=despite), halted=halted) == why


@pytest.mark.attack(1)
def test_a_judgement_does_not_outrule_a_halt_by_itself() -> None:
    assert not judged().despite_halt


@pytest.mark.attack(1)
@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({}, None),
        ({"cancel_asked": True}, "it was cancelled"),
        ({"state": OrderState.SENDING}, "it is sending"),
        ({"state": OrderState.LAPSED, "cancel_asked": True}, "it is lapsed"),
    ],
)
def test_an_order_that_is_not_to_be_sent_any_more_is_not(
    order: dict[str, Any], why: str | None
) -> None:
    assert against(judged(), **order) == why


@pytest.mark.attack(1)
@pytest.mark.parametrize("state", LineState)
@pytest.mark.parametrize("later", [0, 1])
def test_it_holds_over_the_connection_that_it_was_made_over(
    state: LineState, later: int
) -> None:
    line = a_line(state=state, epoch=EPOCH + later)
    now = Moment(at=NOW, boottime=100.0)
    why = out_of_date(an_order(), judged(), now=now, line=line, halted=None)

    is_the_same = state is LineState.UP and not later
    assert why == (None if is_the_same else "the connection has changed")


@pytest.mark.attack(1)
def test_the_guards_are_asked_again_last_of_all() -> None:
    refused = judged(against=lambda order: f"{order.shares} are too many")

    assert against(refused) == "100 are too many"
    assert against(refused, cancel_asked=True) == "it was cancelled"


@pytest.mark.attack(3)
@pytest.mark.parametrize(("left", "is_over"), [(1, False), (0, True), (-1, True)])
def test_at_its_deadline_it_is_over(left: int, *, is_over: bool) -> None:
    judgement = judged(deadline=NOW + timedelta(seconds=left))

    assert (against(judgement) == "its time is over") is is_over


@pytest.mark.attack(3)
@pytest.mark.parametrize(
    ("decided", "expires", "until"),
    [
        (60, 30, 90),
        (60, 300, 300),
        (None, 30, 30),
        (None, 10, 30),
    ],
    ids=["half a minute after the Yes", "the offer's end", "no Yes", "at least LATE"],
)
def test_an_order_may_leave_until_its_offer_ends_or_half_a_minute_after_its_yes(
    decided: int | None, expires: int, until: int
) -> None:
    proposal = a_proposal(
        made_at=NOW,
        expires_at=_after(expires),
        decided_at=None if decided is None else _after(decided),
    )

    assert deadline(proposal) == _after(until)


def _after(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.attack(3)
@pytest.mark.parametrize(
    ("waited", "said"),
    [
        (timedelta(seconds=88), "I could not hear Telegram for 88 s."),
        (timedelta(seconds=119), "I could not hear Telegram for 119 s."),
        (timedelta(minutes=2), "I could not hear Telegram for 2 min."),
        (timedelta(hours=2, minutes=50), "I could not hear Telegram for 170 min."),
        (timedelta.max, "it may have been tapped while I could not hear Telegram."),
    ],
)
def test_how_late_a_yes_came_is_said(waited: timedelta, said: str) -> None:
    assert late_yes(waited) == f"Your Yes came late: {said}"


def test_a_yes_is_late_after_half_a_minute() -> None:
    assert timedelta(seconds=30) == LATE_TAP
