"""Every seeded bug still fits the code, and every test that must catch it exists."""

import builtins
import re
from collections.abc import Iterator
from importlib import import_module
from symtable import SymbolTable, symtable
from types import ModuleType
from typing import Final

import pytest

from tests.attacks import LINES
from tests.copies import ROOT
from tests.teeth.bug import Bug
from tests.teeth.bugs import BUGS


_PART: Final = re.compile(r"(?<![\w.])([a-z_]+)\.(\w+)")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_fits_the_code_in_one_place(bug: Bug) -> None:
    assert (ROOT / bug.file).read_text().count(bug.old) == 1


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_is_a_program_that_names_only_what_is_there(bug: Bug) -> None:
    """A file that cannot be read, or ends in a NameError or for want of an attribute of a
    module, fails every test that comes by, and proves nothing."""
    if not bug.file.endswith(".py"):
        return
    text = (ROOT / bug.file).read_text().replace(bug.old, bug.new)
    module = import_module(bug.file.removesuffix(".py").replace("/", "."))

    missing = set(_looked_up(symtable(text, bug.file, "exec"))) - vars(module).keys()

    assert missing <= vars(builtins).keys()
    assert [part for part in _parts(bug.new, module) if not hasattr(*part)] == []


def _parts(text: str, module: ModuleType) -> Iterator[tuple[ModuleType, str]]:
    """What *text* names of the modules that *module* has imported."""
    for name, part in _PART.findall(text):
        if isinstance(whole := vars(module).get(name), ModuleType):
            yield whole, part


def _looked_up(table: SymbolTable) -> Iterator[str]:
    """The global names that the functions in *table* read."""
    for each in table.get_children():
        for symbol in each.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                yield symbol.get_name()
        yield from _looked_up(each)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_test_of_a_bug_exists(bug: Bug) -> None:
    file, _, test = bug.test.partition("::")

    assert f"def {test}(" in (ROOT / file).read_text()


def test_every_line_of_the_hostile_reading_has_a_bug_of_its_kind() -> None:
    assert {bug.line for bug in BUGS} >= set(LINES)


def test_there_are_enough_bugs() -> None:
    assert len(BUGS) >= 15
    assert len({bug.name for bug in BUGS}) == len(BUGS)
