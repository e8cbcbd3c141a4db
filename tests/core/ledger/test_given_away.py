"""I4. An order id that went with a question is never an order's: not after a stop either."""

from core.ledger.orders import Ledger
from tests.core.ledger.facts import REF
from tests.harness.core import Harness


def test_an_id_that_is_given_away_is_on_disk_with_its_reason(
    harness: Harness, ledger: Ledger
) -> None:
    high = harness.journal.memory.order_id_high()
    ledger.give_away(high + 5, asked_of=REF)

    assert harness.journal.memory.order_id_high() == high + 5
    assert harness.points == ["note", "in-note", "noted"]
    newest = list(harness.journal.trail.lines())[-1]
    assert (newest.ref, newest.kind) == (REF, "asked only")
    assert newest.payload == f"order id {high + 5}"
