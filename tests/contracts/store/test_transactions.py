"""A transaction is on disk together, or not at all; nothing is written beside one."""

from collections.abc import Callable

import pytest

from core.model.errors import Contradiction
from core.model.news import CardChanged
from core.model.order import OrderRef, OrderState
from core.model.proposal import ProposalState
from core.model.report import ReportState
from core.ports.journal import Store
from tests.builders import (
    MONDAY,
    NOW,
    PROPOSAL_ID,
    a_proposal,
    a_shown,
    an_order,
    money,
)
from tests.values import a_halt


REF = OrderRef("tb-x-1")
CARD = CardChanged(proposal_id=PROPOSAL_ID)


class TroubleError(Exception):
    """Something in the middle of a transaction."""


def _fail_midway(store: Store) -> None:
    with store.transaction():
        store.memory.set_halts([a_halt("yes")])
        store.proposals.add(a_proposal())
        raise TroubleError


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(TroubleError):
        _fail_midway(store)

    assert store.memory.halts() == ()
    assert store.proposals.offers() == ()


def test_a_transaction_sees_what_it_has_written(store: Store) -> None:
    with store.transaction():
        store.proposals.add(a_proposal())
        seen = store.proposals.by_id(PROPOSAL_ID)

    assert seen == a_proposal()


def test_nothing_is_written_outside_a_transaction(store: Store) -> None:
    writes: list[Callable[[], object]] = [
        lambda: store.memory.set_halts([a_halt("lunch")]),
        lambda: store.memory.raise_order_id_high(7),
        lambda: store.memory.add_ghost("tb-x-1", "boo"),
        lambda: store.memory.add_unwanted(REF, "boo"),
        lambda: store.memory.add_seen(REF, "boo"),
        lambda: store.memory.add_answer("scan:1", PROPOSAL_ID),
        lambda: store.memory.set_outage_told(NOW),
        lambda: store.memory.set_account_value(MONDAY, money("1")),
        lambda: store.memory.begin_run(unclean_starts=()),
        store.memory.end_run,
        lambda: store.inbox.receive([(1, "raw")], at=NOW),
        lambda: store.inbox.finish(1),
        lambda: store.inbox.give_up_on(1, reason="unreadable"),
        lambda: store.proposals.add(a_proposal()),
        lambda: store.proposals.amend(a_proposal()),
        lambda: store.orders.add(an_order()),
        lambda: store.orders.update(an_order(), was=OrderState.PLANNED),
        lambda: store.trail.append(at=NOW, ref="", kind="note", payload=""),
        lambda: store.outbox.notify(CARD),
        lambda: store.outbox.mark_sent(CARD, edition=1, message=None),
        lambda: store.outbox.place("scan:1", a_shown()),
        lambda: store.reports.open_day(MONDAY, ReportState.DUE),
        lambda: store.reports.claim(MONDAY, now=NOW, lease=NOW),
        lambda: store.reports.close(MONDAY, ReportState.SENT),
        lambda: store.proposals.move(
            PROPOSAL_ID, to=ProposalState.DECLINED, by="me", at=NOW, shown=None
        ),
    ]

    for write in writes:
        with pytest.raises(Contradiction):
            write()


def test_one_that_is_not_synced_is_a_transaction_too(store: Store) -> None:
    with store.unsynced():
        store.proposals.add(a_proposal())
    store.sync()
    with pytest.raises(Contradiction), store.unsynced(), store.inbox.unsynced():
        pass

    assert store.proposals.offers() == (a_proposal(),)


def test_a_transaction_inside_another_is_refused(store: Store) -> None:
    with pytest.raises(Contradiction), store.transaction(), store.transaction():
        pass

    with store.transaction():
        store.memory.set_halts([a_halt("lunch")])
    assert store.memory.halts() == (a_halt("lunch"),)
