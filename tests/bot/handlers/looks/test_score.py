"""/score answers at once in words; a picture follows when there is a course to draw."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.sandbox.api_types import ContentKind
from bot.sandbox.phone import Phone
from core.model.errors import StoreError
from core.model.market import Side
from core.model.money import Shares
from core.model.scoring.trades import ListedHoldings, PastPick
from core.rules.scoring.past_picks import disposed
from core.rules.scoring.round_trips import trades
from tests.bot.handlers.scripted import ScriptedEngine, ScriptedResults
from tests.bot.views.scores.test_in_words import a_score
from tests.builders import FRIDAY, MONDAY, NOW, money, price
from tests.core.rules.scoring.test_round_trips import an_order_of
from tests.core.rules.scoring.test_sold_by_hand import by_hand


async def test_before_the_first_evening_there_are_only_words(phone: Phone) -> None:
    await phone.send("/score")

    answer = await phone.reads("Picks against SPY")
    assert "Nothing to show yet" in answer.text


@pytest.mark.real_time
async def test_words_come_first_and_the_picture_follows_quietly(
    phone: Phone, engine: ScriptedEngine
) -> None:
    engine.scored = a_score()

    await phone.send("/score")
    answer = await phone.reads("Picks against SPY")
    picture = await phone.reads("Picks at the close", after=answer)

    assert "34 sessions" in answer.text
    assert picture.content.kind is ContentKind.PHOTO
    assert picture.silent


def a_pick(day: int, **named: Any) -> PastPick:
    pick = PastPick(
        day=MONDAY + timedelta(days=day),
        symbol="QRVX",
        shown=Decimal("4.83"),
        bought=Shares(100),
        gain=3.1,
        best=6.0,
        worst=-2.0,
        problem=None,
    )
    return replace(pick, **named)


@pytest.mark.real_time
async def test_pnl_says_what_trading_has_brought_and_draws_the_account(
    phone: Phone, results: ScriptedResults
) -> None:
    results.known = trades(
        (
            an_order_of(Side.BUY, (100, "5.00", 0)),
            an_order_of(Side.SELL, (20, "5.50", 9), (40, "5.50", 10)),
        ),
        ((FRIDAY, money("10000")), (MONDAY, money("10028"))),
        ((FRIDAY, price("650")), (MONDAY, price("643.50"))),
    )

    await phone.send("/pnl")
    answer = await phone.reads("Profit and loss")
    picture = await phone.reads("Account value", after=answer)

    assert "today             +27.40         1" in answer.text
    assert "still open: 1 stock, bought for $200.00" in answer.text
    text = answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "$10,000 on Fri 20 Nov, $10,028 on Mon 23 Nov ▲ 0.3%" in text
    assert "SPY ▼ 1.0% against the account's ▲ 0.3%, Fri 20 Nov to Mon 23 Nov" in text
    assert picture.content.kind is ContentKind.PHOTO


async def test_pnl_names_what_is_in_no_round_trip_and_which_fees_are_missing(
    phone: Phone, results: ScriptedResults
) -> None:
    found = trades((an_order_of(Side.BUY, (100, "5.00", 0)),), ())
    results.known = replace(
        found,
        lots=(),
        elsewhere=(("QRVX", Decimal(1_100)), ("FDMX", Decimal("0.50"))),
        covered=(("GNRT", Decimal(40)),),
        untold_fees=1,
        other_fees=(("EUR", Decimal("0.92")),),
    )

    await phone.send("/pnl")
    answer = await phone.reads("Profit and loss")

    assert "fees $1.00; 0.92 EUR besides, not counted; of 1 fill not told yet" in (
        answer.text
    )
    assert (
        "Bought here and sold elsewhere, and so without a price: 1,100 QRVX, 0.5 FDMX."
        in answer.text
    )
    assert "Bought here to end a short from elsewhere: 40 GNRT." in answer.text


async def test_pnl_says_what_was_sold_by_hand_and_which_of_its_fees_are_missing(
    phone: Phone, results: ScriptedResults
) -> None:
    bought = replace(
        an_order_of(Side.BUY, (100, "5.00", 0)),
        sent_at=NOW - timedelta(minutes=1),
        position_before=Decimal(0),
    )
    results.known = trades(
        (bought,),
        (),
        others=(
            by_hand(Side.SELL, NOW + timedelta(minutes=20), "50", "5.20", fee=None),
            by_hand(Side.SELL, NOW + timedelta(minutes=21), "10", "5.80"),
        ),
    )

    await phone.send("/pnl")
    answer = await phone.reads("Profit and loss")

    assert "today             +16.40         1" in answer.text
    assert "still open: 1 stock, bought for $200.00" in answer.text
    assert "fees $2.00" in answer.text
    assert (
        "Of these, sold by hand or by another tool: 60 shares at 5.30 of QRVX.\n"
        "IB told no fee in dollars for one such sale, so none is counted."
        in answer.text
    )


async def test_pnl_before_the_first_fill(phone: Phone) -> None:
    await phone.send("/pnl")

    await phone.reads("Nothing was bought or sold here yet.")


async def test_history_names_the_picks_and_what_became_of_them(
    phone: Phone, results: ScriptedResults
) -> None:
    results.picks = (
        a_pick(1),
        a_pick(0, gain=None, problem="halted", bought=0, renamed="NEWX"),
    )

    await phone.send("/history")
    answer = await phone.reads("Past picks")

    assert "24 Nov QRVX         4.83    ▲ 3.1%" in answer.text
    assert "bought 100; \N{MINUS SIGN}2.0% to +6.0%" in answer.text
    assert "now NEWX\n  not bought; halted" in answer.text
    assert answer.text.count("  now ") == 1


async def test_history_says_who_sold_what_was_bought_and_what_is_left(
    phone: Phone, results: ScriptedResults
) -> None:
    bought = replace(
        an_order_of(Side.BUY, (100, "5.00", 0)),
        sent_at=NOW - timedelta(minutes=1),
        position_before=Decimal(0),
    )
    sold = an_order_of(Side.SELL, (20, "5.50", 9))
    in_tws = by_hand(Side.SELL, NOW + timedelta(minutes=20), "60", "5.20")
    found = trades((bought, sold), (), others=(in_tws,))
    results.picks = (a_pick(0, trips=found.trips, open=found.lots[0].shares),)

    await phone.send("/history")
    answer = await phone.reads("Past picks")

    assert (
        "  sold 20 at 5.50\n  sold 60 at 5.20, not by me\n  20 still held"
        in answer.text
    )


async def test_history_does_not_call_held_what_ib_lists_no_more(
    phone: Phone, results: ScriptedResults
) -> None:
    """Sold by hand while the bot was off: IB forgets the executions at midnight."""
    bought = replace(
        an_order_of(Side.BUY, (100, "5.00", 0)),
        sent_at=NOW - timedelta(minutes=1),
        position_before=Decimal(0),
    )
    later = NOW + timedelta(days=1)
    listed = ListedHoldings(
        account=bought.account,
        at=later,
        shares={bought.instrument.con_id: Decimal(40)},
    )
    found = disposed(trades((bought,), (), held=listed))[bought.ref]
    results.picks = (a_pick(0, open=found.open, gone=found.gone),)

    await phone.send("/history")
    answer = await phone.reads("Past picks")

    assert "  60 gone, at a price not heard\n  40 still held" in answer.text
    assert "by my own records" in answer.text  # this phone's gateway lists nothing now


async def test_history_goes_on_page_by_page_and_by_symbol(
    phone: Phone, results: ScriptedResults
) -> None:
    results.picks = tuple(a_pick(day) for day in range(15))

    await phone.send("/history $qrvx")
    first = await phone.reads("Past picks")
    await phone.send("/history QRVX 2")
    second = await phone.reads("Past picks", after=first)

    assert results.asked == [("QRVX", 0), ("QRVX", 10)]
    assert "older ones: /history QRVX 2" in first.text
    assert "older" not in second.text


@pytest.mark.parametrize("command", ["/pnl", "/history"])
async def test_records_that_cannot_be_read_are_told(
    phone: Phone, results: ScriptedResults, command: str
) -> None:
    results.problem = StoreError("disk I/O error")

    await phone.send(command)

    answer = await phone.reads("The records cannot be read now.")
    assert "No order is touched by that." in answer.text
