"""How long a purchase stands without a stop, and what waits for one."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.model.exits.plan import ExitKind
from core.model.order import Order, OrderState
from core.rules.exits.exposure import time_bare, waits_for_its_stop
from tests.builders import NOW, a_fill, a_sent_order, an_exit


BOTH = frozenset({ExitKind.STOP, ExitKind.TARGET})
TARGET = an_exit(leg=12, exit=ExitKind.TARGET)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def bought(at: float, shares: int = 100) -> Order:
    return a_sent_order(fills=(a_fill(at=after(at), shares=shares),))


def stop(acked: float | None = 2, **named: Any) -> Order:
    at = None if acked is None else after(acked)
    return an_exit(**{"acked_at": at, "state": OrderState.ACKED, **named})


@pytest.mark.parametrize(
    ("order", "beside", "waits"),
    [
        (TARGET, (), True),
        (TARGET, (stop(),), False),
        (TARGET, (stop(exit=ExitKind.TRAIL),), False),
        (TARGET, (stop(state=OrderState.SENDING),), True),
        (TARGET, (stop(state=OrderState.FILLED, fills=(a_fill(),)),), False),
        (TARGET, (stop(oca_group="another"),), True),
        (
            TARGET,
            (an_exit(leg=13, exit=ExitKind.TARGET, state=OrderState.ACKED),),
            True,
        ),
        (an_exit(leg=12, exit=ExitKind.TARGET, cancel_asked=True), (), False),
        (an_exit(), (), False),
    ],
    ids=[
        "alone",
        "its stop works",
        "its trailing stop works",
        "its stop is being sent",
        "its stop has sold",
        "another group's stop works",
        "another target works",
        "it is cancelled",
        "a stop",
    ],
)
def test_a_target_waits_until_a_stop_of_its_group_works(
    order: Order, beside: tuple[Order, ...], *, waits: bool
) -> None:
    assert waits_for_its_stop(order, BOTH, (order, *beside)) is waits
    assert not waits_for_its_stop(order, frozenset({ExitKind.TARGET}), (order, *beside))


@pytest.mark.parametrize(
    ("order", "beside", "seconds"),
    [
        (stop(2), (bought(0),), 2),
        (stop(2), (bought(0), bought(1)), 1),
        (stop(2), (bought(0), bought(1, shares=0)), 2),
        (stop(2), (bought(0), bought(62)), 0),
        (stop(2), (bought(0), bought(63)), 2),
        (stop(2), (), None),
        (stop(None), (bought(0),), None),
        (stop(2, exit=ExitKind.TARGET), (bought(0),), None),
        (stop(9), (bought(0), stop(2, leg=21)), None),
        (stop(9), (bought(0), stop(0, leg=21)), None),
        (stop(9), (bought(5), stop(2, leg=21)), 4),
        (stop(9), (bought(0), stop(9, leg=21)), 9),
        (stop(9), (bought(0), stop(None, leg=21)), 9),
        (stop(9), (bought(0), stop(2, leg=21, exit=ExitKind.TARGET)), 9),
    ],
    ids=[
        "a first stop",
        "by the newest purchase",
        "not by one that was taken back",
        "by a clock that is ahead",
        "not by a later purchase",
        "nothing was bought",
        "not confirmed yet",
        "a target",
        "it replaced another",
        "one of the moment of the purchase",
        "the other was for less",
        "both at once",
        "the other was never confirmed",
        "beside a target",
    ],
)
def test_the_time_until_a_purchases_first_stop(
    order: Order, beside: tuple[Order, ...], seconds: int | None
) -> None:
    found = time_bare(order, (*beside, order))

    assert found == (None if seconds is None else timedelta(seconds=seconds))
