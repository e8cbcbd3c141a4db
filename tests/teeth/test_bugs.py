"""Every seeded bug still fits the code, and every test that must catch it exists."""

import pytest

from tests.attacks import LINES
from tests.copies import ROOT
from tests.teeth.bug import Bug
from tests.teeth.bugs import BUGS


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_fits_the_code_in_one_place(bug: Bug) -> None:
    assert (ROOT / bug.file).read_text().count(bug.old) == 1


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_is_a_program(bug: Bug) -> None:
    """A file that cannot be read fails every test, and proves nothing of it."""
    text = (ROOT / bug.file).read_text().replace(bug.old, bug.new)

    if bug.file.endswith(".py"):
        compile(text, bug.file, "exec")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_test_of_a_bug_exists(bug: Bug) -> None:
    file, _, test = bug.test.partition("::")

    assert f"def {test}(" in (ROOT / file).read_text()


def test_every_line_of_the_hostile_reading_has_a_bug_of_its_kind() -> None:
    assert {bug.line for bug in BUGS} >= set(LINES)


def test_there_are_enough_bugs() -> None:
    assert len(BUGS) >= 15
    assert len({bug.name for bug in BUGS}) == len(BUGS)
