"""Several scanners' answers are one list, each stock once, at its best place."""

from hypothesis import given, strategies as st

from core.model.market import ConId, Instrument, ScannedRow
from core.rules.merging import merged


def rows(*con_ids: int) -> tuple[ScannedRow, ...]:
    return tuple(
        ScannedRow(instrument=Instrument(con_id=ConId(each), symbol=f"S{each}"))
        for each in con_ids
    )


ANSWERS = st.lists(st.lists(st.integers(1, 60), unique=True, max_size=50), max_size=10)


def test_the_firsts_of_all_answers_come_before_the_seconds() -> None:
    assert merged([rows(1, 2, 3), rows(4), rows(5, 6)]) == rows(1, 4, 5, 2, 6, 3)


def test_a_stock_that_several_found_keeps_its_best_place() -> None:
    assert merged([rows(1, 2, 3), rows(3, 1)]) == rows(1, 3, 2)


def test_one_answer_stays_as_it_is() -> None:
    assert merged([rows(3, 1, 2)]) == rows(3, 1, 2)


def test_empty_answers_are_an_empty_list() -> None:
    assert merged([(), ()]) == merged([]) == ()


@given(ANSWERS)
def test_nothing_is_lost_and_nothing_comes_twice(answers: list[list[int]]) -> None:
    found = merged([rows(*answer) for answer in answers])

    assert sorted(row.instrument.con_id for row in found) == sorted(
        set[int]().union(*answers)
    )


@given(ANSWERS)
def test_no_answer_is_turned_around(answers: list[list[int]]) -> None:
    best = {
        each: min(answer.index(each) for answer in answers if each in answer)
        for each in set[int]().union(*answers)
    }

    places = [
        best[row.instrument.con_id] for row in merged([rows(*one) for one in answers])
    ]

    assert places == sorted(places)
