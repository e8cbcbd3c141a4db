"""Every place of a program where something can be wrong, one mutant for each way."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from textwrap import shorten
from types import CodeType
from typing import Final

from tests.mutants.operators import CHANGES, negated


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One program with one thing wrong: on which line of the original, and on which
    lines the body of its function stands; None for what runs at the import."""

    line: int
    function: range | None
    was: str
    now: str
    code: CodeType

    def __str__(self) -> str:
        same = takewhile(
            lambda pair: pair[0] == pair[1], zip(self.was, self.now, strict=False)
        )
        start = max(0, sum(1 for _ in same) - 20)
        was, now = (shorten(code[start:], width=60) for code in (self.was, self.now))
        return f"{self.line}: {was}  ->  {now}"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node hangs in its tree."""

    parent: ast.AST
    field: str
    index: int | None
    function: range | None

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


Families = Mapping[str, Sequence[str]]
"""The members of each enum that a file names."""

SHAPE: Final = {"annotation", "returns", "decorator_list", "bases", "pattern", "type"}
"""Fields that say what a thing is, and not what it does."""

QUIET: Final = (ast.Import, ast.ImportFrom, ast.Assert)
"""Statements in which nothing can be wrong that a test should notice."""

CONDITIONS: Final = {"test", "ifs", "guard"}
"""Fields that decide what happens next."""


def mutants_of(source: str, *, name: str) -> Iterator[Mutant]:
    """All mutants of *source*, which is the file *name*, from top to bottom."""
    tree = ast.parse(source)
    families = _families(tree)
    for place, node in list(_places(tree)):
        was = ast.unparse(node)
        for changed in _changes(place, node, families):
            now = ast.unparse(ast.copy_location(changed, node))
            place.put(ast.fix_missing_locations(changed))
            with suppress(SyntaxError):  # no return with a value in an async generator
                code = compile(tree, name, "exec")
                yield Mutant(
                    line=_line(node),
                    function=place.function,
                    was=was,
                    now=now,
                    code=code,
                )
        place.put(node)


def _changes(place: _Place, node: ast.AST, families: Families) -> Iterator[ast.AST]:
    if type(node) in CHANGES:
        yield from CHANGES[type(node)](node)
    if place.field in CONDITIONS and isinstance(node, ast.expr):
        yield from negated(node)
    if isinstance(node, ast.Attribute) and (member := _member(node)):
        yield from _another(node, families[member[0]])


# where to look


def _places(
    node: ast.AST, function: range | None = None
) -> Iterator[tuple[_Place, ast.AST]]:
    """Every node below *node* that does something, and where it hangs."""
    for field, index, child in _children(node):
        if field in SHAPE or _is_quiet(child) or _is_word(node, child):
            continue
        within = _body(node, field) or function
        yield _Place(node, field, index, within), child
        yield from _places(child, within)


def _body(node: ast.AST, field: str) -> range | None:
    """The lines that a function runs when it is called: not its defaults."""
    if field != "body" or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    first, last = node.body[0], node.body[-1]
    return range(first.lineno, (last.end_lineno or last.lineno) + 1)


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield field, None, value
        elif isinstance(value, list):
            for index, child in enumerate(value):
                if isinstance(child, ast.AST):
                    yield field, index, child


def _is_quiet(node: ast.AST) -> bool:
    """Imports, docstrings, log lines, and the names of types."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="_log")))):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Assign(value=ast.Call(func=ast.Name(id="NewType"))):
            return True
        case ast.Assign(
            targets=[ast.Name(id=name)], value=ast.BinOp() | ast.Subscript()
        ):
            return name[0].isupper() and not name.isupper()  # Steps = Mapping[...]
        case _:
            return isinstance(node, QUIET)


def _is_word(parent: ast.AST, node: ast.AST) -> bool:
    """Whether *node* is a part of a sentence, or a member of an enum."""
    if isinstance(parent, ast.ClassDef):
        return isinstance(node, ast.Assign)
    return isinstance(parent, ast.JoinedStr) and isinstance(node, ast.Constant)


# members of an enum


def _member(node: ast.Attribute) -> tuple[str, str] | None:
    """An enum and its member, by how they are written: ``OrderState.ACKED``."""
    if isinstance(node.value, ast.Name) and node.value.id[0].isupper():
        return (node.value.id, node.attr) if node.attr.isupper() else None
    return None


def _families(tree: ast.AST) -> Families:
    named = (_member(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute))
    families: dict[str, list[str]] = {}
    for family, member in filter(None, named):
        families.setdefault(family, []).append(member)
    return {name: sorted(set(members)) for name, members in families.items()}


def _another(node: ast.Attribute, family: Sequence[str]) -> Iterator[ast.AST]:
    """The next member in the order of the alphabet, if there is another one."""
    following = family[(family.index(node.attr) + 1) % len(family)]
    if following != node.attr:
        yield ast.Attribute(value=node.value, attr=following, ctx=node.ctx)


def _line(node: ast.AST) -> int:
    return node.lineno if isinstance(node, (ast.expr, ast.stmt)) else 0
