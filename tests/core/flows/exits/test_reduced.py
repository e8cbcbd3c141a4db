"""An exit that is smaller at IB: by what its group has sold, or by somebody's hand."""

from collections.abc import Callable

import pytest

from core.model.exits.news import ChangedAtIb, Unprotected
from core.model.exits.plan import ExitKind
from core.model.order import Order
from tests.builders import price
from tests.harness.core import Harness
from tests.harness.exits import (
    STOP_AND_TARGET,
    alive,
    bought,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


Doing = Callable[[Harness, Order, Order], None]


def cut(harness: Harness, stop: Order, target: Order) -> None:
    del target
    harness.broker.resize(stop, 40)


def cut_unreported(harness: Harness, stop: Order, target: Order) -> None:
    harness.drop_events()
    cut(harness, stop, target)
    harness.broker.connect()


def cut_behind_a_sale(harness: Harness, stop: Order, target: Order) -> None:
    """IB has taken 30 off it, and somebody leaves 40 of the other 70."""
    harness.broker.fill(target, 30)
    harness.broker.resize(stop, 70)


def cut_and_sold_unreported(harness: Harness, stop: Order, target: Order) -> None:
    harness.drop_events()
    cut_behind_a_sale(harness, stop, target)
    harness.broker.connect()


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("happens", "bare", "said"),
    [
        (cut, 60, "40 shares, not 100, and none was sold"),
        (cut_unreported, 60, "40 shares, not 100, and none was sold"),
        (
            cut_behind_a_sale,
            30,
            "40 shares, not 100, and others of its group have sold",
        ),
        (cut_and_sold_unreported, 30, "40 shares, not 100, and others"),
    ],
)
async def test_a_stop_that_somebody_made_smaller_is_told_and_left_as_it_is(
    harness: Harness, happens: Doing, bare: int, said: str
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, target = await protected(harness)
        happens(harness, stop, target)
        await until(lambda: harness.news(Unprotected) != [])
        harness.engine.look()
        await turns()
        (holding,) = await harness.engine.named.exits.holdings()

    assert holding.naked == bare
    (news,) = harness.news(Unprotected)
    assert news.reason.startswith(
        f"{bare} of its shares have no stop: IB has it for {said}"
    )
    assert {each.ref for each in alive(harness)} == {stop.ref, target.ref}
    assert harness.journal.memory.halts() == ()


@pytest.mark.attack(10)
async def test_a_stop_that_was_cut_and_is_moved_later_is_not_told_as_cut_again(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, target = await protected(harness)
        cut(harness, stop, target)
        await until(lambda: harness.news(Unprotected) != [])
        harness.clock.forward(minutes=1)
        harness.broker.move(stop, stop=price("4.40"))
        await until(lambda: harness.news(ChangedAtIb) != [])
        await turns()

    assert len(harness.news(Unprotected)) == 1
    (moved,) = harness.news(ChangedAtIb)
    assert (moved.shares, moved.was_shares, moved.stop) == (40, 40, price("4.40"))


def sold(harness: Harness, stop: Order, target: Order) -> None:
    del stop
    harness.broker.fill(target, 30)


def sold_unreported(harness: Harness, stop: Order, target: Order) -> None:
    """Only that the stop is smaller is heard before the pass."""
    harness.drop_events()
    harness.broker.fill(target, 30)
    harness.broker.events_dropped = False
    harness.broker.resize(stop, 100)


def a_smaller_target(harness: Harness, stop: Order, target: Order) -> None:
    del stop
    harness.broker.resize(target, 40)


def cut_and_enlarged(harness: Harness, stop: Order, target: Order) -> None:
    """Before anybody listens."""
    harness.drop_events()
    cut(harness, stop, target)
    harness.broker.resize(stop, 100)
    harness.broker.connect()


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    "happens", [sold, sold_unreported, a_smaller_target, cut_and_enlarged]
)
async def test_a_stop_that_covers_what_its_group_may_still_sell_is_no_news(
    harness: Harness, happens: Doing
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, target = await protected(harness)
        happens(harness, stop, target)
        await turns()
        await harness.ready()
        harness.broker.connect()
        await harness.ready()

    assert harness.news(Unprotected) == []
    assert {each.ref for each in alive(harness)} == {stop.ref, target.ref}


def enlarged_again(harness: Harness, stop: Order, target: Order) -> None:
    """IB has taken 30 off it, and somebody makes the 70 again 90."""
    harness.broker.fill(target, 30)
    harness.broker.resize(stop, 120)


def enlarged_again_unreported(harness: Harness, stop: Order, target: Order) -> None:
    harness.drop_events()
    enlarged_again(harness, stop, target)
    harness.broker.connect()


def enlarged_to_its_first_size(harness: Harness, stop: Order, target: Order) -> None:
    harness.broker.fill(target, 30)
    harness.broker.resize(stop, 130)


def enlarged_beyond_it(harness: Harness, stop: Order, target: Order) -> None:
    harness.broker.fill(target, 30)
    harness.broker.resize(stop, 150)


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    "happens",
    [
        enlarged_again,
        enlarged_again_unreported,
        enlarged_to_its_first_size,
        enlarged_beyond_it,
    ],
)
async def test_a_stop_enlarged_behind_a_sale_of_its_group_never_sells_more_than_is_held(
    harness: Harness, happens: Doing
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, target = await protected(harness)
        happens(harness, stop, target)
        await until(lambda: stop.ref not in {each.ref for each in alive(harness)})
        await protected(harness, 70)

    assert {each.ref for each in harness.broker.cancelled} == {stop.ref, target.ref}
    assert {each.shares for each in alive(harness)} == {70}


async def test_what_a_lone_stop_leaves_bare_gets_a_stop_of_its_own(
    harness: Harness,
) -> None:
    with_exits(harness, STOP_AND_TARGET.split(" target", maxsplit=1)[0])
    async with harness.trading():
        await bought(harness)
        (stop,) = await protected(harness)
        cut(harness, stop, stop)
        await until(lambda: len(alive(harness)) == 2)

    assert [(o.exit, o.shares) for o in alive(harness)] == [
        (ExitKind.STOP, 40),
        (ExitKind.STOP, 60),
    ]
