"""What the owner reads is written in bot.views, one place for each view, where a
translation would replace it; no other module of the chat has words of its own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.source_tree import ROOT, name_of, python_files, tree_of


ELSEWHERE: Final = {
    "bot/views": "here they are",
    "bot/prompt": "the prompt: setup, doctor, restore, scorecard",
    "bot/checks": "the doctor's findings, at the prompt and in /health",
    "bot/__main__.py": "the prompt's --help",
    "bot/run.py": "the prompt, before there is a chat",
    "bot/redact.py": "the prompt, before there is a chat",
    "bot/past": "the prompt: recordings",
    "bot/demo.py": "the prompt: the demo",
    "bot/sandbox": "a Telegram of our own: it has Telegram's words",
    "bot/simulated": "what the simulated owner does and reads",
    "bot/bot_api": "Telegram's words, and errors of the connection",
    "bot/outgoing/delivery.py": "Telegram's words",
    "bot/handlers/wordings": "what an owner may write",
    "bot/handlers/panic_words.py": "what an owner may write",
    "bot/handlers/wordings/amounts.py": "what an owner may write",
    "bot/handlers/noise.py": "what an owner may write",
    "bot/handlers/schedule/schedule.py": "what an owner may write: morning report",
    "bot/handlers/schedule/spoken_times.py": "what an owner may write",
    "bot/health/crash_report.py": "a file beside the log",
    "bot/health/dead_man.py": "the request that a monitor elsewhere hears",
    "bot/health/endpoint.py": "HTTP on this machine",
    "bot/health/metrics.py": "HTTP on this machine",
    "bot/health/supervisor.py": "systemd's status line",
    "bot/loop_watchdog.py": "the log",
    "bot/version.py": "the version of a checkout",
}
"""Where else words are, and whose they are."""

_PROSE: Final = re.compile(r"[A-Za-z…]{2,}[,.:;!?]? +[A-Za-z<&]|[a-z] …")
_SHOWN: Final = {
    *("answer", "toast", "button", "_button", "look_button", "InlineKeyboardButton"),
}
"""Calls whose literals are read by the owner, even a single word."""

_UNREAD: Final = re.compile(
    r"(_?log|logger)\.\w+|re\.compile|(\w+\.)?create_task|\w*Error|\w*Wrong|\w*Away|\w*Failed"
)
"""Calls whose words no owner reads in the chat: the log, patterns, names of tasks, and
errors, which a view words."""


def texts_in(node: ast.AST) -> Iterator[str]:
    """The texts for a reader in the code under *node*, each with its line."""
    for child in ast.iter_child_nodes(node):
        if _is_docstring(child) or _is_unread(child):
            continue
        yield from _texts_of(child)
        yield from texts_in(child)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_unread(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and bool(
        _UNREAD.fullmatch(ast.unparse(node.func))
    )


def _texts_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and _is_prose(node.value):
        yield f"{node.lineno}: {node.value!r}"
    elif isinstance(node, ast.Call) and _name(node.func) in _SHOWN:
        said = (a for a in node.args if isinstance(a, ast.Constant))
        yield from (f"{a.lineno}: {a.value}" for a in said if isinstance(a.value, str))


def _name(func: ast.expr) -> str:
    return ast.unparse(func).rpartition(".")[2]


def _is_prose(value: object) -> bool:
    return isinstance(value, str) and bool(_PROSE.search(value))


def is_elsewhere(path: Path) -> bool:
    return any(path.is_relative_to(ROOT / each) for each in ELSEWHERE)


def wordless() -> list[Path]:
    return [path for path in python_files("bot") if not is_elsewhere(path)]


def test_only_views_have_words_for_the_owner() -> None:
    found = {
        name_of(path): texts
        for path in wordless()
        if (texts := list(texts_in(tree_of(path))))
    }

    assert len(wordless()) > 80
    assert found == {}


@pytest.mark.parametrize("place", ELSEWHERE)
def test_no_exception_is_left_over(place: str) -> None:
    files = [p for p in python_files("bot") if p.is_relative_to(ROOT / place)]

    assert any(list(texts_in(tree_of(path))) for path in files)


@pytest.mark.parametrize(
    "code",
    [
        'await toast(tapped, "Looking at the price …")',
        'await toast(tapped, "Scanning …")',
        'return Page(text=f"There are {MOST} already.")',
        'GONE: Final = "That scan is gone."',
        'button("No", press)',
        'rows = [_button("Half", SetTo(to=To.HALF))]',
        'return f"<b>Which of them?</b> {listed}. Nothing was done yet."',
        'text = card.why if card else "There is no card yet."',
    ],
)
def test_the_search_finds_what_it_is_for(code: str) -> None:
    assert list(texts_in(ast.parse(f"async def f():\n    {code}")))


@pytest.mark.parametrize(
    "code",
    [
        '_log.error("chart not drawn: %s", failed)',
        'raise ValueError("never two at once")',
        'tasks.create_task(run(), name="poll Telegram")',
        'found: "Page | None" = None',
        'key = f"scan:{wanted.number}"',
        '"""What this is."""',
    ],
)
def test_what_no_owner_reads_is_no_text(code: str) -> None:
    assert list(texts_in(ast.parse(f"async def f():\n    {code}"))) == []
