"""The day's profit at a gateway is the gateway's own."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.flows.research.snapshots import quotes_of
from core.model.evidence import ChargeMessage, charged_trades
from core.model.market import ConId, Side
from core.model.order import OrderRef
from core.rules.reporting import marked
from core.sandbox.market.shapes import Shape
from tests.builders import ACCOUNT, MONDAY, a_fill, a_fill_message, some_names
from tests.harness.connection import STOCKS, BothEnds, both_ends
from tests.harness.waiting import until


pytestmark = pytest.mark.attack(20)

STOCK = STOCKS[0]
STILL = Shape(on=MONDAY, open=12.00, last=12.00, prior_open=3.9, prior_close=4.00)
"""It opened far above its close, and stands there."""


async def trade(ends: BothEnds, side: Side, shares: int) -> None:
    order = ends.order(STOCK, side=side, shares=shares)
    ends.broker.place(replace(order, ref=OrderRef(f"{order.ref}{side}{shares}")))
    await ends.received(ChargeMessage)


@pytest.mark.parametrize(
    ("trades", "held"),
    [
        ([(Side.BUY, 100)], 100),
        ([(Side.BUY, 100), (Side.BUY, 50)], 150),
        ([(Side.BUY, 100), (Side.SELL, 40)], 60),
        ([(Side.SELL, 30)], -30),
    ],
)
async def test_it_is_what_the_gateway_counts(
    trades: list[tuple[Side, int]], held: int
) -> None:
    async with both_ends() as ends:
        ends.server.set_override(STOCK.symbol, STILL)
        for side, shares in trades:
            await trade(ends, side, shares)
        await until(lambda: [p.shares for p in ends.broker.positions() or ()] == [held])
        quotes = await quotes_of(ends.market, [STOCK], within=2)
        listed = await ends.broker.trades()
        [position] = ends.broker.positions() or ()
        now = ends.server.clock.now()
        theirs = ends.server.gateway.exchange.pnl(ACCOUNT, now, STOCK.con_id).daily

    ours = marked(position, quotes[STOCK.con_id], listed)
    assert ours.prior_close == Decimal("4.0")
    assert ours.day_profit is not None
    assert abs(ours.day_profit - Decimal(repr(theirs))) < 1
    assert abs(ours.day_profit) < 10  # and not 800


def test_a_trade_of_anybodys_under_two_ids_counts_once() -> None:
    first = a_fill_message(fill=a_fill(exec_id="aa.01.01", cumulative=100))
    again = a_fill_message(fill=a_fill(exec_id="bb.01.01", cumulative=100))
    other = a_fill_message(fill=again.fill, names=some_names(perm_id=7))

    listed = charged_trades([first, again, other], [])

    assert [each.names for each in listed] == [first.names, other.names]


def test_legs_and_allocations_of_one_order_are_trades_of_their_own() -> None:
    leg = a_fill_message(fill=a_fill(exec_id="aa.01.01", cumulative=100))
    other_leg = replace(
        leg, fill=a_fill(exec_id="bb.01.01", cumulative=100), con_id=ConId(7)
    )
    other_account = replace(
        leg, fill=a_fill(exec_id="cc.01.01", cumulative=100), account="DU7654321"
    )

    assert len(charged_trades([leg, other_leg, other_account], [])) == 3
