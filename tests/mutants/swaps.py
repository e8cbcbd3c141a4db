"""Mutants that are put into the functions of a program that is loaded already, with its
tests: each costs a fork and the tests, and no import."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import CodeType, FunctionType
from typing import Final

import pytest

from tests.mutants.trial import hurry, run_pytest


Key = tuple[str, int]
"""A function's qualified name, and its first line."""

Judge = Callable[["Loaded"], None]


class Loaded:
    """A program with its tests collected. Only a fork may try a mutant in it."""

    def __init__(
        self, session: pytest.Session, seconds: Mapping[str, float], file: str
    ) -> None:
        gc.unfreeze()  # what is frozen is not among the objects
        self._session = session
        self._items: Final = {item.nodeid: item for item in session.items}
        hurry(self._items.values(), seconds)
        self._functions: Final = list(_functions_in(file))
        gc.freeze()

    def fails_with(self, code: CodeType, *, tests: Iterable[str]) -> bool:
        """Whether any of *tests*, in their order, fails with the functions of *code*."""
        self._put(functions_of(code))
        items = [self._items[name] for name in tests]
        return any(map(self._fails, items, [*items[1:], None]))

    def _put(self, new: Mapping[Key, CodeType]) -> None:
        for each in self._functions:
            each.__code__ = new.get(_key(each.__code__), each.__code__)

    def _fails(self, item: pytest.Item, following: pytest.Item | None) -> bool:
        hook = item.config.hook
        hook.pytest_runtest_protocol(item=item, nextitem=following)
        return self._session.testsfailed > 0


def _functions_in(file: str) -> Iterator[FunctionType]:
    path = str(Path(file).resolve())
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == path:
            yield each


def with_all_loaded(file: str, seconds: Mapping[str, float], judge: Judge) -> None:
    """Collect the tests that *seconds* names, and have *judge* try the mutants of *file*.
    Raises RuntimeError where that did not come to its end."""
    files = dict.fromkeys(name.partition("::")[0] for name in seconds)
    with redirect_stdout(StringIO()) as told:
        code = run_pytest(file, files, _InsteadOfTheTests(file, seconds, judge))
    if code != pytest.ExitCode.OK:
        raise RuntimeError(told.getvalue())


class _InsteadOfTheTests:
    def __init__(self, file: str, seconds: Mapping[str, float], judge: Judge) -> None:
        self._file = file
        self._seconds = seconds
        self._judge = judge

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._judge(Loaded(session, self._seconds, self._file))
        return True


def can_be_put(code: CodeType, into: CodeType) -> bool:
    """Whether each function of *code* needs as many variables of what is around it as
    before: Python swaps no others."""
    before, after = functions_of(into), functions_of(code)
    return all(
        len(after[key].co_freevars) == len(each.co_freevars)
        for key, each in before.items()
        if key in after
    )


def functions_of(code: CodeType) -> Mapping[Key, CodeType]:
    """Those of a module, its classes, and inside of other functions; not two lambdas of
    one line, which nothing tells apart."""
    found = list(_inside(code))
    times = Counter(map(_key, found))
    return {_key(each): each for each in found if times[_key(each)] == 1}


def _inside(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _inside(each)


def _key(code: CodeType) -> Key:
    return code.co_qualname, code.co_firstlineno
