"""Several commands in one message: each is run, or the answer says which was not."""

import pytest

from bot.handlers.commands import COMMANDS
from bot.handlers.several import several
from bot.sandbox.phone import Phone
from tests.bot.handlers.scripted import ScriptedEngine


NAMES = tuple(command.name for command in COMMANDS)
ONCE = tuple(command.name for command in COMMANDS if command.refused_when_late)


def divided(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """What is run of *text*, and what is left; None if it is no more than one command."""
    found = several(text, NAMES, once=ONCE)
    if found is None:
        return None
    return tuple(" ".join((c.name, *c.arguments)) for c in found.commands), found.left


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        *(
            (text, ("halt", "cancel all"))
            for text in (
                *("halt; cancel all", "halt and cancel all", "halt, cancel all"),
                *("halt cancel all", "/halt /cancel all", "/halt\n/cancel all"),
                *("HALT! cancel all.", "halt. cancel all orders.", "halt & cancel all"),
                *("stop trading and cancel everything", "please halt, then cancel all"),
            )
        ),
        ("cancel all, halt", ("cancel all", "halt")),
        ("cancel macv; halt", ("cancel macv", "halt")),
        ("cancel macv; stop", ("cancel macv", "panic")),
        ("cancel my orders and stop trading", ("cancel", "halt")),
        ("halt; cancel all and status", ("halt", "cancel all", "status")),
        ("status and positions", ("status", "positions")),
        ("what is up and why", ("status", "why")),
        ("quote aapl; quote msft", ("quote aapl", "quote msft")),
        ("sell all of macv; halt", ("sell macv all", "halt")),
    ],
)
def test_each_command_of_a_message_is_run(text: str, runs: tuple[str, ...]) -> None:
    assert divided(text) == (runs, ())


@pytest.mark.parametrize(
    ("text", "runs", "left"),
    [
        ("sell macv; sell ko", ("sell macv",), ("sell ko",)),
        ("cancel all; resume", ("cancel all",), ("resume",)),
        ("resume; buy 10 aapl", (), ("resume", "buy 10 aapl")),
        ("halt; xyzzy", ("halt",), ("xyzzy",)),
        ("halt; resume tomorrow", ("halt",), ("resume tomorrow",)),
        ("sell ko and halt", ("halt",), ("sell ko",)),
        ("buy 10 aapl, then halt", ("halt",), ("buy 10 aapl",)),
        ("sell half of ko and pause", ("halt",), ("sell half of ko",)),
        ("sell macv and aapl", (), ("sell macv", "sell aapl")),
        ("/sell MACV, AAPL", (), ("/sell MACV", "/sell AAPL")),
        ("buy aapl 10 and nvda 5", (), ("buy aapl 10", "buy nvda 5")),
        ("buy 10 aapl & 5 nvda", (), ("buy 10 aapl", "buy 5 nvda")),
        (
            "please sell half of macv and all of ko",
            (),
            ("sell half of macv", "sell all of ko"),
        ),
        ("close macv, ko and f", (), ("close macv", "close ko", "close f")),
    ],
)
def test_what_is_not_run_is_left(
    text: str, runs: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert divided(text) == (runs, left)


@pytest.mark.parametrize(
    "text",
    ["sell ko and don't halt", "do i sell ko and halt", "how do i sell ko and halt"],
)
def test_a_halt_that_is_not_asked_for_is_none(text: str) -> None:
    assert divided(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "halt",
            "cancel macv and aapl",
            "sell macv and hold",
            "sell macv, all of it",
            "buy 1,000 aapl",
        ),
        *("buy 10 macv, stop 5%", "exits macv stop 5% and target 10%", "buy aapl; 10"),
        *(
            "don't halt; cancel all",
            "halt; cancel all?",
            "halt; sell all",
            "stop. stop.",
        ),
        *("buy 5 aapl. thanks", "halt\nthanks", "xyzzy; plugh", "why", ""),
    ],
)
def test_what_is_one_command_is_not_divided(text: str) -> None:
    assert divided(text) is None


async def test_a_halt_and_a_cancel_in_one_message_do_both(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.send("halt; cancel all")

    await phone.reads("Nothing to cancel: no order of mine is open.")
    assert [asked.partition(" ")[0] for asked in engine.asked] == ["halt", "cancel"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("halt; xyzzy", "Not done: xyzzy."),
        ("/resume; /buy 10 aapl", "Not done: /resume; /buy 10 aapl."),
        ("sell macv and ko", "Not done: sell macv; sell ko."),
    ],
)
async def test_what_was_not_done_is_said_in_the_first_line(
    phone: Phone, text: str, first: str
) -> None:
    await phone.send(text)

    told = await phone.reads("Not done")
    assert told.text.splitlines()[0] == first
    assert "Send next" in told.text


@pytest.mark.parametrize(
    ("text", "cancels"),
    [
        ("cancel qrvx and fdmx", ["QRVX", "FDMX"]),
        ("/cancel QRVX, FDMX", ["QRVX", "FDMX"]),
        ("/cancel all qrvx orders", ["QRVX"]),
        ("/cancel all open orders", ["None"]),
        ("cancel all now", ["None"]),
    ],
)
async def test_a_cancel_is_of_each_stock_that_it_names(
    phone: Phone, engine: ScriptedEngine, text: str, cancels: list[str]
) -> None:
    await phone.send(text)

    await phone.reads("Nothing to cancel")
    assert engine.asked == [f"cancel {each}" for each in cancels]


@pytest.mark.attack(11)
@pytest.mark.parametrize(
    "text",
    ["x;" * 2000, "/buy QRVX " + "9" * 4000, "1," * 2000, "buy " + ".5" * 2000],
    ids=["parts", "digits", "commas", "points"],
)
async def test_no_message_however_odd_holds_the_bot_up(phone: Phone, text: str) -> None:
    """Every test of the bot fails when one of its steps takes longer than 100 ms."""
    await phone.send(text)

    await phone.reads("")


def test_a_halt_counts_whatever_long_story_stands_behind_it() -> None:
    found = several("halt; " + "and so on; " * 300, NAMES, once=ONCE)

    assert found is not None
    assert [each.name for each in found.commands] == ["halt"]
    assert len(found.left) <= 13


async def test_where_several_are_left_each_needs_a_message(phone: Phone) -> None:
    await phone.send("buy 10 aapl and 5 nvda")

    told = await phone.reads("Not done")
    assert "Each needs a message of its own" in told.text
    assert "Nothing was done." in told.text
    assert "buy 10 aapl" in told.text.splitlines()
