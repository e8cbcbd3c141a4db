"""What a new owner may write, and what each gets: the table of docs/chat.md is this one."""

from collections.abc import Sequence
from typing import Final

import pytest

from bot.handlers.commands import COMMANDS
from bot.handlers.panic_words import is_panic
from bot.handlers.schedule.spoken_times import is_timed
from bot.handlers.several import several
from bot.handlers.text_commands import Meant, NotClear, meant
from bot.handlers.urgency import STOP_OR_HALT
from bot.handlers.wordings.decisions import is_yes_or_no
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

STRANGERS: Final = (
    *("what did I buy today", "HOW MUCH MONEY DO I HAVE", "how much can I spend?"),
    *("is the market open", "When does the market close?", "market hours"),
    *("why didn't it buy", "why not ofrv?", "cancel my order", "cancel open orders"),
    *("please cancel my nvda order, thanks", "i changed my mind", "set stop 5%"),
    *("set a stop loss of 5 percent on nvda", "trail nvda by 3%", "take profit 10%"),
    *("remove my stop on ko", "sell ko at the close", "sell everything at close"),
    *("sell all at 15:55", "buy 5 of nvda", "Could you buy 5 shares of nvda please"),
    *("i want to buy 5 nvda", "get me 10 shares of nvda", "buy nvda for $500"),
    *("by 5 nvda", "buy both", "buy the first one", "buy nvda tomorrow"),
    *("close my nvda position", "get rid of ko", "sell my whole position", "sel ko"),
    *("dont sell anything", "should I sell nvda?", "mute for an hour"),
    *("no more notifications", "turn sound back on", "report at 10"),
    *("send me the report at 3 pm", "scan at 10:30", "scan every 30 minutes"),
    *("remind me before the open", "stop the reports", "show chart nvda"),
    *("whats the price of nvda", "how much is nvda right now", "did my order fill"),
    *("where is my order", "am I up or down", "how am I doing today?"),
    *("how much did I lose", "how good are your picks", "what did you pick yesterday"),
    *("top movers", "what's hot", "increase shares to 200", "use 50 shares", "config"),
    *(
        "are you working?",
        "everything ok?",
        "what's wrong?",
        "why halted",
        "any errors",
    ),
    *("what version is this", "how does this work", "add my wife", "tax report"),
    *("thank you!", "what time is it", "lol"),
)
"""And 71 that a stranger would try: polite, hurried, misspelt, with units, conditions
and times."""

PLAYED: Final = (
    *("Whats My PnL today", "$AAPL?", "HELP", "10 shares of aapl please"),
    *(
        "buy \uff11\uff10 aapl",
        "sell \u0665 macv",
        "cancel that",
        "undo",
        "cancel them",
    ),
    *("cancel all orders now", "close everything", "STOOOP", "kill all", "kill it"),
    *("turn off the morning report tomorrow", "no report tomorrow", "skip tomorrow"),
    *("when do you scan", "what are the top stocks today", "show me today's gainers"),
    *("tell me about macv", "any news on macv?", "macv news", "how many trades today"),
    *("what happened to my order", "reduce macv by half", "trim macv", "flatten macv"),
    *("buy more macv", "add to macv", "buy them both", "sell it", "quit"),
    *("move stop macv to 4.50", "what are my stops", "are you connected"),
    *("paper or live?", "is this real money", "is today a holiday", "market status"),
    *("who is watching", "who made you", "p/l", "daily report", "\U0001f64f status"),
)
"""And 45 that were played afterwards: bare words, letters held down, other digits, pronouns,
pictures."""

HURRIED: Final = (
    *("what do i own", "wat do i hold??", "whats in my account", "hows my portfolio"),
    *("sell everything in macv", "sell the rest of macv", "sell macv all of it"),
    *("i want out of macv", "get me out of macv", "um sell um half of macv"),
    *('"sell macv"', "/sell, macv, half", "buy me some aapl", "buy aapl 50 shs"),
    *("buy 1k aapl", "buy $1.5k of nvda", "buy 500$ aapl", "buy 500 € of aapl"),
    *("buy aapl for $500,50", "buy 1.000 aapl", "buy aapl 10 and nvda 5"),
    *("$500 of aapl", "stop 2,5% macv", "stop macv 2,5%", "exits macv stop 2,5%"),
    *("do i have a stop on macv", "are my stops in place", "stop buying today"),
    *("no more buying", "dont buy anything today", "halt; cancel all"),
    *("no trades today pls", "turn trading back on", "start trading again"),
    *("cancel all and sell all", "stop. sell everything!"),
    *("STOP!!! SELL ALL!!!", "pls sell all", "sel all", "sell evrything", "i want out"),
    *("stahp", "why no report?", "wheres the report??", "i got no report"),
    *(
        "report pls \U0001f64f",
        "scan \U0001f680",
        ">> status",
        "(status)",
        "status and positions",
    ),
    *("hey bot can you please show me my positions", "uh what's the price of macv"),
    *("what did i pay for macv", "is macv halted", "did we buy anything"),
    *("what happened overnight", "turn off automatic", "do it", "nevermind", "ok"),
)
"""And 60 of a hurried owner: typing mistakes, decimal commas, words as a phone hears them, several
commands in one message, signs around it."""

