"""An exit that has sold is told, in whatever order its end and its fills are learned."""

from dataclasses import replace

import pytest

from core.ledger.orders import Ledger
from core.model.exits.news import ExitDone
from core.model.order import OrderState
from core.model.order_events import (
    Cancelled,
    Filled,
    HumanClosed,
    OrderEvent,
    WentSilent,
)
from tests.builders import NOW, ORDER_ID, PERM_ID, a_fill, an_exit
from tests.harness.core import Harness


EXIT = replace(
    an_exit(), state=OrderState.ACKED, order_id=ORDER_ID, perm_id=PERM_ID, sent_at=NOW
)
REF = EXIT.ref
FILLED = Filled(ref=REF, fill=a_fill())
SILENT = WentSilent(ref=REF, reason="no word", position_now=None)
CANCELLED = Cancelled(ref=REF, reason=None)
SEEN = HumanClosed(ref=REF, there=True, reason="it is there")
PART = Filled(ref=REF, fill=a_fill(shares=40))


@pytest.fixture
def of_an_exit(ledger: Ledger, harness: Harness) -> Ledger:
    """IB works an exit of the card's."""
    with harness.journal.transaction():
        harness.journal.orders.add(EXIT)
    return ledger


@pytest.mark.parametrize(
    "learned",
    [
        (FILLED,),
        (PART, CANCELLED),
        (CANCELLED, PART),
        (CANCELLED, FILLED),
        (SILENT, SEEN, FILLED),
        (SILENT, SEEN, PART, CANCELLED),
    ],
    ids=[
        "filled",
        "filled in part, then cancelled",
        "cancelled, then a part",
        "cancelled, then all",
        "the owner's word, then filled",
        "the owner's word, then a part and cancelled",
    ],
)
def test_an_exit_that_has_sold_is_told_once(
    harness: Harness, of_an_exit: Ledger, learned: tuple[OrderEvent, ...]
) -> None:
    for event in learned:
        of_an_exit.learn(event)

    assert [news.ref for news in harness.news(ExitDone)] == [REF]


def test_an_exit_that_ended_without_a_share_is_not_told_as_sold(
    harness: Harness, of_an_exit: Ledger
) -> None:
    of_an_exit.learn(CANCELLED)

    assert harness.news(ExitDone) == []


def test_an_exit_that_sells_on_is_not_told_as_over(
    harness: Harness, of_an_exit: Ledger
) -> None:
    of_an_exit.learn(PART)

    assert harness.news(ExitDone) == []
