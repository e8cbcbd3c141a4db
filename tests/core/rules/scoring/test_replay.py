"""Other parameters over the same recordings, with what that costs in certainty."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from weakref import ReferenceType, ref

import pytest

from core.model.market import ConId, Quote, RankBy, Snapshot
from core.model.money import Shares
from core.model.scoring.following import FollowedRow
from core.rules.scoring.outcomes import ScoredScan, outcomes
from core.rules.scoring.replay import (
    Exclusion,
    Replayed,
    ReplayParameters,
    picks,
    replay,
)
from tests.builders import MONDAY, QRVX, a_quote, price
from tests.core.rules.scoring.test_score import a_scored_scan


PLAIN = ReplayParameters(rank_by=RankBy.SCANNER)


def a_row(rank: int, opened: str, last: str, **named: Any) -> Snapshot:
    quote: Quote = a_quote(open=price(opened), last=price(last), **named)
    instrument = replace(QRVX, con_id=ConId(rank), symbol=f"S{rank}")
    return Snapshot(rank=rank, instrument=instrument, quote=quote)


ROWS = (
    a_row(1, "10.00", "11.00"),  # +1.00, 10 %
    a_row(2, "50.00", "53.00"),  # +3.00, 6 %
    a_row(3, "1.00", "1.40"),  # +0.40, 40 %
    a_row(4, "9.00", "8.00"),
    a_row(5, "9.00", "9.00"),
    a_row(6, "2.00", "4.00"),  # +2.00, 100 %: beyond the scanner's five
)


def test_the_picks_are_those_of_the_card() -> None:
    assert picks(ROWS, PLAIN) == (2, 3)


def test_ranked_by_the_open_every_row_may_lead() -> None:
    assert picks(ROWS, ReplayParameters(rank_by=RankBy.OPEN)) == (2, 6)


def test_an_excluded_row_makes_room_for_the_next() -> None:
    cheap = Exclusion(figure="price", above=False, limit=Decimal(2))
    assert picks(ROWS, replace(PLAIN, exclude=(cheap,))) == (2, 6)


def test_a_wide_spread_can_be_excluded_and_an_unknown_one_is() -> None:
    rule = Exclusion(figure="spread", above=True, limit=Decimal(2))
    wide = a_row(1, "1.00", "2.00", bid=price("1.00"), ask=price("1.10"))
    unknown = a_row(2, "1.00", "2.00", bid=None)
    assert picks((wide, unknown), replace(PLAIN, exclude=(rule,))) == ()
    assert picks((wide, unknown), PLAIN) == (1,)


def test_a_spread_is_measured_as_on_the_card_in_percent_of_the_ask() -> None:
    rule = Exclusion(figure="spread", above=True, limit=Decimal(2))
    row = a_row(1, "0.90", "1.00", bid=price("0.98"), ask=price("1.00"))

    assert picks((row,), replace(PLAIN, exclude=(rule,))) == (1,)


def test_nothing_up_and_nothing_quoted_picks_nothing() -> None:
    assert picks(ROWS[3:5], PLAIN) == ()
    assert picks((Snapshot(rank=1, instrument=QRVX, quote=None),), PLAIN) == ()


def scored_scans(
    *prices: str, best: str = "5.00", worst: str = "5.00", spread: bool = False
) -> Iterator[ScoredScan]:
    """A day for each price: QRVX, bought at 5.00, which opened at 4.20."""
    del spread
    for day, last in enumerate(prices):
        scored_scan = a_scored_scan(last, "20.00", day=MONDAY + timedelta(days=day))
        (became,) = scored_scan.followed
        rows = tuple(_between(row, best, worst) for row in became.rows)
        yield replace(scored_scan, followed=(replace(became, rows=rows),))


def _between(row: FollowedRow, best: str, worst: str) -> FollowedRow:
    if row.con_id != QRVX.con_id:
        return row
    return replace(row, best=price(best), worst=price(worst))


def played(parameters: ReplayParameters, *days: ScoredScan, tried: int = 1) -> Replayed:
    found = replay(days, parameters, tried=tried, choices=Random(1).choices)
    assert found is not None
    return found


PASSED_ON = 0.007
"""Percent: at most so much are the fees of sales that are passed on (test_score.py)."""

COSTS = 2 / 500 * 100
"""Two fees of a dollar on $500, in percent."""


def test_a_stop_that_was_met_ends_the_trade_there() -> None:
    parameters = replace(PLAIN, stop=Decimal(5))
    found = played(parameters, *scored_scans("5.50", worst="4.70")).all
    assert found is not None
    assert found.mean == pytest.approx(-5 - COSTS, abs=PASSED_ON)


def test_a_stop_that_was_not_met_changes_nothing() -> None:
    days = tuple(scored_scans("5.50", worst="4.80"))
    assert (
        played(replace(PLAIN, stop=Decimal(5)), *days).all == played(PLAIN, *days).all
    )


def test_a_target_that_was_met_ends_the_trade_there() -> None:
    parameters = replace(PLAIN, target=Decimal(10))
    found = played(parameters, *scored_scans("4.00", best="5.60")).all
    assert found is not None
    assert found.mean == pytest.approx(10 - COSTS, abs=PASSED_ON)


def test_where_both_were_met_the_stop_came_first() -> None:
    parameters = replace(PLAIN, stop=Decimal(5), target=Decimal(10))
    found = played(parameters, *scored_scans("5.00", best="5.60", worst="4.00")).all
    assert found is not None
    assert found.mean == pytest.approx(-5 - COSTS, abs=PASSED_ON)


def test_the_later_days_stand_apart_from_the_earlier_ones() -> None:
    found = played(PLAIN, *scored_scans(*["5.50"] * 6, *["4.50"] * 4))
    assert found.earlier is not None
    assert found.later is not None
    assert (found.earlier.days, found.later.days) == (6, 4)
    assert found.earlier.mean > 0 > found.later.mean


@pytest.mark.parametrize(
    ("days", "earlier"), [(1, 0), (2, 1), (3, 1), (4, 2), (5, 3), (10, 6), (11, 6)]
)
def test_the_border_leaves_the_earlier_sixty_percent(days: int, earlier: int) -> None:
    """No day is on both sides, and none on neither."""
    found = played(PLAIN, *scored_scans(*["5.50"] * days))
    assert (found.earlier.days if found.earlier else 0) == earlier
    assert found.later is not None
    assert found.later.days == days - earlier
    assert found.border is not None
    assert sum(figure.day < found.border for figure in found.days) == earlier


class Watched(ScoredScan):
    """Without slots, so that it can be seen to be gone."""


def test_no_story_is_kept() -> None:
    """Years of them do not fit into memory."""
    alive: list[ReferenceType[ScoredScan]] = []

    def passing() -> Iterator[ScoredScan]:
        for day in scored_scans(*["5.50"] * 5):
            assert sum(each() is not None for each in alive) <= 1
            scored_scan = Watched(
                recording=day.recording, followed=day.followed, orders=day.orders
            )
            alive.append(ref(scored_scan))
            yield scored_scan

    assert replay(passing(), PLAIN, tried=1, choices=Random(1).choices)


def test_every_set_of_knobs_that_was_tried_costs_certainty() -> None:
    days = tuple(scored_scans(*["5.50"] * 10))
    once, often = played(PLAIN, *days).all, played(PLAIN, *days, tried=20).all
    assert once is not None
    assert often is not None
    assert often.corrected == pytest.approx(min(1, once.p * 20))


def test_without_recordings_nothing_is_found() -> None:
    assert replay((), PLAIN, tried=1, choices=Random(1).choices) is None


def test_recordings_without_a_price_are_named_by_their_first_day() -> None:
    found = played(PLAIN, a_scored_scan(None, None))
    assert (found.since, found.border, found.days) == (MONDAY, None, ())
    assert (found.all, found.earlier, found.later) == (None, None, None)


def test_after_a_split_its_fees_are_those_of_the_score() -> None:
    """1 for 10: a hundred of the thousand shares are left, and IB's fee is a dollar, not
    the five of a thousand."""
    merged = a_scored_scan("60.00", "200.00", factor=Decimal(10), shares=Shares(1000))
    (picked, _) = outcomes(merged)
    found = played(PLAIN, merged).all
    assert found is not None
    assert found.mean == pytest.approx(picked.gain)


def test_a_replay_without_exits_of_one_kind_of_day_is_its_course() -> None:
    days = played(PLAIN, *scored_scans("5.50", "4.50")).days
    assert [figure.day for figure in days] == [MONDAY, MONDAY + timedelta(days=1)]
    assert [figure.picks for figure in days] == pytest.approx(
        [10 - COSTS, -10 - COSTS], abs=PASSED_ON
    )
