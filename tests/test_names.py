"""A question answers yes or no and changes nothing; what changes something is named by
what it does."""

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.source_tree import MODULES, Function, functions


QUESTION: Final = re.compile(r"_{0,2}(is|has|can|may|was|were|are|does|must|should)_")
ANSWERS: Final = {"bool", "TypeGuard", "TypeIs"}


def questions() -> Iterator[Function]:
    return (each for each in functions() if QUESTION.match(each.name))


def changed_by(function: Function) -> list[str]:
    """The attributes that it sets."""
    return [
        ast.unparse(node)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    ]


def answer_of(function: Function) -> str:
    return ast.unparse(function.returns).partition("[")[0] if function.returns else ""


def test_a_question_answers_yes_or_no() -> None:
    assert MODULES
    others = [q.name for q in questions() if answer_of(q) not in ANSWERS]

    assert others == []


def test_a_question_changes_nothing() -> None:
    asked = list(questions())

    assert len(asked) > 50
    assert {q.name: changed_by(q) for q in asked if changed_by(q)} == {}


@pytest.mark.parametrize(
    "source",
    ["def is_new(self) -> bool:\n self.seen = True\n return True"],
)
def test_a_change_is_seen(source: str) -> None:
    [function] = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)

    assert changed_by(function) == ["self.seen"]
