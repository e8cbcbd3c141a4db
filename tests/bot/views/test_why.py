"""/why: for each of the five, in one line, the figure that decided."""

from bot.views import market, words
from core.model.ranking import Candidate
from tests.bot.views.hands import check, read
from tests.builders import (
    FDMX,
    QRVX,
    a_candidate,
    a_change,
    a_proposal,
    a_ranking,
    a_second_candidate,
)


def rows(*candidates: Candidate) -> list[str]:
    html = market.why(a_proposal(ranking=a_ranking(candidates=candidates)))
    check(html)
    table = html.partition("<pre>")[2].partition("</pre>")[0]
    return read(table).splitlines()[1:]


def test_a_pick_says_what_it_leads_in() -> None:
    first, second = rows(a_candidate(), a_second_candidate())
    assert first.startswith("►QRVX")
    assert first.endswith(" most %")
    assert second.endswith(" most $")


def test_one_that_leads_in_both_says_so() -> None:
    (only,) = rows(a_candidate())
    assert only.endswith(" both")


def test_who_is_behind_has_the_figures_that_it_is_behind_with() -> None:
    behind = a_candidate(instrument=FDMX, rank=3, since_open=a_change("0.10", "1.0"))
    *_, third = rows(a_candidate(), behind)
    assert third == " FDMX    3    +0.10   +1.0% behind"


def test_each_is_one_line_of_a_phone_s_width() -> None:
    dear = a_candidate(since_open=a_change("-1234.56", "-99.9"), rank=50)
    for line in (
        *rows(a_candidate(), a_second_candidate()),
        *rows(dear),
        *rows(a_candidate(flaw="no price")),
    ):
        assert len(line) <= words.WIDTH
        assert "…" not in line


def test_a_flaw_is_the_reason() -> None:
    (first,) = rows(a_candidate(flaw="halted"))
    assert first == " QRVX    1  ! halted"


def test_a_long_flaw_goes_on_below_and_is_not_cut() -> None:
    flaw = "split? the prior day does not fit its close"
    text = " ".join(" ".join(rows(a_candidate(flaw=flaw))).split())
    assert text.endswith(flaw)


def test_no_gain_is_no_pick() -> None:
    (first,) = rows(a_candidate(since_open=a_change("-0.10", "-1.0")))
    assert first.endswith(" not up")


def test_an_unknown_change_is_said() -> None:
    (first,) = rows(a_candidate(since_open=None))
    assert first == " QRVX    1  ! change not known"


def test_without_a_five_there_is_one_sentence() -> None:
    text = market.why(a_proposal(ranking=a_ranking(candidates=())))
    assert "The scan found no stock" in text
    assert QRVX.symbol not in text
