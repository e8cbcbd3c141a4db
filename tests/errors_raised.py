"""Which errors a public function raises by its source, and whether its docstring says so.

Counted are ``raise`` statements of the function, and of the private functions and methods
of its module that it calls, unless a ``try`` around them catches the error.
"""

import ast
import builtins
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from tests.source_tree import FUNCTION, MODULES, Function, tree_of


_NOT_TOLD: Final = frozenset({"NotImplementedError"})
"""What only a class that is not finished raises."""


def _parents() -> dict[str, set[str]]:
    """The base classes of every error, by name."""
    known = {
        name: {base.__name__ for base in each.__mro__}
        for name, each in vars(builtins).items()
        if isinstance(each, type) and issubclass(each, BaseException)
    }
    bases = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for path in MODULES.values()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
    }

    def line_of(name: str) -> set[str]:
        found = known.get(name, set()) | {name}
        return found.union(*(line_of(base) for base in bases.get(name, set()) - {name}))

    return {name: line_of(name) for name in known.keys() | bases.keys()}


@cache
def kinds() -> Mapping[str, set[str]]:
    """An error's own name and those of all that it is."""
    return {name: line for name, line in _parents().items() if "BaseException" in line}


@cache
def _makers() -> Mapping[str, str]:
    """Functions that return an error to raise, and which."""
    return {
        node.name: ast.unparse(node.returns)
        for path in MODULES.values()
        for node in ast.walk(tree_of(path))
        if isinstance(node, FUNCTION)
        and node.returns
        and ast.unparse(node.returns) in kinds()
    }


def _error_of(node: ast.Raise) -> str | None:
    made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    name = ast.unparse(made).rpartition(".")[2] if made else ""
    error = name if name in kinds() else _makers().get(name)
    return None if error in _NOT_TOLD else error


def _caught_by(node: ast.Try | ast.TryStar) -> set[str]:
    """The errors that its handlers name; a handler that raises again catches none."""
    named: set[str] = set()
    for handler in node.handlers:
        again = any(isinstance(n, ast.Raise) and not n.exc for n in ast.walk(handler))
        if not again:
            named |= set(
                re.findall(
                    r"\w+", ast.unparse(handler.type or ast.Name("BaseException"))
                )
            )
    return named


def _suppressed_by(node: ast.With | ast.AsyncWith) -> set[str]:
    """The errors that a ``with suppress(...)`` names."""
    calls = (ast.unparse(item.context_expr) for item in node.items)
    return {
        error
        for call in calls
        if call.startswith("suppress(")
        for error in re.findall(r"\w+", call)
    }


@dataclass(frozen=True, slots=True)
class Module:
    """A module's functions and methods by name (two of the same name count as one), and
    the errors that those say they raise which it imports."""

    functions: dict[str, list[Function]] = field(default_factory=dict)
    imported: dict[str, set[str]] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)

    def raised(self, node: ast.AST) -> set[str]:
        """The errors that leave *node*."""
        if isinstance(node, (*FUNCTION, ast.ClassDef, ast.Lambda)):
            return set()  # defined here, and run elsewhere
        if isinstance(node, ast.Raise) and (error := _error_of(node)):
            return {error}
        if isinstance(node, (ast.Try, ast.TryStar)):
            return self._raised_around(node)
        if isinstance(node, (ast.With, ast.AsyncWith)) and _suppressed_by(node):
            tried = {e for each in node.body for e in self.raised(each)}
            return {e for e in tried if not kinds()[e] & _suppressed_by(node)}
        parts = ast.iter_child_nodes(node)
        within = {e for child in parts for e in self.raised(child)}
        return within | self._raised_by_call(node)

    def _raised_around(self, node: ast.Try | ast.TryStar) -> set[str]:
        caught = _caught_by(node)
        tried = {e for each in node.body for e in self.raised(each)}
        left = {e for e in tried if not kinds()[e] & caught}
        others = (*node.handlers, *node.orelse, *node.finalbody)
        return left | {e for each in others for e in self.raised(each)}

    def _raised_by_call(self, node: ast.AST) -> set[str]:
        name = _called(node)
        if name in self.imported:
            return self.imported[name]
        return set() if name is None else self.raised_by(name)

    def raised_by(self, name: str) -> set[str]:
        """The errors that leave the functions of that name; none of one that is not
        here, or that is being looked at already, as it calls itself."""
        if name not in self.known:
            self.known[name] = set()
            called = self.functions.get(name, [])
            self.known[name] = {
                e for f in called for s in f.body for e in self.raised(s)
            }
        return self.known[name]


