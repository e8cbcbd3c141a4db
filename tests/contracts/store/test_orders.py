"""A stock of a card has one order, an order id too, and a fill is counted once."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.model.errors import Contradiction
from core.model.exits.plan import ExitKind
from core.model.market import ConId, OrderType
from core.model.order import SETTLED, Order, OrderRef, OrderState
from core.model.proposal import ProposalId
from core.ports.journal import Store
from tests.builders import (
    CLIENT_ID,
    FRIDAY,
    MONDAY,
    NOW,
    ORDER_ID,
    PROPOSAL_ID,
    a_fill,
    a_proposal,
    a_sent_order,
    an_exit,
    an_order,
    money,
    price,
)


def planned(store: Store, order: Order) -> None:
    with store.transaction():
        store.proposals.add(a_proposal())
        store.orders.add(order)


def test_an_order_is_found_under_all_its_names(store: Store) -> None:
    order = a_sent_order(fills=(a_fill(commission=money("1.00")),))

    planned(store, order)

    assert store.orders.by_ref(order.ref) == order
    assert store.orders.by_order_id(client_id=CLIENT_ID, order_id=ORDER_ID) == order
    assert store.orders.by_exec(a_fill().exec_id) == order
    assert store.orders.of_proposal(PROPOSAL_ID) == (order,)
    assert store.orders.of_stock(order.instrument.con_id) == (order,)
    assert store.orders.of_stock(ConId(1)) == ()
    assert store.orders.sent_on(MONDAY) == (order,)
    assert store.orders.in_states([OrderState.SENDING]) == (order,)


def test_when_it_was_closed_by_word_is_kept(store: Store) -> None:
    order = an_exit(state=OrderState.CLOSED_BY_HUMAN, closed_at=NOW, replaced=True)

    planned(store, order)

    assert store.orders.by_ref(order.ref) == order


def test_a_limit_orders_terms_are_kept_to_the_last_digit(store: Store) -> None:
    order = an_order(
        order_type=OrderType.LIMIT,
        limit=price("5.0750"),
        tif="OPG",
        outside_hours=True,
    )
    planned(store, order)

    found = store.orders.by_ref(order.ref)
    assert found == order
    assert str(found.limit) == "5.0750"


@pytest.mark.attack(26)
@pytest.mark.parametrize("state", OrderState)
def test_what_may_execute_counts_whenever_it_was_sent(
    store: Store, state: OrderState
) -> None:
    order = a_sent_order(state=state)
    planned(store, order)

    counts = () if state in SETTLED else (order,)
    assert store.orders.counting_since(NOW + timedelta(days=3)) == counts


@pytest.mark.attack(26)
def test_an_order_at_its_end_counts_with_a_fill_since_then(store: Store) -> None:
    early = a_fill(exec_id="1.01", shares=50)
    late = a_fill(exec_id="2.01", shares=50, at=NOW + timedelta(hours=1))
    order = a_sent_order(state=OrderState.FILLED, fills=(early, late))
    planned(store, order)

    assert store.orders.counting_since(late.at) == (order,)
    assert store.orders.counting_since(late.at + timedelta(microseconds=1)) == ()


def test_an_order_that_nobody_made_is_not_found(store: Store) -> None:
    planned(store, a_sent_order())

    assert store.orders.by_ref(OrderRef("tb-unknown-1")) is None
    assert store.orders.by_order_id(client_id=CLIENT_ID + 1, order_id=ORDER_ID) is None
    assert store.orders.by_exec("0000e0d5.0.01.01") is None
    assert store.orders.of_proposal(ProposalId("unknown")) == ()
    assert store.orders.sent_on(FRIDAY) == ()
    assert store.orders.in_states([OrderState.PLANNED]) == ()
    assert store.orders.in_states([]) == ()


def test_a_stock_of_a_proposal_has_one_order(store: Store) -> None:
    planned(store, an_order(leg=1))
    again = an_order(leg=2, instrument=an_order().instrument)

    with pytest.raises(Contradiction), store.transaction():
        store.orders.add(again)


def test_an_order_id_is_given_to_one_order(store: Store) -> None:
    planned(store, a_sent_order())
    with store.transaction():
        store.orders.add(an_order(leg=2))

    with pytest.raises(Contradiction), store.transaction():
        store.orders.update(a_sent_order(leg=2), was=OrderState.PLANNED)

    assert store.orders.of_proposal(PROPOSAL_ID) == (a_sent_order(), an_order(leg=2))


def test_orders_that_have_no_id_yet_do_not_clash(store: Store) -> None:
    planned(store, an_order(leg=1))

    with store.transaction():
        store.orders.add(an_order(leg=2))

    assert store.orders.in_states([OrderState.PLANNED]) == (an_order(), an_order(leg=2))


def test_an_order_changes_only_from_the_state_it_was_read_in(store: Store) -> None:
    planned(store, an_order())

    with store.transaction():
        won = [
            store.orders.update(a_sent_order(), was=OrderState.PLANNED),
            store.orders.update(
                an_order(state=OrderState.LAPSED), was=OrderState.PLANNED
            ),
        ]

    assert won == [True, False]
    assert store.orders.by_ref(an_order().ref) == a_sent_order()


@pytest.mark.parametrize(
    "other",
    [
        an_order(instrument=replace(an_order().instrument, con_id=ConId(1))),
        an_order(account="DU7654321"),
        replace(an_order(), leg=3),
        an_order(exit=ExitKind.STOP),
    ],
    ids=["stock", "account", "leg", "exit"],
)
def test_what_an_order_is_never_changes(store: Store, other: Order) -> None:
    planned(store, an_order())

    with store.transaction():
        won = store.orders.update(other, was=OrderState.PLANNED)

    assert not won
    assert store.orders.by_ref(an_order().ref) == an_order()


def _changed_and_read_midway(store: Store) -> Order | None:
    """An order that was read before, changed and read again in a transaction that fails."""
    planned(store, an_order())
    ref = an_order().ref
    assert store.orders.by_ref(ref) == an_order()
    read = None
    with suppress(ZeroDivisionError), store.transaction():
        store.orders.update(a_sent_order(), was=OrderState.PLANNED)
        read = store.orders.by_ref(ref)
        raise ZeroDivisionError
    return read


def test_what_was_read_in_a_transaction_that_failed_is_forgotten(store: Store) -> None:
    assert _changed_and_read_midway(store) == a_sent_order()

    assert store.orders.by_ref(an_order().ref) == an_order()


def test_a_loser_leaves_no_fills(store: Store) -> None:
    planned(store, an_order())

    with store.transaction():
        store.orders.update(a_sent_order(fills=(a_fill(),)), was=OrderState.ACKED)

    assert store.orders.by_exec(a_fill().exec_id) is None


def test_a_repeated_fill_is_one_and_its_correction_wins(store: Store) -> None:
    first = a_fill(exec_id="0000e0d5.1.01.01")
    corrected = a_fill(exec_id="0000e0d5.1.01.02", price=money("4.85"))
    order = a_sent_order(fills=(first,))
    planned(store, order)

    with store.transaction():
        store.orders.update(order, was=OrderState.SENDING)
        store.orders.update(replace(order, fills=(corrected,)), was=OrderState.SENDING)

    assert store.orders.by_ref(order.ref) == replace(order, fills=(corrected,))
    assert store.orders.by_exec("0000e0d5.1.01.07") is not None


def test_fills_keep_their_order(store: Store) -> None:
    fills = tuple(a_fill(exec_id=f"{stem}.01") for stem in ("z", "a", "m"))

    planned(store, a_sent_order(fills=fills))

    assert store.orders.of_proposal(PROPOSAL_ID)[0].fills == fills


def test_fills_stand_as_they_were_last_written(store: Store) -> None:
    early, late = a_fill(exec_id="1.01"), a_fill(exec_id="2.01")
    order = a_sent_order(fills=(late,))
    planned(store, order)

    with store.transaction():
        store.orders.update(replace(order, fills=(early, late)), was=order.state)

    assert store.orders.of_proposal(PROPOSAL_ID)[0].fills == (early, late)


def test_a_fill_belongs_to_one_order(store: Store) -> None:
    planned(store, a_sent_order(fills=(a_fill(),)))

    with pytest.raises(Contradiction), store.transaction():
        store.orders.add(an_order(leg=2, fills=(a_fill(),)))


def test_orders_are_listed_in_the_order_of_their_making(store: Store) -> None:
    planned(store, an_order(leg=2))

    with store.transaction():
        store.orders.add(an_order(leg=1))

    made = store.orders.in_states([OrderState.PLANNED])
    assert [order.leg for order in made] == [2, 1]
    assert [order.leg for order in store.orders.of_proposal(PROPOSAL_ID)] == [1, 2]


def test_an_order_without_a_proposal_is_refused(store: Store) -> None:
    with pytest.raises(Contradiction), store.transaction():
        store.orders.add(an_order())


def test_a_stock_of_a_card_has_as_many_exits_as_its_plan_needs(store: Store) -> None:
    exits = (
        an_exit(),
        an_exit(leg=12, exit=ExitKind.TRAIL, trail_percent=Decimal("2.5")),
        an_exit(leg=13, exit=ExitKind.TRAIL, trail_amount=price("0.255")),
    )

    planned(store, an_order())
    with store.transaction():
        for each in exits:
            store.orders.add(each)

    assert store.orders.of_proposal(PROPOSAL_ID) == (an_order(),)
    assert store.orders.exits_of(PROPOSAL_ID) == exits
    assert store.orders.of_stock(an_order().instrument.con_id) == (an_order(), *exits)
    with pytest.raises(Contradiction), store.transaction():
        store.orders.add(an_exit())
