"""The trials of a holding visit every scene at every label, and the same again on demand."""

from collections import Counter

from core.model.points import CARD, EXITS, PANIC, PANIC_OVER
from tests.campaign.holding.plan import (
    AT_YES,
    GRID,
    LABELS,
    Scene,
    holding_plan,
)
from tests.campaign.plan import Behaviour


def test_one_round_meets_every_scene_at_every_label() -> None:
    plans = [holding_plan(number, seed=1) for number in range(len(GRID))]

    assert {(each.label, each.scene) for each in plans} == set(GRID)
    assert len(GRID) == len(set(GRID))
    assert {scene for _, scene in GRID} == set(Scene)
    assert {label for label, _ in GRID} == set(LABELS)


def test_a_panic_dies_at_each_of_its_own_writes() -> None:
    at = {label for label, scene in GRID if scene is Scene.PANIC}

    assert {*PANIC, *PANIC_OVER, *CARD, *EXITS} <= at


def test_a_scene_that_begins_with_the_yes_has_no_other_card() -> None:
    assert not [label for label, scene in GRID if scene in AT_YES and label in CARD]


def test_the_gateway_does_all_that_it_does_to_an_order() -> None:
    plans = [holding_plan(number, seed=1) for number in range(len(GRID))]
    behaviours = Counter(each.behaviour for each in plans)

    assert set(behaviours) == set(Behaviour)
    assert min(behaviours.values()) > 10


def test_a_trial_of_a_holding_can_be_played_again() -> None:
    assert holding_plan(7, seed=3) == holding_plan(7, seed=3)
