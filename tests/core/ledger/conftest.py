"""A ledger in which both orders of a card are planned, and its trail is checked."""

from collections.abc import Iterator

import pytest

from core.ledger.orders import Ledger
from core.model.proposal import Choice
from tests.builders import JOURNAL, a_proposal
from tests.harness.core import Harness
from tests.simulation.in_tests import pytest_asyncio_loop_factories, simulated_libraries


__all__ = ["pytest_asyncio_loop_factories", "simulated_libraries"]


@pytest.fixture
def ledger(harness: Harness) -> Ledger:
    """One Yes: both orders are planned."""
    with harness.journal.transaction():
        harness.journal.memory.set_db_uuid(
            f"{JOURNAL}{'0' * 24}"
        )  # as an_order() has it
    proposal = a_proposal()
    cards = harness.cards()
    cards.offer(proposal, key="a")
    cards.decide(harness.a_tap(proposal, Choice.YES), proposal, proposal.legs)
    harness.points.clear()
    return harness.ledger()


@pytest.fixture(autouse=True)
def _whole_trail(harness: Harness) -> Iterator[None]:
    """Whatever was written: the audit trail holds."""
    yield
    assert harness.journal.verify() == ()
