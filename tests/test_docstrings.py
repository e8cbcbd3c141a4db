"""A docstring names no error that does not exist. What else it says is read by people."""

import ast
import builtins
import re
from collections.abc import Iterator

import pytest

from tests.source_tree import FUNCTION, MODULES, tree_of


def errors_named(docstring: str) -> Iterator[str]:
    before, _, listed = docstring.partition("Raises:\n")
    yield from re.findall(r"Raises ([A-Z]\w+)", before)
    yield from re.findall(r"^\s*([A-Z]\w+): ", listed, re.MULTILINE)


def names_known(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).rpartition(".")[2]


def docstrings(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, (*FUNCTION, ast.ClassDef)) and (
            docstring := ast.get_docstring(node)
        ):
            yield node.name, docstring


def test_every_error_that_a_docstring_names_exists() -> None:
    known = set(dir(builtins)).union(
        *(names_known(tree_of(p)) for p in MODULES.values())
    )
    unknown = [
        f"{module}.{name}: {error}"
        for module, path in MODULES.items()
        for name, docstring in docstrings(tree_of(path))
        for error in errors_named(docstring)
        if error not in known
    ]

    assert unknown == []


@pytest.mark.parametrize(
    "docstring",
    ["Read it. Raises Gone.", "Read it.\n\nRaises:\n    Gone: nothing is there."],
)
def test_an_error_is_seen_in_a_sentence_and_in_a_list(docstring: str) -> None:
    assert [*errors_named(docstring)] == ["Gone"]
