"""What became of the last card's picks."""

from core.model.proposal import Pick
from core.rules.figures.scorecard import scorecard
from tests.builders import (
    FDMX,
    MONDAY,
    PROPOSAL_ID,
    QRVX,
    a_leg,
    a_proposal,
    an_order,
    price,
)


def test_every_pick_is_measured_from_the_price_on_its_card() -> None:
    proposal = a_proposal(legs=(a_leg(reference=price("5.00")),))

    card = scorecard(proposal, (), {QRVX.con_id: price("4.75")})

    assert card.proposal_id == PROPOSAL_ID
    (outcome,) = card.outcomes
    assert (outcome.instrument, outcome.day) == (QRVX, MONDAY)
    assert outcome.picks == (Pick.PERCENT,)
    assert (outcome.shown_at, outcome.now) == (price("5.00"), price("4.75"))
    assert outcome.percent == -5


def test_a_pick_has_the_order_of_its_leg_or_none() -> None:
    second = an_order(leg=2)

    card = scorecard(a_proposal(), (second,), {})

    assert [outcome.order for outcome in card.outcomes] == [None, second]


def test_a_pick_without_a_price_has_no_change() -> None:
    card = scorecard(a_proposal(), (), {FDMX.con_id: price("26.59")})

    assert [outcome.percent for outcome in card.outcomes] == [None, 0]
    assert card.outcomes[0].now is None
