"""A stock that the owner names: found, offered, bought through a card's own guards."""

from pathlib import Path

from bot.sandbox.api_types import Message
from tests.harness.product import MOST_PERCENT, ProductHarness, at, has, opened


async def after(product: ProductHarness, words: str, button: str) -> Message:
    """Say *words*; the message with that button that follows."""
    sent = await product.phone.send(words)
    return await product.phone.wait_for(
        lambda phone: next(
            (
                message
                for message in phone.received
                if message.message_id > sent.message_id and has(message, button)
            ),
            None,
        ),
        within=25,
    )


async def test_a_named_stock_is_bought_for_so_many_dollars(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await product.start()
        await product.ready()

        card = await after(product, f"/buy {MOST_PERCENT.lower()} $500", "Yes, buy")
        await product.phone.tap(card, f"Yes, buy {MOST_PERCENT}")
        told = await product.phone.reads("Bought 103", after=card)

    assert card.text.startswith(f"Buy 103 {MOST_PERCENT}?")
    assert "no exits" in card.text
    assert MOST_PERCENT in told.text
    assert product.placed() == [(MOST_PERCENT, 103)]


async def test_an_unknown_symbol_is_asked_about_with_buttons(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await product.start()
        await product.ready()

        question = await after(product, f"/buy {MOST_PERCENT[:3]} 10", "USD")
        label = next(
            each for row in question.buttons for each in row if MOST_PERCENT in each
        )
        await product.phone.tap(question, label)
        card = await product.phone.wait_for(
            lambda phone: next((m for m in phone.received if has(m, "Yes, buy")), None),
            within=25,
        )
        nonsense = await product.asked("/buy ZZZZZZ")
        usage = await product.asked("/buy")

    assert "Which one is" in question.text
    assert card.text.startswith(f"Buy 10 {MOST_PERCENT}?")
    assert "IB knows no stock ZZZZZZ" in nonsense.text
    assert "how many?" in usage.text
    assert product.placed() == []
