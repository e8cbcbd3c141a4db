"""docs/troubleshooting.md lists everything that the doctor looks at, each with the test
that provokes it."""

import re
from typing import Final

from tests.source_tree import MODULES, ROOT


ROWS: Final = re.findall(
    r"^\| (\w+) \| [^|]+ \| [^|]+ \| `(test_\w+)` \|$",
    (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def looked_at() -> set[str]:
    """The names that findings have in the source."""
    texts = [
        path.read_text(encoding="utf-8")
        for name, path in MODULES.items()
        if name.startswith(("bot.checks.", "bot.prompt."))
    ]
    return {name for text in texts for name in re.findall(r'\bwhat ?= ?"(\w+)"', text)}


def test_every_finding_is_in_the_table() -> None:
    assert {name for name, _ in ROWS} == looked_at()


def test_every_one_is_provoked_by_a_test_that_there_is() -> None:
    text = "\n".join(
        each.read_text(encoding="utf-8") for each in (ROOT / "tests").rglob("test_*.py")
    )

    for _, name in ROWS:
        assert f"def {name}(" in text, name
