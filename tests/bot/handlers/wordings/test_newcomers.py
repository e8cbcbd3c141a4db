"""What a newcomer types in the first days, and what it must find: never an order, and no
command that acts where a question, a time or a condition was meant."""

from typing import Final

import pytest

from bot.handlers.commands import COMMANDS
from bot.handlers.panic_words import is_panic
from bot.handlers.several import several
from bot.handlers.text_commands import Meant, NotClear, meant
from bot.handlers.wordings.decisions import is_yes_or_no


NAMED: Final = {command.name: command for command in COMMANDS}
ONCE: Final = frozenset(each.name for each in COMMANDS if each.refused_when_late)


def found(text: str) -> str:
    """The command and its arguments; "yes or no" for a typed one, "asks to stop" for what
    may mean /panic, "apart" where each part needs a message of its own, "" for nothing."""
    if is_panic(text):
        return "panic"
    if parts := several(text, NAMED, once=ONCE):
        return "" if parts.commands else "apart"
    match meant(text, NAMED):
        case Meant(name=name, arguments=arguments):
            return " ".join((name, *arguments))
        case NotClear(nearest=("panic", "halt", "status")):
            return "asks to stop"
        case NotClear():
            return "yes or no" if is_yes_or_no(text) else ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # how to do something is explained, and not done
        ("how do i buy", "help buy"),
        ("how can I sell half of macv?", "help sell"),
        ("how do i stop this", "help panic"),
        ("how do you cancel an order", "help cancel"),
        ("how do i add my wife", "help people"),
        ("how do i turn off the report", "help schedule"),
        ("how to set a stop loss", "help exits"),
        ("how do i resume", "help resume"),
        ("how do i get rich", "help"),
        ("list everything you can do", "help"),
        ("hilfe", "help"),
        ("ayuda", "help"),
        ("\u5e2e\u52a9", "help"),
        ("\u043f\u043e\u043c\u043e\u0449\u044c!", "help"),
        # words of the card
        ("what happens if i tap yes", "help yes"),
        ("what happens when I press no?", "help no"),
        ("what does yes do", "help yes"),
        ("what does spread mean", "help spread"),
        ("what is vwap", "help vwap"),
        ("what is a market order", "help market order"),
        ("whats gtc", "help gtc"),
        ("what's a trailing stop?", "help trailing stop"),
        ("explain ATR", "help ATR"),
        ("what is a gap", "help gap"),
        ("how long is the offer good for", "help offer"),
        ("when does the offer expire", "help offer"),
        # typed decisions
        ("only macv", "yes or no"),
        ("just the first one", "yes or no"),
        ("not now", "yes or no"),
        ("no thanks", "yes or no"),
        ("skip", "yes or no"),
        ("yes buy both!!", "yes or no"),
        ("buy all five", "yes or no"),
        ("buy all of them", "yes or no"),
        ("\U0001f44d\U0001f3fd", "yes or no"),
        ("\u2705", "yes or no"),
        ("\u274c", "yes or no"),
        # at a time, and not now
        ("scan at noon on weekdays", "scan at noon on weekdays"),
        ("report every morning", "schedule"),
        ("don't scan on fridays", "schedule"),
        ("no scans this week", "schedule"),
        # sizes and limits
        ("make it 10 shares", "settings shares 10"),
        ("only 10 shares", "settings shares 10"),
        ("10 shares each", "settings shares 10"),
        ("use 50 shares", "settings shares 50"),
        ("use 500 dollars per trade", "settings size $500"),
        ("i only want to spend $500", "settings size $500"),
        ("reset shares", "settings reset shares"),
        ("reset shares to default", "settings reset shares"),
        ("reset the max order to its default", "settings reset max order"),
        ("don't buy after 3pm", "settings no buy after 15:00"),
        ("no buying after 3:30 pm", "settings no buy after 15:30"),
        ("use limit orders", "settings order type LMT"),
        # a stock
        ("sell halve of macv", "sell macv half"),
        ("exit macv", "sell macv"),
        ("exit my macv", "sell macv"),
        ("sell macv when it hits 30", "exits macv"),
        ("sell macv if it falls to 20", "exits macv"),
        ("take profit on macv at 10%", "exits macv target 10%"),
        ("take profit at 10 percent on macv", "exits macv target 10%"),
        ("sell ko and buy macv", "apart"),
        ("sell ko then buy 10 macv", "apart"),
        ("did you sell my ko", "orders"),
        ("how much is left", "account"),
        ("how much do i have left to spend", "account"),
        # the bot, and who may use it
        ("is my money safe", "about"),
        ("can i lose money", "about"),
        ("can you trade by yourself", "about"),
        ("are you going to buy without asking", "about"),
        ("do you buy without asking?", "about"),
        ("who has access to my account", "people"),
        ("give bob access", "people"),
        ("change owner", "people"),
        ("remove bob", "people"),
        ("remove 123456", "people remove 123456"),
        ("remove my order", "cancel"),
        ("remove the report", "schedule"),
        ("remove macv stop", "exits"),
        ("my wife should see this too", "people"),
        ("how is the market", "status"),
        ("how did last week go", "pnl"),
        ("report an error", "log"),
        # somebody wants out
        ("sell everything at market", "panic"),
        ("sell all at the market price!", "panic"),
        ("turn yourself off", "asks to stop"),
        ("shut yourself down", "asks to stop"),
    ],
)
def test_what_a_newcomer_types_finds_what_he_means(text: str, wanted: str) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("how do i cancel all orders", "how do i halt", "why would i cancel all"),
        *("can i cancel all orders", "could i halt", "may i resume", "can i panic"),
        *("what if i halt", "if i halt what happens", "when do you halt"),
        *("what happens if i cancel all", "what happens if i cancel all and halt"),
    ],
)
def test_a_question_without_its_sign_halts_and_cancels_nothing(text: str) -> None:
    assert not is_panic(text)
    parts = several(text, NAMED, once=ONCE)
    acts = {each.name for each in parts.commands} if parts else set()
    understood = meant(text, NAMED)
    if isinstance(understood, Meant):
        acts.add(understood.name)
    assert not acts & {"halt", "cancel", "resume", "panic"}


@pytest.mark.parametrize(
    "text",
    [
        *("sell everything at market open", "sell all at the market close"),
        *("should i sell everything at market?", "how do i sell all"),
        *("how do i panic", "what happens if i sell all"),
    ],
)
def test_a_question_or_a_condition_is_no_cry(text: str) -> None:
    assert found(text).split()[:1] in (["help"], ["exits"], ["asks"], ["sell"], [])
    assert found(text) != "sell all"
