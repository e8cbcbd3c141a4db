"""A stock that the owner wants to look at: its quote, its candles, by word and by tap."""

from pathlib import Path

from bot.sandbox.api_types import ContentKind
from core.sandbox.market.universe import universe
from tests.harness.product import MOST_PERCENT, SEED, at, opened


def company_of(symbol: str) -> str:
    """As the simulated market names it."""
    return universe(SEED).by_symbol[symbol].name


async def test_a_stock_is_looked_at_by_its_name_and_drawn_by_a_tap(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await product.start()
        await product.ready()

        quote = await product.asked(f"/quote {MOST_PERCENT.lower()}")
        assert "live" in quote.text
        assert "VWAP" in quote.text
        assert company_of(MOST_PERCENT) in quote.text.splitlines()
        await product.phone.tap(quote, "Chart")
        chart = await product.phone.reads("1-minute candles", after=quote, within=30)
        assert chart.content.kind is ContentKind.PHOTO
        typed = await product.asked(f"chart {MOST_PERCENT}")
        assert MOST_PERCENT in typed.text

        which = await product.asked(f"/quote {MOST_PERCENT[:1]}")
        nonsense = await product.asked("/chart ZZZZZZ")
        usage = await product.asked("/chart")

    assert "Which one is" in which.text
    assert "IB knows no stock ZZZZZZ" in nonsense.text
    assert "Of which stock?" in usage.text
    assert product.placed() == []
