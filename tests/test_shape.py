"""The shape of the product's source: short functions, short files, small folders, no
circle. ``python -m pytest tests/test_shape.py -s`` prints the figures."""

import ast
from collections import Counter
from graphlib import TopologicalSorter
from math import ceil
from statistics import median
from typing import Final

from tests.source_tree import (
    MODULES,
    Function,
    functions,
    imported_at_once,
    name_of,
)


MOST_IN_A_FOLDER: Final = 20
ONLY_GROWS: Final = "core/store/migrations/versions"
"""One short step each; none is ever changed or left out."""


def p90(numbers: list[int]) -> int:
    """The smallest that nine in ten do not exceed."""
    return sorted(numbers)[ceil(0.9 * len(numbers)) - 1]


def lines_of(function: Function) -> int:
    """From ``def`` to its end, without the docstring and without decorators."""
    assert function.end_lineno
    first = function.body[0]
    docstring = (
        first.end_lineno - first.lineno + 1
        if isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
        and first.end_lineno
        else 0
    )
    return function.end_lineno - function.lineno + 1 - docstring


def arguments_of(function: Function) -> int:
    """What a caller has to think of: without self or cls."""
    taken = function.args
    named = [a.arg for a in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
    return sum(name not in {"self", "cls"} for name in named)


def body_lines_of(function: Function) -> int:
    """The lines of its body alone: what it does, without its signature."""
    start = function.body[0].lineno
    assert function.end_lineno
    head = start - function.lineno
    return lines_of(function) - head


def test_functions_are_short() -> None:
    lengths = [body_lines_of(function) for function in functions()]
    print(
        f"functions: {len(lengths)}, lines median {median(lengths)}, p90 {p90(lengths)}"
    )

    assert median(lengths) <= 6
    assert p90(lengths) <= 15


def test_functions_take_few_arguments() -> None:
    counts = [arguments_of(function) for function in functions()]
    print(f"arguments: p90 {p90(counts)}, most {max(counts)}")

    assert p90(counts) <= 3


def test_files_are_short() -> None:
    lengths = [
        len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES.values()
        if path.name != "__init__.py"
    ]
    print(f"files: {len(lengths)}, lines median {median(lengths)}, most {max(lengths)}")

    assert median(lengths) <= 110


def test_no_folder_has_too_many_modules() -> None:
    folders = Counter(
        name_of(path.parent) for path in MODULES.values() if path.name != "__init__.py"
    )
    print(f"folders: {len(folders)}, modules at most {max(folders.values())}")

    crowded = {name for name, n in folders.items() if n > MOST_IN_A_FOLDER}
    assert crowded <= {ONLY_GROWS}


def test_no_module_takes_part_in_an_import_circle() -> None:
    """Imports for types only are counted too."""
    order = TopologicalSorter({name: imported_at_once(name) for name in MODULES})

    assert set(order.static_order()) == MODULES.keys()  # a circle raises, and is named
