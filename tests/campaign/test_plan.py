"""The campaign visits every corner, and the same corner again on demand."""

from collections import Counter

from tests.campaign.plan import GRID, LABELS, RANDOM, Behaviour, Fills, Twist, plan


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


def test_each_twist_comes_about_and_half_of_the_trials_have_one() -> None:
    twists = Counter(plan(n, seed=1, at_random=False).twist for n in range(len(GRID)))

    assert set(twists) == set(Twist)
    assert min(twists.values()) > 15
    assert 0.4 < twists[Twist.NONE] / len(GRID) < 0.6


def test_no_folder_is_restored_whose_gateway_forgets_too() -> None:
    plans = [plan(number, seed=1, at_random=False) for number in range(len(GRID))]

    restored = {each.behaviour for each in plans if each.twist is Twist.RESTORED}
    assert restored.isdisjoint({Behaviour.RESTART, Behaviour.UNLISTED})
    assert len(restored) > 3


def test_a_trial_can_be_played_again() -> None:
    assert plan(7, seed=3, at_random=False) == plan(7, seed=3, at_random=False)


def test_a_kill_at_random_has_a_moment_and_no_label() -> None:
    at_random = plan(7, seed=3, at_random=True)

    assert at_random.label == RANDOM
    assert at_random.deaths == ()
    assert at_random.kill_after is not None
