"""A button says the plan that it was drawn with, and no other text is one."""

import pytest

from bot.presses.exits import letters, plan_of
from core.rules.exits.written import plan_in


@pytest.mark.parametrize(
    "text", ["none", "stop 5%", "trail 0.50 target 12.5%", "stop 2atr close 3"]
)
def test_a_plan_is_read_as_it_was_written(text: str) -> None:
    plan = plan_in(text)
    assert plan is not None
    assert plan_of(letters(plan)) == plan


@pytest.mark.parametrize("text", ["", "s", "s5", "s5p5", "s0p", "s5ps4p", "n5", "x5p"])
def test_what_was_never_written_means_nothing(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        plan_of(text)
