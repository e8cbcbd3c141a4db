"""What another program did in this account is told once, and halts; what was traded by
hand is kept."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.model.fills import Trade
from core.model.identity import Names
from core.model.market import ConId, Side
from core.model.money import Shares
from core.model.news import Ghost
from tests.builders import (
    ACCOUNT,
    CLIENT_ID,
    QRVX,
    a_fill,
    a_proposal,
    a_sent_order,
    price,
)
from tests.harness.core import OWNER, Harness


def test_a_stranger_with_our_prefix_is_told_once(harness: Harness) -> None:
    others, halts = harness.others(), harness.halts()
    others.meet_ghost("tb-zzzzzzzzzz-1", "IB holds it")
    halts.resume(by=OWNER, named=halts.all())
    others.meet_ghost("tb-zzzzzzzzzz-1", "IB holds it")

    assert len(harness.news(Ghost)) == 1
    assert halts.halted is None


A_SALE = Trade(
    con_id=QRVX.con_id,
    side=Side.SELL,
    shares=Decimal(60),
    fill=a_fill(exec_id="hand.01", shares=Shares(60), price=price("11.00")),
    account=ACCOUNT,
    names=Names(ref="", client_id=0, order_id=0, perm_id=777),
)


def kept(harness: Harness, *received: Trade) -> tuple[Trade, ...]:
    """What the journal keeps after an order of ours for the stock, and *received*."""
    with harness.journal.transaction():
        harness.journal.proposals.add(a_proposal())
        harness.journal.orders.add(a_sent_order(perm_id=900, fills=(a_fill(),)))
    others = harness.others()
    for trade in received:
        others.meet_trades((trade,))
    return harness.journal.other_trades.all()


def named(**names: Any) -> Trade:
    assert A_SALE.names is not None
    return replace(A_SALE, names=replace(A_SALE.names, **names))


def revised(exec_id: str, shares: int) -> Trade:
    fill = replace(A_SALE.fill, exec_id=exec_id, shares=Shares(shares))
    return replace(A_SALE, shares=Decimal(shares), fill=fill)


def test_a_sale_by_hand_is_kept_once(harness: Harness) -> None:
    assert kept(harness, A_SALE, A_SALE) == (A_SALE,)
    lines = [line.kind for line in harness.journal.trail.lines()]
    assert lines.count("trade of another") == 1


@pytest.mark.parametrize(
    "trade",
    [
        pytest.param(named(ref=a_sent_order().ref), id="by its ref"),
        pytest.param(named(perm_id=900), id="by its permId"),
        pytest.param(named(client_id=CLIENT_ID), id="perhaps: our client id, no ref"),
        pytest.param(
            replace(A_SALE, fill=replace(A_SALE.fill, exec_id=a_fill().exec_id)),
            id="a fill of ours already",
        ),
    ],
)
def test_what_is_or_may_be_ours_is_not_kept_as_another_s(
    harness: Harness, trade: Trade
) -> None:
    assert kept(harness, trade) == ()


@pytest.mark.parametrize(
    "trade",
    [
        pytest.param(replace(A_SALE, con_id=ConId(9)), id="a stock never ordered here"),
        pytest.param(replace(A_SALE, account=""), id="no account named"),
        pytest.param(named(perm_id=0), id="no order named"),
    ],
)
def test_what_tells_too_little_or_concerns_no_trade_of_ours_is_not_kept(
    harness: Harness, trade: Trade
) -> None:
    assert kept(harness, trade) == ()


def test_another_tool_under_our_client_id_is_known_by_its_ref(harness: Harness) -> None:
    trade = named(ref="momentum-7", client_id=CLIENT_ID)
    assert kept(harness, trade) == (trade,)


def test_the_newest_correction_counts_whenever_it_comes(harness: Harness) -> None:
    second, first = revised("hand.02", 50), revised("hand.01", 60)
    assert kept(harness, first, second, first) == (second,)


def test_a_trade_that_was_taken_back_stays_so(harness: Harness) -> None:
    bust = revised("hand.02", 0)
    assert kept(harness, A_SALE, bust, A_SALE) == (bust,)


def test_a_fee_is_learned_later_and_survives_a_listing_without_it(
    harness: Harness,
) -> None:
    kept(harness, A_SALE)
    harness.others().meet_charge("hand.01", Decimal("0.35"), "USD")
    harness.others().meet_charge("hand.01", Decimal("0.35"), "USD")
    harness.others().meet_trades((A_SALE,))
    harness.others().meet_charge("unknown.01", Decimal(9), "USD")

    (trade,) = harness.journal.other_trades.all()
    assert trade.fill.commission == Decimal("0.35")
    lines = [line.kind for line in harness.journal.trail.lines()]
    assert lines.count("trade of another") == 2
