"""/why: for each of the five, in one line, the figure that decided."""

from bot.views import market
from tests.builders import (
    FDMX,
    QRVX,
    a_candidate,
    a_change,
    a_proposal,
    a_ranking,
    a_second_candidate,
)


def lines(*candidates: object) -> list[str]:
    ranking = a_ranking(candidates=candidates)
    return market.why(a_proposal(ranking=ranking)).splitlines()[2:]


def test_a_pick_says_what_it_leads_in() -> None:
    first, second, *_ = lines(a_candidate(), a_second_candidate())
    assert "<b>picked</b>, most %" in first
    assert "<b>picked</b>, most $" in second


def test_who_is_behind_says_behind_whom() -> None:
    behind = a_candidate(instrument=FDMX, rank=3, since_open=a_change("0.10", "1.0"))
    _, third, *_ = lines(a_candidate(), behind)
    assert "not picked: +0.10, +1.0%, behind QRVX" in third


def test_a_flaw_is_the_reason() -> None:
    first, *_ = lines(a_candidate(flaw="halted"))
    assert first.endswith("not picked: halted")


def test_no_gain_is_no_pick() -> None:
    first, *_ = lines(a_candidate(since_open=a_change("-0.10", "-1.0")))
    assert "no gain since the open" in first


def test_an_unknown_change_is_said() -> None:
    first, *_ = lines(a_candidate(since_open=None))
    assert "its change since the open is not known" in first


def test_without_a_five_there_is_one_sentence() -> None:
    text = market.why(a_proposal(ranking=a_ranking(candidates=())))
    assert "The scan found no stock" in text
    assert QRVX.symbol not in text
