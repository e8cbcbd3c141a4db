"""The rules of the repository that no linter knows. Borders: test_borders.py; shape:
test_shape.py."""

import ast
import re
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.source_tree import (
    MODULES,
    PRODUCT,
    ROOT,
    name_of,
    python_files,
    tree_of,
)


LONGEST: Final = 350
"""Lines of a file that one still reads as a whole."""

TOP: Final = {
    *("pyproject.toml", "bot", "core", "tests", ".env.example", "README.md"),
    *("Makefile", "requirements.lock", "requirements-dev.lock"),
    *(
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "LICENSE",
        "MANIFEST.in",
        "docs",
        ".ci",
        ".github",
        ".gitignore",
    ),
}
CLOCKS: Final = {"core/clock.py", "core/sandbox/clock.py"}
TIME_OF_DAY: Final = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime"),
}
READERS: Final = {
    ("bot/loop_watchdog.py", "time"),  # measures the loop from outside, by a thread
    ("bot/simulated/loop.py", "time"),  # how fast simulated time passes
    ("core/chance.py", "secrets"),
    ("core/chance.py", "random"),  # draws from a seed that it is given
    ("core/clock.py", "time"),  # how much time has passed, sleep included
    ("core/sandbox/latency.py", "random"),  # draws from a seed that it is given
}
"""Who imports a clock or a source of chance. All others are given theirs by
``bot.machine``, or ask the running loop for its seconds."""

CLOCKS_AND_CHANCE: Final = {"time", "random", "secrets", "uuid", "timeit"}
"""Modules of the standard library that read a clock or draw by chance."""

SYSTEM_S: Final = {"os.urandom", "os.getrandom", "os.times"}
"""The same, from a module that does much else."""

NEVER_IN_THE_BOT: Final = {
    *("pandas", "matplotlib", "exchange_calendars", "aiohttp", "scipy"),
    *("core.sandbox", "bot.sandbox", "bot.demo", "bot.simulated"),
}
"""What would cost a running bot 100 MB, or is none of the product."""


# importing does nothing


def watched_import(*modules: str, cwd: Path) -> list[str]:
    """What a fresh interpreter does, besides, when it imports *modules*."""
    watch = str(ROOT / "tests" / "import_watch.py")
    told = subprocess.run(  # noqa: S603  our own words
        [sys.executable, watch, *modules],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


def test_importing_any_module_does_nothing_besides() -> None:
    assert watched_import(*MODULES, cwd=ROOT) == []


@pytest.mark.parametrize(
    ("misdeed", "event"),
    [
        ("import socket; socket.socket()", "socket"),
        ("import threading; threading.Thread(target=print).start()", "starts a thread"),
        ("import asyncio; asyncio.new_event_loop()", "socket"),
        ("import os; os.environ.get('OPENBELL_ACCOUNT')", "reads OPENBELL_ACCOUNT"),
        ("open('a', 'w').close()", "open"),
        ("from pathlib import Path; Path('data').mkdir()", "os.mkdir"),
        (
            "import subprocess, sys; subprocess.run([sys.executable, '-V'])",
            "subprocess",
        ),
        ("import sqlite3; sqlite3.connect(':memory:')", "sqlite3"),
    ],
)
def test_the_watch_over_imports_sees_every_misdeed(
    tmp_path: Path, misdeed: str, event: str
) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "culprit.py").write_text(f"{misdeed}\n")

    deeds = watched_import("bot.culprit", cwd=tmp_path)

    assert any(f"culprit.py: {event}" in deed for deed in deeds)


def test_a_running_bot_loads_nothing_that_only_its_child_processes_need() -> None:
    code = "import sys, bot.__main__, bot.app, bot.run; print(*sys.modules, sep='\\n')"
    told = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = set(told.stdout.split())
    assert "ib_async" in loaded
    assert not loaded & NEVER_IN_THE_BOT


# what a module may say


def calls_in(path: Path) -> set[str]:
    """Every ``a.b`` of a call ``x.a.b()``, and what is imported from ``time``."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            found.add(".".join(ast.unparse(node.func).split(".")[-2:]))
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            found |= {f"time.{alias.name}" for alias in node.names}
    return found


def test_only_the_clocks_read_the_time_of_day() -> None:
    readers = [p for p in python_files(*PRODUCT) if calls_in(p) & TIME_OF_DAY]

    assert {name_of(path) for path in readers} == CLOCKS


def modules_named_in(path: Path) -> set[str]:
    """Every module that is imported there, wherever the import stands."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_time_and_chance_come_through_one_seam() -> None:
    readers = {
        (name_of(path), module)
        for path in python_files(*PRODUCT)
        for module in modules_named_in(path) & CLOCKS_AND_CHANCE
    }
    system_s = [p for p in python_files(*PRODUCT) if calls_in(p) & SYSTEM_S]

    assert readers == READERS
    assert [name_of(path) for path in system_s] == []


