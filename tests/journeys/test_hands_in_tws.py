"""What somebody does in TWS to orders of the bot's, or beside them: followed, and told."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.sandbox.market.universe import universe
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderTicket
from tests.harness.market import SEED
from tests.harness.product import MOST_PERCENT, ProductHarness, at, opened
from tests.journeys.test_exits import at_ib, bought, falls, protected, stand
from tests.journeys.test_sold_by_hand import sell_by_hand


def the_stop(product: ProductHarness) -> BookOrder:
    return next(o for o in product.gateway.orders() if o.ticket.order_type == "STP")


async def test_a_stop_that_is_made_smaller_is_told_with_what_it_leaves_bare(
    tmp_path: Path,
) -> None:
    async with opened(
        tmp_path, clock=at(9, 41), exit_stop="5%", exit_target="10%"
    ) as product:
        await bought(product)
        await protected(product)

        smaller = replace(the_stop(product).ticket, quantity=40)
        product.gateway.change_by_hand(smaller)
        told = await product.phone.reads("lacks an exit", within=60)
        await stand(product, {"STP": 40, "LMT": 100})

    assert "60 of its shares have no stop" in told.text
    assert f"/exits {MOST_PERCENT} shows and sets them" in told.text


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("trail", "change", "words"),
    [
        ("3%", {"trail_percent": 20.0}, "follows at 20% now, not 3%"),
        ("0.20", {"aux_price": 0.9}, "follows at 0.9000 now, not 0.2000"),
    ],
)
async def test_a_trailing_stop_that_is_set_further_off_is_told_and_shown_so(
    tmp_path: Path, trail: str, change: dict[str, Any], words: str
) -> None:
    """Nothing is told of it before: IB's echo of what was sent is no change."""
    async with opened(tmp_path, clock=at(9, 41), exit_trail=trail) as product:
        card = await bought(product)
        await stand(product, {"TRAIL": 100})
        [order] = product.gateway.orders()
        product.gateway.change_by_hand(replace(order.ticket, **change))
        told = await product.phone.reads("It was changed at IB", after=card, within=60)
        exits = await product.asked("/exits")
        texts = [m.text for m in product.phone.received]

    assert words in told.text
    assert "you can lose more" in told.text
    assert sum("It was changed at IB" in text for text in texts) == 1
    assert f"trailing stop {words.split()[2]}" in exits.text


async def test_a_copy_of_a_stop_halts_and_both_are_left_alone(tmp_path: Path) -> None:
    async with opened(
        tmp_path, clock=at(9, 41), exit_stop="5%", exit_target="10%"
    ) as product:
        await bought(product)
        await protected(product)
        stop = the_stop(product)

        copy = replace(stop.ticket, client_id=0, order_id=0, oca_group="", perm_id=0)
        product.gateway.place_by_hand(copy)
        await product.asked("/orders")
        product.gateway.cut()
        told = await product.phone.reads("Trading is halted", within=120)
        listed = [o.perm_id for o in product.gateway.orders()]

    assert f"a second order in the name of {stop.ticket.order_ref}" in told.text
    assert len(listed) == 3


def offered_by_hand(product: ProductHarness, shares: int) -> None:
    """A limit order to sell, given in TWS far above the market."""
    by_con_id = universe(SEED).by_con_id.values()
    stock = next(each for each in by_con_id if each.symbol == MOST_PERCENT)
    ticket = OrderTicket(
        client_id=0,
        order_id=0,
        con_id=stock.con_id,
        action="SELL",
        quantity=shares,
        order_type="LMT",
        limit_price=9.0,
        tif="GTC",
    )
    product.gateway.place_by_hand(ticket)


async def test_a_limit_order_beside_a_stop_is_seen_and_the_account_is_never_short(
    tmp_path: Path,
) -> None:
    """Both could have sold the same 100 shares."""
    async with opened(tmp_path, clock=at(9, 41), exit_stop="5%") as product:
        card = await bought(product)
        await stand(product, {"STP": 100})
        offered_by_hand(product, 100)
        told = await product.phone.reads("could not be placed", after=card, within=600)
        left = at_ib(product)

    assert left == {"LMT": 100}
    assert "Orders at IB that are not mine may sell these shares." in told.text


async def test_a_stop_covers_what_a_limit_order_leaves(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41), exit_stop="5%") as product:
        card = await bought(product)
        await stand(product, {"STP": 100})
        offered_by_hand(product, 30)
        await product.phone.reads("could not be placed", after=card, within=600)
        await stand(product, {"STP": 70, "LMT": 30})
        falls(product)
        await stand(product, {"LMT": 30})


async def test_a_holding_that_is_sold_in_tws_rings_with_the_end_of_its_exits(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41), exit_stop="5%") as product:
        card = await bought(product)
        await stand(product, {"STP": 100})
        sell_by_hand(product, MOST_PERCENT, 100)
        told = await product.phone.reads("is held any more", after=card, within=600)
        left = at_ib(product)

    assert left == {}
    assert "100 had exits, and no order of mine sold them" in told.text
    assert "Their exits are over." in told.text
