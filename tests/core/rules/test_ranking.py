"""The five of the card: by which figures, from which bars, and with which flaws."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from core.model.market import Bar, ConId, Freshness, Instrument, RankBy, Snapshot
from core.model.money import Price
from core.model.ranking import Candidate, Ranking
from core.rules.ranking import candidate, change, leaders, rank, requoted
from tests.builders import (
    FDMX,
    FRIDAY,
    MONDAY,
    NOW,
    QRVX,
    a_bar,
    a_change,
    a_prior_bar,
    a_quote,
    a_snapshot,
    price,
)


prices = st.decimals("0.0001", "5000", places=4).map(Price)


def judged(snapshot: Snapshot) -> Candidate:
    return candidate(snapshot, session_day=MONDAY, prior_day=FRIDAY, at=NOW)


def ranked(*rows: Snapshot, by: RankBy = RankBy.SCANNER) -> Ranking:
    return rank(rows, rank_by=by, session_day=MONDAY, at=NOW)


def a_row(number: int, *, opened: str | None, last: str | None = "10") -> Snapshot:
    quote = a_quote(
        open=price(opened) if opened else None, last=price(last) if last else None
    )
    stock = Instrument(con_id=ConId(number), symbol=f"S{number}")
    return a_snapshot(rank=number, instrument=stock, quote=quote, bars=None)


def test_a_change_is_last_less_open_and_percent_of_the_open() -> None:
    assert change(price("4.00"), price("4.60")) == a_change("0.60", "15.00")


@given(since=prices, last=prices)
def test_both_figures_of_a_change_agree_on_the_direction(
    since: Price, last: Price
) -> None:
    moved = change(since, last)

    assert (moved.dollars > 0) == (moved.percent > 0)
    assert (moved.dollars < 0) == (moved.percent < 0)


@given(since=prices, last=prices)
def test_a_change_leads_back_to_the_last_price(since: Price, last: Price) -> None:
    moved = change(since, last)

    assert since + moved.dollars == last
    assert abs(since * (1 + moved.percent / 100) - last) < Decimal("1e-15")


def test_both_opens_are_measured_from_the_bars_of_their_days() -> None:
    bars = (a_prior_bar(open=price("4.00")), a_bar(open=price("4.20")))
    snapshot = a_snapshot(quote=a_quote(last=price("4.83")), bars=bars)

    row = judged(snapshot)

    assert row.since_open == a_change("0.63", "15.00")
    assert row.since_prior_open == a_change("0.83", "20.75")
    assert row.flaw is None


@pytest.mark.parametrize(
    "bars",
    [
        (a_bar(), a_prior_bar()),
        (a_prior_bar(), a_bar()),
        (a_prior_bar(day=date(2026, 11, 19)), a_prior_bar(), a_bar()),
    ],
    ids=["newest first", "oldest first", "three of them"],
)
def test_bars_are_matched_by_date_never_by_position(bars: tuple[Bar, ...]) -> None:
    row = judged(a_snapshot(bars=bars))

    assert row.today == a_bar()
    assert row.prior == a_prior_bar()


def test_without_todays_bar_yesterdays_is_not_taken_for_it() -> None:
    row = judged(a_snapshot(bars=(a_prior_bar(),)))

    assert row.today is None
    assert row.since_open is None
    assert row.flaw == "no bar of the session yet"


def test_without_a_price_there_is_no_change_and_no_pick() -> None:
    row = judged(a_snapshot(quote=a_quote(last=None)))

    assert row.since_open is None
    assert row.since_prior_open is None
    assert row.flaw == "no price"


def test_what_the_scan_said_of_a_hole_stands_for_the_hole() -> None:
    row = judged(a_snapshot(quote=None, bars=None, problem="no security definition"))

    assert row.flaw == "no security definition"


def test_a_problem_that_left_no_hole_is_no_flaw() -> None:
    assert judged(a_snapshot(problem="the volume did not come")).flaw is None


def test_a_stock_without_a_prior_bar_can_be_picked() -> None:
    row = judged(a_snapshot(bars=(a_bar(),)))

    assert row.since_prior_open is None
    assert row.flaw is None


def test_a_halted_stock_says_so() -> None:
    assert judged(a_snapshot(quote=a_quote(halted=True))).flaw == "halted"


def test_every_flaw_is_told() -> None:
    row = judged(a_snapshot(quote=a_quote(last=None, halted=True), bars=()))

    assert row.flaw == "no price; no bar of the session yet; halted"


@pytest.mark.parametrize(
    ("bar", "tick", "disputed"),
    [
        ("3.00", "3.02", False),
        ("3.00", "3.03", True),
        ("100.00", "100.50", False),
        ("100.00", "99.49", True),
    ],
)
def test_two_opens_that_differ_put_the_open_in_dispute(
    bar: str, tick: str, *, disputed: bool
) -> None:
    quote = a_quote(open=price(tick), last=price("110"))

    row = judged(a_snapshot(quote=quote, bars=(a_bar(open=price(bar)),)))

    assert (row.flaw == "the open is disputed") is disputed


def test_an_open_that_the_quote_does_not_tell_disputes_nothing() -> None:
    assert judged(a_snapshot(quote=a_quote(open=None))).flaw is None


def test_by_the_scanner_its_first_five_lead() -> None:
    rows = [a_row(number, opened="9") for number in (7, 3, 1, 2, 6, 5, 4)]

    five = leaders(rows, rank_by=RankBy.SCANNER)

    assert [row.rank for row in five] == [1, 2, 3, 4, 5]


def test_by_the_open_the_largest_percent_leads() -> None:
    rows = [a_row(1, opened="9.50"), a_row(2, opened="5"), a_row(3, opened="8")]

    five = leaders(rows, rank_by=RankBy.OPEN)

    assert [row.rank for row in five] == [2, 3, 1]


def test_by_the_open_a_row_without_figures_comes_last_not_away() -> None:
    rows = [
        a_row(1, opened=None),
        a_row(2, opened="9", last=None),
        a_snapshot(rank=3, quote=None),
        a_row(4, opened="12"),
    ]

    five = leaders(rows, rank_by=RankBy.OPEN)

    assert [row.rank for row in five] == [4, 1, 2, 3]


def test_a_tie_by_the_open_goes_to_the_better_rank() -> None:
    rows = [a_row(2, opened="9"), a_row(1, opened="9")]

    assert [row.rank for row in leaders(rows, rank_by=RankBy.OPEN)] == [1, 2]


def test_the_card_keeps_the_rows_that_got_bars_though_prices_moved_on() -> None:
    slow = [a_snapshot(rank=n, bars=(a_bar(),)) for n in range(2, 7)]
    riser = a_row(1, opened="1")

    ranking = ranked(*slow, riser, by=RankBy.OPEN)

    assert [row.rank for row in ranking.candidates] == [2, 3, 4, 5, 6]


def test_a_row_whose_bars_never_came_stays_on_the_card_in_its_place() -> None:
    ranking = ranked(a_snapshot(rank=2), a_snapshot(rank=1, bars=None))

    assert [row.rank for row in ranking.candidates] == [1, 2]
    assert ranking.candidates[0].flaw == "no bar of the session yet"


def test_the_prior_day_is_the_latest_before_the_session_in_any_bar() -> None:
    old = a_prior_bar(day=date(2026, 11, 18))
    ranking = ranked(a_snapshot(), a_snapshot(rank=2, bars=(old, a_bar())))

    assert ranking.prior_day == FRIDAY
    assert ranking.candidates[0].prior == a_prior_bar()
    assert ranking.candidates[1].prior is None


def test_no_bars_tell_no_prior_day() -> None:
    ranking = ranked(a_snapshot(bars=()))

    assert ranking.prior_day is None
    assert ranking.candidates[0].prior is None


@pytest.mark.parametrize(
    ("better", "worse"),
    list(
        pairwise(
            [
                Freshness.LIVE,
                Freshness.FROZEN,
                Freshness.DELAYED,
                Freshness.DELAYED_FROZEN,
                Freshness.UNKNOWN,
            ]
        )
    ),
)
def test_the_ranking_is_as_fresh_as_its_worst_row(
    better: Freshness, worse: Freshness
) -> None:
    rows = [
        a_snapshot(quote=a_quote(freshness=better)),
        a_snapshot(rank=2, quote=a_quote(freshness=worse)),
        a_snapshot(rank=3, quote=a_quote(freshness=better)),
        a_snapshot(rank=4, quote=None),
    ]

    assert ranked(*rows).freshness is worse


def test_without_any_quote_nobody_knows_how_fresh_it_is() -> None:
    assert ranked().freshness is Freshness.UNKNOWN


def test_the_ranking_keeps_every_row_in_the_scanners_order() -> None:
    rows = tuple(a_row(number, opened="9") for number in range(1, 51))

    ranking = ranked(*rows, by=RankBy.OPEN)

    assert ranking.rows == rows
    assert len(ranking.candidates) == 5
    assert (ranking.at, ranking.session_day) == (NOW, MONDAY)


def test_newer_quotes_move_the_candidates_and_nothing_else() -> None:
    before = ranked(a_snapshot(), a_snapshot(rank=2, instrument=FDMX))
    newer = a_quote(last=price("5.04"))

    after = requoted(before, {QRVX.con_id: newer})

    moved, stayed = after.candidates
    assert moved.quote == newer
    assert moved.since_open == change(price("4.20"), price("5.04"))
    assert moved.since_prior_open == change(price("3.72"), price("5.04"))
    assert stayed == before.candidates[1]
    assert (after.at, after.rows) == (before.at, before.rows)


def test_a_newer_quote_without_a_price_moves_nothing() -> None:
    before = ranked(a_snapshot())

    assert requoted(before, {QRVX.con_id: a_quote(last=None)}) == before


@pytest.mark.attack(27)
@pytest.mark.parametrize("by", list(RankBy))
def test_what_is_no_stock_takes_no_place_and_stays_among_the_rows(by: RankBy) -> None:
    rows = [a_row(number, opened="9") for number in range(1, 8)]
    rows[0] = replace(rows[0], unfit="a warrant")

    ranking = ranked(*rows, by=by)

    assert [each.rank for each in ranking.candidates] == [2, 3, 4, 5, 6]
    assert ranking.rows[0].unfit == "a warrant"
    assert [row.rank for row in leaders(rows, rank_by=by)] == [2, 3, 4, 5, 6]


SPLIT = "split? the prior day does not fit its close"


@pytest.mark.attack(27)
@pytest.mark.parametrize(
    ("prior", "close", "is_split"),
    [
        ("10.00", "1.00", True),  # ten for one
        ("1.00", "10.00", True),  # one for ten
        ("10.00", "6.67", True),  # three for two
        ("10.00", "9.09", True),  # eleven for ten
        ("10.00", "9.60", False),  # a dividend of 4 %
        ("10.00", "10.00", False),
        ("0.0100", "0.0100", False),
    ],
)
def test_a_split_day_cannot_be_picked(
    prior: str, close: str, *, is_split: bool
) -> None:
    quote = a_quote(close=price(close), last=price("4.83"))
    bars = (a_prior_bar(close=price(prior)), a_bar())

    row = judged(a_snapshot(quote=quote, bars=bars))

    assert row.flaw == (SPLIT if is_split else None)


@pytest.mark.attack(27)
def test_a_split_day_whose_price_is_near_the_old_close_is_one() -> None:
    quote = a_quote(close=price("20.00"), open=price("20.10"), last=price("20.50"))
    today = a_bar(open=price("20.10"), close=price("20.50"))

    row = judged(
        a_snapshot(quote=quote, bars=(a_prior_bar(close=price("10.00")), today))
    )

    assert row.flaw == SPLIT


@pytest.mark.attack(27)
def test_on_a_later_day_the_close_may_be_the_sessions_own() -> None:
    quote = a_quote(close=price("6.00"), last=price("6.00"))
    bars = (a_prior_bar(close=price("4.00")), a_bar(close=price("6.00")))
    snapshot = a_snapshot(quote=quote, bars=bars)

    evening, next_morning = (
        candidate(snapshot, session_day=MONDAY, prior_day=FRIDAY, at=NOW + later)
        for later in (timedelta(hours=8), timedelta(hours=20))
    )

    assert (evening.flaw, next_morning.flaw) == (SPLIT, None)


@pytest.mark.attack(27)
@pytest.mark.parametrize("close", [None, price("9.00")])
def test_without_both_closes_nothing_is_said_of_a_split(close: Price | None) -> None:
    bars = (a_bar(),) if close else (a_prior_bar(), a_bar())

    assert judged(a_snapshot(quote=a_quote(close=close), bars=bars)).flaw is None


def a_month_of_bars() -> tuple[Bar, ...]:
    long_ago = (a_prior_bar(day=FRIDAY - timedelta(days=n)) for n in range(20, 0, -1))
    return (*long_ago, a_prior_bar(), a_bar())


def test_a_month_of_bars_is_told_and_two_days_of_it_are_kept() -> None:
    found = ranked(a_snapshot(bars=a_month_of_bars()))
    [one], [row] = found.candidates, found.rows

    assert one.month
    assert one.month.atr == Decimal("0.30")
    assert row.bars == (a_prior_bar(), a_bar())
    assert (one.prior, one.today) == (a_prior_bar(), a_bar())


def test_where_a_split_is_likely_no_bar_of_the_month_is_trusted() -> None:
    split = a_snapshot(bars=a_month_of_bars(), quote=a_quote(close=price("1.95")))
    [one] = ranked(split).candidates

    assert one.flaw
    assert one.month is None