NEWCOMERS: Final = (
    *(
        "quote aapl and msft",
        "chart macv, ofrv",
        "/quote AAPL MSFT",
        "sell macv and ofrv",
    ),
    *("sell half of macv and all of ofrv", "buy aapl and nvda", "buy 10 aapl & 5 nvda"),
    *("aapl?", "sell half of my macv", "sell 1/2 of macv", "sell ½ macv"),
    *(
        "sell 50 % of macv",
        "sell a third of macv",
        "sell macv now",
        "sell macv if it falls",
    ),
    *(
        "buy a dozen aapl",
        "buy aapl at 150",
        "invest 500 in aapl",
        "put $500 into aapl",
    ),
    *("get 500 dollars worth of aapl", "go long aapl", "short aapl", "hows macv doing"),
    *("how's macv", "what do I own", "how am I doing", "what are you doing"),
    *("what did you do", "net worth", "equity", "fees", "how much did fees cost"),
    *("dnd", "yesterday", "\uff53\uff43\uff41\uff4e", "quote\u00a0macv"),
    *(
        "\uff53\uff54\uff4f\uff50",
        "s\u200btop",
        "S.T.O.P.",
        "sell\u00a0all",
        "stop \U0001f64f",
    ),
    *("omg sell all", "oh my god sell everything", "sell them all", "sell all of them"),
    *("close out everything", "cancel and sell everything", "liquidate my account"),
    *(
        "oh no stop",
        "стоп",
        "arr\u00eate",
        "alto",
        "basta",
        "alles verkaufen",
        "vende todo",
    ),
    *(
        "\u505c\u6b62",
        "\u26d4",
        "pull the plug",
        "shut it down",
        "turn it off",
        "i'm panicking",
    ),
)
"""And 61 of new users: several stocks at once, wide letters, letters between which nothing is
seen, cries, and stop in other languages."""

PANIC: Final = "stops all, cancels, then asks whether to sell all"
ASKED: Final = (
    "asks, with a button each: stop and cancel everything, or send nothing new"
)
NOT_DONE: Final = "not done: each needs a message of its own, which is given"
UNKNOWN: Final = "the nearest three, and /help"


SCHEDULED: Final = "not done now: put into the schedule"
EXPLAINED: Final = "explains it, and does nothing"


def does(found: Meant) -> str:
    """What its command does."""
    if found.name in {"scan", "report"} and is_timed(found.arguments):
        return SCHEDULED
    return EXPLAINED if found.name == "help" and found.arguments else NAMED[found.name]


def gets(request: str) -> tuple[str, str]:
    """The command that *request* finds, and what that does."""
    if is_panic(request):
        return "/panic", PANIC
    if found := several(request, NAMED, once=()):
        if not found.commands:
            return "none", NOT_DONE
        ran = (" ".join((f"/{each.name}", *each.arguments)) for each in found.commands)
        return "; ".join(ran), "each of them, in that order"
    match meant(request, NAMED):
        case Meant() as found_one:
            said = " ".join((f"/{found_one.name}", *found_one.arguments))
            return said, does(found_one)
        case NotClear() as unclear:
            if is_yes_or_no(request):
                return "none", "Yes and No are buttons: a typed word decides nothing"
            return "none", ASKED if unclear.nearest == STOP_OR_HALT else UNKNOWN


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
    for each in (
        table(REQUESTS),
        table(MORE),
        table(STRANGERS),
        table(PLAYED),
        table(HURRIED),
        table(NEWCOMERS),
        table(FIRST_DAYS),
        table(IN_A_HURRY),
    ):
        assert each in page, f"it should be:\n{each}"