def _called(node: ast.AST) -> str | None:
    """The function, or the private method of the same class, that *node* calls."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name)):
            return name if name.startswith("_") else None
        case _:
            return None


def _words(node: ast.AST) -> set[str]:
    """Those of its docstring, and of one that it refers to: "as ``Broker.evidence``"."""
    assert isinstance(node, (*FUNCTION, ast.ClassDef, ast.Module))
    docstring = ast.get_docstring(node) or ""
    named = re.findall(r"\b[Aa]s `*(?:\w+\.)?(\w+)", docstring)
    return set(
        re.findall(
            r"\w+",
            " ".join((docstring, *(_docstrings().get(each, "") for each in named))),
        )
    )


@cache
def _docstrings() -> Mapping[str, str]:
    """What all functions of a name say together."""
    found: dict[str, str] = {}
    for path in MODULES.values():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, FUNCTION):
                said = ast.get_docstring(node) or ""
                found[node.name] = f"{found.get(node.name, '')} {said}"
    return found


@cache
def _of_ports() -> Mapping[str, set[str]]:
    """What the methods of ports say, by the name of the method."""
    methods = (
        each
        for path in MODULES.values()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
        and any("Protocol" in ast.unparse(base) for base in node.bases)
        for each in node.body
        if isinstance(each, FUNCTION)
    )
    found: dict[str, set[str]] = {}
    for method in methods:
        found.setdefault(method.name, set()).update(_words(method))
    return found


def _imported_by(tree: ast.Module) -> dict[str, set[str]]:
    """What each imported function of the product says it raises."""
    found = {}
    for node in tree.body:
        path = (
            MODULES.get(node.module or "") if isinstance(node, ast.ImportFrom) else None
        )
        if path is not None:
            assert isinstance(node, ast.ImportFrom)
            names = {alias.name for alias in node.names}
            for each in tree_of(path).body:
                if isinstance(each, FUNCTION) and each.name in names:
                    found[each.name] = errors_named(ast.get_docstring(each) or "")
    return found


def errors_named(docstring: str) -> set[str]:
    """The errors of which a docstring says that they are raised."""
    _, _, said = docstring.partition("Raises")
    return set(re.findall(r"\w+", said)) & kinds().keys()


def unsaid_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Public functions with an error that neither they nor their class, module or port
    names."""
    module = Module(imported=_imported_by(tree))
    for node in ast.walk(tree):
        if isinstance(node, FUNCTION):
            module.functions.setdefault(node.name, []).append(node)
    for owner in (tree, *tree.body):
        if isinstance(owner, (ast.ClassDef, ast.Module)):
            yield from _unsaid(module, owner, _words(tree) | _words(owner))


def _is_said(error: str, words: set[str]) -> bool:
    """Whether *words* have the error, one that it is a kind of, or a kind of it."""
    return bool(kinds()[error] & words) or any(
        error in kinds().get(word, ()) for word in words
    )


def _unsaid(
    module: Module, owner: ast.ClassDef | ast.Module, said: set[str]
) -> Iterator[tuple[str, str]]:
    if isinstance(owner, ast.ClassDef) and owner.name.startswith("_"):
        return
    for node in owner.body:
        if isinstance(node, FUNCTION) and not node.name.startswith("_"):
            words = said | _words(node) | _of_ports().get(node.name, set())
            raised = {e for each in node.body for e in module.raised(each)}
            yield from (
                (node.name, e) for e in sorted(raised) if not _is_said(e, words)
            )
