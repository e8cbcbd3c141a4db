"""What docs/troubleshooting.md quotes is what the program says."""

import ast
import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES
from tests.source_tree import MODULES, ROOT, tree_of


def quoted() -> list[str]:
    """The first column of each table."""
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)


def said() -> str:
    """Every text in the source, with what is put in while it runs left out."""
    texts: list[str] = []
    for path in MODULES.values():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    str(part.value) if isinstance(part, ast.Constant) else "\0"
                    for part in node.values
                ]
                texts.append("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\1".join(texts)


@pytest.fixture(scope="module")
def all_texts() -> str:
    return said()


@pytest.mark.parametrize("words", quoted())
def test_every_message_that_is_explained_is_one(words: str, all_texts: str) -> None:
    assert words in all_texts


LINK = re.compile(r"\]\((?!https?:)([^)#]+)(#[^)]+)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_page_and_its_heading(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        found = (page.parent / target).resolve()
        assert found.exists(), target
        if anchor:
            assert anchor[1:] in headings(found), f"{target}{anchor}"


def headings(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of *page*."""
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in lines}