FIRST_DAYS: Final = (
    *("how do i buy", "how do i stop this", "how do i cancel all orders"),
    *("how do i add my wife", "what happens if i tap yes", "what does spread mean"),
    *("what is a market order", "whats gtc", "how long is the offer good for"),
    *(
        "list everything you can do",
        "hilfe",
        "\u5e2e\u52a9",
        "\u0441\u0442\u0430\u0442\u0443\u0441",
    ),
    *("only macv", "not now", "no thanks", "buy all five", "\U0001f44d", "..."),
    *("scan at noon on weekdays", "scan every day at 10", "report every morning"),
    *("don't scan on fridays", "mute till tomorrow", "reset shares"),
    *("make it 10 shares", "use 500 dollars per trade", "use limit orders"),
    *("don't buy after 3pm", "set limit 1000", "exit macv", "sell halve of macv"),
    *("sell macv when it hits 30", "take profit on macv at 10%"),
    *("sell ko and buy macv", "stop loss 5% on macv", "remove viewer bob"),
    *("did you sell my ko", "how much is left", "how much did i make today"),
    *("how did last week go", "how is the market", "is my money safe"),
    *("can you trade by yourself", "who has access to my account"),
    *("give bob access", "change owner", "report an error"),
    *("sell everything at market", "turn yourself off", "can i cancel all orders"),
    *(
        "could i halt",
        "what if i halt",
        "skip",
        "explain ATR",
        "what is vwap",
        "bye",
        "buy btc",
        "apple",
        "spy",
    ),
)
"""And 60 of the first days: how to do something, words of the card, typed decisions, times,
sizes, who may look, other languages."""

IN_A_HURRY: Final = (
    *("sell two thirds of macv", "buy a share of aapl", "buy half a share of aapl"),
    *("buy max aapl", "buy now", "buy the same again", "aapl 500 dollars buy"),
    *("sell half of macv\u2019s shares", "buy \u2018aapl\u2019 10", "buy aapl ten"),
    "buy 5 $ko",
    *("sell the losers", "sell everything but macv", "keep macv sell the rest"),
    *("raise stop on macv to 5", "raise my macv stop to 5", "set macv target 12"),
    *("trailing stop macv 3%", "add a 5% stop to macv", "cancel stop macv"),
    *("cancel my stops", "undo last order", "take it back", "what did u buy"),
    *("wat did i sell", "what r u holding", "did my buy go thru", "whats macv at"),
    *("mkt open?", "is it delayed", "any problems", "how am I doing overall"),
    *("yes pls", "nope", "yeah buy both", "best stocks today", "whats my limit"),
    *("trade 20 shares", "turn reports off", "scan twice a day", "add mom as viewer"),
)
"""And 40 typed in a hurry: letters for words, parts and numbers in words, what all but one
is, exits named after their stock."""

NOTHING: Final = {
    *("xyzzy", "yes", "get out", "buy both", "buy the first one", "dont sell anything"),
    *("10 shares of aapl please", "kill it", "buy them both", "quit"),
    *("do it", "nevermind", "ok", "$500 of aapl", "sel all", "sell evrything", "stahp"),
    *("sell macv and ofrv", "sell half of macv and all of ofrv", "buy aapl and nvda"),
    *(
        "buy aapl 10 and nvda 5",
        "buy 10 aapl & 5 nvda",
        "oh no stop",
        "стоп",
        "arr\u00eate",
        "alto",
        "basta",
    ),
    *("alles verkaufen", "vende todo", "\u505c\u6b62", "\u26d4", "pull the plug"),
    *("shut it down", "turn it off", "i'm panicking", "turn yourself off"),
    *("\u0441\u0442\u0430\u0442\u0443\u0441", "only macv", "not now", "no thanks"),
    *("buy all five", "\U0001f44d", "...", "skip", "sell ko and buy macv"),
    *("can i cancel all orders", "could i halt", "what if i halt"),
    *("bye", "apple", "spy", "yes pls", "nope", "yeah buy both"),
    *("should I sell nvda?", "thank you!", "what time is it", "lol"),
}
"""What finds no command, and is not guessed."""

ASKED_FOR: Final = (
    *(*REQUESTS, *MORE, *STRANGERS, *PLAYED),
    *(*HURRIED, *NEWCOMERS, *FIRST_DAYS, *IN_A_HURRY),
)


def test_each_request_finds_something_but_what_means_nothing() -> None:
    """Of which nothing is guessed."""
    found = {request: gets(request)[0] for request in ASKED_FOR}

    assert {request for request in found if found[request] == "none"} == NOTHING


@pytest.mark.parametrize("name", NAMED)
def test_the_line_of_each_command_fits_the_menu(name: str) -> None:
    assert len(NAMED[name]) <= 40
