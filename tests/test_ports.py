"""Ports by role: who only looks is given nothing that writes.

A method whose docstring begins with "*write*" changes the journal; ``place`` and ``cancel``
send to IB. A class that calls none of them on what it holds is given a port without
them. What it hands on as a whole is not judged here: its receiver is."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

import pytest

from tests.source_tree import FUNCTION, MODULES, is_within, tree_of


SENDS: Final = frozenset({("OrderSender", "place"), ("OrderCanceller", "cancel")})
"""What reaches IB, as opposed to a *write* to the journal."""

PRODUCT: Final = [
    name for name in MODULES if not is_within(name, "core.sandbox", "bot.sandbox")
]


class Port(NamedTuple):
    """Its methods, those of them that act, and the ports it has besides."""

    methods: frozenset[str]
    acts: frozenset[str]
    bases: tuple[str, ...]


def ports_in(tree: ast.Module) -> Iterator[tuple[str, Port]]:
    for node in ast.walk(tree):
        bases = (
            [ast.unparse(b) for b in node.bases]
            if isinstance(node, ast.ClassDef)
            else []
        )
        if isinstance(node, ast.ClassDef) and "Protocol" in bases:
            methods = [each for each in node.body if isinstance(each, FUNCTION)]
            acts = {
                each.name
                for each in methods
                if "*write*" in (ast.get_docstring(each) or "")
                or (node.name, each.name) in SENDS
            }
            names = frozenset(each.name for each in methods)
            yield node.name, Port(names, frozenset(acts), tuple(bases))


@cache
def ports() -> Mapping[str, Port]:
    modules = [name for name in PRODUCT if is_within(name, "core.ports")]
    return dict(each for name in modules for each in ports_in(tree_of(MODULES[name])))


def acts_of(port: str, known: Mapping[str, Port]) -> frozenset[str]:
    found = known[port]
    return found.acts.union(*(acts_of(b, known) for b in found.bases if b in known))


def ports_held(
    maker: ast.ClassDef, known: Mapping[str, Port]
) -> Iterator[tuple[str, str]]:
    """Each attribute of an object that is a port, and which."""
    for node in maker.body:
        if isinstance(node, ast.AnnAssign):
            yield ast.unparse(node.target), ast.unparse(node.annotation)
        elif isinstance(node, FUNCTION) and node.name == "__init__":
            taken = [*node.args.args, *node.args.kwonlyargs]
            types = {a.arg: ast.unparse(a.annotation) for a in taken if a.annotation}
            for each in ast.walk(node):
                if isinstance(each, ast.Assign):
                    yield from assigned(each, types)


def assigned(node: ast.Assign, types: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    target, value = node.targets[0], node.value
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    values = value.elts if isinstance(value, ast.Tuple) else [value]
    for to, of in zip(targets, values, strict=False):
        if (
            isinstance(to, ast.Attribute)
            and isinstance(of, ast.Name)
            and of.id in types
        ):
            yield to.attr, types[of.id]


def used_of(maker: ast.ClassDef, held: str) -> set[str] | None:
    """What *maker* uses of ``self.<held>``; None if it hands it on as a whole."""
    whole, used = 0, set[str]()
    for node in ast.walk(maker):
        if isinstance(node, ast.Attribute):
            whole += ast.unparse(node) == f"self.{held}" and isinstance(
                node.ctx, ast.Load
            )
            if ast.unparse(node.value) == f"self.{held}":
                used.add(node.attr)
                whole -= 1
    return None if whole else used


def too_wide(tree: ast.Module, known: Mapping[str, Port]) -> Iterator[str]:
    for maker in ast.walk(tree):
        if not isinstance(maker, ast.ClassDef):
            continue
        for held, port in ports_held(maker, known):
            if port in known and (acts := acts_of(port, known)):
                used = used_of(maker, held)
                if used and not used & acts and "transaction" not in used:
                    yield f"{maker.name}.{held}: {port} can {sorted(acts)}"


def test_who_only_looks_is_given_nothing_that_writes() -> None:
    found = {
        f"{module}: {each}"
        for module in PRODUCT
        for each in too_wide(tree_of(MODULES[module]), ports())
    }

    assert found == set()


def test_the_ports_are_found_with_what_they_write() -> None:
    assert acts_of("Orders", ports()) == {"add", "update"}
    assert acts_of("CardAndCountedOrders", ports()) == set()
    assert {"place", "cancel"} <= acts_of("Broker", ports())


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n orders: Orders\n def m(self): return self.orders.by_ref(1)",
        """
class A:
    def __init__(self, o: Orders): self._o = o
    def m(self): return self._o.by_ref(1)
""",
    ],
)
def test_a_port_that_is_too_wide_is_seen(source: str) -> None:
    assert [*too_wide(ast.parse(source), ports())]


def test_who_writes_or_hands_on_may_have_it() -> None:
    source = (
        "class A:\n orders: Orders\n def m(self): self.orders.add(1)\n"
        "class B:\n orders: Orders\n def m(self): return A(self.orders)"
    )

    assert [*too_wide(ast.parse(source), ports())] == []


TAKE_ALL: Final = frozenset(
    {
        "bot.app",  # builds everything
        "bot.past.writing",  # writes a journal as if it had been kept
        "core.ledger.writers",  # builds what writes
        "core.ports.edges",  # what the engine is built on
    }
)
"""Who may be given the whole journal, and not one of its roles."""


def takes_all(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.arg | ast.AnnAssign)
        and node.annotation is not None
        and ast.unparse(node.annotation) in {"Store", "Journal"}
        for node in ast.walk(tree)
    )


def test_only_who_builds_is_given_the_whole_journal() -> None:
    found = {
        module
        for module in PRODUCT
        if not is_within(module, "core.store") and takes_all(tree_of(MODULES[module]))
    }

    assert found == TAKE_ALL
