"""What a new owner may write, and what each gets: the table of docs/chat.md is this one."""

from typing import Final

import pytest

from bot.handlers.commands import COMMANDS
from bot.handlers.said import Meant, NotClear, is_panic, meant
from tests.source_tree import ROOT


PAGE: Final = ROOT / "docs" / "chat.md"
NAMED: Final = {command.name: command.line for command in COMMANDS}

REQUESTS: Final = (
    *("/buy AAPL 10", "buy 10 aapl", "/settings", "/mute", "quiet please", "stop"),
    *("sell all", "why this pick?", "/positon", "status", "sell macv half"),
    *("show my portfolio", "balance", "what did I make", "profit", "/chart AAPL"),
    *("quote aapl", "cancel macv", "/cancle all", "pause", "continue", "find gainers"),
    *("/schedule", "/people", "logs", "who can see this?", "version", "xyzzy"),
)
"""28 of them, as they were tried."""

PANIC: Final = "stops all, cancels, then asks whether to sell all"
UNKNOWN: Final = "the nearest three, and /help"


def gets(request: str) -> tuple[str, str]:
    """The command that *request* finds, and what that does."""
    if is_panic(request):
        return "/panic", PANIC
    match meant(request, NAMED):
        case Meant(name=name, behind=behind):
            return " ".join((f"/{name}", *behind)), NAMED[name]
        case NotClear(nearest=nearest):
            return ", ".join(f"/{name}" for name in nearest) or "none", UNKNOWN


def table() -> str:
    rows = [
        "| You write | It finds | Which does |",
        "|---|---|---|",
        *(
            f"| {request} | `{found}` | {does} |"
            for request in REQUESTS
            for found, does in (gets(request),)
        ),
    ]
    return "\n".join(rows)


def test_there_are_28_requests() -> None:
    assert len(set(REQUESTS)) == 28


def test_the_page_has_what_each_request_gets() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), f"it should be:\n{table()}"


@pytest.mark.parametrize("request_", REQUESTS[:-1])
def test_each_request_finds_something(request_: str) -> None:
    found, _ = gets(request_)

    assert found != "none"


@pytest.mark.parametrize("name", NAMED)
def test_the_line_of_each_command_fits_the_menu(name: str) -> None:
    assert len(NAMED[name]) <= 40
