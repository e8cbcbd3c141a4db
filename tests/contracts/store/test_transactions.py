"""A transaction is on disk together, or not at all; nothing is written beside one."""

from collections.abc import Callable

import pytest

from core.model.errors import Contradiction
from core.model.news import CardChanged
from core.model.order import OrderState
from core.model.proposal import ProposalState
from core.model.report import ReportState
from core.ports import Store
from tests.builders import (
    MONDAY,
    NOW,
    PROPOSAL_ID,
    a_proposal,
    a_shown,
    an_order,
)


CARD = CardChanged(proposal_id=PROPOSAL_ID)


class TroubleError(Exception):
    """Something in the middle of a transaction."""


def _fail_midway(store: Store) -> None:
    with store.transaction():
        store.remember("halted", "yes")
        store.add_proposal(a_proposal())
        raise TroubleError


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(TroubleError):
        _fail_midway(store)

    assert store.recall("halted") is None
    assert store.offers() == ()


def test_a_transaction_sees_what_it_has_written(store: Store) -> None:
    with store.transaction():
        store.add_proposal(a_proposal())
        seen = store.proposal(PROPOSAL_ID)

    assert seen == a_proposal()


def test_nothing_is_written_outside_a_transaction(store: Store) -> None:
    writes: list[Callable[[], object]] = [
        lambda: store.remember("a", "b"),
        lambda: store.receive([(1, "raw")], at=NOW),
        lambda: store.finish(1),
        lambda: store.bury(1, reason="unreadable"),
        lambda: store.add_proposal(a_proposal()),
        lambda: store.amend_proposal(a_proposal()),
        lambda: store.add_order(an_order()),
        lambda: store.update_order(an_order(), was=OrderState.PLANNED),
        lambda: store.audit(at=NOW, ref="", kind="note", payload=""),
        lambda: store.tell(CARD),
        lambda: store.told(CARD, edition=1, message=None),
        lambda: store.tried(CARD, edition=1, message=None),
        lambda: store.place("scan:1", a_shown()),
        lambda: store.open_report(MONDAY, ReportState.DUE),
        lambda: store.claim_report(MONDAY, now=NOW, lease=NOW),
        lambda: store.close_report(MONDAY, ReportState.SENT),
        lambda: store.move_proposal(
            PROPOSAL_ID, to=ProposalState.DECLINED, by="me", at=NOW, shown=None
        ),
    ]

    for write in writes:
        with pytest.raises(Contradiction):
            write()


def test_a_transaction_inside_another_is_refused(store: Store) -> None:
    with pytest.raises(Contradiction), store.transaction(), store.transaction():
        pass

    with store.transaction():
        store.remember("after", "all")
    assert store.recall("after") == "all"


def test_what_is_remembered_last_is_recalled(store: Store) -> None:
    with store.transaction():
        store.remember("halted", "by the owner")
        store.remember("halted", "")

    assert store.recall("halted") == ""
    assert store.recall("never written") is None
