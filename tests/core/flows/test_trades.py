"""What was traded today is told apart from what was held since the close."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.model.evidence import LineState
from core.model.market import Side
from core.model.order import OrderState
from core.model.portfolio import Position
from core.model.scoring.trades import ListedHoldings
from core.store.scores import Scores, trades_of
from tests.builders import (
    CLOSES,
    NOW,
    OPENS,
    QRVX,
    a_fill,
    a_position,
    a_proposal,
    a_sent_order,
    money,
    price,
)
from tests.core.rules.scoring.test_score import a_scored_scan
from tests.core.rules.scoring.test_sold_by_hand import by_hand
from tests.core.store.journals import open_in, path_in
from tests.harness.core import Harness
from tests.harness.waiting import turns


pytestmark = pytest.mark.attack(20)

A_DAY_LATER = ListedHoldings(account="DU1234567", at=NOW + timedelta(days=1))

HELD = a_position(day_profit=None, prior_close=None, day_basis=None)


async def position_in_qrvx(harness: Harness) -> Position:
    (found,) = [
        each
        for each in await harness.engine.queries.positions()
        if each.instrument == QRVX
    ]
    return found


async def test_shares_bought_today_count_from_their_own_price(harness: Harness) -> None:
    async with harness.trading():
        await harness.yes()
        harness.quote(QRVX, last=price("9.68"), close=price("4.00"))
        position = await position_in_qrvx(harness)

    assert position.shares == 100
    assert position.day_profit == money("-33.00")  # with a dollar's fee
    assert position.day_basis == money("1000")
    assert position.traded_today


async def test_what_the_owner_bought_by_hand_counts_from_its_own_price(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.broker.trade_by_hand(QRVX, 50)
        harness.quote(QRVX, last=price("9.00"), close=price("4.00"))
        position = await position_in_qrvx(harness)

    assert position.day_profit == money("-50")


@pytest.mark.parametrize(
    ("ratio", "held", "last", "profit", "basis"),
    [
        ("4", "400", "2.42", "-33", "1000"),
        ("0.125", "12", "77.44", "-31.72", "960"),  # half a share is paid out
    ],
)
async def test_shares_that_were_split_after_the_purchase_count_from_its_price(
    harness: Harness, ratio: str, held: str, last: str, profit: str, basis: str
) -> None:
    """On the same day: 100 were bought at 10, and are others now."""
    async with harness.trading():
        await harness.yes()
        harness.clock.forward(minutes=5)
        was = harness.broker.held[QRVX.con_id]
        cost = price(str(Decimal("10.01") / Decimal(ratio)))
        harness.broker.held[QRVX.con_id] = replace(
            was, shares=Decimal(held), price=price(last), average_cost=cost
        )
        close = price(str(Decimal("4.00") / Decimal(ratio)))
        harness.quote(QRVX, last=price(last), close=close)
        position = await position_in_qrvx(harness)

    assert (position.day_profit, position.day_basis) == (money(profit), money(basis))


async def test_what_was_held_before_counts_from_the_previous_close(
    harness: Harness,
) -> None:
    harness.broker.held[QRVX.con_id] = HELD
    async with harness.trading():
        harness.broker.trade_by_hand(QRVX, -40)
        harness.quote(QRVX, last=price("12.00"), close=price("9.00"))
        position = await position_in_qrvx(harness)

    assert position.shares == 60
    assert position.day_profit == money("220")  # 60 x 3 + 40 x 1


async def test_what_was_bought_yesterday_counts_from_the_close(
    harness: Harness,
) -> None:
    async with harness.trading():
        await harness.yes()
        harness.clock.forward(days=1)
        for booked in harness.broker.book.values():
            booked.end_the_day()
        harness.quote(QRVX, last=price("9.68"), close=price("9.50"))
        position = await position_in_qrvx(harness)

    assert position.day_profit == money("18")
    assert not position.traded_today


@pytest.mark.parametrize(
    "at", [OPENS + timedelta(days=5), OPENS.replace(hour=6)], ids=["weekend", "01:00"]
)
async def test_without_a_session_to_count_from_no_profit_is_claimed(
    harness: Harness, at: datetime
) -> None:
    harness.broker.held[QRVX.con_id] = HELD
    harness.clock.moment = at
    async with harness.trading():
        harness.quote(QRVX, last=price("9.68"), close=price("9.50"))
        position = await position_in_qrvx(harness)

    assert (position.price, position.day_profit) == (price("9.68"), None)


async def test_executions_that_ib_does_not_list_leave_the_day_unknown(
    harness: Harness,
) -> None:
    harness.broker.held[QRVX.con_id] = HELD
    async with harness.trading():
        harness.quote(QRVX, last=price("9.68"), close=price("9.50"))
        harness.freeze()
        position = await position_in_qrvx(harness)

    assert (position.day_profit, position.traded_today) == (None, False)


async def test_a_fill_in_another_account_is_not_of_this_one(harness: Harness) -> None:
    with harness.journal.transaction():
        harness.journal.proposals.add(a_proposal(account="DU7654321"))
        harness.journal.orders.add(
            a_sent_order(
                account="DU7654321",
                state=OrderState.FILLED,
                perm_id=900,
                fills=(a_fill(at=NOW),),
            )
        )
    async with harness.trading():
        harness.broker.held[QRVX.con_id] = HELD
        harness.quote(QRVX, last=price("9.68"), close=price("9.50"))
        position = await position_in_qrvx(harness)

    assert position.day_profit == money("18")


async def test_what_was_bought_here_and_sold_by_hand_is_not_open_any_more(
    harness: Harness,
) -> None:
    """/pnl called it "still open" for ever, and sold it again with the next sale."""
    async with harness.trading():
        await harness.yes()
        harness.broker.trade_by_hand(QRVX, -100)
        harness.clock.forward(seconds=3_600)
        await turns()
        listed = harness.engine.queries.shares_listed()
        found = trades_of(path_in(harness.directory), listed)

    assert found.elsewhere == (("QRVX", Decimal(100)),)
    assert QRVX not in {lot.instrument for lot in found.lots}


async def test_without_a_line_nothing_is_known_of_what_is_held(
    harness: Harness,
) -> None:
    async with harness.trading():
        await harness.yes()
        harness.broker.go(LineState.DOWN, "gone")
        listed = harness.engine.queries.shares_listed()

    assert (listed.account, listed.shares) == ("DU1234567", None)


async def test_what_a_pass_hears_of_a_sale_by_hand_is_matched_at_its_price(
    harness: Harness,
) -> None:
    async with harness.trading():
        await harness.yes()
        harness.broker.trade_by_hand(QRVX, -60)
        harness.engine.resumed_after_pause()
        await turns()
        harness.clock.forward(seconds=3_600)
        listed = harness.engine.queries.shares_listed()
        found = trades_of(path_in(harness.directory), listed)

    (trip,) = found.trips
    assert (trip.instrument, trip.shares) == (QRVX, Decimal(60))
    assert trip.got == money("600")
    assert (trip.elsewhere, trip.fee_told) == (True, False)
    assert found.elsewhere == ()
    assert [lot.shares for lot in found.lots if lot.instrument == QRVX] == [40]


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(CLOSES + timedelta(minutes=5), id="after the close"),
        pytest.param(CLOSES + timedelta(hours=4, minutes=5), id="after all hours"),
    ],
)
async def test_a_sale_by_hand_is_heard_of_in_the_evening_of_its_day(
    harness: Harness, at: datetime
) -> None:
    """Between two starts there may be no other listing of it, and then IB forgets."""
    async with harness.trading():
        await harness.yes()
        harness.clock.moment = at - timedelta(seconds=1)
        harness.engine.look()
        await turns()
        harness.broker.trade_by_hand(QRVX, -60)
        harness.engine.look()
        await turns()
        before = harness.journal.other_trades.all()
        harness.clock.moment = at
        harness.engine.look()
        await turns()
        after = harness.journal.other_trades.all()
        harness.broker.by_hand.clear()  # midnight
        found = trades_of(path_in(harness.directory), A_DAY_LATER)

    assert (len(before), len(after)) == (0, 1)
    assert [trip.shares for trip in found.trips] == [Decimal(60)]


async def test_history_has_what_was_sold_by_hand_of_a_pick(tmp_path: Path) -> None:
    story = a_scored_scan("5", "20")
    card = story.recording.proposal_id
    bought = replace(
        a_sent_order(position_before=Decimal(0), fills=(a_fill(at=NOW),)),
        proposal_id=card,
        sent_at=NOW,
    )
    with open_in(tmp_path) as journal, journal.transaction():
        journal.proposals.add(a_proposal(id=card))
        journal.orders.add(bought)
        journal.recordings.add(story.recording)
        journal.recordings.follow(story.followed[0])
        journal.other_trades.put(
            by_hand(Side.SELL, NOW + timedelta(hours=1), "60", "11.00")
        )
    results = Scores(path_in(tmp_path))
    picks = await results.past_picks(A_DAY_LATER, symbol=None, skip=0, most=10)

    (sold,) = [pick for pick in picks if pick.trips]
    assert [trip.shares for trip in sold.trips] == [Decimal(60)]
    assert (sold.bought, sold.open) == (100, Decimal(40))
