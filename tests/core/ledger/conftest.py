"""A ledger in which both orders of a card are planned, and its trail is checked."""

from collections.abc import Iterator

import pytest

from core.ledger.orders import Ledger
from core.model.proposal import Choice
from tests.builders import JOURNAL, a_proposal
from tests.harness.core import House


@pytest.fixture
def ledger(house: House) -> Ledger:
    """One Yes: both orders are planned."""
    with house.journal.transaction():
        house.journal.memory.set_db_uuid(f"{JOURNAL}{'0' * 24}")  # as an_order() has it
    proposal = a_proposal()
    cards = house.cards()
    cards.offer(proposal, key="a")
    cards.decide(house.a_tap(proposal, Choice.YES), proposal, proposal.legs)
    house.points.clear()
    return house.ledger()


@pytest.fixture(autouse=True)
def _whole_trail(house: House) -> Iterator[None]:
    """Whatever was written: the audit trail holds."""
    yield
    assert house.journal.verify() == ()
