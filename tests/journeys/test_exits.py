"""What was bought is protected at IB, whatever becomes of the bot; and nothing more."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox.api_types import Message
from core.sandbox.market.universe import universe
from core.sandbox.trading.tickets import Side
from tests.harness.market import SEED
from tests.harness.product import (
    A_GOOD_MORNING,
    MOST_PERCENT,
    POLL_INTERVAL,
    ProductHarness,
    at,
    has,
    opened,
)
from tests.journeys.test_selling import listed, sold, the_sale_card


async def bought(product: ProductHarness, *, start: bool = True) -> Message:
    """The pick in percent, at 4.82 or so, with a stop and a target; its card."""
    if start:
        await product.start()
    await product.ready()
    card = await product.card()
    await product.phone.tap(card, f"Only {MOST_PERCENT}")
    return card


def at_ib(product: ProductHarness) -> dict[str, float]:
    """The sales that live at the gateway: their order types, and the shares left."""
    stocks = universe(SEED).by_con_id
    return {
        order.ticket.order_type: order.remaining
        for order in product.gateway.orders()
        if order.ticket.side is Side.SELL
        and stocks[order.ticket.con_id].symbol == MOST_PERCENT
    }


async def stand(product: ProductHarness, wanted: dict[str, float]) -> None:
    """Return when these sales live at the gateway, and no others."""
    while at_ib(product) != wanted:  # noqa: ASYNC110  it can only be looked at
        await asyncio.sleep(POLL_INTERVAL)


async def protected(product: ProductHarness, shares: int = 100) -> None:
    """Return when a stop and a target for so many shares live at the gateway."""
    await stand(product, {"STP": shares, "LMT": shares})


def falls(product: ProductHarness, *, to: float = 4.0) -> None:
    """The price falls through the stop."""
    shape = replace(A_GOOD_MORNING[MOST_PERCENT], last=to)
    product.gateway.set_override(MOST_PERCENT, shape)


async def test_the_card_says_its_exits_and_the_gateway_has_them_after_the_fill(
    tmp_path: Path,
) -> None:
    async with opened(
        tmp_path, clock=at(9, 41), exit_stop="5%", exit_target="10%"
    ) as product:
        card = await bought(product)
        assert "stop 5%, target 10%" in card.text
        await protected(product)
        record = await product.becomes(card, lambda c: "at IB" in c.text)
        overview = await product.asked("/exits")

    assert "stop 4.5" in record.text
    assert "target 5.3" in record.text
    assert "Everything has a stop" in overview.text
    assert len({o.ticket.oca_group for o in product.gateway.orders()}) == 1


async def test_below_the_fill_are_sell_exits_and_chart_and_exits_are_shown_at_once(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41), exit_stop="5%") as product:
        card = await bought(product)
        told = await product.phone.reads("Bought 100", after=card)
        await stand(product, {"STP": 100})
        assert told.labels == (f"Sell {MOST_PERCENT}", "Exits", "Chart")
        await product.phone.tap(told, "Exits")
        shown = await product.phone.reads("Everything has a stop", after=told)

    assert f"{MOST_PERCENT}" in shown.text
    assert shown.message_id != told.message_id


async def test_a_tap_chooses_other_exits_and_the_yes_approves_both(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await product.start()
        await product.ready()
        card = await product.card()
        assert "no exits" in card.text
        await product.phone.tap(card, "Trail 5%")
        chosen = await product.becomes(card, lambda c: has(c, "• Trail 5%"))
        await product.phone.tap(chosen, f"Only {MOST_PERCENT}")
        await stand(product, {"TRAIL": 100})

    assert "trailing stop 5%" in chosen.text


async def test_killed_between_fill_and_protection_it_is_protected_once(
    tmp_path: Path,
) -> None:
    async with opened(
        tmp_path, clock=at(9, 41), exit_stop="5%", exit_target="10%"
    ) as product:
        await bought(product)
        while not product.placed():  # noqa: ASYNC110  it can only be looked at
            await asyncio.sleep(0.01)
        await product.kill()
        await product.stop()
        await product.start()
        await protected(product)
        await product.asked("/status")

    assert sold(product) == [(MOST_PERCENT, 100), (MOST_PERCENT, 100)]


async def test_a_stop_that_fires_while_the_bot_is_dead_is_told(
    tmp_path: Path,
) -> None:
    async with opened(
        tmp_path, clock=at(9, 41), exit_stop="5%", exit_target="10%"
    ) as product:
        card = await bought(product)
        await protected(product)
        await product.kill()
        await product.stop()
        falls(product)
        await stand(product, {})
        await product.start()
        told = await product.phone.reads("Stop: sold 100", after=card, within=30)

    assert "/positions" in told.text
    assert sold(product) == [(MOST_PERCENT, 100), (MOST_PERCENT, 100)]


async def test_a_sale_of_half_ends_the_exits_first_and_protects_the_rest(
    tmp_path: Path,
) -> None:
    async with opened(
        tmp_path, clock=at(9, 41), exit_stop="5%", exit_target="10%"
    ) as product:
        await bought(product)
        await protected(product)
        await listed(product, f"{MOST_PERCENT} 100")
        asked = await product.phone.send(f"/sell {MOST_PERCENT} half")
        card = await the_sale_card(product, asked, "Yes, sell")
        await product.phone.tap(card, f"Yes, sell {MOST_PERCENT}")
        await product.phone.reads("Sold 50", after=card)
        await protected(product, 50)
        held = await listed(product, f"{MOST_PERCENT} 50")

    assert MOST_PERCENT in held.text


async def test_panic_killed_with_exits_alive_ends_them_and_sells_once(
    tmp_path: Path,
) -> None:
    async with opened(
        tmp_path, clock=at(9, 41), exit_stop="5%", exit_target="10%"
    ) as product:
        await bought(product)
        await protected(product)
        await listed(product, f"{MOST_PERCENT} 100")
        asked = await product.phone.send("/panic")
        await product.phone.reads("Stopped", after=asked)
        await product.kill()
        await product.stop()
        await product.start()
        card = await the_sale_card(product, asked, "Yes, sell")
        assert at_ib(product) == {}
        await product.phone.tap(card, f"Yes, sell {MOST_PERCENT}")
        await product.phone.reads("Sold 100", after=card)
        await listed(product, "holds nothing")

    assert at_ib(product) == {}


async def test_one_leg_cancelled_at_ib_is_told_and_not_placed_again(
    tmp_path: Path,
) -> None:
    async with opened(
        tmp_path, clock=at(9, 41), exit_stop="5%", exit_target="10%"
    ) as product:
        card = await bought(product)
        await protected(product)
        stop = next(o for o in product.gateway.orders() if o.ticket.order_type == "STP")
        product.gateway.cancel_by_hand(*stop.key)
        told = await product.phone.reads("has no exit now", after=card, within=30)
        await product.asked("/status")

    assert "/exits" in told.text
    assert at_ib(product) == {}


async def test_a_part_fill_is_protected_for_what_was_filled(tmp_path: Path) -> None:
    thin = replace(A_GOOD_MORNING[MOST_PERCENT], ask_size=40, refill_seconds=30)
    shapes = {**A_GOOD_MORNING, MOST_PERCENT: thin}
    async with opened(
        tmp_path, clock=at(9, 41), shapes=shapes, exit_stop="5%", exit_target="10%"
    ) as product:
        await bought(product)
        await protected(product, 40)


@pytest.mark.parametrize("words", ["stop 5% target 10%"])
async def test_exits_set_by_a_command_stand_and_are_taken_off(
    tmp_path: Path, words: str
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)
        await listed(product, f"{MOST_PERCENT} 100")
        naked = await product.asked("/exits")
        asked = await product.phone.send(f"/exits {MOST_PERCENT} {words}")
        card = await the_sale_card(product, asked, "Yes, set them")
        await product.phone.tap(card, "Yes, set them")
        await protected(product)
        asked = await product.phone.send(f"/exits {MOST_PERCENT} none")
        card = await the_sale_card(product, asked, "Yes, take them off")
        await product.phone.tap(card, "Yes, take them off")
        await stand(product, {})

    assert "1 of 1 without a stop" in naked.text
    assert "Take the exits of" in card.text


async def test_a_target_in_true_ranges_is_a_price_at_ib_and_sells_there(
    tmp_path: Path,
) -> None:
    """Bought at 4.83; two of its true ranges of 0.6865 above that is 6.20."""
    async with opened(tmp_path, clock=at(9, 41), exit_target="2atr") as product:
        card = await bought(product)
        await stand(product, {"LMT": 100})
        [target] = product.gateway.orders()
        falls(product, to=6.30)  # upwards
        told = await product.phone.reads("Target: sold 100", after=card, within=30)

    said = " ".join(card.text.split())
    assert "ATR 0.69" in said
    assert f"{MOST_PERCENT}: target $1.3730 above" in said
    assert target.ticket.limit_price == 6.2
    assert "at 6.29" in told.text
    assert sold(product) == [(MOST_PERCENT, 100)]


async def test_a_timed_exit_ends_the_others_and_sells_before_the_close(
    tmp_path: Path,
) -> None:
    """The stop is cancelled first; ten minutes before the close the rest is sold."""
    async with opened(tmp_path, clock=at(15, 30)) as product:
        await bought(product)
        await listed(product, f"{MOST_PERCENT} 100")
        asked = await product.phone.send(f"/exits {MOST_PERCENT} stop 5% close 1")
        card = await the_sale_card(product, asked, "Yes, set them")
        await product.phone.tap(card, "Yes, set them")
        await stand(product, {"STP": 100})
        overview = await product.asked("/exits")
        told = await product.phone.reads(
            "Timed exit: sold 100", after=card, within=30 * 60
        )
        _, stop, timed = product.gateway.completed()

    assert "stop 5%, sold before the next close" in card.text
    assert "approved: stop 5%, sold before the next close" in overview.text
    assert MOST_PERCENT in told.text
    assert (timed.ticket.order_type, timed.ticket.tif) == ("MKT", "DAY")
    assert stop.completed_at
    assert at(15, 50) <= stop.completed_at <= timed.placed_at < at(15, 51)
    assert (stop.filled, timed.filled) == (0, 100)
