"""The journal stays small, and nothing waits for that."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.flows.upkeep import REST, UPDATES, Upkeep
from core.model.instructions import Keeping
from core.model.order import OrderState
from tests.builders import NOW, a_proposal, an_order
from tests.core.store.journals import open_in
from tests.core.wishes import instructions
from tests.fakes.catalogue import unchanging
from tests.fakes.clock import HandClock
from tests.fakes.journal_memory import MemoryStore
from tests.harness.core import Harness


pytestmark = pytest.mark.attack(28)

DAY = timedelta(days=1)
KEEPING = Keeping(updates=30 * DAY, cards=730 * DAY)


def an_upkeep(store: MemoryStore, clock: HandClock) -> Upkeep:
    return Upkeep(
        retention=store.retention,
        orders=store.orders,
        clock=clock,
        instructions=unchanging(instructions(keeping=KEEPING), store),
    )


def with_old_updates(count: int) -> MemoryStore:
    store = MemoryStore()
    with store.transaction():
        store.inbox.receive([(n, "x") for n in range(count)], at=NOW - 31 * DAY)
        for number in range(count):
            store.inbox.finish(number)
    return store


def left(store: MemoryStore) -> int:
    return len(store._ground.tables.updates)


def test_it_goes_in_small_steps_and_rests_when_nothing_is_old() -> None:
    store, clock = with_old_updates(2 * UPDATES + 1), HandClock(NOW)
    upkeep = an_upkeep(store, clock)
    seen = []
    for _ in range(5):
        upkeep.look()
        seen.append(left(store))
    with store.transaction():
        store.inbox.receive([(900, "x")], at=NOW - 31 * DAY)
        store.inbox.finish(900)

    upkeep.look()
    resting = left(store)
    clock.forward(seconds=REST.total_seconds() + 1)
    upkeep.look()

    assert seen == [UPDATES + 1, 1, 0, 0, 0]
    assert (resting, left(store)) == (1, 0)


def test_a_clock_that_was_set_back_does_not_let_it_rest_for_ever() -> None:
    store, clock = MemoryStore(), HandClock(NOW)
    upkeep = an_upkeep(store, clock)
    upkeep.look()
    clock.moment = NOW - 400 * DAY
    with store.transaction():
        store.inbox.receive([(1, "x")], at=NOW - 500 * DAY)
        store.inbox.finish(1)

    upkeep.look()

    assert left(store) == 0


@pytest.mark.parametrize("state", [OrderState.PLANNED, OrderState.SENDING])
def test_nothing_is_forgotten_while_an_order_is_on_its_way(state: OrderState) -> None:
    store, clock = with_old_updates(1), HandClock(NOW)
    with store.transaction():
        store.proposals.add(a_proposal())
        store.orders.add(an_order(state=state))
    upkeep = an_upkeep(store, clock)

    upkeep.look()
    waiting = left(store)
    with store.transaction():
        store.orders.update(an_order(state=OrderState.LAPSED), was=state)
    upkeep.look()

    assert (waiting, left(store)) == (1, 0)


async def test_the_engine_keeps_its_journal_small(harness: Harness) -> None:
    store = harness.journal
    with store.transaction():
        store.inbox.receive([(1, "x")], at=NOW - 31 * DAY)
        store.inbox.finish(1)

    async with harness.trading():
        harness.engine.look()

    with store.transaction():
        assert store.retention.forget_updates(before=NOW, most=1) == 0
    assert harness.engine.queries.status().journal.bytes > 0


def test_a_year_of_updates_is_no_larger_than_two_months(tmp_path: Path) -> None:
    """Forty messages of 500 letters on each of 365 days."""
    clock = HandClock(NOW)
    sizes = []
    with open_in(tmp_path) as journal:
        upkeep = Upkeep(
            retention=journal.retention,
            orders=journal.orders,
            clock=clock,
            instructions=unchanging(instructions(keeping=KEEPING), journal),
        )
        for day in range(365):
            numbers = range(day * 40, day * 40 + 40)
            with journal.transaction():
                journal.inbox.receive(
                    [(n, "\u0436" * 500) for n in numbers], at=clock.now()
                )
                for number in numbers:
                    journal.inbox.finish(number)
            clock.forward(days=1)
            upkeep.look()
            sizes.append(journal.retention.size().bytes)

    assert max(sizes) < 1.05 * sizes[59]
