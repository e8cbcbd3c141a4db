"""Many connections at once: one winner, whoever asks, and nobody gets an error.

A share of the whole, which is `python -m tests.core.store.racing`.
"""

from pathlib import Path

from core.model.order import OrderState
from core.model.report import ReportState
from core.store.access import Access
from core.store.chosen.reports import SqlReports
from core.store.orders import SqlOrders
from tests.builders import MONDAY, NOW, a_proposal, a_sent_order, an_order
from tests.core.store.journals import open_in
from tests.core.store.racing import cards_in, race


CARDS = 50


def send(access: Access) -> bool:
    return SqlOrders(access).update(a_sent_order(), was=OrderState.PLANNED)


def claim(access: Access) -> bool:
    return SqlReports(access).claim(MONDAY, now=NOW, lease=NOW.replace(hour=23))


def test_every_card_has_one_answer(tmp_path: Path) -> None:
    answers = cards_in(tmp_path, CARDS)

    assert race(tmp_path, *answers) == [1] * CARDS


def test_an_order_is_sent_by_one(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal, journal.transaction():
        journal.proposals.add(a_proposal())
        journal.orders.add(an_order())

    assert race(tmp_path, send) == [1]


def test_a_report_is_made_by_one(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal, journal.transaction():
        journal.reports.open_day(MONDAY, ReportState.DUE)

    assert race(tmp_path, claim) == [1]
