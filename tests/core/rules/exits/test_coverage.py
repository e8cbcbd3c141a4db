"""Of how many shares an exit plan speaks, by the order in which they were traded."""

from datetime import timedelta

import pytest

from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.order import Order, OrderState
from core.rules.exits.coverage import need
from core.rules.exits.written import plan_in
from tests.builders import NOW, an_exit
from tests.core.rules.exits.test_covered import FIRST, SECOND, traded
from tests.values import a_fill, a_protection


@pytest.mark.parametrize(
    ("lost", "sold", "ends"),
    [
        (ExitKind.STOP, 0, True),
        (ExitKind.STOP, 40, True),
        (ExitKind.TARGET, 0, False),
        (ExitKind.TARGET, 40, False),
    ],
)
def test_a_group_ends_that_lacks_its_stop_and_stays_without_its_target(
    lost: ExitKind, sold: int, *, ends: bool
) -> None:
    """A target alone is no protection, and a stop alone is."""
    plan = plan_in("stop 5% target 10%")
    assert plan is not None
    exits = [_an_exit(kind, lost, sold) for kind in (ExitKind.STOP, ExitKind.TARGET)]
    bought = traded(1, Side.BUY, 100, minute=1)

    needed = need(
        a_protection(plan=plan, entries=(FIRST,)),
        (bought, *exits),
        room=100 - sold,
        closing=False,
        now=NOW + timedelta(minutes=9),
    )

    alive = [order for order in exits if order.exit is not lost]
    assert needed.cancel == (tuple(alive) if ends else ())
    assert bool(needed.incomplete) == (not ends and not sold)


@pytest.mark.parametrize(("room", "joins"), [(200, True), (199, False), (100, False)])
def test_a_target_joins_only_once_what_ends_can_sell_no_more(
    room: int, *, joins: bool
) -> None:
    """Else its guard refuses it, it lapses, and the group lacks it at once again."""
    plan = plan_in("stop 5% target 10%")
    assert plan is not None
    both = (ExitKind.STOP, ExitKind.TARGET)
    stays = [_an_exit(kind, ExitKind.TARGET, 0) for kind in both]
    ends = [_an_exit(kind, ExitKind.STOP, 0, leg=21, group="h") for kind in both]
    bought = [traded(leg, Side.BUY, 100, minute=1) for leg in (1, 2)]

    needed = need(
        a_protection(plan=plan, entries=(FIRST, SECOND)),
        (*bought, *stays, *ends),
        room=room,
        closing=False,
        now=NOW + timedelta(minutes=9),
    )

    assert needed.cancel == (ends[1],)
    assert [group.name for group in needed.incomplete] == (["g"] if joins else [])


def _an_exit(
    kind: ExitKind, lost: ExitKind, sold: int, *, leg: int = 11, group: str = "g"
) -> Order:
    is_lost = kind is lost
    fill = a_fill(shares=sold, at=NOW + timedelta(minutes=2))
    return an_exit(
        leg=leg if kind is ExitKind.STOP else leg + 1,
        exit=kind,
        shares=100,
        state=OrderState.ABSENT if is_lost else OrderState.ACKED,
        oca_group=group,
        fills=() if is_lost or not sold else (fill,),
    )
