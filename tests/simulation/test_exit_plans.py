"""Exits as the auditor reads them off a card, before its Yes and afterwards."""

import pytest

from bot.views.trading.exit_news import exit_closed
from core.model.exits.news import ExitClosed
from core.model.exits.plan import NO_EXITS, ExitKind
from tests.bot.views.hands import read
from tests.builders import a_sent_order
from tests.simulation.exit_plans import (
    Distance,
    ExitPlan,
    answered,
    bare,
    claims_on,
    closed,
    none_placed,
    plans_on,
    prices_on,
)


FIVE = {"stop": Distance(part=0.05)}


@pytest.mark.parametrize(
    ("text", "plans"),
    [
        ("Exits for 200 LLNX: stop 5%?", {"LLNX": FIVE}),
        (
            "Exits for 1,200 BRK.B: trailing stop 3%, target $0.50 above?",
            {
                "BRK.B": {
                    "trailing stop": Distance(part=0.03),
                    "target": Distance(dollars=0.5),
                }
            },
        ),
        (
            "Exits for 9 KO: stop 2 ATR, sold before the next close?",
            {"KO": {"stop": Distance(), "timed exit": Distance(sessions=1)}},
        ),
        (
            "Exits for 9 KO: stop $0.50?",
            {"KO": {"stop": Distance(dollars=0.5, is_like_a_price=True)}},
        ),
        (
            "Exits for 9 KO: sold before the close of session 2?",
            {"KO": {"timed exit": Distance(sessions=2)}},
        ),
        ("Take the exits of KO off?", {"KO": {}}),
        (
            "Yes buys 100 AVLZ\nand 100 LLNX\nexits of each: stop 5%\nabout $2,774",
            {"AVLZ": FIVE, "LLNX": FIVE},
        ),
        (
            "Buy 7 KO?\nexits: stop 5% (about 78.04, $28 less)\nabout $575",
            {"KO": FIVE},
        ),
        ("Yes buys 100 AVLZ\nno exits: nothing is sold by itself", {}),
        (
            "Queue: BUY 100 KO?\nexits: stop 5%. This bot sends them once",
            {"KO": FIVE},
        ),
        (
            "Yes buys 1 KO and 2 LLNX\nKO: stop 5%; LLNX: no exits\nabout $2",
            {"KO": FIVE},
        ),
    ],
)
def test_what_a_yes_to_the_card_sets(text: str, plans: dict[str, ExitPlan]) -> None:
    assert plans_on(text) == plans


def test_an_exit_that_the_owner_has_answered_for() -> None:
    there = "Sam says it is there.\nSELL 100 LLNX. I sell none of these 100 LLNX today"
    bought = "Sam says it is there.\nBUY 100 LLNX. Buying again is always a new card"

    assert (answered(there), answered(bought)) == ("LLNX", "")


def test_an_exit_that_is_not_placed_beside_one_that_may_be_there() -> None:
    text = (
        "100 AVLZ have no target 25.20: you said it is not there.\nIf it is there after"
        " all, it and a new one might both sell. So I place none by myself today."
    )

    assert none_placed(text) == ("AVLZ", "target", 100)
    assert none_placed("100 AVLZ: target 25.20, at IB") == ("", "", 0)


def test_what_a_card_says_of_its_exits() -> None:
    text = (
        "Bought\nYes, said Sam\n100 AVLZ: stop 21.77, at IB\n"
        "1,000 KO: trailing stop 3%, cancel not confirmed\n"
        "40 KO: target 90.33, sold 40 @ 90.35\n100 LLNX: timed exit, not at IB yet"
    )

    assert [(c.shares, c.symbol, c.kind, c.words, c.sold) for c in claims_on(text)] == [
        (100, "AVLZ", "stop", "at IB", 0),
        (1000, "KO", "trailing stop", "cancel not confirmed", 0),
        (40, "KO", "target", "sold 40 @ 90.35", 40),
        (100, "LLNX", "timed exit", "not at IB yet", 0),
    ]


def test_which_stock_is_said_to_lack_an_exit() -> None:
    assert bare("KO has no exit now since 09:41 ET.") == "KO"
    assert bare("LLNX lacks an exit since 09:41 ET.") == "LLNX"
    assert bare("Bought 7 KO") == ""
    halted = "Exits of KO: stop 5%\nYes, said Sam\n\nNo exit is placed while trading"
    assert bare(halted) == "KO"
    assert bare("Exits of KO: stop 5%\nYes, said Sam\n\nThey are placed now.") == ""


@pytest.mark.parametrize(
    ("kind", "said"),
    [(ExitKind.STOP, ("QRVX", 100)), (ExitKind.TARGET, ("", 0))],
)
def test_how_many_shares_are_said_to_lack_a_closed_stop(
    kind: ExitKind, said: tuple[str, int]
) -> None:
    """Read off the product's own words, which are free to change."""
    order = a_sent_order(exit=kind)

    text = read(exit_closed(order, ExitClosed(ref=order.ref, plan=NO_EXITS)))

    assert closed(text) == said


def test_what_a_card_shows_as_the_price() -> None:
    assert prices_on("LLNX +0.62 · KO\n LLNX   4.82 ▲+14.8%", "LLNX") == (4.82,)
    assert prices_on("you hold 1, last 1,082.15", "KO") == (1082.15,)


def test_an_exit_that_ib_keeps_until_the_close_is_at_ib() -> None:
    """A preset of TWS has made it an order for one day."""
    [claim] = claims_on("493 LLNX: target 4.96, at IB, only until the next close")

    assert claim.words == "at IB"
