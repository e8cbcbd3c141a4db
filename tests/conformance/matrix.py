"""What every client made of every check, as a table for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tests.conformance.clients import CURRENT, ClientName
from tests.harness.client import Check


class Mark(StrEnum):
    """What stands in a cell."""

    OK = "ok"
    FAIL = "FAIL"
    WITHOUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One check by one client; ``words`` say what went wrong, or why it cannot be."""

    mark: Mark
    words: str = ""


Cells = Mapping[tuple[str, ClientName], Cell]
COLUMN: Final = 12
TITLE: Final = 78


def table(
    chapters: Mapping[str, list[Check]],
    cells: Cells,
    names: tuple[ClientName, ...] = CURRENT,
) -> str:
    """Return the matrix, the notes below it, and what failed."""
    notes: dict[str, int] = {}
    head = "".join(f"{name:<{COLUMN}}" for name in names)
    lines = [f"{'':<{TITLE}}{head}".rstrip()]
    for chapter, checks in chapters.items():
        lines += ["", chapter]
        lines += [_row(each, cells, names, notes) for each in checks]
    if notes:
        lines += ["", "Not supported by the client"]
        lines += [f"  [{number}] {words}" for words, number in notes.items()]
    return "\n".join([*lines, *_failures(cells), "", _score(cells)])


def _row(
    check: Check, cells: Cells, names: tuple[ClientName, ...], notes: dict[str, int]
) -> str:
    marks = [_mark(cells[check.title, name], notes) for name in names]
    row = "".join(f"{mark:<{COLUMN}}" for mark in marks)
    return f"  {check.title:<{TITLE - 2}}{row}".rstrip()


def _mark(cell: Cell, notes: dict[str, int]) -> str:
    if cell.mark is not Mark.WITHOUT:
        return cell.mark
    number = notes.setdefault(cell.words, len(notes) + 1)
    return f"{cell.mark} [{number}]"


def _failures(cells: Cells) -> list[str]:
    failed = [(key, cell) for key, cell in cells.items() if cell.mark is Mark.FAIL]
    lines = ["", "Failed"] if failed else []
    return lines + [f"  {name}: {title}\n    {c.words}" for (title, name), c in failed]


def _score(cells: Cells) -> str:
    marks = [cell.mark for cell in cells.values()]
    good, bad, none = (marks.count(m) for m in (Mark.OK, Mark.FAIL, Mark.WITHOUT))
    return f"{good} passed, {bad} failed, {none} skipped"
