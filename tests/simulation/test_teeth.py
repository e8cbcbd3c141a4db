"""Every seeded bug has a day that finds it, or a reason why no day shows it; the page for
people says the same."""

from pathlib import Path
from typing import Final

from tests.simulation.directed import COURSES, days_aimed_at
from tests.simulation.teeth import table
from tests.teeth.bugs import BUGS
from tests.teeth.found import FOUND
from tests.teeth.unseen import UNSEEN


PAGE: Final = Path(__file__).parents[2] / "docs" / "seeded-bugs.md"


def test_every_seeded_bug_has_a_day_or_a_reason() -> None:
    """And only one of the two."""
    written = [*FOUND, *UNSEEN]

    assert sorted(written) == sorted(bug.name for bug in BUGS)


def test_a_day_that_was_made_for_a_bug_is_named_for_it() -> None:
    aimed = {bug for course in COURSES for bug in course.aims}

    assert aimed <= {bug.name for bug in BUGS}
    assert all(FOUND[b].day in days_aimed_at(b) for b in aimed & FOUND.keys())


def test_the_page_has_the_tables_that_the_command_prints() -> None:
    assert "\n".join(table()) in PAGE.read_text(encoding="utf-8")
