"""What was measured, as one table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Final


HEAD: Final = ("measured", "n", "median", "worst", "aim", "")

_REPORT: Final = re.compile(
    rf"^\| {HEAD[0]} .*?\n\n.*?\n(?=\n|\Z)", re.MULTILINE | re.DOTALL
)
"""The table on a page, and the paragraph below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row: its *values*, and the most that their median and worst may be."""

    name: str
    values: tuple[float, ...]
    unit: str = "s"
    median_aim: float | None = None
    worst_aim: float | None = None
    least: bool = False
    """The aims are the least: larger is better."""
    worst_is_p99: bool = False

    @property
    def middle(self) -> float:
        return median(self.values)

    @property
    def worst(self) -> float:
        """The worst of all, or the 99th percentile."""
        ordered = sorted(self.values, reverse=self.least)
        share = 0.99 if self.worst_is_p99 else 1.0
        return ordered[ceil(share * len(ordered)) - 1]

    def met(self) -> bool | None:
        """Whether every aim is met; None when there is none."""
        pairs = ((self.middle, self.median_aim), (self.worst, self.worst_aim))
        judged = [
            value >= aim if self.least else value <= aim
            for value, aim in pairs
            if aim is not None
        ]
        return all(judged) if judged else None

    def cells(self) -> tuple[str, ...]:
        """The row in words."""
        met = self.met()
        return (
            self.name,
            str(len(self.values)),
            _amount(self.middle, self.unit),
            _amount(self.worst, self.unit),
            self._aim(),
            "" if met is None else "met" if met else "NOT MET",
        )

    def _aim(self) -> str:
        sign = "≥" if self.least else "≤"
        worst = "p99" if self.worst_is_p99 else "worst"
        parts = (("median", self.median_aim), (worst, self.worst_aim))
        return ", ".join(
            f"{word} {sign} {_amount(aim, self.unit)}"
            for word, aim in parts
            if aim is not None
        )


def _amount(value: float, unit: str) -> str:
    match unit:
        case "ratio":
            return f"{value:.2f} x"
        case "ms":
            return f"{1000 * value:.0f} ms"
        case "MB":
            return f"{value:.1f} MB"
        case "%":
            return f"{value:.1f} %"
        case _:
            return f"{value:.2f} s"


def in_words(figures: Sequence[Figure]) -> str:
    """The table in Markdown, its columns lined up."""
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    lines = [_line(row, widths) for row in rows]
    rule = "|".join(["", *("-" * (width + 2) for width in widths), ""])
    return "\n".join([lines[0], rule, *lines[1:]])


def with_report(page: str, report: str) -> str:
    """The *page* with *report*, a table and a paragraph, in place of the one that is
    there; all other prose stays.

    Raises:
        ValueError: the page has no such table.
    """
    changed, count = _REPORT.subn(lambda _: report, page, count=1)
    if not count:
        raise ValueError("The page has no table of what was measured.")
    return changed


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
    return f"| {' | '.join(cells)} |"
