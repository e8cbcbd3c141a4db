"""Words without a slash, other words and misspelt ones find their command."""

import pytest

from bot.handlers.commands import COMMANDS
from bot.handlers.panic_words import is_panic
from bot.handlers.text_commands import Meant, NotClear, meant, stock_alone
from bot.handlers.urgency import STOP_OR_HALT
from bot.handlers.wordings.amounts import figures
from bot.sandbox.phone import Phone
from tests.bot.handlers.scripted import ScriptedEngine


NAMES = (*(command.name for command in COMMANDS), "buy")

REQUESTS = {
    "/positon": ("positions", ()),
    "positions": ("positions", ()),
    "Status?": ("status", ()),
    "show my portfolio": ("positions", ()),
    "holdings": ("positions", ()),
    "balance": ("account", ()),
    "/acount": ("account", ()),
    "sell macv half": ("sell", ("macv", "half")),
    "sell half macv": ("sell", ("macv", "half")),
    "sell 25% of MACV": ("sell", ("MACV", "25%")),
    "buy 10 aapl": ("buy", ("aapl", "10")),
    "buy 5 brk.b": ("buy", ("brk.b", "5")),
    "buy aapl $500": ("buy", ("aapl", "$500")),
    "buy aapl @ market": ("buy", ("aapl",)),
    "buy 10 aapl at the market price": ("buy", ("aapl", "10")),
    "cancel macv": ("cancel", ("macv",)),
    "/cancle all": ("cancel", ("all",)),
    "pause": ("halt", ()),
    "please continue": ("resume", ()),
    "find gainers": ("scan", ("gainers",)),
    "/skan": ("scan", ()),
    "profit": ("pnl", ()),
    "history qrvx": ("history", ("qrvx",)),
    "hello": ("start", ()),
    "panik": ("panic", ()),
    "download": ("export", ()),
    "help scan": ("help", ("scan",)),
    "alive?": ("status", ()),
    "results": ("score", ()),
    "/repotr": ("report", ()),
    "orders": ("orders", ()),
    "what did I make": ("pnl", ()),
    "what do I hold?": ("positions", ()),
    "how much is it worth": ("account", ()),
    "what can you do": ("help", ()),
    "is everything ready?": ("status", ()),
    "why this pick?": ("why", ()),
}
"""What a new user may write, and the command with the words behind it."""


@pytest.mark.parametrize(("text", "found"), REQUESTS.items())
def test_a_request_finds_its_command(
    text: str, found: tuple[str, tuple[str, ...]]
) -> None:
    understood = meant(text, NAMES)

    assert isinstance(understood, Meant)
    assert (understood.name, understood.arguments) == found


@pytest.mark.parametrize(
    "text",
    [
        "what halt",
        "who panics",
        "how to sell all of it",
        "what now",
        "is it",
        "when cancel",
    ],
)
def test_a_question_never_acts(text: str) -> None:
    found = meant(text, NAMES)
    acting = {c.name for c in COMMANDS if not c.looks}
    assert isinstance(found, NotClear) or found.name not in acting


@pytest.mark.parametrize(
    "text", ["", None, "   ", "please", "???", "\N{ROCKET}", "xyzzy", "ok", "thanks"]
)
def test_what_means_nothing_is_not_guessed(text: str | None) -> None:
    assert isinstance(meant(text, NAMES), NotClear)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("aapl", "AAPL"),
        ("brk.b", "BRK.B"),
        ("show macv", "MACV"),
        ("macv pls", "MACV"),
        ("show all", ""),
        ("sell macv", ""),
        ("thanks", ""),
        ("f", ""),
    ],
)
def test_a_word_alone_may_be_a_stock(text: str, symbol: str) -> None:
    assert stock_alone(text) == symbol


def test_the_nearest_are_suggested_and_three_at_most() -> None:
    found = meant("/posts", NAMES)
    assert isinstance(found, NotClear)
    assert "positions" in found.nearest
    assert len(found.nearest) <= 3


@pytest.mark.parametrize("text", ["remove it", "delete that", "drop this"])
def test_what_is_to_go_is_not_near_to_orders_that_leave(text: str) -> None:
    """ "Remove it" suggested /resume first."""
    assert meant(text, NAMES) == NotClear(nearest=("cancel", "exits", "schedule"))


def test_a_command_that_is_not_there_is_not_meant() -> None:
    assert isinstance(meant("buy 10 aapl", ("scan", "help")), NotClear)


