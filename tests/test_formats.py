"""Money, numbers, dates and times are formatted in one place, core.rules.figures.in_words:
each the same in a card, a refusal and a report, and rounded as people round."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.source_tree import ROOT


SAID: Final = (
    *("bot/views", "bot/handlers", "bot/outgoing", "bot/presses", "bot/checks"),
    "bot/keyboards.py",
    *("core/rules", "core/flows", "core/ledger"),
)
"""Where texts for the owner are made."""

HERE: Final = "core/rules/figures/in_words.py"
NOTATIONS: Final = {
    "bot/handlers/wordings/amounts.py": "an amount as the owner would type it",
    "core/rules/chosen/written.py": "a schedule as the owner types it and the store has it",
    "core/rules/chosen/schedule.py": "the key of a run",
}
"""What is no text of money or time, and why."""

_TIME: Final = re.compile(r"%[aAbBdHIMSYyp]")
_PLACES: Final = re.compile(r"[,+]?\.\d+f?|,\.\d+f|.*%")


def formatted(path: Path) -> Iterator[str]:
    """Each place in a file that formats by itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield from (f"{node.lineno}: {why}" for why in _of(node))
        elif isinstance(node, ast.Attribute) and node.attr == "strftime":
            yield f"{node.lineno}: strftime"


def _of(text: ast.JoinedStr) -> Iterator[str]:
    before = ""
    for part in text.values:
        if isinstance(part, ast.FormattedValue):
            spec = ast.unparse(part.format_spec)[2:-1] if part.format_spec else ""
            if _TIME.search(spec) or _PLACES.fullmatch(spec):
                yield f"format {spec!r}"
            if before.endswith("$"):
                yield "a $ before a figure"
            before = ""
        elif isinstance(part, ast.Constant):
            before = str(part.value)


def modules() -> list[Path]:
    found = [ROOT / each for each in SAID]
    files = [
        p for each in found for p in ([each] if each.is_file() else each.rglob("*.py"))
    ]
    return sorted(p for p in files if str(p.relative_to(ROOT)) != HERE)


def test_no_text_formats_by_itself_but_what_is_excepted() -> None:
    """And what is excepted still needs it."""
    found = {str(path.relative_to(ROOT)): [*formatted(path)] for path in modules()}

    by_itself = {name: each for name, each in found.items() if each}

    assert by_itself.keys() == NOTATIONS.keys(), by_itself


def test_a_text_that_formats_by_itself_is_found(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    for bad in (
        'f"{x:,.2f}"',
        'f"{at:%H:%M}"',
        'f"${x}"',
        'f"{x:.1f}%"',
        'at.strftime("%d")',
    ):
        file.write_text(bad)
        assert list(formatted(file)) != [], bad


def multiplied(tree: ast.AST) -> Iterator[str]:
    """Each product in which shares are a factor."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            text = ast.unparse(node)
            if re.search(r"\bshares\b", text):
                yield text


def test_no_view_computes_an_amount() -> None:
    """Shares times a price is core.rules.figures.amounts': a view only writes it."""
    found = {
        str(path.relative_to(ROOT)): text
        for path in (ROOT / "bot" / "views").rglob("*.py")
        for text in multiplied(ast.parse(path.read_text(encoding="utf-8")))
    }

    assert found == {}


def test_an_amount_is_seen() -> None:
    assert [*multiplied(ast.parse("a = leg.shares * price"))] == ["leg.shares * price"]
