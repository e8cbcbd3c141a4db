"""IB changes what was done already: it takes a trade back, or corrects it.

Played with a scenario that `python -m bot gateway --scenario list` names.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.trouble.faults import Happening, LineEvent
from core.sandbox.trouble.scenarios import BY_NAME
from tests.harness.product import MONDAY, MOST_PERCENT, at, has, opened
from tests.journeys.test_exits import bought, protected, stand
from tests.journeys.test_selling import listed, the_sale_card


TUESDAY: Final = MONDAY + timedelta(days=1)


async def test_a_trade_that_is_taken_back_leaves_the_books_and_its_exits_end(
    tmp_path: Path,
) -> None:
    config = GatewayConfig(scenario=BY_NAME["trade-busted"])
    async with opened(
        tmp_path, clock=at(9, 41), config=config, exit_stop="5%", exit_target="10%"
    ) as product:
        await bought(product)
        await protected(product)

        told = await product.phone.reads("IB has taken a trade back", within=60)
        await stand(product, {})
        held = await product.asked("/positions")
        history = await product.asked("/history")
        earned = await product.asked("/pnl")

    assert f"100 {MOST_PERCENT} bought" in told.text
    assert "holds nothing" in held.text or f"IB lists 0 {MOST_PERCENT}" in held.text
    assert "still held" not in history.text
    assert "nothing bought here is still open" in earned.text.lower() or (
        "Nothing was bought" in earned.text
    )
    assert product.gateway.orders() == []


@pytest.mark.parametrize(
    ("ratio", "words", "held", "day"),
    [(4, "4 for 1", "400", "1.21    0.0%"), (1 / 8, "1 for 8", "12", "▼0.4%")],
)
async def test_a_split_ends_the_exits_is_told_once_and_the_books_follow(
    tmp_path: Path, ratio: float, words: str, held: str, day: str
) -> None:
    """100 shares at 4.83, and the market has closed. Half a share of the reverse split
    is paid out in cash."""
    async with opened(
        tmp_path, clock=at(15, 56), exit_stop="5%", exit_target="10%"
    ) as product:
        card = await bought(product)
        await protected(product)
        await asyncio.sleep(10 * 60)
        split = Happening(
            after=0, event=LineEvent.SPLIT, ratio=ratio, symbol=MOST_PERCENT
        )
        product.gateway.happen(split)
        told = await product.phone.reads("a split", after=card, within=600)
        await asyncio.sleep(10 * 60)
        positions = await product.asked("/positions")
        history = await product.asked("/history")
        earned = await product.asked("/pnl")
        [position] = product.gateway.gateway.exchange.positions()
        received = [
            m.text for m in product.phone.received if m.message_id > card.message_id
        ]

    assert f"{MOST_PERCENT} has no exit now" in told.text
    assert f"a split, {words}" in told.text
    assert f"{held} shares are without one" in told.text
    assert has(told, f"Exits of {MOST_PERCENT} again")
    assert sum("exit" in text for text in received) == 1
    assert f"{MOST_PERCENT} {held}" in positions.text
    assert day in positions.text
    assert position.avg_cost == pytest.approx(4.84 / ratio, rel=0.001)
    assert f"{held}" in history.text
    assert "still held" in history.text
    assert "bought for $483" in earned.text
    assert "elsewhere" not in earned.text
    assert product.gateway.orders() == []


async def test_a_split_overnight_with_the_bot_off_is_told_after_the_start(
    tmp_path: Path,
) -> None:
    """Without exits of its own, and a night later."""
    async with opened(tmp_path, clock=at(15, 50)) as product:
        await bought(product)
        await listed(product, f"{MOST_PERCENT} 100")
        await product.stop()
        product.gateway.set_clock(at(7, 0, day=TUESDAY))
        split = Happening(after=0, event=LineEvent.SPLIT, ratio=4, symbol=MOST_PERCENT)
        product.gateway.happen(split)
        await product.start()
        told = await product.phone.reads("was split", within=600)
        held = await product.asked("/positions")

    assert f"{MOST_PERCENT} was split, 4 for 1" in told.text
    assert "100 shares are 400 now" in told.text
    assert has(told, f"Stop 5% for {MOST_PERCENT}")
    assert f"{MOST_PERCENT} 400" in held.text


@pytest.mark.parametrize(
    ("shares", "price", "words", "held", "paid"),
    [
        (None, 4.5, "is 100 at 4.50 now", 100, "$450"),
        (60, None, "is 60 at 4.83 now", 60, "$289"),
    ],
)
async def test_a_trade_that_is_corrected_changes_the_books_and_is_told_once(
    tmp_path: Path,
    shares: int | None,
    price: float | None,
    words: str,
    held: int,
    paid: str,
) -> None:
    """100 shares at 4.83; its exits follow the shares that are held."""
    async with opened(
        tmp_path, clock=at(15, 56), exit_stop="5%", exit_target="10%"
    ) as product:
        card = await bought(product)
        await protected(product)
        await asyncio.sleep(10 * 60)
        product.gateway.happen(
            Happening(after=0, event=LineEvent.CORRECT, shares=shares, price=price)
        )
        told = await product.phone.reads("corrected a trade", after=card, within=60)
        await asyncio.sleep(20 * 60)
        await protected(product, held)
        positions = await product.asked("/positions")
        history = await product.asked("/history")
        earned = await product.asked("/pnl")
        received = [
            m.text for m in product.phone.received if m.message_id > card.message_id
        ]

    assert words in told.text
    assert sum("corrected a trade" in text for text in received) == 1
    assert f"{MOST_PERCENT} {held}" in positions.text
    assert f"bought {held}" in history.text
    assert f"{held} still held" in history.text
    assert f"bought for {paid}" in earned.text


@pytest.mark.parametrize("hours", [5, 15])
async def test_exits_that_a_split_ended_with_the_bot_off_are_told_and_set_anew(
    tmp_path: Path, hours: int
) -> None:
    """The bot is off from 15:50 to 06:50. Of what IB ended by midnight it lists nothing
    in the morning: the shares and their cost say that nothing of it was sold."""
    async with opened(
        tmp_path, clock=at(15, 50), exit_stop="5%", exit_target="10%"
    ) as product:
        card = await bought(product)
        await protected(product)
        await product.stop()
        await asyncio.sleep(hours * 3600)
        split = Happening(after=0, event=LineEvent.SPLIT, ratio=4, symbol=MOST_PERCENT)
        product.gateway.happen(split)
        await asyncio.sleep((15 - hours) * 3600)
        await product.start()
        told = await product.phone.reads("a split, 4 for 1:", after=card, within=600)
        await asyncio.sleep(10 * 60)
        received = [
            m.text for m in product.phone.received if m.message_id > card.message_id
        ]
        await product.phone.tap(told, f"Exits of {MOST_PERCENT} again")
        again = await the_sale_card(product, told, "Yes")
        await product.phone.tap(again, again.labels[0])
        await protected(product, 400)

    assert f"{MOST_PERCENT} has no exit now" in told.text
    assert "400 shares are without one" in told.text
    assert not any("I can't tell" in text for text in received)
