"""The product's own source, parsed once: for tests of its shape and its borders."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final


ROOT: Final = Path(__file__).parents[1]
PRODUCT: Final = ("core", "bot")
FUNCTION: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return dotted.removesuffix(".__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


MODULES: Final = {module_of(path): path for path in python_files(*PRODUCT)}
"""Every module of the product and of its sandboxes, by its dotted name."""


def imported_by(module: str) -> set[str]:
    """All that *module* of the product imports; see ``imported_in``."""
    return imported_in(MODULES[module])


def imported_in(path: Path) -> set[str]:
    """All that a file imports, wherever in its text: also within functions, and for
    types only. A name that is itself a module of the product counts as that module."""
    return {name for node in ast.walk(tree_of(path)) for name in names(node)}


def imported_at_once(module: str) -> set[str]:
    """The modules of the product that are imported when *module* is, or for types."""
    found: set[str] = set()
    waiting: list[ast.AST] = [tree_of(MODULES[module])]
    while waiting:
        node = waiting.pop()
        found |= names(node)
        if not isinstance(node, FUNCTION):
            waiting += ast.iter_child_nodes(node)
    return found & MODULES.keys()


def names(node: ast.AST) -> set[str]:
    """The modules that one statement imports; none if it is no import."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        within = {f"{node.module}.{alias.name}" for alias in node.names}
        return within & MODULES.keys() or {node.module}
    return set()


def is_within(module: str, *packages: str) -> bool:
    """Whether *module* is one of *packages* or inside one."""
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def functions() -> Iterator[Function]:
    """Every function and method of the product, nested ones too."""
    for path in MODULES.values():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, FUNCTION):
                yield node
