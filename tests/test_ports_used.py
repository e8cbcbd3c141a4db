"""Ports by role: who is given a port calls it, but for a few of its methods.

What a class or a function reaches of a port is what it calls itself, and what those whom
it hands the port on to are given by their own signatures.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

import pytest

from tests.source_tree import FUNCTION, MODULES, Function, is_within, tree_of
from tests.test_ports import PRODUCT, Port, assigned, ports_in


A_FEW: Final = 3
"""How many methods of its port a part may leave alone: a role of what goes together is
worth more than one for each method."""

GIVEN: Final = [
    name for name in PRODUCT if not is_within(name, "core.ports", "core.store")
]


@cache
def roles() -> Mapping[str, Port]:
    """The ports, and what their users make of several."""
    return dict(each for name in PRODUCT for each in ports_in(tree_of(MODULES[name])))


def methods_of(role: str) -> frozenset[str]:
    found = roles()[role]
    bases = (methods_of(each) for each in found.bases if each in roles())
    return found.methods.union(*bases)


# who is given what

Types = Mapping[str, str]
"""Names of parameters or fields, in their order, and their types."""


def typed(name: str, annotation: ast.expr | None) -> tuple[str, str]:
    return name, ast.unparse(annotation).removesuffix(" | None") if annotation else ""


def parameters(node: Function) -> Types:
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return dict(typed(a.arg, a.annotation) for a in every if a.arg not in "self cls")


def init_of(node: ast.ClassDef) -> Function | None:
    methods = (each for each in node.body if isinstance(each, FUNCTION))
    return next((each for each in methods if each.name == "__init__"), None)


def made_with(node: ast.ClassDef) -> Types:
    if init := init_of(node):
        return parameters(init)
    fields = (each for each in node.body if isinstance(each, ast.AnnAssign))
    return dict(typed(ast.unparse(each.target), each.annotation) for each in fields)


@cache
def receivers() -> Mapping[str, tuple[Types, ...]]:
    """What each class and function of the product is given, by its name."""
    found: dict[str, tuple[Types, ...]] = {}
    for module in PRODUCT:
        for node in ast.walk(tree_of(MODULES[module])):
            if isinstance(node, ast.ClassDef):
                found[node.name] = (*found.get(node.name, ()), made_with(node))
            elif isinstance(node, FUNCTION):
                found[node.name] = (*found.get(node.name, ()), parameters(node))
    return found


# what they do with it


def handed_to(call: ast.Call, value: ast.expr) -> frozenset[str]:
    """The methods that the receiver of *value* is given; none if it is not known."""
    words = {word.value: word.arg for word in call.keywords}
    found = set[str]()
    for types in receivers().get(ast.unparse(call.func).rpartition(".")[2], ()):
        places = dict(zip(call.args, types, strict=False))
        role = types.get(words.get(value) or places.get(value) or "", "")
        found |= methods_of(role) if role in roles() else set()
    return frozenset(found)


def reached(root: ast.AST, held: str, role: str) -> Iterator[str]:
    """The methods of *role* that *root* calls of ``held``, or hands on; all of them where
    that cannot be told."""
    for above in ast.walk(root):
        for node in ast.iter_child_nodes(above):
            value = node.value if isinstance(node, ast.keyword) else node
            if not isinstance(value, ast.expr) or not _is_named(value, held):
                continue
            if isinstance(above, ast.Attribute):
                yield above.attr
            elif isinstance(above, ast.Call) and above.func is value:
                yield "__call__"
            elif isinstance(above, ast.Call):
                yield from handed_to(above, value) or methods_of(role)
            elif not isinstance(above, NO_USE):
                yield from methods_of(role)


def _is_named(node: ast.expr, held: str) -> bool:
    is_read = isinstance(getattr(node, "ctx", None), ast.Load)
    return is_read and ast.unparse(node) == held


NO_USE: Final = (ast.Assign, ast.Tuple, ast.Compare, ast.BoolOp, ast.keyword)
"""Where it is only kept, or asked whether it is there; a keyword is a part of a call."""


class Given(NamedTuple):
    """One port in one hand."""

    to: str
    role: str
    unused: frozenset[str]


def given(tree: ast.Module) -> Iterator[Given]:
    for node in ast.walk(tree):
        if isinstance(node, FUNCTION) and node.name != "__init__":
            for name, role in parameters(node).items():
                yield from _given(node, name, role, [(node, name)])
        elif isinstance(node, ast.ClassDef):
            for name, role in made_with(node).items():
                yield from _given(node, name, role, [*places_of(node, name)])


def places_of(maker: ast.ClassDef, name: str) -> Iterator[tuple[ast.AST, str]]:
    """Where what a class is made with is found in it, and under which name."""
    init = init_of(maker)
    if init is None:
        yield maker, f"self.{name}"
        return
    yield init, name
    for node in ast.walk(init):
        if isinstance(node, ast.Assign):
            for attribute, _ in assigned(node, {name: name}):
                yield maker, f"self.{attribute}"


def _given(
    to: ast.ClassDef | Function, name: str, role: str, places: list[tuple[ast.AST, str]]
) -> Iterator[Given]:
    if role in roles():
        found = {each for root, held in places for each in reached(root, held, role)}
        yield Given(f"{to.name}({name})", role, methods_of(role) - found)


def too_wide(tree: ast.Module) -> list[str]:
    return [
        f"{each.to}: {each.role} has {sorted(each.unused)}"
        for each in given(tree)
        if len(each.unused) > A_FEW
    ]


def test_nobody_is_given_more_than_he_calls() -> None:
    found = {module: too_wide(tree_of(MODULES[module])) for module in GIVEN}

    assert {module: each for module, each in found.items() if each} == {}


def test_what_is_handed_on_counts() -> None:
    assert methods_of("OrderLists") == {"of_stock", "in_states"}
    assert len([each for name in GIVEN for each in given(tree_of(MODULES[name]))]) > 200


@pytest.mark.parametrize(
    "source",
    [
        "def f(orders: Orders): return orders.by_ref(1)",
        "def f(orders: Orders | None): return orders and orders.by_ref(1)",
        "class A:\n orders: Orders\n def m(self): return self.orders.by_ref(1)",
        "class A:\n m: MarketData\n def c(self): return charts(self.m, 1)",
        "class A:\n m: MarketData\n def c(self): return charts(1, market=self.m)",
        """
class A:
    def __init__(self, o: Orders): self._o, self._p = o, 1
    def m(self): return self._o.by_ref(1)
""",
    ],
)
def test_a_port_that_is_too_wide_is_seen(source: str) -> None:
    assert len(too_wide(ast.parse(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def f(orders: OrderLists): return orders.in_states(1)",
        "def f(orders: Orders): return elsewhere(orders)",
        "class A:\n m: BarSource\n def c(self): return charts(self.m, 1)",
    ],
)
def test_a_port_that_fits_or_goes_elsewhere_is_in_order(source: str) -> None:
    assert too_wide(ast.parse(source)) == []
