"""What is kept in memory of orders is what a query would find now."""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.market import ConId
from core.model.order import FINAL, SETTLED, Order, OrderRef, OrderState
from core.store.access import Access
from core.store.cached.found_orders import MOST_FOLLOWED, FoundOrders
from core.store.disk import connected
from core.store.orders import SqlOrders
from core.store.proposals import SqlProposals
from tests.builders import NOW, a_fill, a_proposal, an_order
from tests.core.store.journals import path_in, write_template


STEPS = 40
ALIVE = frozenset(OrderState) - FINAL
EVENING = NOW + timedelta(hours=6)


class _TakenBackError(Exception):
    """The transaction is undone."""


def numbered(number: int) -> Order:
    stock = replace(an_order().instrument, con_id=ConId(1_000 + number))
    return an_order(leg=number, ref=OrderRef(f"tb-{number}"), instrument=stock)


def changed(order: Order, chance: random.Random) -> Order:
    """*order* in any state, sometimes with one more fill."""
    after = replace(order, state=chance.choice(list(OrderState)))
    if chance.random() > 0.2:
        return after
    number = len(order.fills)
    at = chance.choice([NOW, EVENING])
    fill = a_fill(exec_id=f"{order.leg}.{number}.01", shares=1, at=at)
    return replace(after, fills=(*order.fills, fill))


@contextmanager
def tables_in(directory: Path) -> Iterator[Access]:
    path = path_in(directory)
    write_template(path)
    with connected(path) as connection:
        access = Access(connection)
        with access.transaction():
            SqlProposals(access).add(a_proposal())
        yield access


def lists_of(orders: SqlOrders) -> tuple[tuple[Order, ...], ...]:
    return (
        orders.in_states(ALIVE),
        orders.in_states([OrderState.PLANNED]),
        orders.in_states(SETTLED),
        orders.counting_since(NOW),
        orders.counting_since(EVENING),
        orders.of_stock(ConId(1_000)),
    )


def step(orders: SqlOrders, chance: random.Random, made: list[OrderRef]) -> None:
    if not made or chance.random() < 0.3:
        order = numbered(len(made))
        orders.add(order)
        made.append(order.ref)
        return
    known = orders.by_ref(chance.choice(made))
    assert known is not None
    was = known.state if chance.random() < 0.9 else OrderState.ABSENT
    orders.update(changed(known, chance), was=was)


@pytest.mark.parametrize("seed", range(6))
def test_lists_are_at_each_step_what_a_query_finds(seed: int, tmp_path: Path) -> None:
    chance, made = random.Random(seed), list[OrderRef]()
    with tables_in(tmp_path) as access:
        kept = SqlOrders(access)
        for _ in range(STEPS):
            known = list(made)
            with suppress(_TakenBackError), access.transaction():
                step(kept, chance, made)
                assert lists_of(kept) == lists_of(SqlOrders(access))
                if chance.random() < 0.2:
                    made[:] = known
                    raise _TakenBackError
            assert lists_of(kept) == lists_of(SqlOrders(access))


def test_a_list_follows_without_a_query(tmp_path: Path) -> None:
    with tables_in(tmp_path) as access:
        orders = SqlOrders(access)
        before = orders.in_states(ALIVE), orders.counting_since(NOW)
        with access.transaction():
            orders.add(numbered(1))
            asked = list[str]()
            access._connection.set_trace_callback(asked.append)
            found = orders.in_states(ALIVE), orders.counting_since(NOW)

    assert before == ((), ())
    assert found == ((numbered(1),), (numbered(1),))
    assert [text for text in asked if "SELECT" in text] == []


def test_few_lists_are_followed() -> None:
    lists = FoundOrders()
    for number in range(MOST_FOLLOWED + 1):
        lists.keep((number,), (), lambda _: True)

    assert lists.listed((0,)) is None
    assert lists.listed((MOST_FOLLOWED,)) == ()
