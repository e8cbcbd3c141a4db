"""Single picks of earlier cards, and what became of each."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.model.market import Side
from core.model.money import Shares
from core.model.order import Order, OrderRef
from core.model.scoring.following import Horizon
from core.model.scoring.trades import PastPick
from core.rules.scoring.outcomes import ScoredScan
from core.rules.scoring.past_picks import disposed, past_picks
from core.rules.scoring.round_trips import trades
from tests.builders import MONDAY, NOW, QRVX, a_fill, a_quote, an_order, price
from tests.core.rules.scoring.test_score import a_scored_scan
from tests.core.rules.scoring.test_sold_by_hand import by_hand


def only(scored_scan: ScoredScan) -> PastPick:
    (pick,) = past_picks(scored_scan)
    return pick


def with_way(best: str, worst: str, factor: Decimal = Decimal(1)) -> ScoredScan:
    """QRVX, shown at an ask of 5.00, with the best and the worst bid on the way."""
    scored_scan = a_scored_scan("5.50", "20.00", factor=factor)
    (became,) = scored_scan.followed
    rows = tuple(
        replace(row, best=price(best), worst=price(worst)) for row in became.rows
    )
    return replace(scored_scan, followed=(replace(became, rows=rows),))


def test_a_pick_has_its_gain_after_costs_and_its_best_and_worst() -> None:
    pick = only(with_way("6.00", "4.50"))
    assert (pick.day, pick.symbol, pick.shown) == (MONDAY, QRVX.symbol, price("5.00"))
    assert pick.gain == pytest.approx((550 - 500 - 2.03083) / 500 * 100)
    assert [pick.best, pick.worst] == pytest.approx([20, -10])
    assert (pick.bought, pick.problem) == (0, None)


def test_after_a_split_the_way_is_compared_with_the_price_of_then() -> None:
    pick = only(with_way("3.00", "2.25", factor=Decimal(1) / 2))
    assert [pick.best, pick.worst] == pytest.approx([20, -10])


def test_a_pick_that_was_bought_says_how_much() -> None:
    order = an_order(instrument=QRVX, fills=(a_fill(shares=Shares(40)),))
    assert only(a_scored_scan("5.50", "20.00", orders=(order,))).bought == 40


def test_the_way_of_what_was_bought_is_measured_from_the_price_paid() -> None:
    """Shown at 5.00 and bought at 4.00: from the price shown, its gain would be greater
    than its best."""
    fill = a_fill(shares=Shares(100), price=price("4.00"))
    order = an_order(instrument=QRVX, fills=(fill,))
    pick = only(replace(with_way("6.00", "4.50"), orders=(order,)))
    assert [pick.best, pick.worst] == pytest.approx([50, 12.5])


def test_a_pick_without_a_price_says_why() -> None:
    pick = only(a_scored_scan(None, "20.00"))
    assert (pick.gain, pick.problem) == (None, "no bid in that time")


def test_a_pick_that_is_not_followed_to_the_close_yet_says_so() -> None:
    scored_scan = a_scored_scan("5.50", "20.00")
    (became,) = scored_scan.followed
    early = replace(scored_scan, followed=(replace(became, horizon=Horizon.HOUR),))
    assert only(early).problem == "not followed to the close yet"


def test_a_pick_without_a_quote_has_no_price() -> None:
    scored_scan = a_scored_scan("5.50", "20.00")
    bare = tuple(replace(row, quote=None) for row in scored_scan.recording.rows)
    recorded = replace(scored_scan, recording=replace(scored_scan.recording, rows=bare))
    assert (only(recorded).shown, only(recorded).gain) == (None, None)


def test_a_card_without_picks_has_none() -> None:
    assert list(past_picks(a_scored_scan("5", "20", picked=()))) == []


def test_a_row_is_shown_at_its_last_price_without_an_ask() -> None:
    bare = tuple(
        replace(row, quote=a_quote(ask=None, last=price("4.80")))
        for row in a_scored_scan("5", "20").recording.rows
    )
    assert only(a_scored_scan("5", "20", rows=bare)).shown == price("4.80")


def test_a_pick_that_was_renamed_since_says_its_newest_name() -> None:
    scored_scan = a_scored_scan("5.50", "20.00")
    (became,) = scored_scan.followed
    later = tuple(
        replace(
            became,
            horizon=horizon,
            until=became.until + timedelta(days=days),
            rows=tuple(replace(row, renamed=name) for row in became.rows),
        )
        for horizon, days, name in (
            (Horizon.FIVE, 7, "NEWER"),
            (Horizon.ONE, 1, "NEW"),
        )
    )
    pick = only(replace(scored_scan, followed=(became, *later)))
    assert pick.renamed == "NEWER"
    assert only(scored_scan).renamed is None


def test_a_pick_knows_what_was_sold_of_its_own_purchase() -> None:
    """Of two purchases of one stock, the first is sold first."""
    mine = bought_at(0, "PICK")
    earlier = bought_at(-1, "EARLIER")
    sale = by_hand(Side.SELL, NOW + timedelta(hours=1), "160", "5.20")
    became_of = disposed(trades((earlier, mine), (), others=(sale,)))
    (pick,) = past_picks(a_scored_scan("5", "20", orders=(mine,)), became_of)

    assert [(trip.shares, trip.purchase) for trip in pick.trips] == [
        (Decimal(60), "PICK")
    ]
    assert pick.open == 40


def bought_at(hour: int, ref: str) -> Order:
    at = NOW + timedelta(hours=hour)
    fill = a_fill(exec_id=f"{ref}.01", shares=Shares(100), price=price("5.00"), at=at)
    return an_order(
        ref=OrderRef(ref),
        sent_at=at,
        position_before=Decimal(0) if hour < 0 else Decimal(100),
        fills=(fill,),
    )
