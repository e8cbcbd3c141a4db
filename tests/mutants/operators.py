"""What can be wrong in one place of a program: each node, and what it is turned into.

A sentence is left alone, for a test of it could only repeat it; a single word is not,
because words are what Interactive Brokers, the journal and the keyboards go by.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any, Final, TypeVar


Node = TypeVar("Node", bound=ast.AST)
Change = Callable[[Any], Iterator[ast.AST]]
"""A node of the one kind that it is for -> what may stand in its place."""

COMPARISONS: Final[Mapping[type[ast.cmpop], Sequence[type[ast.cmpop]]]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: Final[Mapping[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
TWINS: Final[Mapping[str, str]] = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
}
NO_JUDGE: Final = (ast.Compare, ast.BoolOp, ast.Constant)
"""Conditions that are changed by what they are made of."""


def _with(node: Node, **fields: object) -> Node:
    """A copy of *node* that differs in *fields*."""
    changed = copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _one_fewer(nodes: Sequence[Node]) -> Iterator[list[Node]]:
    for left_out in range(len(nodes)):
        yield [*nodes[:left_out], *nodes[left_out + 1 :]]


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for number, before in enumerate(node.ops):
        for after in COMPARISONS[type(before)]:
            ops = [*node.ops[:number], after(), *node.ops[number + 1 :]]
            yield _with(node, ops=ops)


def _both_or_either(node: ast.BoolOp) -> Iterator[ast.AST]:
    """The other word, and each part left out."""
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for values in _one_fewer(node.values):
        yield _with(node, values=values) if len(values) > 1 else values[0]


def _sign(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _arithmetic(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in ARITHMETIC:
        yield _with(node, op=ARITHMETIC[type(node.op)]())


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool():
            yield _with(node, value=not node.value)
        case int() | float():
            yield _with(node, value=node.value + 1)
        case str() as text if not any(map(str.isspace, text)):
            yield _with(node, value=f"{text}X")
        case _:
            return


def _twin(node: ast.Name) -> Iterator[ast.AST]:
    if node.id in TWINS:
        yield _with(node, id=TWINS[node.id])


def _collection(node: ast.Tuple | ast.List | ast.Set) -> Iterator[ast.AST]:
    """Each element left out."""
    if isinstance(node, ast.Set) or isinstance(node.ctx, ast.Load):
        for elts in _one_fewer(node.elts):
            if elts or not isinstance(node, ast.Set):
                yield _with(node, elts=elts)


def _mapping(node: ast.Dict) -> Iterator[ast.AST]:
    """Each entry left out."""
    for keys, values in zip(
        _one_fewer([key or node for key in node.keys]),
        _one_fewer(node.values),
        strict=True,
    ):
        yield _with(
            node, keys=[None if key is node else key for key in keys], values=values
        )


def _call(node: ast.Call) -> Iterator[ast.AST]:
    """``replace`` without one of its changes: other calls would only fail to run."""
    if isinstance(node.func, ast.Name) and node.func.id == "replace":
        for keywords in _one_fewer(node.keywords):
            yield _with(node, keywords=keywords)


def _match(node: ast.Match) -> Iterator[ast.AST]:
    """Each case left out."""
    for cases in _one_fewer(node.cases):
        if cases:
            yield _with(node, cases=cases)


def _returned(node: ast.Return) -> Iterator[ast.AST]:
    """Nothing instead of something; to go on instead of nothing."""
    match node.value:
        case None | ast.Constant(value=None):
            yield ast.Pass()
        case ast.Constant(value=bool()):
            return  # the constant is changed itself
        case _:
            yield _with(node, value=ast.Constant(value=None))


def _entered(node: ast.With) -> Iterator[ast.AST]:
    """What is inside, without the transaction around it."""
    yield ast.If(test=ast.Constant(value=True), body=node.body, orelse=[])


def _done(node: ast.stmt) -> Iterator[ast.AST]:
    """The statement is forgotten."""
    yield ast.Pass()


def _assigned(node: ast.Assign | ast.AnnAssign) -> Iterator[ast.AST]:
    """Forgotten too, where a later line could not fail for want of the name."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if isinstance(target, (ast.Attribute, ast.Subscript)):
        yield ast.Pass()


def _onwards(node: ast.Continue) -> Iterator[ast.AST]:
    yield ast.Break()


def _away(node: ast.Break) -> Iterator[ast.AST]:
    yield ast.Continue()


def negated(node: ast.expr) -> Iterator[ast.AST]:
    """For a condition of an if, a loop or a comprehension."""
    is_not = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    if not (is_not or isinstance(node, NO_JUDGE)):
        yield ast.UnaryOp(op=ast.Not(), operand=node)


CHANGES: Final[Mapping[type[ast.AST], Change]] = {
    ast.Compare: _compare,
    ast.BoolOp: _both_or_either,
    ast.UnaryOp: _sign,
    ast.BinOp: _arithmetic,
    ast.Constant: _constant,
    ast.Name: _twin,
    ast.Tuple: _collection,
    ast.List: _collection,
    ast.Set: _collection,
    ast.Dict: _mapping,
    ast.Call: _call,
    ast.Match: _match,
    ast.Return: _returned,
    ast.With: _entered,
    ast.Expr: _done,
    ast.Raise: _done,
    ast.AugAssign: _done,
    ast.Delete: _done,
    ast.Assign: _assigned,
    ast.AnnAssign: _assigned,
    ast.Continue: _onwards,
    ast.Break: _away,
}
