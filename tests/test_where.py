"""Where a module's tests are: under the same path, or on the way up from there, or where
its docstring says.

``core/rules/figures/fees.py`` is tested by ``tests/core/rules/figures/test_fees.py``. A
module without such a file is imported by a test of its folder or of one above, or by what
such a test imports; all that promises a contract, by one of tests/contracts. What is
tested from further away says "Tested by tests/..." in its docstring.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tests.source_tree import (
    MODULES,
    ROOT,
    imported_at_once,
    imported_in,
    module_of,
    python_files,
    tree_of,
)


TESTS: Final = {module_of(path): path for path in python_files("tests")}
SHARED: Final = ROOT / "tests" / "contracts"
TESTED_BY: Final = re.compile(r"Tested by (tests/[\w/]+\.py)")

STEPS: Final = "core.store.migrations.versions."
"""A new step is played by tests/core/store/test_schema.py without being named there."""


def own_test(path: Path) -> Path:
    relative = path.relative_to(ROOT)
    return ROOT / "tests" / relative.parent / f"test_{relative.stem.strip('_')}.py"


def without_its_own() -> list[str]:
    return [
        module
        for module, path in MODULES.items()
        if path.name != "__init__.py"
        and not own_test(path).exists()
        and not module.startswith(STEPS)
    ]


def folders_upwards(module: str) -> Iterator[Path]:
    """The folder of its tests and those above, up to core's or the bot's."""
    here = own_test(MODULES[module]).parent
    for folder in (here, *here.parents):
        if folder == ROOT / "tests":
            return
        if folder.exists():
            yield folder


names_in: Final = cache(imported_in)
imported_with: Final = cache(imported_at_once)


@cache
def imported_by_tests_in(folder: Path) -> frozenset[str]:
    """What its tests import, with the help of their harnesses, and what that imports."""
    waiting, seen, found = list(folder.rglob("*.py")), set[Path](), set[str]()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        named = names_in(path)
        found |= named & MODULES.keys()
        helpers = {TESTS[name] for name in named & TESTS.keys()}
        waiting += helpers - seen
    return frozenset(found.union(*map(imported_with, found)))


def named_in_docstring(module: str) -> list[str]:
    return TESTED_BY.findall(ast.get_docstring(tree_of(MODULES[module])) or "")


def is_reached(module: str) -> bool:
    folders = (*folders_upwards(module), SHARED)
    return any(module in imported_by_tests_in(folder) for folder in folders)


def test_every_module_is_tested_near_or_says_where() -> None:
    said = (each for each in without_its_own() if not named_in_docstring(each))

    assert [module for module in said if not is_reached(module)] == []


def test_every_test_that_a_docstring_names_is_there() -> None:
    named = [(each, test) for each in MODULES for test in named_in_docstring(each)]

    assert named
    assert [each for each in named if not (ROOT / each[1]).exists()] == []


def test_what_nobody_imports_is_not_reached() -> None:
    assert "bot.sandbox.commands" in MODULES
    assert not is_reached("bot.sandbox.commands")
    assert not is_reached("core.sandbox.trading.margin")
