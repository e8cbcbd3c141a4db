"""Every test that plays a line of the hostile reading: `make attacks`.

A test says which line of docs/safety.md it plays with ``@pytest.mark.attack(4)``. This
runs them all and prints how many play each line.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import pytest


LINES: Final = range(1, 31)
"""The numbers of the table in docs/safety.md."""


@dataclass
class AttackCount:
    """A pytest plugin that counts the selected tests by the lines that they play."""

    by_line: Counter[int] = field(default_factory=Counter)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers("attack"):
                self.by_line.update(mark.args)


def main(arguments: list[str]) -> int:
    """Run them in this process, since others would not be counted, and print the count
    of each line. Returns the exit code: not 0 when a test failed."""
    count = AttackCount()
    options = ["-p", "no:xdist", "-m", "attack", "-q"]
    code = pytest.main([*options, *arguments], plugins=[count])
    for line in LINES:
        print(f"line {line:2}: {count.by_line[line]} tests")
    played = sum(1 for line in LINES if count.by_line[line])
    print(f"attacks={sum(count.by_line.values())} lines={played}/{len(LINES)}")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
