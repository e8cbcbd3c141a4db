"""Many connections at once: one winner, whoever asks, and nobody gets an error.

Only one process opens a journal. These connections go round its lock, to show that
the keys and the compare-and-set hold by themselves.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

from sqlalchemy import Connection

from core.model.order import OrderState
from core.model.proposal import ProposalState
from core.model.report import ReportState
from core.store import orders, proposals, reports
from core.store.disk import connected
from tests.builders import MONDAY, NOW, a_proposal, a_sent_order, a_shown, an_order
from tests.core.store.journals import open_in, path_in, proposals as some_proposals


RACERS = 8
CARDS = 20


def race(directory: Path, *steps: Callable[[Connection], bool]) -> list[int]:
    """For each of *steps*, all at once: how many of the racers it was true for."""
    start = Barrier(RACERS)

    def run(_: int) -> list[bool]:
        with connected(path_in(directory)) as connection:
            return [_at_once(start, connection, step) for step in steps]

    with ThreadPoolExecutor(RACERS) as racers:
        return [sum(won) for won in zip(*racers.map(run, range(RACERS)), strict=True)]


def _at_once(
    start: Barrier, connection: Connection, step: Callable[[Connection], bool]
) -> bool:
    start.wait(30)
    with connection.begin():
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return step(connection)


def test_every_card_has_one_answer(tmp_path: Path) -> None:
    cards = tuple(some_proposals(CARDS))
    with open_in(tmp_path) as journal, journal.transaction():
        for card in cards:
            journal.add_proposal(card)

    approve = partial(
        proposals.move, to=ProposalState.APPROVED, by="x", at=NOW, shown=a_shown()
    )
    answers = [partial(approve, proposal_id=card.id) for card in cards]

    assert race(tmp_path, *answers) == [1] * CARDS


def test_an_order_is_sent_by_one(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal, journal.transaction():
        journal.add_proposal(a_proposal())
        journal.add_order(an_order())

    send = partial(orders.change, order=a_sent_order(), was=OrderState.PLANNED)

    assert race(tmp_path, send) == [1]


def test_a_report_is_made_by_one(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal, journal.transaction():
        journal.open_report(MONDAY, ReportState.DUE)

    claim = partial(reports.claim, day=MONDAY, now=NOW, lease=NOW.replace(hour=23))

    assert race(tmp_path, claim) == [1]
