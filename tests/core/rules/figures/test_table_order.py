"""The order of the whole table: what is not known comes last, and nothing is lost."""

from collections import Counter

import pytest
from hypothesis import given

from core.model.market import ConId, Instrument, Quote, Snapshot
from core.model.ranking import Ranking
from core.rules.figures.table_order import (
    SortBy,
    row_of,
    since_close,
    since_open,
    sorted_rows,
)
from tests.bot.views import strategies as any_
from tests.builders import QRVX, a_change, a_quote, a_ranking, a_snapshot, price


def a_row(rank: int, quote: Quote | None) -> Snapshot:
    stock = Instrument(con_id=ConId(rank), symbol=f"S{rank}")
    return a_snapshot(rank=rank, instrument=stock, quote=quote)


def a_spread(bid: str) -> Quote:
    return a_quote(bid=price(bid), ask=price("10.00"))


@pytest.mark.parametrize(
    ("by", "quotes"),
    [
        (SortBy.CHANGE, [a_quote(last=price("4.00")), a_quote(last=price("5.00"))]),
        (
            SortBy.VOLUME,
            [
                a_quote(volume=900, average_volume=900),
                a_quote(volume=600, average_volume=300),
            ],
        ),
        (SortBy.SPREAD, [a_spread("9.00"), a_spread("9.90")]),
    ],
)
def test_the_second_comes_first_and_the_unknown_last(
    by: SortBy, quotes: list[Quote]
) -> None:
    blank = a_quote(bid=None, open=None, volume=None)
    rows = [a_row(n, each) for n, each in enumerate((None, blank, *quotes), start=1)]

    assert [row.rank for row in sorted_rows(rows, by)] == [4, 3, 1, 2]
    assert [row.rank for row in sorted_rows(rows, SortBy.RANK)] == [1, 2, 3, 4]


@given(any_.rankings)
def test_no_row_is_lost_and_none_comes_twice(ranking: Ranking) -> None:
    for by in SortBy:
        assert Counter(sorted_rows(ranking.rows, by)) == Counter(ranking.rows)


def test_changes_are_those_that_the_quote_tells() -> None:
    quote = a_quote(last=price("4.60"), open=price("4.00"), close=price("5.00"))

    assert since_open(quote) == a_change("0.60", "15.00")
    assert since_close(quote) == a_change("-0.40", "-8.00")
    for missing in (None, a_quote(last=None), a_quote(open=None, close=None)):
        assert (since_open(missing), since_close(missing)) == (None, None)


def test_a_row_is_found_by_its_stock() -> None:
    found = row_of(QRVX.con_id, a_ranking())

    assert found
    assert found.instrument == QRVX
    assert row_of(1, a_ranking()) is None
