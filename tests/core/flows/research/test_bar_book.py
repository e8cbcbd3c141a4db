"""Bars are asked for once in a session, if they hold all that will be needed."""

from core.flows.research.bar_book import BarBook
from tests.builders import FRIDAY, MONDAY, QRVX, a_bar, a_prior_bar


BARS = (a_prior_bar(), a_bar())


def test_bars_with_both_opens_are_kept_for_their_session() -> None:
    book = BarBook()

    book.keep(QRVX.con_id, BARS, session_day=MONDAY)

    assert book.recall(QRVX.con_id, session_day=MONDAY) == BARS


def test_bars_that_lack_an_open_are_asked_for_again() -> None:
    book = BarBook()

    book.keep(QRVX.con_id, (a_prior_bar(),), session_day=MONDAY)

    assert book.recall(QRVX.con_id, session_day=MONDAY) is None


def test_bars_of_another_session_are_never_recalled() -> None:
    book = BarBook()
    book.keep(QRVX.con_id, BARS, session_day=FRIDAY)

    book.keep(QRVX.con_id, BARS, session_day=MONDAY)

    assert book.recall(QRVX.con_id, session_day=FRIDAY) is None


def test_a_new_session_forgets_the_one_before() -> None:
    book = BarBook()
    book.keep(QRVX.con_id, BARS, session_day=MONDAY)

    book.keep(QRVX.con_id, (), session_day=FRIDAY)

    assert book.recall(QRVX.con_id, session_day=MONDAY) is None
