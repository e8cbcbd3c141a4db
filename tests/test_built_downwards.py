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


def not_called(value: ast.AST) -> set[str]:
    """The attributes in *value* that it names without calling them."""
    called = {id(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)}
    found = (node for node in ast.walk(value) if isinstance(node, ast.Attribute))
    return {ast.unparse(node) for node in found if id(node) not in called}


def leads_back(value: ast.AST, methods: set[str]) -> bool:
    """Whether one of the maker's own *methods* is in *value*: bare, in a partial, a list,
    or a lambda."""
    is_own_lambda = isinstance(value, ast.Lambda) and "self" in names_in(value)
    return is_own_lambda or bool(not_called(value) & methods)


def handed_over(maker: ast.ClassDef) -> Iterator[tuple[int, ast.expr]]:
    """What *maker* gives to what it makes, or sets on it afterwards."""
    for call, given in constructions(maker):
        yield from ((call.lineno, value) for value in given)
    for node in ast.walk(maker):
        if isinstance(node, ast.Assign) and any(map(is_anothers, node.targets)):
            yield node.lineno, node.value


def is_anothers(target: ast.expr) -> bool:
    """Whether an attribute of something else than ``self`` is set."""
    return isinstance(target, ast.Attribute) and ast.unparse(target.value) != "self"


def its_own_methods(tree: ast.Module) -> Iterator[str]:
    """A method of the maker, given to what it makes."""
    for maker in ast.walk(tree):
        if isinstance(maker, ast.ClassDef):
            methods = {f"self.{name}" for name in methods_of(maker)}
            for line, value in handed_over(maker):
                if leads_back(value, methods):
                    yield f"{line}: {ast.unparse(value)}"


def first_set(function: Function) -> dict[str, int]:
    """In which line each name of *function* is set for the first time."""
    lines: dict[str, int] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
    return lines


def named_later(function: Function, value: ast.expr) -> set[str]:
    """What a lambda in *value*, or a function of *function*'s own, names when called."""
    lambdas = (node for node in ast.walk(value) if isinstance(node, ast.Lambda))
    own = {node.name: node for node in function.body if isinstance(node, FUNCTION)}
    called = [*lambdas, *(own[name] for name in names_in(value) & own.keys())]
    return {name for each in called for name in names_in(each)}


def what_is_built_later(tree: ast.Module) -> Iterator[str]:
    """What names something that does not exist yet when it is given away."""
    for function in ast.walk(tree):
        if isinstance(function, FUNCTION):
            lines = first_set(function)
            for call, given in constructions(function):
                for value in given:
                    names = named_later(function, value)
                    if any(lines.get(name, 0) >= call.lineno for name in names):
                        yield f"{call.lineno}: {ast.unparse(value)}"


def upwards(tree: ast.Module) -> list[str]:
    return [*its_own_methods(tree), *what_is_built_later(tree)]


def test_no_constructor_is_given_a_way_upwards() -> None:
    found = {module: upwards(tree_of(MODULES[module])) for module in BUILT}

    assert {module: each for module, each in found.items() if each} == {}


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n def __init__(self):\n  self.b = B(on=self.hear)\n def hear(self): ...",
        "class A:\n def m(self):\n  return B(on=lambda: self.look())",
        "class A:\n def m(self):\n  return B(partial(self.m, 1))",
        "class A:\n def m(self):\n  return B(on=[self.m])",
        "class A:\n def __init__(self):\n  self.b = B()\n  self.b.on = self.m\n def m(self): 1",
        "class A:\n def m(self):\n  self.b.on = lambda: self.look()",
        "def live():\n a = A(tell=lambda: b.hear())\n b = B(a)",
        "def live():\n a = A([lambda: b.hear()])\n b = B(a)",
        "def live():\n def tell(): b.hear()\n a = A(tell)\n b = B(a)",
    ],
)
def test_each_way_upwards_is_seen(source: str) -> None:
    assert upwards(ast.parse(source))


def test_what_is_there_may_be_given() -> None:
    source = (
        "def live():\n a = A()\n return B(look=lambda: a.seen, hear=a.hear)\n"
        "class C:\n def m(self): return B(self.it.limits.m, [self.m()])\n"
        "class D:\n def m(self): self.b.on = self.m()"
    )

    assert upwards(ast.parse(source)) == []