@pytest.mark.parametrize(
    "text",
    [
        *("stop", "STOP!", "/stop", "Panic", "sell all", "sell everything!!"),
        *("stop it", "please sell all", "/sell all now", "sell all my shares"),
    ],
)
def test_panic_words_always_work(text: str) -> None:
    assert is_panic(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "\uff33\uff34\uff2f\uff30",
            "\uff53\uff45\uff4c\uff4c \uff41\uff4c\uff4c\uff01",
        ),
        *(
            "s\u200btop",
            "st\u00adop",
            "sell\u00a0all",
            "\U0001d42c\U0001d42d\U0001d428\U0001d429",
        ),
        *("S.T.O.P.", "s t o p", "stop\n\nsell all"),
        *(
            "omg sell all",
            "oh my god sell everything",
            "quick, sell all",
        ),
        *("sell them all", "sell all of them", "close out everything"),
        *("cancel and sell everything", "liquidate my account", "dump my portfolio"),
    ],
)
def test_panic_words_work_in_any_writing_and_behind_an_exclamation(text: str) -> None:
    assert is_panic(text)


MAY_BE_PANIC = (
    *(
        "\u0441\u0442\u043e\u043f",
        "\u0421\u0422\u041e\u041f!",
        "alto",
        "basta",
        "arr\u00eate",
        "arret",
        "anhalten",
    ),
    *("alles verkaufen", "verkaufe alles", "vende todo", "tout vendre", "vendi tutto"),
    *(
        "\u505c\u6b62",
        "\u5168\u90e8\u5356\u51fa",
        "\u6b62\u3081\u3066",
        "\u062a\u0648\u0642\u0641",
    ),
    *("\u26d4", "\u270b", "\U0001f6a8\U0001f6a8"),
    *("pull the plug", "mayday", "shut it down", "turn it off", "bail out", "go flat"),
    *(
        "i'm panicking",
        "end it",
        "oh no stop!!",
        "abort abort",
        "shutdown",
        "get flat now",
    ),
)
"""Stop in another language or in a figure of speech, and signs."""


@pytest.mark.parametrize("text", MAY_BE_PANIC)
def test_what_may_mean_panic_is_asked_about(text: str) -> None:
    assert meant(text, NAMES) == NotClear(nearest=STOP_OR_HALT)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\uff53\uff43\uff41\uff4e", ("scan", ())),
        ("\uff53\uff45\uff4c\uff4c macv \uff15\uff10\uff05", ("sell", ("macv", "50%"))),
        ("q\u200buote macv", ("quote", ("macv",))),
        ("quote\u00a0macv", ("quote", ("macv",))),
        ("sell 50 % of macv", ("sell", ("macv", "50%"))),
        ("sell \u00bd of macv", ("sell", ("macv", "half"))),
        ("sell 1/2 macv", ("sell", ("macv", "half"))),
        ("sell macv now", ("sell", ("macv",))),
        ("sell half macv right now", ("sell", ("macv", "half"))),
        ("sell a third of macv", ("sell", ("macv", "third"))),
        ("buy a dozen aapl", ("buy", ("aapl", "dozen"))),
        ("go long aapl", ("buy", ("aapl",))),
        ("short aapl", ("about", ())),
        ("sell short 10 aapl", ("about", ())),
        ("invest 500 in aapl", ("buy", ("aapl", "$500"))),
        ("put $500 into aapl", ("buy", ("aapl", "$500"))),
        ("get 500 dollars worth of aapl", ("buy", ("aapl", "$500"))),
        ("hows macv doing", ("quote", ("macv",))),
        ("how is macv", ("quote", ("macv",))),
        ("macv?", ("quote", ("macv",))),
        ("what are you doing", ("status", ())),
        ("what did you do", ("orders", ())),
        ("net worth", ("account", ())),
        ("equity", ("account", ())),
        ("dnd", ("mute", ())),
        ("fees", ("pnl", ())),
        ("how much did fees cost", ("pnl", ())),
        ("yesterday", ("history", ())),
    ],
)
def test_requests_of_new_users_find_their_command(
    text: str, found: tuple[str, tuple[str, ...]]
) -> None:
    understood = meant(text, NAMES)

    assert isinstance(understood, Meant)
    assert (understood.name, understood.arguments) == found


@pytest.mark.parametrize("text", ["huh?", "what?", "really?", "wow?", "ok?", "sure?"])
def test_a_word_of_doubt_is_no_stock(text: str) -> None:
    assert isinstance(meant(text, NAMES), NotClear)


@pytest.mark.parametrize(
    "text",
    [
        "stop loss?",
        "no stop",
        "no, sell all macv",
        "never sell all",
        "sell them",
        "stop them",
        "don't panic",
        "don't stop",
        "sell it",
        "sell all MACV",
        "/sell IT all",
        "/sell NOW all",
        "",
        None,
    ],
)
def test_other_words_do_not_stop_everything(text: str | None) -> None:
    assert not is_panic(text)


