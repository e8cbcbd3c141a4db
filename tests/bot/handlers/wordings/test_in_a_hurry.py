"""What an owner in a hurry types: letters for words, other orders of words, signs around
them. An order is never guessed: where the stock or the amount is not said, it is asked for."""

import pytest

from tests.bot.handlers.wordings.test_newcomers import found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # a part, or a number, in words
        ("sell two thirds of macv", "sell macv 2 thirds"),
        ("sell three quarters of macv", "sell macv 3 quarters"),
        ("buy a share of aapl", "buy aapl 1"),
        ("get me one share of aapl", "buy aapl 1"),
        ("sell a share of macv", "sell macv 1"),
        ("buy half a share of aapl", "buy aapl half"),
        ("buy as much aapl as possible", "buy aapl max"),
        ("buy max aapl", "buy aapl max"),
        # signs around a stock
        ("sell half of macv\N{RIGHT SINGLE QUOTATION MARK}s shares", "sell macv half"),
        (
            "buy \N{LEFT SINGLE QUOTATION MARK}aapl\N{RIGHT SINGLE QUOTATION MARK} 10",
            "buy aapl 10",
        ),
        # a cashtag is a stock
        ("/buy $KO 5", "buy $KO 5"),
        ("buy 5 $ko", "buy $ko 5"),
        ("buy $500 of $ko", "buy $ko $500"),
        ("buy $ko $500", "buy $ko $500"),
        ("sell half of my $ko", "sell $ko half"),
        ("buy $MAX 5", "buy $MAX 5"),
        ("sell $ko and $aapl", "apart"),
        # nothing that says which
        ("buy now", "buy"),
        ("buy the same again", "buy"),
        ("sell the losers", "sell"),
        ("sell my worst", "sell"),
        ("sell everything but macv", "sell"),
        ("sell all except macv", "sell"),
        ("keep macv sell the rest", "sell"),
        # exits, and no order of another stock's
        ("raise my macv stop to 5", "exits"),
        ("set macv target 12", "exits"),
        ("trailing stop macv 3%", "exits macv trail 3%"),
        ("trailing stop of 3% on macv", "exits macv trail 3%"),
        ("add a 5% stop to macv", "exits macv stop 5%"),
        ("cancel stop macv", "exits macv none"),
        ("cancel macv stop", "exits"),
        ("cancel my stops", "exits"),
        # taken back
        ("undo that", "cancel"),
        ("undo last order", "cancel"),
        ("take it back", "cancel"),
        # letters for words
        ("what did u buy", "orders"),
        ("wat did i sell", "orders"),
        ("what r u holding", "positions"),
        ("did my buy go thru", "orders"),
        ("r u there", "status"),
        ("whats macv at", "quote macv"),
        ("mkt open?", "status"),
        # typed decisions
        ("yes pls", "yes or no"),
        ("no pls", "yes or no"),
        ("yep", "yes or no"),
        ("nope", "yes or no"),
        ("yeah buy both", "yes or no"),
        # how it is
        ("how am I doing overall", "pnl"),
        ("hows it going", "status"),
        ("is my data live", "status"),
        ("is it delayed", "status"),
        ("any problems", "status"),
        ("anything wrong?", "status"),
        ("best stocks today", "scan"),
        # settings, and what runs by itself
        ("whats my limit", "settings"),
        ("what are my limits", "settings"),
        ("trade 20 shares", "settings shares 20"),
        ("turn reports off", "schedule"),
        ("scan twice a day", "schedule"),
        ("add mom as viewer", "people"),
        ("shh", "mute"),
        ("again", ""),
    ],
)
def test_what_is_typed_in_a_hurry_finds_what_is_meant(text: str, wanted: str) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize("text", ["buy NOW", "buy NOW 10", "sell now", "buy BUT 5"])
def test_a_stock_in_capitals_is_that_stock(text: str) -> None:
    name, *arguments = found(text).split()
    assert name in {"buy", "sell"}
    assert set(arguments) <= set(text.split()[1:])
    assert arguments or text.islower()
