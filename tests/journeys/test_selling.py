"""From a holding to dollars, as the owner walks it; and the way out of everything."""

import asyncio
from pathlib import Path

import pytest

from bot.sandbox.api_types import Message
from core.sandbox.trading.tickets import Side
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.product import (
    MOST_DOLLARS,
    MOST_PERCENT,
    ProductHarness,
    at,
    has,
    opened,
)


async def bought(product: ProductHarness) -> Message:
    """Both picks are in the account; the card that bought them is returned."""
    await product.start()
    await product.ready()
    card = await product.card()
    await product.phone.tap(card, "Yes, buy both")
    await product.phone.reads("Bought", after=card)
    await listed(product, f"{MOST_DOLLARS} 100", f"{MOST_PERCENT} 100")
    return card


async def listed(product: ProductHarness, *words: str) -> Message:
    """/positions, as soon as it says all of *words*: IB lists a fill a moment later."""
    while True:
        positions = await product.asked("/positions")
        if all(each in positions.text for each in words):
            return positions
        await product.prices_have_come()


def sold(product: ProductHarness) -> list[tuple[str, int]]:
    """Every sale that the gateway has ever seen."""
    return product.placed(side=Side.SELL)


async def the_sale_card(
    product: ProductHarness, after: Message, button: str
) -> Message:
    return await product.phone.wait_for(
        lambda phone: next(
            (
                message
                for message in phone.received
                if message.message_id > after.message_id and has(message, button)
            ),
            None,
        ),
        within=25,
    )


async def test_a_holding_is_sold_from_positions_in_two_taps(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)
        positions = await product.asked("/positions")

        await product.phone.tap(positions, f"50% {MOST_DOLLARS}")
        card = await the_sale_card(product, positions, "Yes, sell")
        assert f"Sell 50 of 100 {MOST_DOLLARS}?" in card.text
        assert "SANDBOX" in card.text
        assert "buyers pay" in card.text
        await product.phone.tap(card, f"Yes, sell {MOST_DOLLARS}")
        told = await product.phone.reads("Sold 50", after=card)

        record = await product.becomes(card, lambda c: "filled 50" in c.text)
        await listed(product, f"{MOST_DOLLARS} 50")
        earned = await product.asked("/pnl")

    # 50 at 22.89: $1 the commission, 0.0236 the SEC's, 0.0098 FINRA's
    assert "Brings about $1,143 after $1.03 fees" in card.text
    assert "fees $3.03" in earned.text  # two purchases besides, $1 each
    assert "after fees" in told.text
    assert "SELL 50" in record.text
    assert sold(product) == [(MOST_DOLLARS, 50)]


async def test_a_command_sells_and_says_what_it_cannot(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)
        too_many = await product.asked(f"/sell {MOST_PERCENT} 101")
        unknown = await product.asked("/sell NVDA all")
        unclear = await product.asked(f"/sell {MOST_PERCENT} some")
        asked = await product.phone.send(f"/sell {MOST_PERCENT.lower()}")
        card = await the_sale_card(product, asked, "Yes, sell")
        await product.phone.tap(card, "No")
        closed = await product.becomes(card, lambda c: "Nothing was sold" in c.text)

    assert "100 can be sold now" in too_many.text
    assert "no NVDA" in unknown.text
    assert "Sell how many " in unclear.text
    assert not has(closed, "Yes")
    assert sold(product) == []


async def test_two_phones_and_three_taps_sell_once(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)
        asked = await product.phone.send(f"/sell {MOST_PERCENT}")
        card = await the_sale_card(product, asked, "Yes, sell")
        tablet = product.chat.phone_of(product.phone.user)

        await asyncio.gather(
            product.phone.tap(card, f"Yes, sell {MOST_PERCENT}"),
            product.phone.tap(card, f"Yes, sell {MOST_PERCENT}"),
            tablet.tap(card, f"Yes, sell {MOST_PERCENT}"),
        )
        await product.phone.reads("Sold 100", after=card)

    assert sold(product) == [(MOST_PERCENT, 100)]


async def test_stop_halts_first_and_sells_all_on_one_yes(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)

        stopped = await product.asked("Stop!")
        card = await the_sale_card(product, stopped, "Yes, sell all")
        status = await product.asked("/status")
        assert sold(product) == []
        await product.phone.tap(card, "Yes, sell all")
        told = await product.phone.reads("Sold 100", after=card)
        await listed(product, "holds nothing")

    assert stopped.text.startswith("Stopped: I send nothing new")
    assert "panic" in status.text
    assert told.text.count("@") == 2
    assert sold(product) == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_panic_killed_before_its_card_asks_after_the_start(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)
        asked = await product.phone.send("/panic")
        await product.phone.reads("Stopped", after=asked)
        await product.kill()
        await product.stop()

        await product.start()
        card = await the_sale_card(product, asked, "Yes, sell all")
        await product.phone.tap(card, "Yes, sell all")
        await product.phone.reads("Sold 100", after=card)

    assert sold(product) == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_a_stock_that_is_left_out_of_a_panic_stays(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)

        asked = await product.phone.send("/panic")
        card = await the_sale_card(product, asked, "Yes, sell all")
        await product.phone.tap(card, f"Keep {MOST_DOLLARS}")
        fewer = await product.becomes(card, lambda c: has(c, f"Sell {MOST_DOLLARS}"))
        await product.phone.tap(fewer, f"Yes, sell {MOST_PERCENT}")
        await product.phone.reads("Sold 100", after=card)

    assert "1 of the 2 stocks" in fewer.text
    assert sold(product) == [(MOST_PERCENT, 100)]


@pytest.mark.attack(4)
@pytest.mark.parametrize(
    ("kind", "word"), [("2", "frozen"), ("3", "delayed"), ("4", "delayed, frozen")]
)
@pytest.mark.parametrize(
    ("said", "button"),
    [
        (f"/sell {MOST_DOLLARS} 50", "Yes, sell"),
        ("/panic", "Yes, sell all"),
        (f"/exits {MOST_DOLLARS} stop 5%", "Yes"),
    ],
)
async def test_a_card_says_that_a_price_is_not_live(
    tmp_path: Path, said: str, button: str, kind: str, word: str
) -> None:
    """A sale goes without live data (S4), and its owner knows what he looks at."""
    old = Trouble(
        message="marketDataType", action=Action.REPLACE, field=3, text=kind, times=0
    )
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)
        live = await the_sale_card(product, await product.phone.send(said), button)
        product.gateway.add_trouble(old)
        await product.prices_have_come()
        await asyncio.sleep(5)  # until no line of before is shared
        card = await the_sale_card(product, await product.phone.send(said), button)

    assert f"{MOST_DOLLARS} ({word})" in card.text
    assert "not live" not in live.text
