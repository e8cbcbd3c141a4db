"""What the product defines, the product uses: what only a test calls is dead code.

A function, class or constant of a module is used where another part of the module names
it, or another module imports it; a method or field, where anything has its name. Not
asked of the sandboxes, which are there for tests.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from tests.source_tree import FUNCTION, MODULES, is_within, tree_of


LEFT_OUT: Final = ("core.sandbox", "bot.sandbox", "core.store.migrations")

PRODUCT: Final = {
    name: path for name, path in MODULES.items() if not is_within(name, *LEFT_OUT)
}

CALLED_FROM_OUTSIDE: Final = {
    "_build_client",  # python-telegram-bot
    "emit",  # logging.Handler
    "extract_cookies",  # httpx
    "get_next_fire_time",  # APScheduler's trigger
    "handle_data",  # html.parser
    "model_config",  # pydantic, as the next
    "_fit_together",
}
"""What a library calls or reads by its name."""


def imported_from(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names that a file uses of other modules, and the module of each."""
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                yield node.module, each.name
                modules[each.asname or each.name] = f"{node.module}.{each.name}"
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in modules:
                yield modules[name], attr
            case _:
                pass


@cache
def imported() -> Mapping[str, set[str]]:
    found = defaultdict[str, set[str]](set)
    for path in MODULES.values():
        for module, name in imported_from(tree_of(path)):
            found[module].add(name)
    return found


def defined(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """What a module defines at its top, and by which statement."""
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name, node
            case _:
                pass


def read_in(node: ast.AST) -> Iterator[str]:
    """Names and attributes that are read, and strings that could be one."""
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name, ctx=ast.Load()):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Load()):
                yield name
            case ast.Constant(value=str(text)) if text.isidentifier():
                yield text
            case ast.MatchClass(kwd_attrs=names):
                yield from names
            case _:
                pass


def unused_at_the_top(tree: ast.Module, used_elsewhere: set[str]) -> Iterator[str]:
    read = [(statement, {*read_in(statement)}) for statement in tree.body]
    for name, made_by in defined(tree):
        here = (names for statement, names in read if statement is not made_by)
        if not (name in used_elsewhere or name.startswith("__") or name_in(name, here)):
            yield name


def name_in(name: str, several: Iterable[set[str]]) -> bool:
    return any(name in names for names in several)


def members(tree: ast.Module) -> Iterator[str]:
    """The methods and fields of the classes of a module."""
    for made in ast.walk(tree):
        for node in made.body if isinstance(made, ast.ClassDef) else ():
            if isinstance(node, FUNCTION):
                yield node.name
            elif isinstance(node, ast.AnnAssign):
                yield ast.unparse(node.target)


@cache
def read_anywhere() -> frozenset[str]:
    return frozenset(n for path in MODULES.values() for n in read_in(tree_of(path)))


def test_nothing_is_defined_that_nobody_uses() -> None:
    found = {
        f"{module}.{name}"
        for module, path in PRODUCT.items()
        for name in unused_at_the_top(tree_of(path), imported()[module])
    }

    assert found == set()


def test_no_method_and_no_field_is_there_that_nobody_reads() -> None:
    used = read_anywhere() | CALLED_FROM_OUTSIDE
    found = {
        f"{module}.{name}"
        for module, path in PRODUCT.items()
        for name in members(tree_of(path))
        if name not in used and not name.startswith("__")
    }

    assert found == set()


def test_what_nobody_uses_is_seen() -> None:
    tree = ast.parse(
        "A: Final = 1\nB = 2\ndef f(): return f()\ndef g(): return B\nclass C:\n x: int"
    )

    assert [*unused_at_the_top(tree, {"g"})] == ["A", "f", "C"]
    assert [*members(tree)] == ["x"]
    assert [*imported_from(ast.parse("from a import b\nb.c()"))] == [
        ("a", "b"),
        ("a.b", "c"),
    ]
