"""A docstring names the errors that are raised, and none that does not exist. What else
it says is read by people."""

import ast
import builtins
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.errors_raised import unsaid_in
from tests.source_tree import FUNCTION, MODULES, tree_of


CANNOT_BE: Final = {
    ("bot.run", "examine"): "no file is named to log into",
    ("bot.run", "set_up"): "no file is named to log into",
    ("bot.checks.telegram", "telegram_findings"): "the way was found usable before",
    ("core.sandbox.gateway.requests.orders", "tell"): "a fill is of an account here",
    ("core.sandbox.market.view", "bars_work"): "the contract was found before",
    ("core.sandbox.market.view", "newest_bar"): "the contract was found before",
}
"""Functions that call what raises, where it cannot, and why."""


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
    """As an error: a value of ours may have such a name, too."""
    trees = [tree_of(path) for path in MODULES.values()]
    classes = (n for t in trees for n in ast.walk(t) if isinstance(n, ast.ClassDef))
    values = {each.name for each in classes if not each.bases}
    known = set(dir(builtins)).union(*map(names_known, trees)) - values
    unknown = [
        f"{module}.{name}: {error}"
        for module, path in MODULES.items()
        for name, docstring in docstrings(tree_of(path))
        for error in errors_named(docstring)
        if error not in known
    ]

    assert unknown == []


def test_a_docstring_names_every_error_that_is_raised() -> None:
    """By the function, or by what it calls of its own module or imports."""
    unsaid = {
        (module, name): error
        for module, path in MODULES.items()
        for name, error in unsaid_in(tree_of(path))
    }

    assert {at: unsaid[at] for at in unsaid.keys() - CANNOT_BE.keys()} == {}
    assert unsaid.keys() >= CANNOT_BE.keys()


@pytest.mark.parametrize(
    ("source", "unsaid"),
    [
        ("def f():\n raise KeyError", {"KeyError"}),
        ('def f():\n "Raises LookupError."\n raise KeyError', set()),
        ("def f():\n _g()\ndef _g():\n raise KeyError", {"KeyError"}),
        (
            "def f():\n try: _g()\n except KeyError: ...\ndef _g(): raise KeyError",
            set(),
        ),
        ("def f():\n with suppress(KeyError): raise KeyError", set()),
        ("def f():\n def g(): raise KeyError\n return g", set()),
    ],
)
def test_an_error_that_leaves_a_function_is_seen(source: str, unsaid: set[str]) -> None:
    assert {error for _, error in unsaid_in(ast.parse(source))} == unsaid


@pytest.mark.parametrize(
    "docstring",
    ["Read it. Raises Gone.", "Read it.\n\nRaises:\n    Gone: nothing is there."],
)
def test_an_error_is_seen_in_a_sentence_and_in_a_list(docstring: str) -> None:
    assert [*errors_named(docstring)] == ["Gone"]
