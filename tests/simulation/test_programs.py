"""What stands for a child process prints what the child would."""

import subprocess
import sys

from tests.copies import ROOT
from tests.simulation.programs import calendar


def test_a_calendar_cut_out_of_a_longer_one_is_the_librarys_own() -> None:
    span = ("2024-12-07", "2026-01-31")
    command = [sys.executable, "-m", "core.calendar", *span]

    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603  our own words

    assert calendar(span, b"") == printed.stdout
