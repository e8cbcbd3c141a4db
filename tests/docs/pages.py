"""The pages for people, and the commands that stand in them."""

import re
from pathlib import Path
from typing import Final

from tests.source_tree import ROOT


PAGES: Final = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
)

_FENCED: Final = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_SHELL: Final = frozenset({"", "sh", "console"})


def blocks(page: Path) -> list[tuple[str, str]]:
    """The fenced blocks of *page*: what each is in, and its text."""
    return _FENCED.findall(page.read_text(encoding="utf-8"))


def commands(page: Path) -> list[str]:
    """The lines of its blocks that are typed at a prompt."""
    return [
        line.strip()
        for kind, text in blocks(page)
        if kind in _SHELL
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]


def mentioned(page: Path) -> list[str]:
    """What stands in its sentences as code."""
    return _INLINE.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
