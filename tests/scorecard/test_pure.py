"""p of histories without an edge is what chance makes it, also where picks come again."""

import pytest

from tests.scorecard.pure import DRAWS, MARKETS, Market, exact, lines, play


HISTORIES = 200
DAYS = 25


@pytest.mark.slow_on_purpose
@pytest.mark.parametrize("market", MARKETS, ids=lambda market: market.name)
def test_p_is_as_often_small_as_it_says(market: Market) -> None:
    """At a chance of one in a thousand that right ones fail: three markets of ten
    measures are looked at, always the same ones."""
    for seen in play(market, histories=HISTORIES, days=DAYS):
        assert seen.fit > 0.001, seen.measure
        assert seen.small < 0.1, seen.measure


@pytest.mark.parametrize("bets", [1, 2, 3, 7])
def test_the_few_steps_of_few_bets_are_counted_as_such(bets: int) -> None:
    """One bet can be flipped to nothing but itself; the shares of all steps are one."""
    shares = exact(bets)
    assert sum(shares) == pytest.approx(1)
    assert (shares[-1] == pytest.approx(1)) is (bets == 1)
    assert len(shares) == DRAWS + 1


@pytest.mark.slow_on_purpose
def test_the_tool_says_a_line_for_each_market_and_measure() -> None:
    assert len(list(lines(histories=30, days=23))) == len(MARKETS) * 11
