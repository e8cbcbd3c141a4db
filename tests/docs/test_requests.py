"""What a new owner may write, and what each gets: the table of docs/chat.md is this one."""

from collections.abc import Sequence
from typing import Final

import pytest

from bot.handlers.commands import COMMANDS
from bot.handlers.said import Meant, NotClear, is_panic, is_yes_or_no, meant
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

MORE: Final = (
    *("Price of macv", "MACV?", "macv chart", "aapl buy 10", "buy ten aapl"),
    *("buy 500 dollars of aapl", "get out", "Sell 50 percent of macv", "close macv"),
    *("two hundred macv sell", "BUY AAPL X10", "sell all my positions", "LIQUIDATE!"),
    *("STOP STOP STOP", "\N{OCTAGONAL SIGN}", "get me out", "stop trading"),
    *("stop loss macv 5%", "stops", "cancel everything", "any open orders?"),
    *("what's my p&l", "How is macv doing?", "is everything ok", "did it fill?"),
    *("set shares to 50", "be quiet for 2 hours", "unmute", "when is the next report"),
    *("go live", "hide keyboard", "what should I buy?", "yes", "?"),
)
"""And 34 more: other orders of words, numbers in words, as dictated, in capitals, as
pictures, in a panic."""

PANIC: Final = "stops all, cancels, then asks whether to sell all"
UNKNOWN: Final = "the nearest three, and /help"


def gets(request: str) -> tuple[str, str]:
    """The command that *request* finds, and what that does."""
    if is_panic(request):
        return "/panic", PANIC
    match meant(request, NAMED):
        case Meant(name=name, behind=behind):
            return " ".join((f"/{name}", *behind)), NAMED[name]
        case NotClear():
            if is_yes_or_no(request):
                return "none", "Yes and No are buttons: a typed word decides nothing"
            return "none", UNKNOWN


def table(requests: Sequence[str]) -> str:
    rows = [
        "| You write | It finds | Which does |",
        "|---|---|---|",
        *(
            f"| {request} | `{found}` | {does} |"
            for request in requests
            for found, does in (gets(request),)
        ),
    ]
    return "\n".join(rows)


def test_there_are_28_requests() -> None:
    assert len(set(REQUESTS)) == 28


def test_the_page_has_what_each_request_gets() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for each in (table(REQUESTS), table(MORE)):
        assert each in page, f"it should be:\n{each}"


FOUND: Final = {*REQUESTS, *MORE} - {"xyzzy", "yes", "get out"}


@pytest.mark.parametrize("request_", sorted(FOUND))
def test_each_request_finds_something(request_: str) -> None:
    found, _ = gets(request_)

    assert found != "none"


@pytest.mark.parametrize("name", NAMED)
def test_the_line_of_each_command_fits_the_menu(name: str) -> None:
    assert len(NAMED[name]) <= 40
