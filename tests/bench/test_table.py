"""``--write`` replaces what was measured in docs/benchmarks.md, and nothing else there."""

import pytest

from tests.bench.table import Figure, in_words, with_report
from tests.source_tree import ROOT


REPORT = f"{in_words([Figure(name='start', values=(1.0,))])}\n\nToday, alone.\n"


def test_the_prose_around_the_table_is_kept() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")

    changed = with_report(page, REPORT)

    before, _, after = changed.partition(REPORT)
    assert before
    assert after
    assert page.startswith(f"{before}| measured ")
    assert page.endswith(after)
    assert "; the machine's load was " not in after, "the report has a paragraph, too"


def test_a_page_that_ends_with_the_report_keeps_its_newline() -> None:
    assert with_report(f"# Page\n\n{REPORT}", REPORT) == f"# Page\n\n{REPORT}"


def test_a_page_without_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table"):
        with_report("# Page\n", REPORT)


def test_what_misses_its_aim_does_not_look_like_it() -> None:
    missed = Figure(name="idle", values=(70.4,), unit="MB", median_aim=70)

    assert missed.cells()[2:] == ("70.4 MB", "70.4 MB", "median ≤ 70.0 MB", "NOT MET")
