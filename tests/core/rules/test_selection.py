"""The two picks, and the orders they become."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, strategies as st

from core.model.market import ConId
from core.model.money import Shares
from core.model.proposal import Pick
from core.model.ranking import Candidate, Change
from core.rules.selection import legs, picks
from tests.builders import (
    FDMX,
    QRVX,
    a_candidate,
    a_change,
    a_quote,
    a_ranking,
    a_second_candidate,
    price,
)


def picked(*candidates: Candidate) -> list[tuple[int, tuple[Pick, ...]]]:
    ranking = a_ranking(candidates=candidates)
    return [(winner.rank, won) for winner, won in picks(ranking)]


def test_the_most_dollars_come_first_and_the_most_percent_second() -> None:
    assert picked(a_candidate(), a_second_candidate()) == [
        (2, (Pick.DOLLARS,)),
        (1, (Pick.PERCENT,)),
    ]


def test_the_stock_that_wins_both_is_one_pick() -> None:
    weaker = a_second_candidate(since_open=a_change("0.10", "0.40"))

    assert picked(a_candidate(), weaker) == [(1, (Pick.DOLLARS, Pick.PERCENT))]


def test_only_a_gain_is_picked() -> None:
    level = a_candidate(since_open=a_change("0", "0"))
    fallen = a_second_candidate(since_open=a_change("-3.10", "-11.66"))

    assert picked(level, fallen) == []


def test_a_flaw_keeps_a_stock_from_being_picked() -> None:
    halted = a_second_candidate(flaw="halted")

    assert picked(a_candidate(), halted) == [(1, (Pick.DOLLARS, Pick.PERCENT))]


def test_a_stock_without_its_figures_is_not_picked() -> None:
    no_change = a_candidate(since_open=None)
    no_quote = a_candidate(quote=None)
    no_last = a_candidate(quote=a_quote(last=None))

    assert picked(no_change, no_quote, no_last) == []


def test_a_tie_goes_to_the_better_rank() -> None:
    same = a_second_candidate(since_open=a_candidate().since_open)

    assert picked(same, a_candidate()) == [(1, (Pick.DOLLARS, Pick.PERCENT))]


def test_the_legs_are_numbered_in_the_order_of_the_picks() -> None:
    placed = legs(a_ranking(), Shares(100))

    assert [(leg.number, leg.instrument, leg.picks) for leg in placed] == [
        (1, FDMX, (Pick.DOLLARS,)),
        (2, QRVX, (Pick.PERCENT,)),
    ]


def test_a_leg_remembers_what_the_card_showed() -> None:
    leg = legs(a_ranking(), Shares(50))[1]

    assert leg.shares == 50
    assert (leg.reference, leg.ask) == (price("4.82"), price("4.83"))
    assert leg.change == a_change("0.62", "14.76")


@given(
    st.lists(
        st.tuples(
            st.decimals("-50", "50", places=2), st.decimals("-90", "300", places=2)
        ).map(lambda pair: Change(dollars=pair[0], percent=abs(pair[1]) * _sign(pair))),
        max_size=5,
    )
)
def test_nobody_that_could_be_picked_gained_more_than_the_picks(
    changes: list[Change],
) -> None:
    rows = [a_row(n, one) for n, one in enumerate(changes, 1)]
    gains = [one for one in changes if one.dollars > 0]

    won = picks(a_ranking(candidates=tuple(rows)))

    assert bool(won) == bool(gains)
    best = {pick: row.since_open for row, which in won for pick in which}
    for gain in gains:
        dollars, percent = best[Pick.DOLLARS], best[Pick.PERCENT]
        assert dollars is not None
        assert percent is not None
        assert gain.dollars <= dollars.dollars
        assert gain.percent <= percent.percent


def a_row(rank: int, since_open: Change) -> Candidate:
    stock = replace(QRVX, con_id=ConId(rank))
    return a_candidate(rank=rank, instrument=stock, since_open=since_open)


def _sign(pair: tuple[Decimal, Decimal]) -> int:
    return 1 if pair[0] > 0 else -1