async def test_a_bare_word_is_answered_as_its_command(phone: Phone) -> None:
    await phone.send("show my positions")

    await phone.reads("The account holds nothing.")


async def test_what_is_near_to_nothing_gets_a_hint(phone: Phone) -> None:
    await phone.send("xyzzy")

    answer = await phone.reads("I don't know that one")
    assert "/help lists everything" in answer.text


async def test_a_near_miss_is_asked_about(phone: Phone) -> None:
    await phone.send("/posts")

    answer = await phone.reads("Did you mean")
    assert "/positions" in answer.text


async def test_help_of_one_command_has_examples(phone: Phone) -> None:
    await phone.send("/help sell")

    answer = await phone.reads("/sell QRVX half")
    assert "never more is sold than is held" in answer.text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("two hundred", ["200"]),
        ("twenty five", ["25"]),
        ("hundred", ["100"]),
        ("three thousand five hundred", ["3500"]),
        ("two thousand and fifty", ["2000", "and", "50"]),
        ("one hundred twenty five", ["125"]),
        ("two three", ["2", "3"]),
        ("ten five", ["10", "5"]),
        ("thousand", ["1000"]),
        ("500 dollars", ["$500"]),
        ("five hundred bucks", ["$500"]),
        ("50 percent", ["50%"]),
        ("a quarter", ["a", "25%"]),
        ("x10", ["10"]),
        ("10x", ["10"]),
        ("TEN 5", ["TEN", "5"]),
        ("ten", ["10"]),
        ("macv", ["macv"]),
        ("$500", ["$500"]),
        ("1,000", ["1,000"]),
    ],
)
def test_amounts_are_figures(words: str, told: list[str]) -> None:
    assert figures(words.split()) == told


@pytest.mark.parametrize(
    "text",
    [
        *("don't sell macv", "do not sell macv", "never buy aapl", "no more buying"),
        *("I would not sell all of it", "stop loss", "stops", "don't close all"),
        *("sell all MACV", "close the macv order", "exit all of macv"),
        *("stop 5%", "stop at 4.50", "Stop $2"),
    ],
)
def test_neither_a_denial_nor_a_longer_word_sells_everything(text: str) -> None:
    assert not is_panic(text)
    found = meant(text, NAMES)
    assert isinstance(found, NotClear) or found.name != "panic"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "panic over",
            "panic off",
            "panic attack",
            "emergency contact",
            "panic cancel",
        ),
        "\u043d\u0435 panic",  # "do not", in another script
    ],
)
def test_a_sentence_about_panic_stops_nothing(text: str) -> None:
    """It would cancel every stop at IB."""
    assert not is_panic(text)
    assert isinstance(meant(text, NAMES), NotClear)


@pytest.mark.parametrize(
    "text", ["continue tomorrow", "resume macv", "continue later", "unhalt at 10:00"]
)
def test_a_sentence_about_going_on_ends_no_halt(text: str) -> None:
    assert meant(text, NAMES) == NotClear(nearest=("resume",))


@pytest.mark.parametrize("text", ["resume", "resume trading", "please continue now"])
def test_a_word_for_going_on_ends_it(text: str) -> None:
    found = meant(text, NAMES)
    assert isinstance(found, Meant)
    assert found.name == "resume"


@pytest.mark.parametrize("text", ["panik now", "sos", "emergency!", "panic sell all"])
def test_a_word_for_panic_needs_no_spelling(text: str) -> None:
    found = meant(text, NAMES)
    assert isinstance(found, Meant)
    assert found.name == "panic"


@pytest.mark.parametrize(
    "text",
    [
        *("don\u2019t sell macv", "don\u2019t sell all", "I wouldn't sell macv"),
        *("can't sell macv", "cannot sell macv", "I won\u2019t buy macv"),
        *("should I sell all?", "should I sell macv?"),
    ],
)
def test_neither_a_denial_nor_a_question_acts(text: str) -> None:
    """A telephone writes its own apostrophe."""
    assert isinstance(meant(text, NAMES), NotClear)


@pytest.mark.parametrize("text", ["don't sell macv", "never buy aapl", "not now, sell"])
def test_a_denial_asks_for_nothing(text: str) -> None:
    found = meant(text, NAMES)
    assert isinstance(found, NotClear) or found.name not in {"buy", "sell"}


async def test_a_typed_yes_says_that_it_decides_nothing(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.send("Yes!")

    await phone.reads("A typed word decides nothing.")
    assert engine.asked == []
    assert engine.taps == []
