"""Nobody is given a way to call upwards: no constructor gets a method of its maker, and
no function that reaches what is built later."""

import ast
from collections.abc import Iterator
from typing import Final

import pytest

from tests.source_tree import FUNCTION, MODULES, Function, is_within, tree_of


CALLED_BACK: Final = ("core.broker", "core.sandbox", "bot.sandbox")
"""ib_async and a server's sockets call back; what they call is at the very edge."""

BUILT: Final = [name for name in MODULES if not is_within(name, *CALLED_BACK)]


def constructions(tree: ast.AST) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Every call of a class, and what it is given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2].lstrip("_")
            if called[:1].isupper():
                yield node, [*node.args, *(word.value for word in node.keywords)]


def methods_of(made_by: ast.ClassDef) -> set[str]:
    return {
        node.name
        for node in made_by.body
        if isinstance(node, FUNCTION)
        and not any("property" in ast.unparse(d) for d in node.decorator_list)
    }


def names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def its_own_methods(tree: ast.Module) -> Iterator[str]:
    """A method of the maker, bare or within a lambda, given to what it makes."""
    for maker in ast.walk(tree):
        if not isinstance(maker, ast.ClassDef):
            continue
        methods = {f"self.{name}" for name in methods_of(maker)}
        for call, given in constructions(maker):
            for value in given:
                bound = ast.unparse(value) in methods
                within = isinstance(value, ast.Lambda) and "self" in names_in(value)
                if bound or within:
                    yield f"{call.lineno}: {ast.unparse(value)}"


def first_set(function: Function) -> dict[str, int]:
    """In which line each name of *function* is set for the first time."""
    lines: dict[str, int] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
    return lines


def what_is_built_later(tree: ast.Module) -> Iterator[str]:
    """A lambda that names what does not exist yet when it is given away."""
    for function in ast.walk(tree):
        if not isinstance(function, FUNCTION):
            continue
        lines = first_set(function)
        for call, given in constructions(function):
            for value in given:
                if isinstance(value, ast.Lambda) and any(
                    lines.get(name, 0) >= call.lineno for name in names_in(value)
                ):
                    yield f"{call.lineno}: {ast.unparse(value)}"


@pytest.mark.parametrize("module", BUILT)
def test_no_constructor_is_given_a_way_upwards(module: str) -> None:
    tree = tree_of(MODULES[module])

    assert [*its_own_methods(tree), *what_is_built_later(tree)] == []


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n def __init__(self):\n  self.b = B(on=self.hear)\n def hear(self): ...",
        "class A:\n def m(self):\n  return B(on=lambda: self.look())",
        "def live():\n a = A(tell=lambda: b.hear())\n b = B(a)",
    ],
)
def test_each_way_upwards_is_seen(source: str) -> None:
    tree = ast.parse(source)

    assert [*its_own_methods(tree), *what_is_built_later(tree)]


def test_what_is_there_may_be_given() -> None:
    source = (
        "def live():\n a = A()\n return B(look=lambda: a.seen, hear=a.hear)\n"
        "class C:\n def m(self): return B(self.it.limits.m)"
    )
    tree = ast.parse(source)

    assert [*its_own_methods(tree), *what_is_built_later(tree)] == []
