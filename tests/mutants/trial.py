"""One run of pytest inside this process: what it ran without a mutant, or with one that
is there from the import on."""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

import pytest
from coverage import Coverage


QUICKLY: Final = (
    *("-q", "-x", "-p", "no:cacheprovider", "--capture=no"),
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),
    *(
        "-p",
        "pytest_asyncio.plugin",
        "-p",
        "pytest_timeout",
        "-p",
        "_hypothesis_pytestplugin",
    ),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
"""The first failure is enough, and nothing is looked for or swept up besides."""

COLLECTED: Final = ("test_", "conftest")
"""Modules that pytest imports in its own way."""


IMPORT: Final = ""
"""The name of what runs before any test."""


Lines = Mapping[int, frozenset[str]]
"""The tests that ran each line of a file (IMPORT if it ran before any)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A run without a mutant: seconds of each test, what ran the lines of each file, and
    the modules that were imported on the way."""

    seconds: Mapping[str, float]
    by_line: Mapping[str, Lines]
    modules: Sequence[str]


def without_mutant(files: Sequence[str], tests: Sequence[str]) -> Passed | None:
    """Run *tests* and watch *files*; None if they do not pass."""
    coverage = Coverage(data_file=None, config_file=False, include=files)
    watch = _Watch(coverage)
    coverage.start()
    code = run_pytest(files[0], tests, watch)
    coverage.stop()
    if code != pytest.ExitCode.OK:
        return None
    return Passed(
        seconds=watch.seconds,
        by_line={file: _lines_of(file, coverage) for file in files},
        modules=list(sys.modules),
    )


def _lines_of(file: str, coverage: Coverage) -> Lines:
    lines = coverage.get_data().contexts_by_lineno(str(Path(file).resolve()))
    return {line: frozenset(names) for line, names in lines.items()}


def load(modules: Sequence[str], *, but: str) -> None:
    """Import *modules* ahead: all that can be had without the file *but*."""
    nothing = _InsteadOf(but, None)
    sys.meta_path.insert(0, nothing)
    for name in modules:
        if not name.rpartition(".")[2].startswith(COLLECTED):
            with suppress(ImportError):
                import_module(name)
    sys.meta_path.remove(nothing)


def fails_with(code: CodeType, *, file: str, tests: Mapping[str, float]) -> bool:
    """Whether any of *tests*, in their order, fails with *code* in *file*'s place."""
    sys.meta_path.insert(0, _InsteadOf(file, code))
    files = dict.fromkeys(name.partition("::")[0] for name in tests)
    return run_pytest(file, files, _Only(tests)) != pytest.ExitCode.OK


def run_pytest(
    file: str, tests: Iterable[str], plugin: object
) -> int | pytest.ExitCode:
    """The directory of temporary files is used again by the next run for *file*."""
    directory = Path(file.replace("/", "-")).with_suffix(".tmp").resolve()
    return pytest.main([*QUICKLY, f"--basetemp={directory}", *tests], plugins=[plugin])


class _Watch:
    """Notes what each test runs, and how long it takes."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        began = time.monotonic()
        answer = yield
        self.seconds[item.nodeid] = time.monotonic() - began
        self._coverage.switch_context(IMPORT)
        return answer


class _Only:
    """Runs the tests that are named, in their order, and waits for none much longer than
    it took without a mutant."""

    def __init__(self, seconds: Mapping[str, float]) -> None:
        self._seconds = seconds

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        by_name = {item.nodeid: item for item in items}
        items[:] = [by_name[name] for name in self._seconds if name in by_name]
        hurry(items, self._seconds)


def hurry(items: Iterable[pytest.Item], seconds: Mapping[str, float]) -> None:
    """Have none of *items* take much longer than the *seconds* without a mutant."""
    for item in items:
        item.add_marker(pytest.mark.timeout(1 + 4 * seconds[item.nodeid]))


class _InsteadOf(MetaPathFinder, Loader):
    """Finds *code* where the module of a *file* is looked for; without any, none."""

    def __init__(self, file: str, code: CodeType | None) -> None:
        self._module = ".".join(Path(file).with_suffix("").parts)
        self._code = code

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        return spec_from_loader(fullname, self) if fullname == self._module else None

    def exec_module(self, module: ModuleType) -> None:
        if self._code is None:
            raise ImportError(self._module)
        exec(self._code, module.__dict__)  # noqa: S102  the mutant, in a fork
