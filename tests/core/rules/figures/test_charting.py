"""A chart is of the card's two days, and measured from the opens the card showed."""

from datetime import timedelta
from decimal import Decimal

from core.model.chart import Course
from core.model.proposal import Pick
from core.rules.figures.charting import NO_BARS, chart
from tests.builders import (
    OPENS,
    a_candidate,
    a_leg,
    a_proposal,
    a_second_candidate,
    price,
)


THURSDAY, FRIDAY, TUESDAY = (OPENS + timedelta(days=days) for days in (-4, -3, 1))
COURSE: Course = (
    (THURSDAY, price("3.00")),
    (FRIDAY, price("3.80")),
    (OPENS, price("4.50")),
    (OPENS + timedelta(minutes=5), price("4.62")),
    (TUESDAY, price("9.00")),
)


def test_only_the_days_of_the_card_are_drawn() -> None:
    drawn = chart(a_proposal(), a_candidate(), COURSE, problem=None)

    assert drawn.prior == COURSE[1:2]
    assert drawn.today == COURSE[2:4]
    assert drawn.problem is None


def test_the_changes_are_from_the_cards_opens_to_the_newest_bar() -> None:
    drawn = chart(a_proposal(), a_candidate(), COURSE, problem=None)

    assert drawn.last == price("4.62")
    assert drawn.since_open
    assert drawn.since_open.dollars == Decimal("0.42")
    assert drawn.since_open.percent == 10
    assert drawn.since_prior_open
    assert drawn.since_prior_open.dollars == Decimal("0.90")


def test_before_todays_first_bar_the_card_knows_the_last_price() -> None:
    drawn = chart(a_proposal(), a_candidate(), COURSE[:2], problem=None)

    assert drawn.today == ()
    assert drawn.last == price("4.82")


def test_what_nobody_knows_is_not_made_up() -> None:
    unknown = a_candidate(quote=None, today=None, prior=None)

    drawn = chart(a_proposal(), unknown, (), problem=None)

    assert (drawn.last, drawn.open, drawn.prior_open) == (None, None, None)
    assert (drawn.since_open, drawn.since_prior_open) == (None, None)


def test_a_stock_without_bars_says_so_and_keeps_a_better_reason() -> None:
    of_other_days = chart(a_proposal(), a_candidate(), COURSE[:1], problem=None)
    refused = chart(a_proposal(), a_candidate(), (), problem="IB refused.")

    assert of_other_days.problem == NO_BARS
    assert refused.problem == "IB refused."


def test_a_pick_is_marked_with_everything_it_leads_in() -> None:
    both = a_proposal(legs=(a_leg(picks=(Pick.DOLLARS, Pick.PERCENT)),))

    leader = chart(both, a_candidate(), COURSE, problem=None)
    other = chart(both, a_second_candidate(), COURSE, problem=None)

    assert leader.picks == (Pick.DOLLARS, Pick.PERCENT)
    assert other.picks == ()
