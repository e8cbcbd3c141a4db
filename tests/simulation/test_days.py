"""Days of the universe, and what the auditor must see in them. The first thirty days and
those that are made for a step are played by `.ci/run`, with `make universe steps`."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from core.sandbox.market.universe import universe
from tests.harness.market import SEED
from tests.simulation.day import played
from tests.simulation.directed import (
    COURSES,
    _directed,
    days_made_for_steps,
    days_of,
    plan,
    seed_of,
)
from tests.simulation.plan import at_will
from tests.simulation.replay import plan_of, token_of
from tests.simulation.rules import ALL_STEPS, NOT_HERE


ROOT: Final = Path(__file__).parents[2]
_NAMED: Final = re.compile(r"/(?:buy|sell|exits) ([A-Z]+)")
DIGEST: Final = (
    "from tests.simulation.day import played; "
    "from tests.simulation.directed import plan; "
    "out = played(plan(2)); print(*out.violations, out.digest)"
)


@pytest.mark.timeout(600)
@pytest.mark.slow_on_purpose
def test_a_day_with_faults_ends_with_the_truth_told() -> None:
    assert played(plan(1)).violations == ()


def digest(hash_seed: str) -> str:
    told = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", DIGEST],
        cwd=ROOT,
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout


@pytest.mark.timeout(600)
def test_one_seed_gives_one_story_byte_for_byte_in_two_processes() -> None:
    first, second = digest("0"), digest("0")

    assert first == second
    assert len(first.split()) == 1, first  # a violation would stand before it


def test_leaving_a_fault_out_leaves_the_others_as_they_were() -> None:
    whole = next(plan(seed) for seed in range(100) if len(plan(seed).faults) > 2)

    token = token_of(whole.seed, frozenset({0}))

    assert plan_of(token).faults == whole.faults[1:]


def test_every_course_has_its_day() -> None:
    for number, course in enumerate(COURSES):
        seed = seed_of(number)
        assert plan(seed) == _directed(at_will(seed), course)


def test_a_course_is_found_by_what_happens_in_it() -> None:
    found = [
        [fault.what for fault in plan(seed).faults] for seed in days_of("old copy tap")
    ]

    assert len(found) >= 3
    assert all("tap" in whats for whats in found)


def test_a_stock_that_a_course_names_is_in_the_market() -> None:
    """Of another the bot says that there is none, and the day shows nothing."""
    said = [fault.what for course in COURSES for fault in course.faults]
    named = {name for what in said for name in _NAMED.findall(what)}

    assert named <= {stock.symbol for stock in universe(SEED).stocks}
    assert named


def test_a_course_that_is_made_to_meet_a_step_names_one_that_days_can_meet() -> None:
    made = set(days_made_for_steps().values())

    assert made <= set(ALL_STEPS) - NOT_HERE.keys()


@pytest.mark.timeout(600)
@pytest.mark.slow_on_purpose
def test_a_day_meets_the_step_that_it_was_made_for() -> None:
    """One of them, for words that are lost."""
    [day] = [n for n, made in days_made_for_steps().items() if made == "unknown Noted"]
    out = played(plan(day))

    assert out.violations == ()
    assert out.counts["step unknown Noted"]


@pytest.mark.timeout(600)
@pytest.mark.slow_on_purpose
@pytest.mark.parametrize(
    "seed",
    [*days_of("soon after exit split")[:3], *days_of("soon after exit hand S")],
)
def test_a_split_and_a_change_in_the_terminal_are_told_as_what_they_are(
    seed: int,
) -> None:
    assert played(plan(seed)).violations == ()


def test_what_is_left_to_the_tables_own_tests_is_in_the_table() -> None:
    assert NOT_HERE.keys() <= set(ALL_STEPS)


@pytest.mark.timeout(600)
@pytest.mark.slow_on_purpose
def test_a_plan_of_exits_ends_with_its_holding() -> None:
    """A target has sold all; more is bought without exits, and none is missed."""
    assert played(plan(20985)).violations == ()


@pytest.mark.timeout(600)
@pytest.mark.slow_on_purpose
def test_a_target_leaves_alone_once_it_is_told_that_its_stop_was_refused() -> None:
    assert played(plan(222)).violations == ()


@pytest.mark.timeout(600)
@pytest.mark.slow_on_purpose
def test_a_card_that_asks_again_says_nothing_of_exits_any_more() -> None:
    """The price moved between Yes and the purchase; what was held has its exits."""
    assert played(plan(342)).violations == ()


@pytest.mark.timeout(600)
@pytest.mark.slow_on_purpose
@pytest.mark.attack(2)
@pytest.mark.parametrize("seed", days_of("soon after tap sleep"))
def test_nothing_is_sent_on_what_was_known_before_the_machine_slept(seed: int) -> None:
    """IB's quotes of before a sleep are read after it, and look new."""
    assert played(plan(seed)).violations == ()
