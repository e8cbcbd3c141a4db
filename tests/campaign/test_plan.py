"""The campaign visits every corner, and the same corner again on demand."""

from tests.campaign.plan import GRID, LABELS, RANDOM, Behaviour, Fills, plan


def test_one_round_meets_every_label_with_every_behaviour_and_fill() -> None:
    plans = [plan(number, seed=1, at_random=False) for number in range(len(GRID))]

    corners = {(each.label, each.behaviour, each.fills) for each in plans}
    assert corners == set(GRID)
    assert len(GRID) == len(LABELS) * len(Behaviour) * len(Fills)
    assert len(LABELS) >= 20


def test_each_round_has_an_order_and_chances_of_its_own() -> None:
    first, second = (plan(n, seed=1, at_random=False) for n in (0, len(GRID)))

    assert (first.label, first.behaviour, first.fills) != (
        second.label,
        second.behaviour,
        second.fills,
    )


def test_a_trial_can_be_played_again() -> None:
    assert plan(7, seed=3, at_random=False) == plan(7, seed=3, at_random=False)


def test_a_kill_at_random_has_a_moment_and_no_label() -> None:
    at_random = plan(7, seed=3, at_random=True)

    assert at_random.label == RANDOM
    assert at_random.deaths == ()
    assert at_random.kill_after is not None
