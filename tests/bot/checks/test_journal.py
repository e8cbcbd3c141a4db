"""What the journal itself says of the next order."""

from pathlib import Path

import pytest

from bot.checks.finding import Grade
from bot.checks.journal import journal_finding
from core.clock import SystemClock
from core.model.order import OrderState
from core.store.journal import Journal
from tests.builders import a_proposal, a_sent_order


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "openbell.sqlite3"
    with Journal.opened(path, clock=SystemClock()):
        pass
    return path


def test_a_journal_that_stands_in_nobodys_way_is_well(journal: Path) -> None:
    assert journal_finding(journal).grade is Grade.OK


def test_no_journal_yet_is_well(tmp_path: Path) -> None:
    assert journal_finding(tmp_path / "none").grade is Grade.OK
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_is_not_trusted_is_named(journal: Path) -> None:
    journal.with_name(f"{journal.name}.high-water").unlink()
    with Journal.opened(journal, clock=SystemClock()) as opened, opened.transaction():
        opened.memory.set_stale("it is an old copy")

    found = journal_finding(journal)

    assert found.grade is Grade.MEND
    assert found.found == "it is an old copy"


def test_a_file_that_is_no_journal_is_named(tmp_path: Path) -> None:
    other = tmp_path / "openbell.sqlite3"
    other.write_text("not a database, but long enough to be one " * 100)

    assert journal_finding(other).grade is Grade.MEND


def test_an_order_in_doubt_is_named_with_its_stock(journal: Path) -> None:
    order = a_sent_order(state=OrderState.UNKNOWN)
    with Journal.opened(journal, clock=SystemClock()) as opened, opened.transaction():
        opened.proposals.add(a_proposal())
        opened.orders.add(order)

    found = journal_finding(journal)

    assert found.grade is Grade.MEND
    assert found.found == f"in doubt: {order.instrument.symbol}"
