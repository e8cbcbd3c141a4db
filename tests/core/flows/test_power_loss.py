"""What has left the process is still in the journal after a power failure, which takes
every commit that was not synced: the order that is sent (W2), what IB said of it, and the
cancel that IB is asked for. Also a test of core/store/access.py."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from core.model.points import NOTE, W2, W3, W4
from core.model.proposal import Choice
from tests.core.store.journals import path_in
from tests.harness.core import OWNER, Harness, when
from tests.harness.waiting import until
from tests.simulation.disk import Disk, watched
from tests.simulation.test_disk import BOT


Row = tuple[str, int | None, int, int]
"""State, order id, whether a cancel is wanted, and the number of fills of an order."""


@pytest.fixture
def disk(harness: Harness) -> Iterator[Disk]:
    """The journal's disk, from its next start on."""
    with watched() as disk:
        harness.restart()
        yield disk


def survivors(harness: Harness, disk: Disk) -> list[Row]:
    """The orders in what a power failure would leave at this moment."""
    with (
        disk.survivor(path_in(harness.directory), BOT) as left,
        closing(sqlite3.connect(left)) as database,
    ):
        return database.execute(
            "SELECT state, order_id, cancel_asked,"
            " (SELECT count(*) FROM exec WHERE exec.ref = intent.ref) FROM intent"
        ).fetchall()


@pytest.mark.parametrize(
    ("point", "state", "fills"),
    [(W2.after, "sending", 0), (W3.after, "acked", 0), (W4.after, "filled", 1)],
)
async def test_a_power_failure_takes_nothing_that_ib_may_know(
    harness: Harness, disk: Disk, point: str, state: str, fills: int
) -> None:
    """At W2 the bytes of the order leave in this very call: without its line the next
    start would know nothing of it, and would give its id to another."""
    left: list[list[Row]] = []
    async with harness.trading():
        card = await harness.scan()
        harness.reached = when(point, lambda: left.append(survivors(harness, disk)))
        harness.tap(card, Choice.FIRST)
        await until(lambda: harness.states(card) == ["filled"])
        (order,) = harness.orders(card)

    assert left[0] == [(state, order.order_id, 0, fills)]


async def test_a_cancel_that_ib_was_asked_for_is_still_wanted_after_it(
    harness: Harness, disk: Disk
) -> None:
    async with harness.trading():
        card, order = await harness.a_working_order()
        left: list[list[Row]] = []
        look = when(NOTE.after, lambda: left.append(survivors(harness, disk)))
        harness.reached = look
        harness.engine.cancel(order.ref, by=OWNER)
        await until(lambda: harness.states(card) == ["cancelled"])

    assert left[0] == [("acked", order.order_id, 1, 0)]