def caught_in(path: Path) -> Iterator[str]:
    """What is caught there, and where."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            for kind in kinds:
                yield ast.unparse(kind) if kind else "everything"


def test_nobody_catches_whatever_comes() -> None:
    caught = {
        (name_of(path), kind)
        for path in python_files(*PRODUCT)
        for kind in caught_in(path)
    }

    assert len(caught) > 50
    whatever = {"everything", "Exception", "BaseException"}
    assert [each for each in sorted(caught) if each[1] in whatever] == []


EXEMPTION: Final = re.compile(r"# ?(noqa|type: ?ignore)")
REASONED: Final = re.compile(
    r"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*  \S|# type: ignore\[[\w, -]+\]  # \S"
)


def exemptions_in(path: Path) -> list[str]:
    if not EXEMPTION.search(path.read_text(encoding="utf-8")):
        return []  # to take it apart would cost more
    with path.open("rb") as file:
        words = [token.string for token in tokenize.tokenize(file.readline)]
    return [word for word in words if EXEMPTION.match(word)]


def test_every_exemption_names_its_rule_and_gives_a_reason() -> None:
    exemptions = [
        (name_of(path), exemption)
        for path in python_files(*PRODUCT, "tests")
        for exemption in exemptions_in(path)
    ]

    assert len(exemptions) > 50
    assert [each for each in exemptions if not REASONED.match(each[1])] == []


# the shape of the files


def test_packages_say_nothing() -> None:
    packages = [p for p in python_files(*PRODUCT, "tests") if p.name == "__init__.py"]

    assert packages
    assert [name_of(path) for path in packages if path.stat().st_size] == []


def test_no_file_is_too_long_to_be_read() -> None:
    code = [
        p
        for room in PRODUCT
        for end in ("py", "js")
        for p in (ROOT / room).rglob(f"*.{end}")
    ]
    long = [
        p for p in code if len(p.read_text(encoding="utf-8").splitlines()) > LONGEST
    ]

    assert [name_of(path) for path in long] == []


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project, as the repository has it."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    listed = subprocess.run(  # noqa: S603  our own words
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return tuple(path for path in paths if path.is_file())


def test_the_top_level_is_fixed() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP


# what no file may say


def told_by_all(pattern: str) -> dict[str, list[str]]:
    """Where *pattern* is found in the project, and what it found."""
    finder = re.compile(pattern)
    found: dict[str, list[str]] = {}
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        if hits := [match.group(1) for match in finder.finditer(text)]:
            found[name_of(path)] = hits
    return found


HOMES: Final = r"(?<![\w.~$}/-])(/(?:work|root|opt|home|Users|mnt)/\w+)"
SOURCES: Final = (
    r"((?:index-url|trusted-host|find-links)[ =]+\w+:?//\S+"
    r"|//[\w.-]*(?:artifactory|nexus|registry|mirror|pypi|pythonhosted)[\w.-]*)"
)


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    assert told_by_all(HOMES) == {}


def test_no_file_names_where_packages_came_from() -> None:
    assert told_by_all(SOURCES) == {}


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        (HOMES, ["", "home", "sam", "openbell"]),
        (HOMES, ['"', "Users", 'sam"']),
        (SOURCES, ["https:", "", "pypi.example.org", "simple"]),
        (SOURCES, ["--index-url https:", "", "packages.example.org"]),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: str, parts: list[str]) -> None:
    assert re.search(pattern, "/".join(parts))


def test_every_token_is_visibly_nobodys() -> None:
    bots = told_by_all(r"\b(\d{6,12}):[A-Za-z0-9_-]{30,}")

    numbers = {number for found in bots.values() for number in found}
    assert "4242424242" in numbers  # the sandbox's: the pattern finds what it should
    assert [n for n in numbers - {"4242424242"} if not "1234567890".startswith(n)] == []


def test_every_account_is_visibly_nobodys() -> None:
    accounts = told_by_all(r"\b(?:DU|DF|DI|U|F|I)(\d{5,10})\b")

    numbers = {number for found in accounts.values() for number in found}
    assert numbers == {"1234567", "7654321", "0000000"}
