"""The score in words, and the picture of it."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from bot.views.scores import in_words
from bot.views.scores.paint import _tick, paint
from bot.views.scores.sketch import sketch, sketch_replay
from core.model.market import RankBy
from core.model.proposal import Mode, ProposalId
from core.model.scoring.following import Horizon
from core.model.scoring.score import DayFigure, Score
from core.rules.scoring.outcomes import Outcome
from core.rules.scoring.replay import Replayed, ReplayParameters
from core.rules.scoring.results import results_of
from core.rules.scoring.tally import Tally
from tests.builders import FDMX, MONDAY, QRVX


def a_score(*, days: int = 34, edge: float = 0.0, bought: bool = False) -> Score:
    """So many sessions of one pick among two rows, *edge* percent better than SPY."""
    random = Random(5)
    outcomes = [
        Outcome(
            proposal_id=ProposalId(f"card-{day}"),
            day=MONDAY + timedelta(days=day),
            con_id=stock.con_id,
            horizon=horizon,
            picked=stock is QRVX,
            bought=bought,
            gain=random.gauss(edge, 3),
            spy=random.gauss(0, 0.8),
        )
        for day in range(days)
        for stock in (QRVX, FDMX)
        for horizon in (Horizon.HOUR, Horizon.CLOSE)
    ]
    found = results_of(Tally(outcomes), choices=Random(1).choices)
    return Score(
        series="12345678",
        settings="50 rows of TOP_PERC_GAIN; ranked by scanner",
        other_series=0,
        results=found,
        bought=found[0] if bought else None,
        days=tuple(
            DayFigure(
                day=MONDAY + timedelta(days=day),
                picks=random.gauss(edge, 3),
                spy=random.gauss(0, 0.8),
                rows=random.gauss(0, 1.5),
            )
            for day in range(days)
        ),
        unpriced=(),
        slippage=None,
    )


def said(score: Score | None) -> str:
    text = in_words.score(score, mode=Mode.PAPER)
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_before_the_first_evening_it_says_when_there_will_be_something() -> None:
    assert "after the close" in said(None)
    assert in_words.line(None) == ""


def test_before_20_days_there_is_no_verdict() -> None:
    text = said(a_score(days=12, edge=30))
    assert (
        "Too early to tell</b>: 20 sessions are needed, and so far there are 12."
        in text
    )
    assert "better" not in text


@pytest.mark.parametrize(
    ("edge", "verdict"),
    [(0, "No difference from SPY is visible."), (5, "did better"), (-5, "did worse")],
)
def test_the_verdict_stands_first(edge: float, verdict: str) -> None:
    lines = said(a_score(edge=edge)).splitlines()
    assert verdict in lines[2]


def test_a_card_has_one_line_with_its_count_and_its_interval() -> None:
    line = in_words.line(a_score())
    assert line.startswith("34 sessions of such picks: ")
    assert "by the close (95%: " in line
    assert "\n" not in line


def test_what_is_not_bought_and_not_priced_is_said() -> None:
    score = replace(a_score(), unpriced=(("no bid in that time", 3), ("a <halt>", 1)))
    text = said(score)
    assert "None of them was bought." in text
    assert "not counted: 4 (3x no bid in that time; 1x a &lt;halt&gt;)" in text


def test_slippage_says_on_which_side_the_fills_were() -> None:
    assert "0.12% above" in said(replace(a_score(bought=True), slippage=0.12))
    assert "0.30% below" in said(replace(a_score(bought=True), slippage=-0.3))


def test_one_session_has_no_interval() -> None:
    """It read "95%: +1.2% to +1.2%", as if the figure were exact."""
    one = a_score(days=1, bought=True)
    text = said(replace(one, not_bought=one.bought))
    assert "a day against SPY (p 1.000)" in text
    assert "so far there is 1." in text
    assert text.count("95%") == 1  # of the days ahead: Wilson's
    assert "95%" not in in_words.line(one)


def test_bought_and_not_bought_stand_apart_with_the_fees() -> None:
    score = a_score(bought=True)
    text = said(replace(score, not_bought=score.bought, slippage=0.12, fees=0.031))
    assert "Only what was bought: " in text
    assert "Only what was not: " in text
    assert "0.12% above the card's ask on average; IB's fee was 0.03%." in text


def test_only_what_is_sure_carries_a_star() -> None:
    assert "none is sure" in said(a_score())
    assert "* p at most 0.05" in said(a_score(edge=5))


def test_rows_fit_a_phone() -> None:
    text = said(a_score(edge=120))
    table = text.partition("<pre>")[2].partition("</pre>")[0]
    assert all(len(row) <= 34 for row in table.splitlines())


def test_the_sketch_sums_the_days() -> None:
    score = replace(
        a_score(),
        days=tuple(
            DayFigure(day=MONDAY + timedelta(days=n), picks=2.0, spy=0.5, rows=1.0)
            for n in range(3)
        ),
    )
    drawn = json.loads(sketch(score, mode=Mode.PAPER))
    picks, spy, _ = drawn["lines"]
    assert (picks["values"], picks["end"]) == ([0, 2, 4, 6], "+6.00")
    assert (drawn["first"], drawn["last"]) == ("Mon 23 Nov", "Wed 25 Nov")
    assert spy["values"] == [0, 0.5, 1, 1.5]
    assert drawn["bars"]["values"] == [1.5, 1.5, 1.5]


def test_a_sum_is_not_rounded_to_a_tenth_and_shown_with_hundredths() -> None:
    """+56.83 stood in the picture as +56.80."""
    days = tuple(replace(day, picks=5.683) for day in a_score(days=10).days)
    drawn = json.loads(sketch(replace(a_score(), days=days), mode=Mode.PAPER))
    assert drawn["lines"][0]["end"] == "+56.83"


def test_days_of_several_years_have_their_years() -> None:
    score = a_score(days=60)
    drawn = json.loads(sketch(score, mode=Mode.PAPER))
    assert (drawn["first"], drawn["last"]) == ("Mon 23 Nov 2026", "Thu 21 Jan 2027")
    assert "60 sessions, Mon 23 Nov 2026 to Thu 21 Jan 2027" in said(score)
    assert "1 session, Mon 23 Nov\n" in said(a_score(days=1))


@pytest.mark.parametrize(
    ("border", "parts"), [(0, None), (1, 1), (3, 3), (4, None)], ids=str
)
def test_a_replays_border_parts_days_from_days(border: int, parts: int | None) -> None:
    days = a_score(days=4).days
    replayed = Replayed(
        parameters=ReplayParameters(rank_by=RankBy.OPEN),
        tried=1,
        since=MONDAY,
        border=MONDAY + timedelta(days=border),
        days=days,
        all=None,
        earlier=None,
        later=None,
    )
    assert json.loads(sketch_replay(replayed))["border"] == parts


def test_small_figures_have_two_decimals() -> None:
    """+0.04 points a day, over a year some ten percent, read 0.0%."""
    first, *others = a_score().results
    text = said(replace(a_score(), results=(replace(first, mean=0.04), *others)))
    assert "<b>+0.04%</b> a day against SPY" in text


def test_an_axis_is_written_as_in_words() -> None:
    ticks = [1_320_000, 0.25, -0.02, 0.1 + 0.2, 0]
    minus = "\N{MINUS SIGN}"
    assert [_tick(each, 0) for each in ticks] == [
        *("1,320,000", "0.25", f"{minus}0.02", "0.3", "0")
    ]


@pytest.mark.slow_on_purpose
@pytest.mark.parametrize("days", [2, 34, 1_260])
def test_a_score_can_be_painted(days: int) -> None:
    score = replace(a_score(days=2), days=a_score(days=2).days * (days // 2))
    assert paint(sketch(score, mode=Mode.PAPER)).startswith(b"\x89PNG")


_FIGURES = re.compile(r"([+\N{MINUS SIGN}]?\d+\.(\d+))%")


@pytest.mark.parametrize("edge", [0.0, 0.5, 2.0, -2.0, 5.0])
def test_a_mean_and_its_interval_have_the_same_digits(edge: float) -> None:
    """It read "-5.8% to -0.82%"."""
    line = in_words.line(a_score(edge=edge))

    decimals = {len(places) for _, places in _FIGURES.findall(line)}
    assert len(_FIGURES.findall(line)) == 3
    assert len(decimals) == 1


def test_the_means_of_the_table_line_up() -> None:
    """One stood as "+0.22%", and below it "-13.2%"."""
    text = in_words.score(a_score(edge=1.0), mode=Mode.SANDBOX)

    rows = [row for row in text.splitlines() if row.startswith(("1 hour", "the close"))]
    assert len(rows) == 2
    assert len({len(p) for row in rows for _, p in _FIGURES.findall(row)}) == 1
