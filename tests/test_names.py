"""A question answers yes or no and changes nothing; what changes something is named by
what it does. No name is a riddle, and a class name means one thing."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest

from tests.source_tree import (
    MODULES,
    Function,
    functions,
    is_within,
    name_of,
    python_files,
    tree_of,
)


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


# words

RETIRED: Final = frozenset(
    """
    hear heard hearing hears unheard overhear ear deaf glance glimpse farewell teller
    talkative shouted cry cries bury calm crowd distrust dripped drip giant giants hush
    hushed kin likeness linger mishap nervous outlast patience perishable purse
    rival rivals rhythm suffer surgery unbent urges vitals weather wiggle witness youth
    abreast climb executioner nursery knobs penance repent pen echoes hall wanders doors
    """.split()  # noqa: SIM905  a list of words to read
)
"""Words that were names here and that a reader had to guess at. The field's term, or
what the thing does, says it at once."""

_RETIRED: Final = re.compile(
    rf"(?:(?<![a-z])(?:{'|'.join(RETIRED)})|{'|'.join(map(str.capitalize, RETIRED))})(?![a-z])"
    rf"|(?<![A-Za-z])(?:{'|'.join(map(str.upper, RETIRED))})(?![A-Za-z])"
)

ONE_MEANING: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "bar": frozenset({"Bar", "BarData", "MarketBar", "PastBar"}),
        "candidate": frozenset({"Candidate"}),
        "card": frozenset({"Card"}),
        "evidence": frozenset({"Evidence"}),
        "identity": frozenset({"Identity"}),
        "judgement": frozenset({"Judgement"}),
        "line": frozenset(
            {"Happening", "Line", "QuoteLine", "TrailLine", "UpstreamLine", "str"}
        ),
        "note": frozenset({"str"}),
        "order": frozenset({"BookOrder", "IbOrder", "OpenOrder", "Order"}),
        "plan": frozenset({"ExitPlan", "ScanPlan"}),
        "position": frozenset({"Fields", "Position"}),
        "proposal": frozenset({"Proposal"}),
        "protection": frozenset({"Protection"}),
        "quote": frozenset({"MarketQuote", "Quote"}),
        "ranking": frozenset({"Ranking"}),
        "readiness": frozenset({"Readiness"}),
        "session": frozenset(
            {
                "ClientSession",
                "Client_contra",
                "GatewaySession",
                "Session",
                "TradingSession",
            }
        ),
        "trade": frozenset({"Trade"}),
    }
)
"""The frequent nouns, and the types of what may have that name alone. A line is the one
to IB, what happens on it, a market data line or a line of text or of the audit trail; a
session is the exchange's day or, at the two ends of a socket, a client's
conversation with the gateway; Fields are the message of that name. Anything else has a
name that says what it is: ``proposal_id``, ``identity``, ``ticket``."""

THE_SAME_NOUN: Final = {"Candle", "Hello", "Position", "ScanRequest", "Side"}
"""Classes of the product and of a sandbox, which share no code: one noun in both."""


def words_of(name: str) -> set[str]:
    """``a_StatusHeard`` is three words."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def defined_in(tree: ast.Module) -> Iterator[str]:
    """What a module names: classes, functions (a test's name is a sentence), parameters,
    variables, attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield "" if name.startswith("test_") else name
            case ast.ClassDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case _:
                pass


def names_of(path: Path) -> set[str]:
    """None where no retired word stands in the text: most files need no parsing."""
    stem = path.stem.removeprefix("test_")
    text = path.read_text(encoding="utf-8")
    return {stem, *defined_in(ast.parse(text))} if _RETIRED.search(text) else {stem}


@pytest.mark.parametrize("folder", ["core", "bot", "tests"])
def test_no_name_has_a_word_that_was_retired(folder: str) -> None:
    found = {
        f"{name_of(path)}: {name}"
        for path in python_files(folder)
        for name in names_of(path)
        if words_of(name) & RETIRED
    }

    assert found == set()


def test_a_class_name_means_one_thing() -> None:
    classes = Counter(
        node.name
        for path in MODULES.values()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
    )

    assert {name for name, times in classes.items() if times > 1} == THE_SAME_NOUN


SANDBOXES: Final = ("core.sandbox", "bot.sandbox")

ALIAS: Final = re.compile(r"[A-Z]+[a-z][A-Za-z]*")
"""How the name of a type is written; constants are in capitals."""


def types_named_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The types that a module defines, with what they stand for."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name):
                yield name, "a class"
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, ast.unparse(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.AST() as value):
                yield name, ast.unparse(value)
            case _:
                pass


@pytest.mark.parametrize("in_a_sandbox", [False, True])
def test_the_name_of_a_type_means_one_thing(*, in_a_sandbox: bool) -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for module, path in MODULES.items():
        if is_within(module, *SANDBOXES) is in_a_sandbox:
            for name, meaning in types_named_in(tree_of(path)):
                meanings[name].add(meaning)

    several = {name for name in meanings if len(meanings[name]) > 1}
    assert {name for name in several if ALIAS.fullmatch(name)} == set()


def typed_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a module names with a type: arguments, attributes, and what functions return."""
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name, annotation=ast.AST() as annotation):
                yield name, ast.unparse(annotation)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                yield name, ast.unparse(annotation)
            case ast.AnnAssign(target=ast.Attribute(attr=name), annotation=annotation):
                yield name, ast.unparse(annotation)
            case ast.FunctionDef(name=name, returns=ast.AST() as annotation):
                yield name, ast.unparse(annotation)
            case ast.AsyncFunctionDef(name=name, returns=ast.AST() as annotation):
                yield name, ast.unparse(annotation)
            case _:
                pass


def other_meanings(module: str, tree: ast.Module) -> Iterator[str]:
    """A view is named by what it shows, and a hook by what it is called for."""
    is_view = is_within(module, "bot.views")
    for name, annotation in typed_names(tree):
        types = set(re.findall(r"[A-Za-z_]\w*", annotation)) - {"None", "tuple"}
        noun = ONE_MEANING.get(name.strip("_"), types)
        if (is_view and types <= {"str", "Iterator"}) or "Callable" in types:
            continue
        if not types <= noun:
            yield f"{module}.{name}: {annotation}"


def test_a_frequent_noun_has_one_meaning() -> None:
    found = [
        each
        for module, path in MODULES.items()
        for each in other_meanings(module, tree_of(path))
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(session: Identity | None): ...",
        "class A:\n    card: ProposalId",
        "def _position() -> Decimal: ...",
    ],
)
def test_another_meaning_of_a_noun_is_seen(source: str) -> None:
    assert len([*other_meanings("core.any", ast.parse(source))]) == 1


@pytest.mark.parametrize(
    "source",
    ["class StatusHeard: ...", "def f(heard): ...", "self.heard = 1", "heard, b = c"],
)
def test_a_retired_word_is_seen_wherever_it_is_named(source: str) -> None:
    names = defined_in(ast.parse(source))

    assert any("heard" in words_of(name) for name in names)
