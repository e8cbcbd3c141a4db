"""What the pages cite is there: files, folders, tests, functions, settings, links."""

import re
from pathlib import Path
from typing import Final

import pytest

from bot.handlers.commands import COMMANDS
from core.settings.settings import Settings
from tests.docs.pages import PAGES, mentioned
from tests.source_tree import ROOT, python_files


FOLDERS: Final = ("core", "bot", "tests", "docs")
PATH: Final = re.compile(r"^(?:core|bot|tests|docs)(?:/[\w.-]+)+/?$")
NAME: Final = re.compile(r"^[a-z]+(?:_[a-z0-9]+)+$")
LINK: Final = re.compile(r"\]\(([^)#\s:]*)(?:#([\w-]+))?\)")
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
SETTING: Final = re.compile(r"OPENBELL_[A-Z_]+[A-Z]\b")
FENCED: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
OF_OTHERS: Final = {"mem_limit"}  # Docker's

each_page: Final = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def is_there(cited: str) -> bool:
    """A file, a folder, or a module without its ending."""
    path = ROOT / cited
    return path.exists() or path.with_suffix(".py").exists()


def anchors(page: Path) -> set[str]:
    """The anchors of *page*'s headings, as GitHub makes them."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(text)
    }


@each_page
def test_every_file_that_is_cited_is_there(page: Path) -> None:
    words = [word for told in mentioned(page) for word in told.split()]
    cited = {word for word in words if PATH.match(word)}

    assert {each for each in cited if not is_there(each)} == set()


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for file, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / file).resolve() if file else page

        assert target.exists(), file
        assert not anchor or anchor in anchors(target), f"{file}#{anchor}"


def test_every_function_and_test_that_is_cited_is_in_the_source() -> None:
    source = "\n".join(p.read_text(encoding="utf-8") for p in python_files(*FOLDERS))
    known = {*re.findall(r"\w+", source), *OF_OTHERS}
    told = {
        word.removeprefix("openbell_") for page in PAGES for word in mentioned(page)
    }
    cited = {word for word in told if NAME.match(word)}

    assert len(cited) > 10
    assert cited - known == set()


@each_page
def test_every_setting_that_is_cited_is_one(page: Path) -> None:
    known = {f"OPENBELL_{name.upper()}" for name in Settings.model_fields}
    cited = set(SETTING.findall(page.read_text(encoding="utf-8")))

    assert {
        each for each in cited - known if not any(k.startswith(each) for k in known)
    } == set()


def test_the_architecture_has_every_folder_of_the_product() -> None:
    told = set(mentioned(ROOT / "docs" / "architecture.md"))
    folders = {path.parent.relative_to(ROOT) for path in python_files("core", "bot")}
    packages = {
        path.as_posix() for path in folders if len(path.parts) == len(("core", "x"))
    }

    assert len(packages) > 20
    assert packages - told == set()


def test_every_command_of_the_menu_is_explained() -> None:
    table = (ROOT / "docs" / "chat.md").read_text(encoding="utf-8")
    rows = {
        name
        for line in table.splitlines()
        if line.startswith("|")
        for name in re.findall(r"`/(\w+)", line.split("|")[1])
    }

    assert {command.name for command in COMMANDS} <= rows
