"""In the calm that ends a day nothing goes wrong any more, and what the day was made for
has come about."""

from dataclasses import replace

import pytest

from tests.simulation.courses import scenario
from tests.simulation.day import played
from tests.simulation.directed import _directed
from tests.simulation.plan import at_will


_UNREADABLE = "Error handling fields"


@pytest.mark.timeout(600)
@pytest.mark.slow_on_purpose
def test_a_scenario_without_an_end_ends_with_the_day() -> None:
    """No listing could be read in the calm either: what waited for one was called wrong."""
    course = replace(scenario("short-messages"), fills="never", lasts=60.0, pause=8.0)
    out = played(_directed(at_will(1), course))
    [end] = [n for n, line in enumerate(out.story) if "calm: " in line]

    assert any(_UNREADABLE in line for line in out.story[:end])
    assert not any(_UNREADABLE in line for line in out.story[end + 1 :])
    assert out.violations == ()
